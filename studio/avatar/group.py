# The matte of several people: each looked at closely by themselves, the rest of them from afar.
from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from studio.avatar.framing import frame_face
from studio.avatar.matte import person_matte, quick_matte
from studio.avatar.mesh import Mesh
from studio.avatar.pixels import F32, U8, f32, smoothstep

CLOSE = 6
REACH = 1.35
DOWN = 2.2


def group_matte(image: U8, meshes: Sequence[Mesh]) -> F32:
    """Alpha (H×W, 0…1) of everybody in an H×W×3 RGB picture; the six largest get a matte of their own."""
    height, width = image.shape[:2]
    alpha = quick_matte(image)
    for mesh in sorted(meshes, key=lambda mesh: -mesh.height)[:CLOSE]:
        frame = frame_face(mesh, "circle")
        half = frame.side * REACH / 2
        left, right = max(0, int(frame.x - half)), min(width, int(frame.x + half) + 1)
        # Bodies go on below: the window reaches further down than to the sides.
        top, bottom = max(0, int(frame.y - half)), min(height, int(frame.y + DOWN * half) + 1)
        if right - left < 16 or bottom - top < 16:
            continue
        moved = Mesh(f32(mesh.points - np.array([left, top], dtype=np.float32)))
        near = person_matte(np.ascontiguousarray(image[top:bottom, left:right]), moved)
        window = _window(near.shape, (top > 0, bottom < height, left > 0, right < width), 0.15 * half)
        part = alpha[top:bottom, left:right]
        # Near the face the close look decides, towards its window's rim the far one may add.
        alpha[top:bottom, left:right] = np.maximum(near * window, part * (1 - window))
    return f32(alpha)


def _window(shape: tuple[int, ...], inner: tuple[bool, bool, bool, bool], soft: float) -> F32:
    """1 in the middle, falling to 0 at the rims (top, bottom, left, right) named inner."""
    height, width = shape[0], shape[1]
    far = np.float32(1e6)
    y, x = np.arange(height, dtype=np.float32)[:, None], np.arange(width, dtype=np.float32)[None]
    top, bottom, left, right = inner
    vertical = np.minimum(y if top else far, (height - 1 - y) if bottom else far)
    horizontal = np.minimum(x if left else far, (width - 1 - x) if right else far)
    return smoothstep(0.0, max(1.0, soft), f32(np.minimum(vertical, horizontal)))
