# Typed array helpers: every module of the engine filters, scales and warps through these few functions.
# OpenCV's own stubs lose the element type, so the conversion back to uint8 or float32 is said once, here.
from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

U8 = NDArray[np.uint8]
F32 = NDArray[np.float32]

AREA = cv2.INTER_AREA
LINEAR = cv2.INTER_LINEAR
CUBIC = cv2.INTER_CUBIC


def f32(values: Any) -> F32:
    """Any numeric array as float32, copied only when needed."""
    return np.asarray(values, dtype=np.float32)


def to_u8(values: Any) -> U8:
    """A 0…255 array rounded and clipped to uint8."""
    if isinstance(values, np.ndarray) and values.dtype == np.uint8:
        return values
    # convertScaleAbs would fold negatives; add/saturate through OpenCV is four times quicker than np.clip.
    return np.asarray(cv2.convertScaleAbs(np.maximum(values, 0)), dtype=np.uint8)


def resize_u8(image: U8, width: int, height: int, how: int | None = None) -> U8:
    """Scale an H×W or H×W×C uint8 picture; area averaging when shrinking, cubic when growing."""
    return np.asarray(
        cv2.resize(image, (width, height), interpolation=_how(image, width, how)), dtype=np.uint8
    )


def resize_f32(image: F32, width: int, height: int, how: int | None = None) -> F32:
    """Scale an H×W or H×W×C float32 array; area averaging when shrinking, linear when growing."""
    return f32(cv2.resize(image, (width, height), interpolation=_how(image, width, how, grow=LINEAR)))


def blur(image: F32, sigma: float) -> F32:
    """Gaussian blur of a float32 array with mirrored borders."""
    if sigma <= 0.05:
        return image
    return f32(cv2.GaussianBlur(image, (0, 0), sigma, borderType=cv2.BORDER_REFLECT_101))


def wide_blur(image: F32, sigma: float) -> F32:
    """A Gaussian blur of large sigma, done at a quarter size or less: same look, a fraction of the time."""
    step = 1
    while sigma / step > 8 and min(image.shape[:2]) / step > 16:
        step *= 2
    if step == 1:
        return blur(image, sigma)
    height, width = image.shape[:2]
    small = resize_f32(image, max(1, width // step), max(1, height // step), AREA)
    return resize_f32(blur(small, sigma / step), width, height, LINEAR)


def box(image: F32, radius: int) -> F32:
    """Mean over a (2·radius + 1)² window."""
    side = 2 * radius + 1
    return f32(cv2.blur(image, (side, side), borderType=cv2.BORDER_REFLECT_101))


def smoothstep(low: float, high: float, values: F32) -> F32:
    """Hermite step: 0 below `low`, 1 above `high`, smooth between."""
    t = np.clip((values - low) / (high - low), 0.0, 1.0)
    return f32(t * t * (3.0 - 2.0 * t))


def over(top: F32, alpha: F32, bottom: F32) -> F32:
    """`top` composited on `bottom` (both H×W×3, 0…255) by a H×W alpha of 0…1."""
    return f32(bottom + (top - bottom) * alpha[..., None])


def _how(image: NDArray[Any], width: int, how: int | None, grow: int = CUBIC) -> int:
    if how is not None:
        return how
    return AREA if width < image.shape[1] else grow
