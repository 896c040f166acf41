# FaceMesh on one detected face: 468 points. Framing takes eye line, tilt and height from them,
# the matte what is surely skin, and styles where lines must stay few.
from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.avatar.face import Face
from studio.avatar.models import FACE_LANDMARK, network
from studio.avatar.pixels import F32, U8, f32

INPUT = 192
HAIRLINE, CHIN, NOSE = 10, 152, 1
RIGHT_EYE, LEFT_EYE = (33, 133, 159, 145), (263, 362, 386, 374)
# fmt: off
OVAL = (10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
        152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109)
# fmt: on


@dataclass(frozen=True, slots=True)
class Mesh:
    """The points of one face: 468×2 float32, x and y in photo pixels."""

    points: F32

    @property
    def eyes(self) -> tuple[F32, F32]:
        """Both eye centres, the one at the picture's left first."""
        return f32(self.points[list(RIGHT_EYE)].mean(axis=0)), f32(self.points[list(LEFT_EYE)].mean(axis=0))

    @property
    def roll(self) -> float:
        """Tilt of the head in degrees; positive when its top leans to the picture's right."""
        left, right = self.eyes
        return math.degrees(math.atan2(float(right[1] - left[1]), float(right[0] - left[0])))

    @property
    def height(self) -> float:
        """Chin to hairline in photo pixels."""
        return float(np.linalg.norm(self.points[CHIN] - self.points[HAIRLINE]))

    @property
    def width(self) -> float:
        """Cheek to cheek in photo pixels."""
        return float(np.linalg.norm(self.points[454] - self.points[234]))

    @property
    def eye_centre(self) -> F32:
        """The point between the eyes."""
        left, right = self.eyes
        return f32((left + right) / 2)

    @property
    def oval(self) -> F32:
        """The outline of the face, 36×2."""
        return f32(self.points[list(OVAL)])


def find_mesh(photo: U8, face: Face) -> Mesh:
    """The mesh of a detected face in an H×W×3 RGB photo; a second pass centres on the first's points."""
    height, width = photo.shape[:2]
    scale = np.array([width, height], dtype=np.float32)
    left, right = np.array(face.eyes[0]) * scale, np.array(face.eyes[1]) * scale
    centre = np.array(face.centre) * scale
    side = 1.5 * max(face.w * width, face.h * height)
    angle = math.degrees(math.atan2(right[1] - left[1], right[0] - left[0]))
    first = Mesh(_points(photo, f32(centre), side, angle))
    low, high = first.oval.min(axis=0), first.oval.max(axis=0)
    again = Mesh(_points(photo, f32((low + high) / 2), 1.5 * float((high - low).max()), first.roll))
    return again if _agrees(first, again) else first


def _agrees(first: Mesh, second: Mesh) -> bool:
    apart = float(np.linalg.norm(first.eye_centre - second.eye_centre))
    return apart < 0.35 * first.height and 0.6 < second.height / max(first.height, 1e-6) < 1.6


def _points(photo: U8, centre: F32, side: float, angle: float) -> F32:
    scale = INPUT / max(side, 1.0)
    turn = cv2.getRotationMatrix2D((float(centre[0]), float(centre[1])), angle, scale)
    matrix = np.asarray(turn, dtype=np.float64)
    matrix[:, 2] += INPUT / 2 - centre
    crop = _shrunk_warp(photo, matrix)
    values = f32(crop) / 255.0
    (out,) = network(FACE_LANDMARK).run(np.ascontiguousarray(values.transpose(2, 0, 1)[None]), ("conv2d_21",))
    points = out.reshape(468, 3)[:, :2]
    back = np.asarray(cv2.invertAffineTransform(matrix), dtype=np.float32)
    return f32(points @ back[:, :2].T + back[:, 2])


def _shrunk_warp(photo: U8, matrix: NDArray[np.float64]) -> U8:
    """Warp to the network's input, averaging first when the face is much larger than it."""
    scale = float(np.hypot(matrix[0, 0], matrix[0, 1]))
    factor = 2 if scale < 0.5 else 1
    side = INPUT * factor
    bigger = matrix * factor
    crop = cv2.warpAffine(
        photo, bigger, (side, side), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    if factor > 1:
        crop = cv2.resize(crop, (INPUT, INPUT), interpolation=cv2.INTER_AREA)
    return np.asarray(crop, dtype=np.uint8)
