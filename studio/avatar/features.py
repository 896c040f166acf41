# Where the face and its features lie on the canvas, as soft masks: styles draw fewer lines on skin and
# all of them at eyes, brows, nose and mouth; light fixing and smoothing know skin from shirt.
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from studio.avatar.mesh import OVAL, Mesh
from studio.avatar.pixels import F32, blur, f32

# fmt: off
LIPS = (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185)
EYES = ((263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466),
        (33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246))
BROWS = ((70, 63, 105, 66, 107, 55, 65, 52, 53, 46), (300, 293, 334, 296, 336, 285, 295, 282, 283, 276))
NOSE = (64, 98, 97, 2, 326, 327, 294, 4)
# fmt: on


@dataclass(frozen=True, slots=True)
class Features:
    """Soft masks of the canvas, h×w of 0…1: `skin` the faces without their features, `parts` the features."""

    skin: F32
    parts: F32

    @property
    def empty(self) -> bool:
        """Whether there is no face."""
        return not bool(self.skin.any())


def find_features(meshes: Sequence[Mesh], matrix: F32, width: int, height: int) -> Features:
    """Masks of the meshes' faces after the 2×3 transform `matrix` from photo to canvas."""
    oval = np.zeros((height, width), dtype=np.float32)
    parts = np.zeros((height, width), dtype=np.float32)
    size = 0.0
    for mesh in meshes:
        points = f32(mesh.points @ matrix[:, :2].T + matrix[:, 2])
        size = max(size, float(np.linalg.norm(points[152] - points[10])))
        _fill(oval, points[list(OVAL)])
        for group in (LIPS, *EYES, *BROWS, NOSE):
            _fill(parts, f32(cv2.convexHull(points[list(group)])[:, 0]))
    if size:
        # A separable blur of a hard mask both grows and softens it; its width follows the face's size.
        oval, parts = blur(oval, 0.03 * size), f32(np.clip(blur(parts, 0.018 * size) * 2.2, 0, 1))
    return Features(f32(oval * (1 - parts)), parts)


def _fill(mask: F32, points: F32) -> None:
    cv2.fillPoly(mask, [np.rint(points * 16).astype(np.int32)], 1.0, cv2.LINE_AA, 4)
