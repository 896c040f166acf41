"""The raw utterance in a form for matching: masked, tokenised, every token with its place in the raw text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from intents.normalize import simplified_table

_TOKEN = re.compile(
    "([\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff])"
    "|([0-9a-z\u00df-\u02af\u0370-\u1fff\uac00-\ud7a3]+(?:['\u2019][a-z]+)*)"
    "|(\ue000|\ue001|\ue002|\ue003|\ue004)"
    r"|([,!?;\u3002\u3001\n\uff0c\u2026]|\.(?=\s|$|[\u3400-\u9fff])|:(?=\s|$|[\u3400-\u9fff])|--+|\u2014+)"
    r"|([&+])(?=\s)"
)
MASKS = {"quote": "\ue000", "path": "\ue001", "file": "\ue002", "doc": "\ue003", "url": "\ue004"}
_NAMES = {mask: "{" + name + "}" for name, mask in MASKS.items()}
_CLUSTER = re.compile(
    r"[\u1100-\u11ff]+|.[\u0300-\u036f\u0591-\u05bd\u064b-\u0655\u3099\u309a\ufe00-\ufe0f]*", re.S
)
BREAK = "\n"


@dataclass(slots=True)
class Tokens:
    """Tokens, and where each begins and ends in the raw text; `breaks` are indices a clause ends before."""

    words: list[str]
    starts: list[int]
    ends: list[int]
    breaks: list[tuple[int, str]]


def compatible(text: str) -> tuple[str, list[int] | None]:
    """The NFKC form, and for each of its characters the place in `text` (None: the same)."""
    if text.isascii():
        return text, None
    whole = unicodedata.normalize("NFKC", text)
    # one character to one is the rule; the slow way is for ligatures, "…", combining marks
    if whole == text or (len(whole) == len(text) and _aligned(text)):
        return whole, None
    pieces: list[str] = []
    places: list[int] = []
    for match in _CLUSTER.finditer(text):
        piece = unicodedata.normalize("NFKC", match.group())
        pieces.append(piece)
        places.extend([match.start()] * len(piece))
    places.append(len(text))
    joined = "".join(pieces)
    if joined != whole:
        # a sequence that composes across clusters: the words still match, slices fall back to proportion
        places = [min(len(text), i * len(text) // max(1, len(whole))) for i in range(len(whole) + 1)]
    return whole, places


def lowered(compat: str) -> str:
    """Lower case and Simplified; every character stays in its place (İ alone would grow, so it becomes i)."""
    low = compat.lower()
    if compat.isascii():
        return low
    if len(low) != len(compat):
        low = "".join(c.lower()[:1] or c for c in compat)
    return low.translate(simplified_table())


def _aligned(text: str) -> bool:
    letters = set(text)
    return all(len(unicodedata.normalize("NFKC", c)) == 1 for c in letters) and not any(
        unicodedata.combining(c) or "\u1100" <= c <= "\u11ff" for c in letters
    )


def scan(masked: str, places: list[int] | None) -> Tokens:
    """The tokens of a folded and masked text."""
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    breaks: list[tuple[int, str]] = []
    for match in _TOKEN.finditer(masked):
        kind = match.lastindex
        if kind == 4:
            breaks.append((len(words), match.group()))
            continue
        word = match.group()
        begin, end = match.span()
        if kind == 2:
            if "'" in word or "\u2019" in word:
                word = word.replace("'", "").replace("\u2019", "")
        elif kind == 5:
            word = "and"
        elif kind == 3:
            while end < len(masked) and masked[end] == "\ue00f":
                end += 1
            word = _NAMES[word]
        words.append(word)
        starts.append(begin if places is None else places[begin])
        ends.append(end if places is None else places[end])
    return Tokens(words, starts, ends, breaks)
