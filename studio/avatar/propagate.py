# Carries sure alpha into doubtful places along like colours and never across an edge, by the recursive
# domain transform (Gastal and Oliveira, "Domain Transform for Edge-Aware Image and Video Processing", 2011).
from __future__ import annotations

import numpy as np

from studio.avatar.pixels import F32, f32

REACH = 12.0
CONTRAST = 60.0
PASSES = 2
LEAST = 0.01


def propagate(image: F32, alpha: F32) -> F32:
    """The alpha (H×W, 0…1) averaged along the picture's (H×W×3, 0…255) areas, each pixel by its certainty."""
    reach = REACH * max(alpha.shape) / 512.0
    down = np.ones(alpha.shape, dtype=np.float32)
    across = np.ones(alpha.shape, dtype=np.float32)
    down[1:] += reach / CONTRAST * np.abs(np.diff(image, axis=0)).sum(axis=2)
    across[:, 1:] += reach / CONTRAST * np.abs(np.diff(image, axis=1)).sum(axis=2)
    certain = (2 * alpha - 1) ** 2 + LEAST
    values = np.dstack([certain * alpha, certain]).astype(np.float32)
    for index in range(PASSES):
        sigma = reach * np.sqrt(3) * 2 ** (PASSES - index - 1) / np.sqrt(4**PASSES - 1)
        feedback = np.float32(np.exp(-np.sqrt(2) / sigma))
        turned = np.ascontiguousarray(values.transpose(1, 0, 2))
        _run(turned, np.ascontiguousarray(f32(feedback**across).T)[..., None])
        values = np.ascontiguousarray(turned.transpose(1, 0, 2))
        _run(values, f32(feedback**down)[..., None])
    return f32(np.clip(values[..., 0] / values[..., 1], 0, 1))


def _run(values: F32, weights: F32) -> None:
    """Smooths in place along the first axis, forth and back; weights[i] joins i − 1 and i."""
    last = values.shape[0]
    for index in range(1, last):
        values[index] += weights[index] * (values[index - 1] - values[index])
    for index in range(last - 2, -1, -1):
        values[index] += weights[index + 1] * (values[index + 1] - values[index])
