# What is known of a photo and costs time to know: faces, meshes, the matte and the person's colours.
# Kept per content hash, so that a new ring, colour or style starts from here.
from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from studio.avatar.decontaminate import foreground
from studio.avatar.extend import Margins, extended
from studio.avatar.face import Face, detect_faces, largest
from studio.avatar.framing import Frame, frame_box, frame_face, frame_group
from studio.avatar.group import group_matte
from studio.avatar.matte import object_matte, person_matte, quick_matte
from studio.avatar.mesh import Mesh, find_mesh
from studio.avatar.pixels import F32, U8, f32, resize_u8, to_u8
from studio.avatar.recipe import Recipe

KEPT_BYTES = 160_000_000
REACH = 1.3
MOST = 24


@dataclass(frozen=True, slots=True)
class Cutout:
    """The person cut from a part of the photo: colours and alpha (uint8) at `scale`, its corner at x, y."""

    color: U8
    alpha: U8
    x: float
    y: float
    scale: float


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom the picture is of: every face, the chosen index (None: all, or nobody), their meshes."""

    faces: tuple[Face, ...]
    chosen: int | None
    meshes: tuple[Mesh, ...]


class _Memory:
    """The last results by key, as many as fit into `room` by `weigh` (without it, each one counts 1)."""

    def __init__(self, room: int, weigh: Callable[[Any], int] = lambda _: 1) -> None:
        self._room = room
        self._weigh = weigh
        self._values: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
        """The kept value, or `make()`'s, kept when the key names a photo (its first part is not empty)."""
        if not key[0]:
            return make()
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        value = make()
        with self._lock:
            self._values[key] = value
            while len(self._values) > 1 and sum(map(self._weigh, self._values.values())) > self._room:
                self._values.popitem(last=False)
        return value


_faces = _Memory(256)
_cutouts = _Memory(KEPT_BYTES, lambda cutout: int(cutout.color.nbytes + cutout.alpha.nbytes))


def find_subject(photo: U8, recipe: Recipe, key: str = "") -> Subject:
    """Faces of the photo and the one the recipe names; an index beyond the last face means the last."""
    faces: tuple[Face, ...] = _faces.get((key, "faces"), lambda: detect_faces(photo))
    if not faces:
        return Subject((), None, ())
    if recipe.everyone:
        meshes = tuple(_mesh(photo, faces, index, key) for index in range(len(faces)))
        return Subject(faces, None if len(faces) > 1 else 0, meshes)
    index = choose(faces, recipe.face)
    return Subject(faces, index, (_mesh(photo, faces, index, key),))


def choose(faces: tuple[Face, ...], face: int | None) -> int:
    """Index of the wanted face: from the left, negative from the right, None the largest."""
    if face is None:
        return largest(faces)
    return min(face, len(faces) - 1) if face >= 0 else max(len(faces) + face, 0)


def cut_out(
    photo: U8, subject: Subject, zoom: float, size: int, *, key: str = "", quick: bool = False
) -> Cutout:
    """The person's colours and alpha round the frame `zoom` shows, fine enough for `size` output pixels."""
    wide = 1.0 if zoom >= 0.9 else 0.7 if zoom >= 0.65 else 0.5
    limit = 1536 if size <= 1200 else 3072
    if quick:
        limit = 512
    place = (key, "cut", subject.chosen, len(subject.meshes), wide, limit, quick)
    made: Cutout = _cutouts.get(place, lambda: _cut(photo, subject, REACH / wide, limit, quick))
    return made


def choose_frame(photo: U8, subject: Subject, shape: str, cutout: Cutout) -> Frame:
    """The square of the photo for zoom 1."""
    height, width = photo.shape[:2]
    if not subject.meshes:
        return frame_box(width, height, _salient_box(cutout))
    if subject.chosen is None:
        return frame_group(subject.meshes)
    mesh = subject.meshes[0]
    return frame_face(mesh, shape, _head_points(mesh, cutout))


def _salient_box(cutout: Cutout) -> tuple[float, float, float, float] | None:
    """Where the object lies, x, y, width and height in photo pixels; None when nothing was cut out."""
    rows, columns = (np.flatnonzero((cutout.alpha > 127).any(axis=axis)) for axis in (1, 0))
    if cutout.alpha.min() == 255 or not rows.size:
        return None
    left, top = columns[0] / cutout.scale + cutout.x, rows[0] / cutout.scale + cutout.y
    wide, tall = (columns[-1] - columns[0] + 1) / cutout.scale, (rows[-1] - rows[0] + 1) / cutout.scale
    return float(left), float(top), float(wide), float(tall)


