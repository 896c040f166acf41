# Pixel art: a small grid of flat squares, contrast raised before and tones stepped after, so that faces
# stay readable.
from __future__ import annotations

import cv2
import numpy as np

from studio.avatar.colors import from_oklab, to_oklab
from studio.avatar.pixels import AREA, F32, f32, resize_f32
from studio.avatar.styles.scene import Scene, curve, lifted, luminance, saturated, toned

CELLS = 72


def pixel(scene: Scene) -> F32:
    """The scene as squares, 72 to the shorter side."""
    height, width = scene.picture.shape[:2]
    cell = scene.side / CELLS
    across, down = max(1, round(width / cell)), max(1, round(height / cell))
    open_ = lifted(scene)
    luma = luminance(open_)
    small = resize_f32(saturated(toned(open_, luma, curve(luma, 0.45)), 1.35), across, down, AREA)
    small = f32(np.clip(small + 0.9 * (small - f32(cv2.GaussianBlur(small, (0, 0), 1.0))), 0, 255))
    lab = to_oklab(small)
    lab[..., 0] = np.round(lab[..., 0] * 14) / 14
    lab[..., 1:] = np.round(lab[..., 1:] * 40) / 40
    return f32(cv2.resize(from_oklab(lab), (width, height), interpolation=cv2.INTER_NEAREST))
