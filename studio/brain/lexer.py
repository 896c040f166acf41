"""Utterance to tokens: quotes and numbers first, then the longest phrase the lexicon knows at each place."""

from __future__ import annotations

import re
from collections.abc import Iterable

from studio.brain import numbers, spans
from studio.brain.lexicon import LONE_COLORS, Lexicon, Senses, lexicon, lone_color_counts
from studio.brain.script import fold
from studio.brain.tokens import Num, Token
from studio.edits import MediaItem

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*|\d+|[&/+#]")
_ONE_SECOND = re.compile(r"\s*(?:$|[,.;!?]|and\b|of\b|only\b|in\b|at\b)")
_GAP = re.compile(r"[\s\-_‐‑–]{0,3}")
_WIDE = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {
    0x3000: " ",
    ord("’"): "'",
    ord("。"): ".",
    ord("、"): ",",
    ord("…"): ".",
    ord("—"): "-",
}
_PUNCT = ",.;:!?\n~()[]…"


def folded(raw: str) -> str:
    """Lower case, Simplified, half width; every character keeps its place."""
    text = fold(raw).translate(_WIDE)
    return "".join(low if len(low := c.lower()) == 1 else c for c in text)


def lex(raw: str, media: Iterable[MediaItem] = ()) -> list[Token]:
    """The tokens of an utterance, with every sense each one can have."""
    text = folded(raw)
    files = tuple(media)
    claimed = spans.claims(raw, text, files)
    known = spans.stems(files)
    lexi = lexicon()
    out: list[Token] = []
    i = 0
    while i < len(text):
        if i in claimed:
            out.append(claimed[i])
            i = claimed[i].end
            continue
        if text[i].isspace() and text[i] != "\n":
            i += 1
            continue
        limit = min((s for s in claimed if s > i), default=len(text))
        token = _token(raw, text, i, limit, lexi, known, out)
        out.append(token)
        i = token.end
    return _joined_unknown(out)


def _token(
    raw: str, text: str, i: int, limit: int, lexi: Lexicon, known: dict[str, MediaItem], out: list[Token]
) -> Token:
    senses, end = _phrase(text, i, limit, lexi, out)
    number = numbers.match(text, i) if _may_begin(text, i) else None
    if number and number[1] > limit:
        number = None
    if number and number[1] >= end:
        merged = dict(senses) if number[1] == end else {}
        merged["num"] = number[0]
        return Token(i, number[1], text[i : number[1]], raw[i : number[1]], merged)
    counted = out and out[-1].text in ("first", "last", "opening", "final")
    if counted and text[i:end] == "second" and _ONE_SECOND.match(text, end):
        return Token(i, end, text[i:end], raw[i:end], {"num": Num(1000, "s")})
    if not senses and end <= i:
        end, senses = _unknown(text, i, limit)
    token = Token(i, end, text[i:end], raw[i:end], dict(senses))
    if token.text in known:
        token.senses["filestem"] = known[token.text]
    return token


def _may_begin(text: str, i: int) -> bool:
    return i == 0 or not (text[i - 1].isascii() and text[i - 1].isalnum()) or not text[i].isascii()


def _phrase(text: str, i: int, limit: int, lexi: Lexicon, out: list[Token]) -> tuple[Senses, int]:
    english = _english(text, i, limit, lexi) if text[i].isascii() and _may_begin(text, i) else None
    chinese = _chinese(text, i, limit, lexi, out)
    if english and (not chinese or english[1] >= chinese[1]):
        return english
    return chinese or ({}, i)


def _english(text: str, i: int, limit: int, lexi: Lexicon) -> tuple[Senses, int] | None:
    words: list[str] = []
    ends: list[int] = []
    at = i
    while len(words) < lexi.longest_en:
        m = _WORD.match(text, at, limit)
        if not m:
            break
        words.append(m[0])
        ends.append(m.end())
        gap = _GAP.match(text, m.end(), limit)
        at = gap.end() if gap else m.end()
    for count in range(len(words), 1, -1):
        key = " ".join(words[:count])
        if key in lexi.english:
            return lexi.english[key], ends[count - 1]
        single = lexi.word(words[count - 1], guess=False)
        if single is not None and words[count - 1].endswith("s"):
            base = " ".join([*words[: count - 1], words[count - 1][:-1]])
            if base in lexi.english:
                return lexi.english[base], ends[count - 1]
    if not words:
        return None
    found = lexi.word(words[0])
    return (found, ends[0]) if found is not None else ({"unknown": words[0]}, ends[0])


def _chinese(text: str, i: int, limit: int, lexi: Lexicon, out: list[Token]) -> tuple[Senses, int] | None:
    for size in range(min(lexi.longest_zh, limit - i), 0, -1):
        piece = text[i : i + size]
        senses = lexi.chinese.get(piece)
        if senses is None:
            continue
        end = i + size
        if "color" in senses:
            if piece in LONE_COLORS and not lone_color_counts(text, i, end, out[-1].senses if out else None):
                senses = {k: v for k, v in senses.items() if k != "color"}
                if not senses:
                    return None
            elif text.startswith("色", end) and not piece.endswith("色"):
                end += 1
        return senses, end
    return None


def _unknown(text: str, i: int, limit: int) -> tuple[int, Senses]:
    if text[i] in _PUNCT:
        return i + 1, {"punct": text[i]}
    if text[i].isascii() and text[i].isalnum():
        end = i
        while end < limit and text[end].isascii() and text[end].isalnum():
            end += 1
        return end, {"unknown": text[i:end]}
    if not text[i].isalnum():
        return i + 1, {"punct": " "}
    return i + 1, {"unknown": text[i]}


def _joined_unknown(tokens: list[Token]) -> list[Token]:
    """Unknown Chinese characters side by side as one unknown word."""
    out: list[Token] = []
    for token in tokens:
        last = out[-1] if out else None
        if (
            last is not None
            and set(token.senses) == {"unknown"}
            and set(last.senses) == {"unknown"}
            and last.end == token.start
            and not token.text.isascii()
            and not last.text.isascii()
        ):
            out[-1] = Token(
                last.start, token.end, last.text + token.text, last.raw + token.raw, {"unknown": ""}
            )
            continue
        out.append(token)
    return out
