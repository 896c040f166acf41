# What each platform wants of a profile picture, and one photo written out for all of them, sharpened for
# each size.
from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from studio.avatar.engine import flatten, layers
from studio.avatar.pixels import AREA, U8, blur, f32, resize_f32, to_u8
from studio.presets import AVATAR_PX

MASTER = 1080


def platform_set(
    photo: U8, recipe: Mapping[str, Any], *, adjust: Mapping[str, Any] | None = None, cache_key: str = ""
) -> Iterator[tuple[str, int, U8]]:
    """Platform, pixels and RGBA picture for every preset; each size is drawn once."""
    master = flatten(layers(photo, recipe, MASTER, MASTER, adjust=adjust, cache_key=cache_key))
    drawn: dict[int, U8] = {}
    for platform, side in AVATAR_PX.items():
        if side not in drawn:
            drawn[side] = shrunk(master, side)
        yield platform, side, drawn[side]


def shrunk(picture: U8, side: int) -> U8:
    """A square RGBA picture reduced to `side` pixels, sharpened by as much as the reduction softened it."""
    alpha = f32(picture[..., 3]) / 255.0
    # Weighted by alpha, or the colour below transparent pixels would creep into the edge.
    small_alpha = resize_f32(alpha, side, side, AREA)
    color = resize_f32(f32(f32(picture[..., :3]) * alpha[..., None]), side, side, AREA)
    color = f32(color / np.maximum(small_alpha, 1e-3)[..., None])
    factor = picture.shape[0] / side
    amount = min(0.55, 0.16 * max(0.0, factor - 1.0))
    sharp = color + (color - blur(color, 0.7)) * amount * (small_alpha > 0.98)[..., None]
    return np.dstack([to_u8(np.clip(sharp, 0, 255)), to_u8(f32(small_alpha * 255.0))])
