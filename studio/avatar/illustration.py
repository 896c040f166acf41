# Avatars drawn from words, without a photo: DiceBear's styles with the traits that were said, or initials
# in a real font. The same words give the same picture.
from __future__ import annotations

import io
import json
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
import resvg_py
from dicebear import Avatar, Style
from PIL import Image

from studio.avatar.backdrop import cover, flat, gradient
from studio.avatar.engine import Layers, dress, shape_box
from studio.avatar.features import Features
from studio.avatar.initials import initials
from studio.avatar.light import adjusted
from studio.avatar.pixels import F32, U8, f32, over, to_u8
from studio.avatar.recipe import Recipe, RecipeError, read_recipe
from studio.avatar.styles import Scene, apply_style
from studio.avatar.traits import options

DEFAULT = "open-peeps"
# Free of conditions first; the others ask to be credited, see `attribution`.
DRAWINGS = (
    "open-peeps", "lorelei", "notionists", "pixel-art", "voxel-art", "cutouts", "cameo", "thumbs", "moods",
    "critters", "sprouts", "shapes", "rings", "glass", "identicon", "personas", "avataaars", "adventurer",
    "micah", "big-smile", "big-ears", "toon-head", "miniavs", "croodles", "dylan", "fun-emoji", "bottts",
    "icons",
)  # fmt: skip
SOFT = ("#cfe3f5", "#9fc3e6")


def illustrate(
    illustration: Mapping[str, Any],
    recipe: Mapping[str, Any],
    width: int,
    height: int,
    *,
    adjust: Mapping[str, Any] | None = None,
    backdrop_image: U8 | None = None,
) -> Layers:
    """A drawn avatar on a width×height canvas, in the shape, ring and backdrop of a draft's `avatar` object.

    `illustration` holds style, seed and traits, or style "initials" and text. Raises RecipeError.
    """
    look = read_recipe(recipe, adjust)
    style = illustration.get("style") or DEFAULT
    box = shape_box(width, height)
    behind = _backdrop(look, width, height, backdrop_image)
    if style == "initials":
        drawing = initials(illustration.get("text", ""), box, look, behind)
    else:
        drawing = _placed(_drawn(str(style), illustration), look, width, height, box)
    alpha = f32(drawing[..., 3]) / np.float32(255)
    empty = np.zeros((height, width), dtype=np.float32)
    clear = look.background.kind == "transparent"
    picture = f32(drawing[..., :3]) if clear else over(f32(drawing[..., :3]), alpha, behind)
    scene = Scene(picture, alpha, Features(empty, empty), look.background.colors)
    if not look.adjust.neutral:
        scene = Scene(adjusted(scene, look.adjust), alpha, scene.features, scene.colors)
    shown = to_u8(apply_style(look.style, scene, look.strength))
    cover_ = drawing[..., 3] if clear else np.full((height, width), 255, dtype=np.uint8)
    return dress(np.dstack([shown, cover_]), look, box)


def attribution(style: str) -> str | None:
    """The line a style's licence wants to see beside its pictures; None when it wants none."""
    if style == "initials":
        return None
    meta = _definition(style)["meta"]
    licence = meta.get("license", {})
    if licence.get("name") in ("CC0 1.0", "MIT"):
        return None
    return str(licence.get("text") or f"{meta['source']['name']}, {licence.get('name')}")


def _backdrop(look: Recipe, width: int, height: int, image: U8 | None) -> F32:
    kind = look.background.kind
    if kind == "color":
        return flat(look.background.colors[0], width, height)
    if kind == "image" and image is not None:
        return cover(image[..., :3], width, height)
    # There is no photo to blur or to keep: a soft gradient stands in.
    return gradient(look.background.colors or SOFT, width, height)


def _drawn(style: str, illustration: Mapping[str, Any]) -> str:
    traits = illustration.get("traits") or {}
    if not isinstance(traits, Mapping):
        raise RecipeError(f"illustration.traits: {traits!r} is not an object")
    definition = _definition(style)
    seed = str(illustration.get("seed", ""))[:400]
    return Avatar(_style(style), options(definition, traits, seed)).to_string()


def _placed(svg: str, look: Recipe, width: int, height: int, box: tuple[float, float, float]) -> U8:
    """The drawing on the canvas, its foot on the shape's foot, moved by zoom and offset."""
    left, top, side = box
    size = max(8, round(side * look.zoom))
    drawn = np.asarray(
        Image.open(io.BytesIO(bytes(resvg_py.svg_to_bytes(svg_string=svg, width=size, height=size)))).convert(
            "RGBA"
        ),
        dtype=np.uint8,
    )
    x = round(left + (side - size) / 2 + look.offset[0] * side)
    y = round(top + side - size + look.offset[1] * side)
    canvas = np.zeros((height, width, 4), dtype=np.uint8)
    x0, y0, x1, y1 = max(0, x), max(0, y), min(width, x + size), min(height, y + size)
    if x1 > x0 and y1 > y0:
        canvas[y0:y1, x0:x1] = drawn[y0 - y : y1 - y, x0 - x : x1 - x]
    return canvas


@lru_cache(maxsize=32)
def _definition(style: str) -> Mapping[str, Any]:
    if style not in DRAWINGS:
        raise RecipeError(f"illustration.style: {style!r} is not one of initials, {', '.join(DRAWINGS)}")
    text = files("dicebear_styles").joinpath(f"{style}.json").read_text(encoding="utf-8")
    definition: Mapping[str, Any] = json.loads(text)
    return definition


@lru_cache(maxsize=32)
def _style(style: str) -> Style:
    return Style(_definition(style))
