# A whole photo in a style and light, uncut and unframed: for slideshows, where a photo fills the canvas.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from studio.avatar.face import detect_faces
from studio.avatar.features import find_features
from studio.avatar.light import adjusted
from studio.avatar.matte import quick_matte
from studio.avatar.mesh import find_mesh
from studio.avatar.pixels import U8, f32, resize_u8, to_u8
from studio.avatar.recipe import read_recipe
from studio.avatar.styles import Scene, apply_style

LONGEST = 2160
MOST = 8


def restyle(
    photo: U8, style: str = "none", strength: float = 1.0, adjust: Mapping[str, Any] | None = None
) -> U8:
    """An H×W×3 RGB photo in a style and light, its long side at most 2160; unchanged when nothing is asked.

    Raises RecipeError for an unknown style or a slider out of range.
    """
    look = read_recipe({"style": style, "strength": strength}, adjust)
    if look.style == "none" and look.adjust.neutral:
        return photo
    scale = min(1.0, LONGEST / max(photo.shape[:2]))
    if scale < 1.0:
        photo = resize_u8(photo, round(photo.shape[1] * scale), round(photo.shape[0] * scale))
    height, width = photo.shape[:2]
    faces = detect_faces(photo)
    meshes = [find_mesh(photo, face) for face in sorted(faces, key=lambda face: -face.w)[:MOST]]
    still = np.array([[1, 0, 0], [0, 1, 0]], dtype=np.float32)
    alpha = quick_matte(photo) if faces else np.ones((height, width), dtype=np.float32)
    scene = Scene(f32(photo), alpha, find_features(meshes, still, width, height))
    if not look.adjust.neutral:
        scene = Scene(adjusted(scene, look.adjust), alpha, scene.features)
    return to_u8(apply_style(look.style, scene, look.strength))
