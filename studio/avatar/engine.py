# A photo and a recipe become layers: the person over a backdrop, the shape's mask, the shadow, the ring.
# Layers stay apart so that motion can move what is inside the shape while its edge stands still.
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from studio.avatar.backdrop import content_mask, cover, flat, gradient, ring, shadow
from studio.avatar.framing import Frame
from studio.avatar.pixels import F32, U8, f32, over, resize_u8, to_u8, wide_blur
from studio.avatar.recipe import Recipe, read_recipe
from studio.avatar.shapes import distance_map
from studio.avatar.subject import Cutout, choose_frame, cut_out, find_subject

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
    matrix = frame.matrix(*box)
    person, alpha = _place(cutout, matrix, width, height)
    content = _compose(photo, look, person, alpha, matrix, backdrop_image)
    return dress(content, look, box)


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
    for paint, cover_ in ((picture.content, f32(inner)), (picture.over, f32(picture.over[..., 3]) / 255.0)):
        total = cover_ + alpha * (1 - cover_)
        share = f32(cover_ / np.maximum(total, 1e-6))
        color = over(f32(paint[..., :3]), share, color)
        alpha = f32(total)
    rgba = np.dstack([to_u8(color), to_u8(f32(alpha * 255.0))])
    rgba[rgba[..., 3] == 0] = 0
    return rgba


def shape_box(width: int, height: int) -> tuple[float, float, float]:
    """Left, top and side of the shape's box: centred, inset so that the shadow stays on the canvas."""
    side = min(width, height) * (1 - 2 * INSET)
    return (width - side) / 2, (height - side) / 2, side


def _compose(photo: U8, look: Recipe, person: F32, alpha: F32, matrix: F32, image: U8 | None) -> U8:
    height, width = alpha.shape
    kind = look.background.kind
    if kind == "transparent":
        return np.dstack([to_u8(person), to_u8(f32(alpha * 255.0))])
    if kind == "original":
        picture = warp(photo, matrix, width, height, cv2.BORDER_REFLECT_101)
        return _opaque(f32(picture))
    return _opaque(over(person, alpha, _backdrop(photo, look, alpha, matrix, image)))


def _backdrop(photo: U8, look: Recipe, alpha: F32, matrix: F32, image: U8 | None) -> F32:
    height, width = alpha.shape
    kind = look.background.kind
    if kind == "color":
        return flat(look.background.colors[0], width, height)
    if kind == "image" and image is not None:
        return cover(image[..., :3], width, height)
    if kind == "blur":
        scene = f32(warp(photo, matrix, width, height, cv2.BORDER_REFLECT_101))
        sigma = (0.01 + 0.07 * look.background.amount) * min(width, height)
        free = f32(1 - alpha)
        weight = wide_blur(free, sigma)[..., None]
        return f32(wide_blur(f32(scene * free[..., None]), sigma) / np.maximum(weight, 1e-3))
    colors = look.background.colors or ("#4f7bff", "#8a4fff")
    return gradient(colors, width, height)


def _opaque(color: F32) -> U8:
    return np.dstack([to_u8(color), np.full(color.shape[:2], 255, dtype=np.uint8)])


def _place(cutout: Cutout, matrix: F32, width: int, height: int) -> tuple[F32, F32]:
    """Warp the cutout onto the canvas: colours (0…255) and alpha (0…1)."""
    local = matrix.copy()
    local[:, 2] += matrix[:, :2] @ f32([cutout.x, cutout.y])
    local[:, :2] /= cutout.scale
    color = warp(cutout.color, local, width, height, cv2.BORDER_REPLICATE)
    alpha = warp(cutout.alpha, local, width, height, cv2.BORDER_REPLICATE)
    return f32(color), f32(alpha) / 255.0


def warp(image: U8, matrix: F32, width: int, height: int, border: int) -> U8:
    """Apply a 2×3 transform in pixel-edge coordinates; shrinks by area first: detail must not shimmer."""
    scale = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    local = matrix.astype(np.float64)
    if scale < 0.75:
        wide, tall = max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale))
        local[:, 0] *= image.shape[1] / wide
        local[:, 1] *= image.shape[0] / tall
        image = resize_u8(image, wide, tall, cv2.INTER_AREA)
    # Pixel centres lie at half coordinates here, at whole ones in OpenCV.
    local[:, 2] += local[:, :2] @ np.array([0.5, 0.5]) - 0.5
    how = cv2.INTER_CUBIC if scale > 1.0 else cv2.INTER_LINEAR
    return np.asarray(
        cv2.warpAffine(image, local, (width, height), flags=how, borderMode=border), dtype=np.uint8
    )


__all__ = ["Frame", "Layers", "dress", "flatten", "layers", "shape_box", "warp"]
