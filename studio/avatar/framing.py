# Where to cut: the square of the photo that fills the shape, by the rules a portrait photographer would sign.
# Eye line at 44 % of the height, the face about two fifths of the frame, the whole head inside the shape.
from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from studio.avatar.mesh import Mesh
from studio.avatar.pixels import F32, f32
from studio.avatar.shapes import distance

EYE_LINE = 0.437
FACE_HEIGHT = 0.375
HEAD_ROOM = 0.04
SMALLEST_FACE = 0.30
LEVEL_FROM = 3.0
LEVEL_SHARE = 0.75
LEVEL_MOST = 24.0


@dataclass(frozen=True, slots=True)
class Frame:
    """A square of the photo: centre and side in pixels, `angle` the turn in degrees that levels the head."""

    x: float
    y: float
    side: float
    angle: float = 0.0

    def matrix(self, left: float, top: float, size: float) -> F32:
        """The 2×3 transform from photo pixels to a canvas whose shape box has that corner and size."""
        scale = size / self.side
        turn = math.radians(-self.angle)
        cos, sin = scale * math.cos(turn), scale * math.sin(turn)
        middle_x, middle_y = left + size / 2, top + size / 2
        return f32(
            [
                [cos, -sin, middle_x - cos * self.x + sin * self.y],
                [sin, cos, middle_y - sin * self.x - cos * self.y],
            ]
        )

    def moved(self, zoom: float, offset: tuple[float, float]) -> Frame:
        """The frame after `zoom` (2 shows half) and `offset` (fractions; +x moves the person right)."""
        side = self.side / zoom
        turn = math.radians(self.angle)
        dx, dy = -offset[0] * side, -offset[1] * side
        return Frame(
            self.x + dx * math.cos(turn) - dy * math.sin(turn),
            self.y + dx * math.sin(turn) + dy * math.cos(turn),
            side,
            self.angle,
        )


def levelling(roll: float) -> float:
    """By how many degrees a head of that roll is turned back: mildly, a tilt is also an expression."""
    beyond = max(0.0, abs(roll) - LEVEL_FROM)
    return math.copysign(min(beyond * LEVEL_SHARE, LEVEL_MOST), roll)


def frame_face(mesh: Mesh, shape: str, head: F32 | None = None) -> Frame:
    """The frame for one face; `head` (n×2, photo pixels) are points that must stay inside the shape."""
    angle = levelling(mesh.roll)
    turn = math.radians(-angle)
    rotation = f32([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    eyes = rotation @ mesh.eye_centre
    oval = f32(mesh.oval @ rotation.T)
    axis = float(0.5 * (oval[:, 0].min() + oval[:, 0].max()) * 0.6 + eyes[0] * 0.4)
    height = float(oval[:, 1].max() - oval[:, 1].min())
    points = f32(oval if head is None or not len(head) else np.concatenate([oval, f32(head @ rotation.T)]))
    eye_line, side = _fit(points, axis, float(eyes[1]), height, shape)
    middle = rotation.T @ f32([axis, float(eyes[1]) + (0.5 - eye_line) * side])
    return Frame(float(middle[0]), float(middle[1]), side, angle)


def frame_group(meshes: tuple[Mesh, ...]) -> Frame:
    """The frame that shows every face, the middle of the group a little above the middle."""
    low = np.min([mesh.oval.min(axis=0) for mesh in meshes], axis=0)
    high = np.max([mesh.oval.max(axis=0) for mesh in meshes], axis=0)
    face = float(np.median([mesh.height for mesh in meshes]))
    side = max(float(high[0] - low[0]) + 1.1 * face, (float(high[1] - low[1]) + 1.2 * face) * 1.1) * 1.12
    return Frame(float(low[0] + high[0]) / 2, float(low[1] + high[1]) / 2 + 0.06 * side, side)


def frame_box(width: int, height: int, box: tuple[float, float, float, float] | None = None) -> Frame:
    """No face: the centred square, or the square round a salient box (x, y, w, h in pixels) with a margin."""
    if box is None:
        return Frame(width / 2, height / 2, float(min(width, height)))
    x, y, w, h = box
    # Room for the corners of the object inside a circle, but never less of it than a third of the photo.
    side = max(1.12 * max(w, h), 0.98 * math.hypot(w, h), min(width, height) / 3)
    return Frame(x + w / 2, y + h / 2, side)


def _fit(points: F32, axis: float, eyes: float, height: float, shape: str) -> tuple[float, float]:
    """Eye line and side: as wished when the head fits, else the eyes sink a little, then the face shrinks."""
    odd = shape in ("star", "heart")
    smallest, room = (0.18, 0.036) if odd else (SMALLEST_FACE, HEAD_ROOM)
    # A heart dips and a star narrows above the middle: there the face may sit lower rather than shrink.
    lines = [EYE_LINE + 0.01 * step for step in range(13 if odd else 3)]
    for share in np.arange(FACE_HEIGHT, smallest, -0.005):
        side = height / float(share)
        for eye_line in lines:
            x = f32((points[:, 0] - axis) / side + 0.5)
            y = f32((points[:, 1] - eyes) / side + eye_line)
            if float(distance(shape, x, y).max()) <= -room:
                return eye_line, side
    return EYE_LINE + 0.02, height / smallest
