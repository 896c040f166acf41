"""No thanks, never mind, 不用了: what asks for no change, recognised whole so that it never becomes one."""

from __future__ import annotations

import re
from functools import cache

from studio.brain import words
from studio.brain.data import load
from studio.brain.lexer import folded
from studio.brain.script import fold

_PARTS = re.compile(r"[,.;:!?~()\[\]\n\-]+|\s+(?:and|but)\s+(?=thanks|thank)|[^\w\s',]")
_SPACE = re.compile(r"\s+")
# Said around a courtesy without changing it.
_AROUND = re.compile(
    r"^(?:(?:oh|ah|um|uh|er|well|hmm+|ok|okay|so|and|but|hey|actually|please|yeah|yes)\b ?"
    r"|嗯|哦|噢|啊|那就|那|呃|唉|还是|其实)+"
    r"|(?:(?: (?:please|then|now|really|for now|at all|man|mate|so much|again|there|yet|thanks|thank you))+"
    r"|[吧呀啊哦呢嘛啦哈哟噢了的]+)$"
)
# Which one is answered where several are said in one breath.
_ORDER = ("stop", "dislike", "unsure", "bye", "thanks", "praise", "decline", "hello", "fine")
# At the head of a longer utterance these only open it; a plain "no" there marks a correction instead.
_OPENERS = frozenset(
    (
        "no thanks",
        "no thank you",
        "no problem",
        "no worries",
        "no rush",
        "no hurry",
        "不用了",
        "没事",
        "没关系",
        "不客气",
    )
)


@cache
def _phrases() -> dict[str, str]:
    out: dict[str, str] = {}
    for language in ("en", "zh"):
        for kind, phrases in load(language, "courtesy").items():
            for phrase in phrases.split("|"):
                out.setdefault(_plain(phrase), kind)
    return out


def _plain(text: str) -> str:
    return _SPACE.sub(" ", fold(text).lower().replace("’", "'")).strip(" '")


def _kind(part: str) -> str:
    """The kind of courtesy a part is, empty when it is none."""
    known = _phrases()
    for text in (part, _AROUND.sub("", part).strip()):
        if text in known:
            return known[text]
    return ""


def courtesy(utterance: str, language: str) -> str:
    """The answer to an utterance that is nothing but courtesies, empty for any other."""
    parts = [p for p in (_plain(part) for part in _PARTS.split(folded(utterance))) if p]
    kinds = {_kind(part) for part in parts}
    if not kinds or "" in kinds:
        whole = _kind(" ".join(parts))
        kinds = {whole} if whole else set()
    found = next((kind for kind in _ORDER if kind in kinds), "")
    return words.say(language, f"answer_{found}") if found else ""


def without_opening(utterance: str) -> str:
    """The utterance behind a courtesy that opens it: no thanks, just make it blue; same places, blanked."""
    head = re.match(r"\s*([^,.;!?，。；！？\n]+)[,.;!?，。；！？\n]+(?=.*\w)", utterance, re.DOTALL)
    if head and _plain(folded(head[1])) in _OPENERS:
        return " " * head.end() + utterance[head.end() :]
    return utterance
