# What lies behind the person and around the shape: colours, gradients, the ring above and the shadow below.
from __future__ import annotations

from functools import lru_cache

import numpy as np

from studio.avatar.colors import mix, rgb, to_oklab
from studio.avatar.pixels import F32, U8, f32, resize_f32, to_u8, wide_blur
from studio.avatar.shapes import coverage

SHADOW_STRENGTH = 0.34
SHADOW_DROP = 0.010
SHADOW_SPREAD = 0.011

# Soft two-colour backdrops for "auto": light, middle and deep, cool and warm; never skin-coloured.
AUTO = (
    ("#cfe3f5", "#9fc3e6"),
    ("#e7e3f7", "#c3b8ea"),
    ("#d9efe4", "#a6d5c1"),
    ("#f6e3d2", "#eac3a3"),
    ("#fbe6a9", "#f3c969"),
    ("#f3f1ec", "#d8d3c8"),
    ("#7fb6c9", "#4b8aa6"),
    ("#8fa8e8", "#5f78cf"),
    ("#7bbfa5", "#4a957c"),
    ("#c58fb8", "#9a5f93"),
    ("#e58f7b", "#c9604f"),
    ("#2f6f7f", "#1d4a5c"),
    ("#3c4a86", "#262f5e"),
    ("#5a3f78", "#3a2754"),
)


def gradient(colors: tuple[str, ...], width: int, height: int) -> F32:
    """A diagonal gradient as height×width×3, 0…255, dithered so that 8 bits show no bands."""
    x = (np.arange(width, dtype=np.float32) + 0.5) / width
    y = (np.arange(height, dtype=np.float32) + 0.5) / height
    share = f32((x[None] * 0.45 + y[:, None] * 0.55) * (len(colors) - 1))
    picture = np.zeros((height, width, 3), dtype=np.float32)
    for index in range(len(colors) - 1):
        part = mix(rgb(colors[index]), rgb(colors[index + 1]), f32(share - index))
        here = (share >= index)[..., None] if index else np.True_
        picture = f32(np.where(here, part, picture))
    return f32(picture + _noise(width, height)[..., None])


def becoming(person: F32, alpha: F32, skin: F32) -> tuple[str, str]:
    """Two colours that suit a person (h×w×3, 0…255): far from skin, hair and clothes alike."""
    step = max(1, person.shape[0] // 128)
    lab = to_oklab(person[::step, ::step])
    solid, face = alpha[::step, ::step] > 0.6, skin[::step, ::step] > 0.6
    if not solid.any():
        return AUTO[0]
    body = lab[solid]
    rest = lab[solid & ~face] if (solid & ~face).any() else body
    best, best_score = AUTO[0], -1.0
    for pair in AUTO:
        middle = f32((to_oklab(rgb(pair[0])) + to_oklab(rgb(pair[1]))) / 2)
        apart = np.linalg.norm((rest - middle) * np.array([1.0, 1.6, 1.6]), axis=1)
        # The fifth percentile: no larger part of hair or clothes may sink into the background.
        score = float(np.percentile(apart, 5)) + 0.35 * float(apart.mean())
        if face.any():
            tone = lab[face].mean(axis=0)
            score += 0.5 * min(float(np.linalg.norm((tone - middle) * np.array([0.7, 1.8, 1.8]))), 0.35)
        if score > best_score:
            best, best_score = pair, score
    return best


def flat(color: str, width: int, height: int) -> F32:
    """One colour as height×width×3, 0…255."""
    return f32(np.broadcast_to(rgb(color), (height, width, 3)).copy())


def cover(image: U8, width: int, height: int) -> F32:
    """A picture scaled and centre-cropped to fill height×width×3, 0…255."""
    scale = max(width / image.shape[1], height / image.shape[0])
    wide, tall = max(width, round(image.shape[1] * scale)), max(height, round(image.shape[0] * scale))
    scaled = resize_f32(f32(image), wide, tall)
    left, top = (wide - width) // 2, (tall - height) // 2
    return f32(scaled[top : top + height, left : left + width])


def ring(distances: F32, colors: tuple[str, ...], width: float) -> U8:
    """The ring as h×w×4 RGBA uint8: `width` pixels inwards from the edge, by signed distances."""
    height, canvas = distances.shape
    alpha = np.clip(0.5 - distances, 0, 1) - np.clip(0.5 - (distances + width), 0, 1)
    paint = flat(colors[0], canvas, height) if len(colors) == 1 else gradient(colors, canvas, height)
    return np.dstack([to_u8(paint), to_u8(f32(alpha) * 255.0)])


def shadow(solid: F32, side: float) -> U8:
    """A soft drop shadow as h×w×4 RGBA uint8 below whatever covers the canvas with `solid` (h×w, 0…1)."""
    drop = round(SHADOW_DROP * side)
    moved = np.zeros_like(solid)
    moved[drop:] = solid[: solid.shape[0] - drop] if drop else solid
    soft = wide_blur(moved, SHADOW_SPREAD * side)
    picture = np.zeros((*solid.shape, 4), dtype=np.uint8)
    picture[..., :3] = (8, 10, 24)
    picture[..., 3] = to_u8(soft * (255.0 * SHADOW_STRENGTH))
    return picture


def content_mask(distances: F32, ring_width: float) -> U8:
    """Coverage of the shape; below a ring it stops at the ring's middle, so that only one edge is seen."""
    return coverage(f32(distances + ring_width / 2)) if ring_width > 0 else coverage(distances)


@lru_cache(maxsize=4)
def _noise(width: int, height: int) -> F32:
    """Triangular noise of ±1 step: the dither that leaves no pattern; the same for the same size."""
    random = np.random.default_rng(20240229)
    return f32(
        random.random((height, width), dtype=np.float32) - random.random((height, width), dtype=np.float32)
    )
