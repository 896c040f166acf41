# A photo and a recipe become layers: the person over a backdrop, the shape's mask, the shadow, the ring.
# Layers stay apart so that motion can move what is inside the shape while its edge stands still.
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from studio.avatar.backdrop import content_mask, ring, shadow
from studio.avatar.compose import View, paint
from studio.avatar.pixels import U8, f32, over, to_u8
from studio.avatar.recipe import Recipe, read_recipe
from studio.avatar.shapes import distance_map
from studio.avatar.subject import choose_frame, cut_out, find_subject

INSET = 0.035


@dataclass(frozen=True, slots=True)
class Layers:
    """Bottom to top, each h×w uint8: `under` RGBA, `content` RGBA cut by `mask` (coverage), `over` RGBA."""

    content: U8
    mask: U8
    under: U8
    over: U8


def layers(
    photo: U8,
    recipe: Mapping[str, Any] | Recipe,
    width: int,
    height: int,
    *,
    adjust: Mapping[str, Any] | None = None,
    cache_key: str = "",
    backdrop_image: U8 | None = None,
    quick: bool = False,
) -> Layers:
    """An avatar of an H×W×3 RGB photo on a width×height canvas; `cache_key` names the photo's content.

    With a key, faces and matte are found once per photo; `quick` takes the cheap matte, for previews.
    Raises RecipeError for a recipe that cannot be drawn.
    """
    look = recipe if isinstance(recipe, Recipe) else read_recipe(recipe, adjust)
    box = shape_box(width, height)
    subject = find_subject(photo, look, cache_key)
    cutout = cut_out(photo, subject, look.zoom, round(box[2]), key=cache_key, quick=quick)
    frame = choose_frame(photo, subject, look.shape, cutout).moved(look.zoom, look.offset)
    view = View(photo, cutout, subject.meshes, frame.matrix(*box), width, height)
    return dress(paint(view, look, backdrop_image), look, box)


def dress(content: U8, look: Recipe, box: tuple[float, float, float]) -> Layers:
    """Mask, ring and shadow for a finished h×w×4 content."""
    height, width = content.shape[:2]
    distances = distance_map(look.shape, width, height, box)
    band = look.ring.width * min(width, height) if look.ring else 0.0
    mask = content_mask(distances, band)
    rim = ring(distances, look.ring.colors, band) if look.ring else np.zeros_like(content)
    below = np.zeros_like(content)
    if look.shadow:
        solid = np.maximum(f32(content[..., 3]) * f32(mask) / 65025.0, f32(rim[..., 3]) / 255.0)
        below = shadow(f32(solid), box[2])
    return Layers(content, mask, below, rim)


def flatten(picture: Layers) -> U8:
    """The layers as one h×w×4 RGBA uint8 picture, straight alpha."""
    color = f32(picture.under[..., :3])
    alpha = f32(picture.under[..., 3]) / 255.0
    inner = f32(picture.content[..., 3]) * f32(picture.mask) / 65025.0
    for layer, cover_ in ((picture.content, f32(inner)), (picture.over, f32(picture.over[..., 3]) / 255.0)):
        total = cover_ + alpha * (1 - cover_)
        share = f32(cover_ / np.maximum(total, 1e-6))
        color = over(f32(layer[..., :3]), share, color)
        alpha = f32(total)
    rgba = np.dstack([to_u8(color), to_u8(f32(alpha * 255.0))])
    rgba[rgba[..., 3] == 0] = 0
    return rgba


def shape_box(width: int, height: int) -> tuple[float, float, float]:
    """Left, top and side of the shape's box: centred, inset so that the shadow stays on the canvas."""
    side = min(width, height) * (1 - 2 * INSET)
    return (width - side) / 2, (height - side) / 2, side
