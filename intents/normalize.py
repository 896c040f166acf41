"""One form for matching: NFKC, lower case, Simplified characters. Slices stay with the raw text."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from importlib.resources import files


@lru_cache(maxsize=1)
def simplified_table() -> dict[int, int]:
    """Traditional → Simplified, one character to one, as `str.translate` wants it."""
    lines = files("intents.data").joinpath("traditional.txt").read_text("utf-8").splitlines()
    table = dict(zip(map(ord, lines[1]), map(ord, lines[2]), strict=True))
    table[ord("著")] = ord("着")
    table[ord("妳")] = ord("你")
    return table


def simplify(text: str) -> str:
    """Traditional characters replaced by Simplified ones; the length stays."""
    return text if text.isascii() else text.translate(simplified_table())


def fold(text: str) -> str:
    """The form that is matched; its length may differ from the text's."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", text).lower().translate(simplified_table())
