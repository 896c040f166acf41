"""How a still picture moves: a motion's name and a moment become an affine map of the picture's frame."""

from __future__ import annotations

import math

import numpy as np

from studio.render.planes import Matrix

KINDS = ("none", "zoom-in", "zoom-out", "pan-left", "pan-right", "float", "pulse")
_ZOOM = 0.09
_PAN = 0.10
_FLOAT = 0.05
_PULSE = 0.03


def reach(kind: str) -> float:
    """The largest magnification a motion comes to, for preparing its source large enough."""
    return {"zoom-in": 1 + _ZOOM, "zoom-out": 1 + _ZOOM, "pan-left": 1 + _PAN, "pan-right": 1 + _PAN,
            "float": 1 + _FLOAT, "pulse": 1 + _PULSE}.get(kind, 1.0)  # fmt: skip


def moves(kind: str) -> bool:
    """Whether a motion changes anything from frame to frame."""
    return kind in KINDS and kind != "none"


def scales(kind: str) -> bool:
    """Whether a motion changes the picture's size from frame to frame."""
    return kind in ("zoom-in", "zoom-out", "pulse")


def pose(kind: str, progress: float, seconds: float) -> tuple[float, float, float]:
    """Magnification ≥ 1 and the shift (fractions of width and height) at a moment; no edge ever shows.

    `progress` runs from 0 to 1 over the segment, `seconds` since its start. Zooms grow exponentially, which
    the eye reads as an even speed.
    """
    progress = min(max(progress, 0.0), 1.0)
    if kind == "zoom-in":
        return (1 + _ZOOM) ** progress, 0.0, 0.0
    if kind == "zoom-out":
        return (1 + _ZOOM) ** (1 - progress), 0.0, 0.0
    if kind in ("pan-left", "pan-right"):
        travel = (progress - 0.5) * _PAN * 0.96
        return 1 + _PAN, travel if kind == "pan-left" else -travel, 0.0
    if kind == "float":
        across = 0.010 * math.sin(2 * math.pi * seconds / 7.0)
        return 1 + _FLOAT, across, 0.016 * math.sin(2 * math.pi * seconds / 4.5)
    if kind == "pulse":
        return 1 + _PULSE * (1 - math.cos(2 * math.pi * seconds / 3.0)) / 2, 0.0, 0.0
    return 1.0, 0.0, 0.0


def unmap(
    scale: float, shift: tuple[float, float], centre: tuple[float, float], density: float = 1.0
) -> Matrix:
    """The 2×3 map from canvas pixels to source pixels that draws the source magnified about `centre`.

    `centre` (from the corner, as lengths) and `shift` are in canvas pixels; `density` is how many source
    pixels stand for one canvas pixel.
    """
    linear = density / scale
    # Pixel centres lie at half integers, hence the halves going in and coming out.
    across, down = (
        density * middle + linear * (0.5 - middle - moved) - 0.5
        for middle, moved in zip(centre, shift, strict=True)
    )
    return np.array([[linear, 0.0, across], [0.0, linear, down]])
