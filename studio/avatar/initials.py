# One to four letters or a Chinese surname, set in Noto Sans, centred by their ink and readable on their
# backdrop.
from __future__ import annotations

import unicodedata
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from studio.avatar.colors import rgb, to_oklab
from studio.avatar.pixels import F32, U8
from studio.avatar.recipe import Recipe, RecipeError
from studio.avatar.sheet import font_files

MOST = 4
WIDE, TALL = 0.60, 0.40
WEIGHT = 600
LIGHT, DARK = "#ffffff", "#1d2233"


def initials(text: Any, box: tuple[float, float, float], look: Recipe, behind: F32) -> U8:
    """The letters alone, h×w×4, for a backdrop (h×w×3); RecipeError when there is no letter to draw."""
    height, width = behind.shape[:2]
    letters = readable(text)
    if not letters:
        raise RecipeError(f"illustration.text: {text!r} holds no letter")
    left, top, side = box
    size = side * look.zoom
    font = _fitted(letters, size)
    low = font.getbbox(letters)
    ink = (low[2] - low[0], low[3] - low[1])
    x = left + side / 2 + look.offset[0] * side - ink[0] / 2 - low[0]
    y = top + side / 2 + look.offset[1] * side - ink[1] / 2 - low[1]
    canvas = Image.new("RGBA", (width, height), (*_ink(behind, look), 0))
    mask = Image.new("L", (width, height), 0)
    ImageDraw.Draw(mask).text((x, y), letters, fill=255, font=font)
    canvas.putalpha(mask)
    return np.asarray(canvas, dtype=np.uint8)


def readable(text: Any) -> str:
    """The first four letters or digits of a text, upper case; emoji and control characters are left out."""
    if not isinstance(text, str):
        return ""
    plain = unicodedata.normalize("NFC", text[:64])
    return "".join(char for char in plain if unicodedata.category(char)[0] in "LN")[:MOST].upper()[:MOST]


def _fitted(letters: str, side: float) -> ImageFont.FreeTypeFont:
    font = _font(100)
    low = font.getbbox(letters)
    scale = min(WIDE * side / max(1, low[2] - low[0]), TALL * side / max(1, low[3] - low[1]))
    return _font(max(4, round(100 * scale)))


def _font(size: int) -> ImageFont.FreeTypeFont:
    paths = font_files()
    if not paths:
        raise RecipeError("initials need the font package manimgx-fonts-cjk, part of the studio extra")
    font = ImageFont.truetype(str(paths[0]), size)
    font.set_variation_by_axes([WEIGHT])
    return font


def _ink(behind: F32, look: Recipe) -> tuple[int, int, int]:
    """White, or near-black where the backdrop is light."""
    height, width = (side // 4 for side in behind.shape[:2])
    middle = behind[height : 3 * height, width : 3 * width].reshape(-1, 3).mean(axis=0)
    light = float(to_oklab(middle.astype(np.float32))[0]) > 0.78 or look.background.kind == "transparent"
    red, green, blue = (int(value) for value in rgb(DARK if light else LIGHT))
    return red, green, blue
