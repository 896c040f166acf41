# Colours: hex text to numbers, and OKLab, where a gradient stays clean and lightness means lightness.
from __future__ import annotations

import re

import numpy as np

from studio.avatar.pixels import F32, f32

_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_TO_LMS = np.array(
    [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
     [0.0883024619, 0.2817188376, 0.6299787005]], dtype=np.float32
)  # fmt: skip
_TO_LAB = np.array(
    [[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
     [0.0259040371, 0.7827717662, -0.8086757660]], dtype=np.float32
)  # fmt: skip
_FROM_LAB = f32(np.linalg.inv(_TO_LAB))
_FROM_LMS = f32(np.linalg.inv(_TO_LMS))


def rgb(text: str) -> F32:
    """`#rrggbb` as three float32 of 0…255; ValueError for anything else."""
    if not isinstance(text, str) or not _HEX.fullmatch(text):
        raise ValueError(f"not a colour of the form #rrggbb: {text!r}")
    return f32([int(text[i : i + 2], 16) for i in (1, 3, 5)])


def hex_of(color: F32) -> str:
    """Three values of 0…255 as `#rrggbb`."""
    red, green, blue = (round(float(np.clip(value, 0, 255))) for value in color)
    return f"#{red:02x}{green:02x}{blue:02x}"


def to_oklab(color: F32) -> F32:
    """…×3 sRGB of 0…255 to OKLab (Ottosson 2020): lightness 0…1, a, b."""
    value = f32(color) / 255.0
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    return f32(np.cbrt(f32(linear) @ _TO_LMS.T) @ _TO_LAB.T)


def from_oklab(lab: F32) -> F32:
    """…×3 OKLab to sRGB of 0…255, clipped to the gamut."""
    linear = np.clip((f32(lab) @ _FROM_LAB.T) ** 3 @ _FROM_LMS.T, 0.0, 1.0)
    return f32(np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055) * 255.0)


def mix(start: F32, end: F32, share: F32) -> F32:
    """A blend of two colours in OKLab; `share` (any shape) runs from 0 (start) to 1 (end)."""
    table = f32(np.linspace(0, 1, 1025))[:, None]
    ramp = from_oklab(f32(to_oklab(start) * (1 - table) + to_oklab(end) * table))
    place = f32(np.clip(share, 0, 1) * 1024)
    low = np.minimum(place.astype(np.int32), 1023)
    part = (place - low)[..., None]
    return f32(ramp[low] * (1 - part) + ramp[low + 1] * part)
