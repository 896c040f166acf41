"""The fonts titles are set in: where they lie and which characters each has, read from its own cmap table."""

from __future__ import annotations

import importlib.util
import struct
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import ImageFont

from studio.render.errors import RenderError

WEIGHT = 700
# What Noto's script fonts are tried in, after Latin and Chinese, Japanese, Korean.
_SCRIPTS = [
    "Arabic",
    "Hebrew",
    "Devanagari",
    "Bengali",
    "Tamil",
    "Telugu",
    "Kannada",
    "Malayalam",
    "Gujarati",
    "Gurmukhi",
    "Oriya",
    "Sinhala",
    "Thai",
    "Lao",
    "Khmer",
    "Myanmar",
    "Ethiopic",
    "Georgian",
    "Armenian",
    "Symbols",
]


@dataclass(frozen=True, slots=True)
class Font:
    """A font file and the family name by which SVG text asks for it; `weight` 0: it has only its own."""

    family: str
    path: Path
    index: int = 0
    weight: int = WEIGHT

    def has(self, character: str) -> bool:
        """Whether the font has a glyph of its own for the character."""
        starts, ends = _coverage(self.path, self.index)
        found = int(np.searchsorted(starts, ord(character), side="right")) - 1
        return found >= 0 and ord(character) <= int(ends[found])

    def advance(self, text: str) -> float:
        """The text's width in ems, each character by itself."""
        return float(_measure(self.path, self.index, self.weight).getlength(text)) / _MEASURED_AT


@lru_cache(maxsize=1)
def latin() -> Font:
    """Noto Sans: Latin, Greek, Cyrillic and most punctuation."""
    return Font("Noto Sans", _package("manimgx_fonts") / "NotoSans[wght].ttf")


@lru_cache(maxsize=1)
def emoji() -> Font:
    """Twemoji: colour pictures, one weight."""
    return Font("Twemoji Mozilla", Path(__file__).parents[1] / "fonts" / "Twemoji-COLRv0.ttf", weight=0)


@lru_cache(maxsize=5)
def chinese(variant: str = "SC") -> Font:
    """Noto Sans CJK, with the glyph forms of SC, TC, HK, JP or KR."""
    order = ("JP", "KR", "SC", "TC", "HK")
    path = _package("manimgx_fonts_cjk") / "NotoSansCJK-VF.otf.ttc"
    return Font(f"Noto Sans CJK {variant}", path, order.index(variant))


@lru_cache(maxsize=1)
def scripts() -> tuple[Font, ...]:
    """The fonts of the other scripts, and plain emoji outlines last."""
    folder = _package("manimgx_fonts")
    fonts = [Font(f"Noto Sans {name}", folder / f"NotoSans{name}[wght].ttf") for name in _SCRIPTS]
    fonts.append(Font("Noto Emoji", folder / "NotoEmoji[wght].ttf"))
    return tuple(font for font in fonts if font.path.is_file())


def _package(name: str) -> Path:
    found = importlib.util.find_spec(name)
    if found is None or found.origin is None:
        raise RenderError(f"the font package {name} is not installed; install the studio extra")
    return Path(found.origin).parent


_MEASURED_AT = 100


@lru_cache(maxsize=32)
def _measure(path: Path, index: int, weight: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(str(path), _MEASURED_AT, index=index, layout_engine=ImageFont.Layout.BASIC)
    if weight:
        axes = font.get_variation_axes()
        font.set_variation_by_axes([float(weight), *(float(axis["default"] or 0) for axis in axes[1:])])
    return font


@lru_cache(maxsize=64)
def _coverage(path: Path, index: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First and last code points of the ranges a font covers, ascending (OpenType cmap, formats 4 and 12)."""
    with path.open("rb") as stream:
        head = stream.read(4096)
        start = struct.unpack_from(">I", head, 12 + 4 * index)[0] if head[:4] == b"ttcf" else 0
        count = struct.unpack_from(">H", head, start + 4)[0]
        for entry in range(count):
            tag, _, offset, length = struct.unpack_from(">4sIII", head, start + 12 + 16 * entry)
            if tag == b"cmap":
                stream.seek(offset)
                return _ranges(stream.read(length))
    raise RenderError(f"the font {path.name} is damaged")


def _ranges(table: bytes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    starts: list[int] = []
    ends: list[int] = []
    offsets = {
        struct.unpack_from(">HHI", table, 4 + 8 * entry)[2]
        for entry in range(struct.unpack_from(">H", table, 2)[0])
    }
    for offset in offsets:
        kind = struct.unpack_from(">H", table, offset)[0]
        if kind == 12:
            groups = np.frombuffer(
                table, ">u4", 3 * struct.unpack_from(">I", table, offset + 12)[0], offset + 16
            )
            starts += groups[0::3].tolist()
            ends += groups[1::3].tolist()
        elif kind == 4:
            half = struct.unpack_from(">H", table, offset + 6)[0] // 2
            last = np.frombuffer(table, ">u2", half, offset + 14)
            first = np.frombuffer(table, ">u2", half, offset + 16 + 2 * half)
            starts += first[:-1].tolist()
            ends += last[:-1].tolist()
    order = np.argsort(np.array(starts, np.int64), kind="stable")
    reach = np.array(ends, np.int64)[order]
    firsts = np.array(starts, np.int64)[order]
    for index in range(
        1, len(reach)
    ):  # a range that an earlier one reaches over ends no sooner than that one
        if reach[index - 1] >= firsts[index]:
            reach[index] = max(reach[index], reach[index - 1])
    return firsts, reach
