# The whole photo with its background taken away, at its own size and unframed: for designers and for
# measuring.
from __future__ import annotations

import numpy as np

from studio.avatar.decontaminate import foreground
from studio.avatar.framing import frame_face
from studio.avatar.group import group_matte
from studio.avatar.matte import object_matte, person_matte
from studio.avatar.mesh import Mesh
from studio.avatar.pixels import F32, U8, blur, f32, to_u8
from studio.avatar.recipe import Recipe
from studio.avatar.subject import find_subject, others_of

NEAR = 2.2
INNER = 1.6


def cut_photo(photo: U8, recipe: Recipe | None = None) -> U8:
    """An H×W×3 RGB photo as H×W×4 RGBA: the person alone, else the salient object, else all of it."""
    look = recipe or Recipe(everyone=True)
    subject = find_subject(photo, look)
    height, width = photo.shape[:2]
    alpha: F32 | None
    if not subject.meshes:
        alpha = object_matte(photo)
        if alpha is None:
            return np.dstack([photo, np.full((height, width), 255, dtype=np.uint8)])
    else:
        chosen = subject.meshes[0] if subject.chosen is not None else None
        alpha = _matte(photo, subject.meshes, chosen, others_of(photo, subject))
    return np.dstack([foreground(photo, alpha), to_u8(f32(alpha * 255.0))])


def _matte(photo: U8, meshes: tuple[Mesh, ...], chosen: Mesh | None, others: tuple[Mesh, ...]) -> F32:
    """The whole photo's matte; where the head is small in it, a second, closer look at head and shoulders."""
    height, width = photo.shape[:2]
    if chosen is None:
        return group_matte(photo, meshes)
    alpha = person_matte(photo, chosen, others, fine=True)
    frame = frame_face(chosen, "circle")
    if max(height, width) < NEAR * frame.side:
        return alpha
    half = frame.side * INNER / 2
    left, right = max(0, int(frame.x - half)), min(width, int(frame.x + half))
    top, bottom = max(0, int(frame.y - half)), min(height, int(frame.y + half))
    corner = np.array([left, top], dtype=np.float32)
    near = person_matte(
        np.ascontiguousarray(photo[top:bottom, left:right]),
        Mesh(f32(chosen.points - corner)),
        tuple(Mesh(f32(other.points - corner)) for other in others),
        fine=True,
    )
    weight = np.zeros((height, width), dtype=np.float32)
    soft = 0.12 * half
    weight[top + int(soft) : bottom - int(soft), left + int(soft) : right - int(soft)] = 1
    # At the photo's own edges the closer look holds to the very end.
    weight = blur(weight, soft / 2)[top:bottom, left:right]
    alpha[top:bottom, left:right] += (near - alpha[top:bottom, left:right]) * weight
    return f32(np.clip(alpha, 0, 1))
