# A contact sheet: numbered, labelled pictures in a grid, made to be looked at in a chat or a terminal.
from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from studio.avatar.pixels import U8
from studio.avatar.platforms import shrunk

PAPER = (246, 246, 248)
INK = (40, 42, 54)


def contact_sheet(pictures: Sequence[tuple[str, U8]], *, cell: int = 320) -> U8:
    """Named RGBA pictures as one h×w×3 RGB sheet, at most four to a row, each with its number and name."""
    if not pictures:
        raise ValueError("a sheet needs at least one picture")
    columns = min(4, math.ceil(math.sqrt(len(pictures))))
    rows = math.ceil(len(pictures) / columns)
    gap, label = cell // 16, cell // 7
    size = (gap + columns * (cell + gap), gap + rows * (cell + label + gap))
    sheet = Image.new("RGB", size, PAPER)
    draw = ImageDraw.Draw(sheet)
    for index, (name, picture) in enumerate(pictures):
        left = gap + (index % columns) * (cell + gap)
        top = gap + (index // columns) * (cell + label + gap)
        small = Image.fromarray(shrunk(picture, cell))
        sheet.paste(small, (left, top), small)
        text = f"{index + 1}  {name}"
        middle = (left + cell / 2, top + cell + label / 2)
        draw.text(middle, text, fill=INK, font=_font(round(label * 0.5)), anchor="mm")
    return np.asarray(sheet, dtype=np.uint8)


@lru_cache(maxsize=8)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    for path in font_files():
        font = ImageFont.truetype(str(path), size)
        font.set_variation_by_axes([500])
        return font
    return ImageFont.load_default(size)


def font_files() -> tuple[Path, ...]:
    """The variable Noto Sans fonts installed beside the studio, the one with Chinese first."""
    found: list[Path] = []
    for package, pattern in (
        ("manimgx_fonts_cjk", "NotoSansCJK*.ttc"),
        ("manimgx_fonts", "NotoSans[[]wght].ttf"),
    ):
        spec = find_spec(package)
        for folder in (spec.submodule_search_locations or []) if spec else []:
            found += sorted(Path(folder).rglob(pattern))
    return tuple(found)
