# Finds faces with BlazeFace (full range): on the whole photo, then on tiles for the small faces of groups,
# then, when nothing was found, on brightened and turned copies.
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from studio.avatar.models import FACE_DETECTION, network, tensor
from studio.avatar.pixels import F32, U8, resize_u8, to_u8

Point = tuple[float, float]

GRID = 48
INPUT = 192
SURE = 0.6
SURE_IN_TILE = 0.7
SURE_AT_LAST = 0.5
WORKING_SIDE = 1536


@dataclass(frozen=True, slots=True)
class Face:
    """One face; box and points are fractions of the photo's size, the eye at the picture's left first."""

    x: float
    y: float
    w: float
    h: float
    score: float
    eyes: tuple[Point, Point]
    nose: Point
    mouth: Point

    @property
    def centre(self) -> Point:
        """The middle of the box."""
        return self.x + self.w / 2, self.y + self.h / 2

    @property
    def box(self) -> tuple[float, float, float, float]:
        """x, y, width and height as fractions."""
        return self.x, self.y, self.w, self.h


def detect_faces(photo: U8) -> tuple[Face, ...]:
    """Faces of an H×W×3 RGB photo, ordered left to right; empty when there is none."""
    height, width = photo.shape[:2]
    if min(height, width) < 8:
        return ()
    scale = min(1.0, WORKING_SIDE / max(height, width))
    small = photo
    if scale < 1.0:
        small = resize_u8(photo, max(8, round(width * scale)), max(8, round(height * scale)))
    found = _merge(_raw(small, SURE))
    if _wants_tiles(small, found):
        found = _merge([*found, *_tiled(small, (2, 4) if max(small.shape[:2]) >= 900 else (2,))])
    if len(found) >= 4 and min(float(row[2]) for row in found) < 0.045 * max(small.shape[:2]):
        found = _merge([*found, *_tiled(small, (8,))])  # a large group: there may be faces smaller still
    if not found:
        found = _hard_cases(small)
    faces = [_face(row, small.shape[1], small.shape[0]) for row in found]
    return tuple(sorted(faces, key=lambda face: face.centre[0]))


def largest(faces: Sequence[Face]) -> int:
    """Index of the face a viewer would take for the subject: large, and not far from the middle."""
    if not faces:
        raise ValueError("there is no face to choose from")

    def weight(index: int) -> float:
        face = faces[index]
        return face.w * face.h * face.score * (1.0 - 0.3 * abs(face.centre[0] - 0.5))

    return max(range(len(faces)), key=weight)


# Rows below are in pixels of the picture searched: x, y, w, h, score, then six key points x, y.


def _raw(image: U8, threshold: float) -> list[F32]:
    height, width = image.shape[:2]
    side = max(height, width)
    square = np.zeros((INPUT, INPUT, 3), dtype=np.uint8)
    scale = INPUT / side
    w, h = max(1, round(width * scale)), max(1, round(height * scale))
    left, top = (INPUT - w) // 2, (INPUT - h) // 2
    square[top : top + h, left : left + w] = resize_u8(image, w, h)
    boxes, logits = network(FACE_DETECTION).run(
        tensor(square, INPUT, signed=True), ("reshaped_regressor_face_4", "reshaped_classifier_face_4")
    )
    boxes, logits = boxes.reshape(-1, 16), logits.reshape(-1)
    scores = 1.0 / (1.0 + np.exp(-np.clip(logits, -60, 60)))
    rows: list[F32] = []
    for index in np.flatnonzero(scores >= threshold):
        row, column = divmod(int(index), GRID)
        anchor = np.array([(column + 0.5) / GRID, (row + 0.5) / GRID], dtype=np.float32) * INPUT
        values = boxes[index]
        centre = values[:2] + anchor
        points = values[4:16].reshape(6, 2) + anchor
        size = values[2:4]
        if size.min() <= 1:
            continue
        origin = np.array([left, top], dtype=np.float32)
        corner = (centre - size / 2 - origin) / scale
        flat = [*corner, *(size / scale), scores[index], *((points - origin) / scale).ravel()]
        rows.append(np.asarray(flat, dtype=np.float32))
    return rows


