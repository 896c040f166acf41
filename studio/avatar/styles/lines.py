# Lines drawn by an extended difference of Gaussians (Winnemöller, Kyprianidis, Olsen, "XDoG", 2012).
from __future__ import annotations

import numpy as np

from studio.avatar.pixels import F32, blur, f32


def lines(
    luma: F32, sigma: float, sharpness: F32 | float, threshold: F32 | float, softness: float = 40.0
) -> F32:
    """Ink (0 black … 1 paper) along the dark side of edges in a luma picture of 0…1; sigma in pixels."""
    fine, coarse = blur(luma, sigma), blur(luma, sigma * 1.6)
    response = fine + sharpness * (fine - coarse)
    return f32(np.where(response >= threshold, 1.0, 1.0 + np.tanh(softness * (response - threshold))))


def edges(luma: F32, sigma: float, gain: F32 | float, floor: float = 0.006) -> F32:
    """Only the edges, without the dark areas: 0 a full line … 1 none."""
    dark = blur(luma, sigma * 1.6) - blur(luma, sigma)
    # Contrast is seen relative to the surroundings: a dark suit's seams count like a face's.
    relative = dark / (0.25 + 0.75 * blur(luma, sigma * 4))
    return f32(1.0 - np.tanh(np.maximum(relative - floor, 0) * gain))


def outline(alpha: F32, sigma: float, gain: float) -> F32:
    """The person's own contour from the matte, drawn on the inside: 0 a full line … 1 none."""
    return edges(f32(1.0 - 0.85 * alpha), sigma, gain, 0.012)
