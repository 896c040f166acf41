"""Splits a title into what a reader sees as one character each, and picks the font that draws it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from studio.render.text import fonts
from studio.render.text.fonts import Font

_JOINER, _TEXT, _PICTURE, _KEYCAP = "\u200d", "\ufe0e", "\ufe0f", "\u20e3"
_QUOTES = frozenset("“”‘’—…·–")
_RIGHT_TO_LEFT = frozenset({"R", "AL"})


@dataclass(frozen=True, slots=True)
class Cluster:
    """One user-perceived character: its text, its font, its width in ems."""

    text: str
    font: Font
    width: float

    @property
    def space(self) -> bool:
        """Whether a line may end here and the character then vanishes."""
        return self.text.isspace()

    @property
    def wide(self) -> bool:
        """Whether it is a full-width character, between which lines may break."""
        return unicodedata.east_asian_width(self.text[0]) in ("W", "F") and self.font is not fonts.emoji()

    @property
    def rtl(self) -> bool:
        """Whether it belongs to a script written from right to left."""
        return any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in self.text)


def clusters(text: str) -> tuple[Cluster, ...]:
    """The clusters of one paragraph; what no font can draw is left out."""
    variant = _variant(text)
    found: list[Cluster] = []
    for piece in graphemes(clean(text)):
        before = found[-1] if found else None
        font = _font(piece, before, variant)
        if font is not None:
            found.append(Cluster(piece, font, _width(piece, font)))
    return tuple(found)


def clean(text: str) -> str:
    """The text without what no SVG may hold or no reader sees: controls, surrogates, direction overrides."""
    kept = []
    for character in unicodedata.normalize("NFC", text):
        kind = unicodedata.category(character)
        if character in "\t\u00a0\u3000" or kind == "Zs":
            kept.append("\u3000" if character == "\u3000" else " ")
        elif (
            character in (_JOINER, "\u200c")
            or 0xE0020 <= ord(character) <= 0xE007F
            or kind not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
        ):
            kept.append(character)
    return "".join(kept)


def graphemes(text: str) -> Iterator[str]:
    """The text cut between user-perceived characters (a working part of Unicode's UAX #29)."""
    current = ""
    for character in text:
        if current and not _joins(current, character):
            yield current
            current = ""
        current += character
    if current:
        yield current


def _joins(current: str, character: str) -> bool:
    if (
        character in (_JOINER, _TEXT, _PICTURE, _KEYCAP, "\u200c")
        or unicodedata.category(character)[0] == "M"
    ):
        return True
    point = ord(character)
    if 0x1F3FB <= point <= 0x1F3FF or 0xE0020 <= point <= 0xE007F:
        return _pictorial(current[0])
    if current.endswith(_JOINER):
        return _pictorial(current[0]) and _pictorial(character)
    return _regional(character) and len(current) == 1 and _regional(current)


def _regional(character: str) -> bool:
    return 0x1F1E6 <= ord(character) <= 0x1F1FF


def _pictorial(character: str) -> bool:
    return ord(character) >= 0x203C and fonts.emoji().has(character)


def _font(piece: str, before: Cluster | None, variant: str) -> Font | None:
    first = piece[0]
    if _shown_as_picture(piece):
        return fonts.emoji()
    cjk = fonts.chinese(variant)
    if first in _QUOTES and before is not None and before.wide:
        return cjk
    if first == " ":
        return before.font if before is not None and not _is_emoji(before.font) else fonts.latin()
    for font in (fonts.latin(), cjk, *fonts.scripts(), fonts.emoji()):
        if font.has(first):
            return font
    return None


def _shown_as_picture(piece: str) -> bool:
    if _TEXT in piece:
        return False
    if _KEYCAP in piece or _PICTURE in piece:
        return fonts.emoji().has(piece[0])
    return (ord(piece[0]) >= 0x1F000 and fonts.emoji().has(piece[0])) or _default_picture(piece[0])


def _default_picture(character: str) -> bool:
    """Whether a character below the emoji planes is a picture even without a selector (⌚ ⏰ ⚡ ⭐ …)."""
    return 0x231A <= ord(character) <= 0x2B55 and _is_wide(character) and fonts.emoji().has(character)


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) == "W"


def _is_emoji(font: Font) -> bool:
    return font is fonts.emoji()


def _width(piece: str, font: Font) -> float:
    if font is fonts.emoji() or unicodedata.east_asian_width(piece[0]) in ("W", "F"):
        return 1.0
    return font.advance(piece)


def _variant(text: str) -> str:
    """Which country's glyph forms a text wants: kana speak of Japan, hangul of Korea."""
    if any("\u3040" <= character <= "\u30ff" for character in text):
        return "JP"
    if any("\uac00" <= character <= "\ud7af" for character in text):
        return "KR"
    return "SC"
