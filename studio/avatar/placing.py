# Moves pictures from photo coordinates to the canvas without shimmer or a half-pixel shift.
from __future__ import annotations

import cv2
import numpy as np

from studio.avatar.pixels import F32, U8, resize_u8


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
    warped = cv2.warpAffine(image, local, (width, height), flags=how, borderMode=border)
    return np.asarray(warped, dtype=np.uint8)