def _mesh(photo: U8, faces: tuple[Face, ...], index: int, key: str) -> Mesh:
    mesh: Mesh = _faces.get((key, "mesh", index), lambda: find_mesh(photo, faces[index]))
    return mesh


def _cut(photo: U8, subject: Subject, reach: float, limit: int, quick: bool) -> Cutout:
    height, width = photo.shape[:2]
    left, top, right, bottom = _wanted(subject, width, height, reach)
    x, y = max(0, left), max(0, top)
    part = photo[y : min(bottom, height), x : min(right, width)]
    scale = min(1.0, limit / max(part.shape[:2]))
    if scale < 1.0:
        part = resize_u8(part, max(1, round(part.shape[1] * scale)), max(1, round(part.shape[0] * scale)))
    meshes, others = _seen(photo, subject, x, y, scale)
    mesh = meshes[0] if subject.chosen is not None else None
    alpha = _alpha(part, mesh, meshes, others, quick)
    if alpha is None:
        return Cutout(part, np.full(part.shape[:2], 255, dtype=np.uint8), x, y, scale)
    missing = (x - left, y - top, right - width, bottom - height)
    margins = Margins(*(max(0, round(side * scale)) for side in missing))
    color, cover = extended(foreground(part, alpha), to_u8(f32(alpha * 255.0)), margins, mesh)
    return Cutout(color, cover, x - margins.left / scale, y - margins.top / scale, scale)


def _wanted(subject: Subject, width: int, height: int, reach: float) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the part to cut, in photo pixels; it may reach beyond the photo."""
    if not subject.meshes:
        return 0, 0, width, height
    alone = subject.chosen is not None
    frame = frame_face(subject.meshes[0], "circle") if alone else frame_group(subject.meshes)
    half = frame.side * reach / 2
    return int(frame.x - half), int(frame.y - half), int(frame.x + half) + 1, int(frame.y + half) + 1


def _alpha(
    part: U8, mesh: Mesh | None, meshes: tuple[Mesh, ...], others: tuple[Mesh, ...], quick: bool
) -> F32 | None:
    """The part's alpha; None when everything stays: nobody is there and nothing stands out."""
    if not meshes:
        return None if quick else object_matte(part)
    if quick:
        return quick_matte(part)
    return person_matte(part, mesh, others) if mesh is not None else group_matte(part, meshes)


def _seen(
    photo: U8, subject: Subject, left: int, top: int, scale: float
) -> tuple[tuple[Mesh, ...], tuple[Mesh, ...]]:
    """The subject's meshes and those of the others, in the pixels of the part that is cut."""
    corner = np.array([left, top], dtype=np.float32)

    def moved(mesh: Mesh) -> Mesh:
        return Mesh(f32((mesh.points - corner) * scale))

    return tuple(map(moved, subject.meshes)), tuple(map(moved, others_of(photo, subject)))


def others_of(photo: U8, subject: Subject) -> tuple[Mesh, ...]:
    """The meshes of everybody but the chosen one; none when nobody is singled out."""
    if subject.chosen is None:
        return ()
    rest = [face for index, face in enumerate(subject.faces) if index != subject.chosen]
    return tuple(find_mesh(photo, face) for face in rest[:MOST])


def _head_points(mesh: Mesh, cutout: Cutout) -> F32:
    """Outline points of the head (hair and hat too) in photo pixels, from the matte above the chin."""
    eyes, chin = mesh.eye_centre, mesh.points[152]
    reach = 0.95 * mesh.width
    step = max(1, cutout.alpha.shape[1] // 200)
    rows, columns = np.nonzero(cutout.alpha[::step, ::step] > 140)
    x = f32(columns * step / cutout.scale + cutout.x)
    y = f32(rows * step / cutout.scale + cutout.y)
    low = float(eyes[1] + 0.35 * (chin[1] - eyes[1]))
    keep = (y < low) & (np.abs(x - eyes[0]) < reach) & (y > eyes[1] - 1.9 * mesh.height)
    return f32(np.stack([x[keep], y[keep]], axis=1))
