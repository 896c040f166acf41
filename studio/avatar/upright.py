# Shows a network a tilted person upright: they learnt from upright ones, and a leaning head beside a flag's
# cord takes the cord along.
from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from studio.avatar.pixels import F32, LINEAR, U8, f32, resize_f32, resize_u8

LEAST, MOST = 5.0, 50.0


def upright(network: Callable[[U8], F32], image: U8, size: tuple[int, int], roll: float, side: int) -> F32:
    """The network's mask (side×side, 0…1) of an H×W×3 picture looked at after turning it by `roll` degrees.

    `size` is the true width and height where the picture has been squeezed into another aspect.
    """
    if not LEAST < abs(roll) < MOST:
        return resize_f32(network(image), side, side, LINEAR)
    width, height = size
    # Turned within its bounds: shrinking it until no corner is lost costs the networks more than the corners.
    matrix = np.vstack([cv2.getRotationMatrix2D((width / 2, height / 2), roll, 1.0), [0, 0, 1]])
    squeeze = np.diag([side / width, side / height, 1.0])
    matrix = squeeze @ matrix @ np.linalg.inv(squeeze)
    small = resize_u8(image, side, side)
    turned = cv2.warpAffine(small, matrix[:2], (side, side), borderMode=cv2.BORDER_REPLICATE)
    mask = resize_f32(network(np.asarray(turned, dtype=np.uint8)), side, side, LINEAR)
    back = np.linalg.inv(matrix)[:2]
    return f32(cv2.warpAffine(mask, back, (side, side), borderMode=cv2.BORDER_REPLICATE))
