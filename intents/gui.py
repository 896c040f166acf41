"""Backend text → text for the user and the actions that its GUI instructions stand for."""

from __future__ import annotations

import re

from intents.intent import Action, Translation
from intents.normalize import fold

_SENTENCE = re.compile(r"[^.!?。！？\n]*(?:[.!?](?=\s|$)|[。！？]|\n|$)\s*")
_RULES: tuple[tuple[Action, re.Pattern[str]], ...] = (
    ("summary", re.compile(r"preview .*timeline|在?时间[轴线].*预览")),
    ("upload", re.compile(r"(?:click|press|tap|点击?).*(?:upload|上传)")),
    ("credits", re.compile(r"check your (?:account|billing)|billing page|账[户单]页面")),
    ("export", re.compile(r"(?:click|press|tap|hit|点击?).*(?:export|download|导出|汇出|下载)")),
    ("state", re.compile(r"^(?:please |请)?(?:open|打开)")),
    ("edit", re.compile(r"^(?:please |请)?(?:drag|drop|click|拖|点击)")),
)


def _sentence(text: str) -> tuple[str, tuple[Action, ...]]:
    words = fold(re.sub(r"[\"“「][^\"”」]*[\"”」](?!\s*(?:button|按钮))", "", text))
    for action, rule in _RULES:
        if rule.search(words):
            return "", (action,)
    return text, ()


class Translator:
    """Translates a stream fed in pieces; what is shown is never half an instruction."""

    def __init__(self) -> None:
        self._held = ""

    def feed(self, piece: str) -> tuple[str, tuple[Action, ...]]:
        """The finished text and the actions that this piece completes."""
        self._held += piece
        ends = [m.end() for m in re.finditer(r"[.!?]\s+(?=\S)|[。！？\n]", self._held)]
        if not ends:
            return "", ()
        ready, self._held = self._held[: ends[-1]], self._held[ends[-1] :]
        return self._run(ready)

    def close(self) -> tuple[str, tuple[Action, ...]]:
        """What was still held."""
        ready, self._held = self._held, ""
        return self._run(ready)

    @staticmethod
    def _run(text: str) -> tuple[str, tuple[Action, ...]]:
        parts = [_sentence(m.group()) for m in _SENTENCE.finditer(text) if m.group()]
        return "".join(p for p, _ in parts), tuple(a for _, found in parts for a in found)


def translate(text: str) -> Translation:
    """The text without GUI instructions, and their actions in order."""
    shown, actions = Translator._run(text)
    return Translation(shown.strip(), actions)
