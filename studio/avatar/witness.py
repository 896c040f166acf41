# The colours' own word on who is person: what is coloured like the known background nearby and unlike the
# known person is background, however solid the networks held it, and the other way round.
from __future__ import annotations

import cv2
import numpy as np

from studio.avatar.pixels import F32, LINEAR, blur, f32, resize_f32, smoothstep

CELLS = 8
LIGHTS, HUES, HUE_RANGE = 20, 24, 60.0
SHAPE = (CELLS, CELLS, LIGHTS, HUES, HUES)
DEEP, FAR = 20.0, 12.0
ZONE_INSIDE, ZONE_OUTSIDE = 24.0, 16.0
SPREAD = 0.7
SEEN, FLOOR, ENOUGH = 3.0, 0.05, 200.0


def colour_odds(image: F32, prior: F32) -> F32:
    """Log odds (H×W) that a pixel near the outline is person, by the picture's colours (H×W×3, 0…255) alone.

    Colours are counted well inside and well outside the prior alpha's outline (0…1), by place and CIE L*a*b*;
    0 where both sides know the colour, where neither does, and far from the outline.
    """
    height, width = prior.shape
    unit = max(height, width) / 512.0
    solid = (prior > 0.5).astype(np.uint8)
    inside = f32(cv2.distanceTransform(solid, cv2.DIST_L2, 3)) / unit
    outside = f32(cv2.distanceTransform(1 - solid, cv2.DIST_L2, 3)) / unit
    bins = _bins(image)
    person = _counted(bins, f32((prior > 0.9) * smoothstep(0.3 * DEEP, DEEP, f32(inside))) / unit**2)
    behind = _counted(bins, f32((prior < 0.1) * smoothstep(0.3 * FAR, FAR, f32(outside))) / unit**2)
    # Present or not, rather than how often: a wall of one colour must not outvote hair of many.
    odds = np.log((person / (person + SEEN) + FLOOR) / (behind / (behind + SEEN) + FLOOR)).ravel()[bins]
    amount = np.minimum(person.sum(axis=(2, 3, 4)), behind.sum(axis=(2, 3, 4))) / ENOUGH
    known = resize_f32(f32(np.minimum(amount, 1)), width, height, LINEAR)
    near_in = 1 - smoothstep(0.6 * ZONE_INSIDE, ZONE_INSIDE, f32(inside))
    near_out = 1 - smoothstep(0.6 * ZONE_OUTSIDE, ZONE_OUTSIDE, f32(outside))
    return f32(blur(f32(odds), 1.2 * unit) * known * np.minimum(near_in, near_out))


def _bins(image: F32) -> np.ndarray[tuple[int, ...], np.dtype[np.int32]]:
    """For every pixel the index of its place and colour in the flattened counts."""
    height, width = image.shape[:2]
    lab = f32(cv2.cvtColor(np.clip(image, 0, 255) / np.float32(255), cv2.COLOR_RGB2LAB))
    scale = np.array([(LIGHTS - 1) / 100, *[(HUES - 1) / (2 * HUE_RANGE)] * 2], dtype=np.float32)
    steps = np.rint((lab + np.array([0, HUE_RANGE, HUE_RANGE], dtype=np.float32)) * scale)
    light, a, b = np.moveaxis(np.clip(steps, 0, [LIGHTS - 1, HUES - 1, HUES - 1]).astype(np.int32), 2, 0)
    row = (np.arange(height, dtype=np.int32) * CELLS // height)[:, None]
    column = (np.arange(width, dtype=np.int32) * CELLS // width)[None]
    place = row * CELLS + column
    return np.asarray(((place * LIGHTS + light) * HUES + a) * HUES + b, dtype=np.int32)


def _counted(bins: np.ndarray[tuple[int, ...], np.dtype[np.int32]], weight: F32) -> F32:
    """Weighted counts by place and colour, spread a little over the neighbours in all five directions."""
    counts = np.bincount(bins.ravel(), weights=weight.ravel(), minlength=int(np.prod(SHAPE)))
    spread = f32(counts).reshape(SHAPE)
    near = float(np.exp(-0.5 / SPREAD**2))
    middle = np.float32(1 / (1 + 2 * near))
    for axis in range(5):
        moved = spread * middle
        ahead = [slice(None)] * 5
        back = [slice(None)] * 5
        ahead[axis], back[axis] = slice(1, None), slice(None, -1)
        moved[tuple(ahead)] += near * middle * spread[tuple(back)]
        moved[tuple(back)] += near * middle * spread[tuple(ahead)]
        spread = moved
    return f32(spread)
