"""How many columns text takes: Chinese characters and emoji two, combining marks none."""

from __future__ import annotations

import re
import unicodedata

# A word with the space after it; or one wide character with the punctuation that may not begin a line.
_WIDE = "\u2e80-\u9fff\uac00-\ud7a3"
_HEAD = re.compile(r"\s*(?:[·•›✗✓↑\-]\s+|/\w+\s{2,})?")
_PIECE = re.compile(rf"[{_WIDE}][，。、；：！？”’）」』》…]*\s*|[^\s{_WIDE}]+\s*|\s+")


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


def wrap(text: str, columns: int) -> list[str]:
    """`text` in lines of at most `columns`: broken at spaces, and between Chinese characters."""
    lines, current = [], ""
    for piece in _PIECE.findall(text):
        if current.strip() and width_of(current + piece.rstrip()) > columns:
            lines.append(current.rstrip())
            current = ""
        current += piece if current else piece.lstrip()
    return [*lines, current.rstrip()]


def hang(text: str, columns: int) -> list[str]:
    """A line wrapped so that what follows stands below its first word, after any indent and bullet."""
    head = _HEAD.match(text)
    indent = width_of(head.group()) if head else 0
    if columns - indent < 10:
        return [text]
    first, *rest = wrap(text[len(head.group()) :] if head else text, columns - indent)
    return [(head.group() if head else "") + first, *(" " * indent + line for line in rest)]


def _columns(letter: str) -> int:
    if unicodedata.combining(letter) or unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in ("W", "F") else 1