def _merge(rows: Sequence[F32], overlap: float = 0.3) -> list[F32]:
    """Weighted non-maximum suppression, as MediaPipe does it: overlapping boxes are averaged by score."""
    left = sorted(rows, key=lambda row: -float(row[4]))
    merged: list[F32] = []
    while left:
        best = left[0]
        group = [row for row in left if _overlap(best, row) > overlap]
        left = [row for row in left if _overlap(best, row) <= overlap]
        weights = np.array([row[4] for row in group], dtype=np.float32)
        mean = np.average(np.stack(group), axis=0, weights=weights).astype(np.float32)
        mean[4] = best[4]
        merged.append(mean)
    return merged


def _overlap(a: F32, b: F32) -> float:
    wide = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    tall = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    if wide <= 0 or tall <= 0:
        return 0.0
    shared = float(wide * tall)
    # Against the smaller box: a tile cuts faces, and the cut one lies inside the whole one.
    return shared / float(min(a[2] * a[3], b[2] * b[3]))


def _wants_tiles(image: U8, found: Sequence[F32]) -> bool:
    long_side = max(image.shape[:2])
    if long_side < 480:
        return not found and long_side > 240
    return not found or min(float(row[2]) for row in found) < 0.14 * long_side


def _tiled(image: U8, divisions: Sequence[int]) -> list[F32]:
    rows: list[F32] = []
    for parts in divisions:
        for x, y, side in _tiles(image, parts):
            tile = image[y : y + side, x : x + side]
            for row in _raw(tile, SURE_IN_TILE):
                inside = (
                    row[0] > 1 and row[1] > 1 and row[0] + row[2] < side - 1 and row[1] + row[3] < side - 1
                )
                if inside and row[2] < 0.75 * side:
                    moved = row.copy()
                    moved[[0, 5, 7, 9, 11, 13, 15]] += x
                    moved[[1, 6, 8, 10, 12, 14, 16]] += y
                    rows.append(moved)
    return rows


def _tiles(image: U8, parts: int) -> Iterator[tuple[int, int, int]]:
    height, width = image.shape[:2]
    side = max(64, int(max(height, width) / parts * 1.25))
    for y in _starts(height, side):
        for x in _starts(width, side):
            yield x, y, side


def _starts(length: int, side: int) -> list[int]:
    if side >= length:
        return [0]
    count = int(np.ceil((length - side) / (side * 0.75))) + 1
    return [round(i * (length - side) / (count - 1)) for i in range(count)]


def _hard_cases(image: U8) -> list[F32]:
    light = _lighten(image)
    if found := _merge(_raw(light, SURE_AT_LAST)):
        return found
    best: list[F32] = []
    for angle in (-35.0, 35.0):
        turned, back = _turn(light, angle)
        for row in _merge(_raw(turned, SURE)):
            points = np.concatenate([row[5:].reshape(6, 2), [row[:2] + row[2:4] / 2]]).astype(np.float32)
            points = points @ back[:, :2].T + back[:, 2]
            corner = points[6] - row[2:4] / 2
            best.append(np.asarray([*corner, *row[2:5], *points[:6].ravel()], dtype=np.float32))
    return _merge(best)


def _lighten(image: U8) -> U8:
    values = image.astype(np.float32) / 255.0
    top = max(float(np.percentile(values[::4, ::4], 99)), 0.02)
    values = np.clip(values / top, 0.0, 1.0)
    middle = float(np.clip(np.median(values[::4, ::4]), 0.02, 0.98))
    gamma = float(np.clip(np.log(0.45) / np.log(middle), 0.4, 1.5))
    return to_u8(values**gamma * 255.0)


def _turn(image: U8, angle: float) -> tuple[U8, F32]:
    height, width = image.shape[:2]
    side = int(np.hypot(height, width)) + 1
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    matrix[:, 2] += (side - width) / 2, (side - height) / 2
    turned = np.asarray(cv2.warpAffine(image, matrix, (side, side)), dtype=np.uint8)
    return turned, np.asarray(cv2.invertAffineTransform(matrix), dtype=np.float32)


def _face(row: F32, width: int, height: int) -> Face:
    points = [(float(row[5 + 2 * i]) / width, float(row[6 + 2 * i]) / height) for i in range(4)]
    x, y = max(0.0, float(row[0]) / width), max(0.0, float(row[1]) / height)
    right, bottom = min(1.0, float(row[0] + row[2]) / width), min(1.0, float(row[1] + row[3]) / height)
    return Face(x, y, right - x, bottom - y, float(row[4]), (points[0], points[1]), points[2], points[3])
