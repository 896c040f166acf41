# What the engine saw in a photo, as plain data: faces left to right, their points, the crop it chose.
from __future__ import annotations

from typing import Any

from studio.avatar.engine import shape_box
from studio.avatar.mesh import Mesh, find_mesh
from studio.avatar.pixels import U8
from studio.avatar.recipe import Recipe
from studio.avatar.subject import choose_frame, cut_out, find_subject


def describe(photo: U8, recipe: Recipe | None = None) -> dict[str, Any]:
    """Faces (box, key points, 468 landmarks, roll; pixels, degrees) and the square chosen for zoom 1."""
    look = recipe or Recipe()
    height, width = photo.shape[:2]
    subject = find_subject(photo, look)
    faces = []
    for face in subject.faces:
        mesh = find_mesh(photo, face)
        faces.append(
            {
                "box": _rounded((face.x * width, face.y * height, face.w * width, face.h * height)),
                "score": round(face.score, 4),
                "eyes": [_rounded(point) for point in mesh.eyes],
                "roll": round(mesh.roll, 2),
                "height": round(mesh.height, 2),
                "landmarks": [_rounded(point) for point in mesh.points],
            }
        )
    size = round(shape_box(1080, 1080)[2])
    cutout = cut_out(photo, subject, look.zoom, size)
    frame = choose_frame(photo, subject, look.shape, cutout).moved(look.zoom, look.offset)
    crop: dict[str, Any] = {
        "centre": _rounded((frame.x, frame.y)),
        "side": round(frame.side, 2),
        "angle": round(frame.angle, 2),
    }
    if subject.chosen is not None:
        crop |= _placement(subject.meshes[0], frame.matrix(0.0, 0.0, 1.0))
    return {
        "width": width,
        "height": height,
        "faces": faces,
        "chosen": subject.chosen,
        "framing": "face" if subject.chosen is not None else "group" if subject.meshes else "centre",
        "crop": crop,
    }


def _placement(mesh: Mesh, matrix: Any) -> dict[str, Any]:
    """Where the face lies in the crop, as fractions of it."""
    eyes = matrix[:, :2] @ mesh.eye_centre + matrix[:, 2]
    oval = mesh.oval @ matrix[:, :2].T + matrix[:, 2]
    return {
        "eye_line": round(float(eyes[1]), 4),
        "face_centre": round(float(oval[:, 0].min() + oval[:, 0].max()) / 2, 4),
        "face_height": round(float(oval[:, 1].max() - oval[:, 1].min()), 4),
    }


def _rounded(values: Any) -> list[float]:
    return [round(float(value), 2) for value in values]
