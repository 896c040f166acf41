"""How many columns text takes: Chinese characters and emoji two, combining marks none."""

from __future__ import annotations

import unicodedata


def width_of(text: str) -> int:
    """The columns `text` takes on a terminal."""
    if text.isascii():
        return len(text)
    return sum(_columns(letter) for letter in text)


def clip(text: str, columns: int) -> str:
    """`text` cut to at most `columns`, an ellipsis where something was cut."""
    if width_of(text) <= columns:
        return text
    kept, used = [], 1
    for letter in text:
        used += _columns(letter)
        if used > columns:
            break
        kept.append(letter)
    return "".join(kept) + "…" if columns > 0 else ""


def _columns(letter: str) -> int:
    if unicodedata.combining(letter) or unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in ("W", "F") else 1
