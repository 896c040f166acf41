# Where the photo ends before the frame does: shoulders go on sloping down, clothes go on downwards, a cut
# crown is rounded, and a picture that ends at the neck fades out. No streaks, no hard edge, no bar.
from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from studio.avatar.mesh import Mesh
from studio.avatar.pixels import F32, U8, blur, f32, smoothstep, to_u8

SLOPE = 0.5
BEND = 2.2
CROWN = 0.24
SHORT_NECK = 0.75
TOUCHES = 0.5


@dataclass(frozen=True, slots=True)
class Margins:
    """How many pixels are missing on each side."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def none(self) -> bool:
        """Whether the part is complete."""
        return not (self.left or self.top or self.right or self.bottom)


def extended(color: U8, alpha: U8, margins: Margins, mesh: Mesh | None) -> tuple[U8, U8]:
    """Colours (h×w×3) and alpha (h×w) with the margins added; `mesh` is the face in the same pixels."""
    if margins.none:
        return color, alpha
    height, width = alpha.shape
    x = np.arange(-margins.left, width + margins.right, dtype=np.float32)[None]
    y = np.arange(-margins.top, height + margins.bottom, dtype=np.float32)[:, None]
    aside = np.maximum(np.maximum(-x, x - (width - 1)), 0)
    below, above = np.maximum(y - (height - 1), 0), np.maximum(-y, 0)
    # Shoulders slope on and fall away ever steeper, as arms do.
    size = mesh.height if mesh is not None else float(max(height, width))
    fallen = y - SLOPE * aside - BEND * aside * aside / size
    # Mirrored only a little way: further in, the mirror would show a collar or the face again.
    depth = 0.3 * size if mesh is not None else size
    rows = f32(_mirrored(fallen, height, depth))
    columns = f32(np.broadcast_to(_mirrored(x, width, depth), rows.shape))
    wide = np.asarray(cv2.remap(color, columns, rows, cv2.INTER_LINEAR), dtype=np.uint8)
    edge_x = f32(np.broadcast_to(np.clip(x, 1, max(1, width - 2)), rows.shape))
    edge_y = f32(np.clip(fallen, 1, max(1, height - 2)))
    share = f32(cv2.remap(f32(alpha) / 255.0, edge_x, edge_y, cv2.INTER_LINEAR))
    share = np.where(above > 0, 0, share)
    if mesh is not None:
        chin = float(mesh.points[152, 1])
        # Beside the head nothing is made up: only what lies below the chin goes on outside the photo.
        share = np.where(aside > 0, share * smoothstep(chin, chin + 0.2 * mesh.height, f32(fallen)), share)
        if below.any() and height - chin < SHORT_NECK * mesh.height:
            # A bust: the fade ends lowest below the chin and rises to both sides.
            off = (x - float(mesh.points[152, 0])) / mesh.height
            end = (height - 1) - 0.16 * mesh.height * np.minimum(off**2, 2.0)
            gone = f32((y - end) / mesh.height)
            share = share * (1 - smoothstep(-0.32, -0.02, gone))
        if margins.top:
            share = np.maximum(share, _crown(alpha, margins, mesh, f32(x), f32(y)))
    return wide, to_u8(f32(share) * 255.0)


def _mirrored(at: F32, length: int, depth: float) -> F32:
    """Coordinates beyond an edge folded to and fro within `depth` of it; 0…length − 1."""
    last = float(max(1, length - 1))
    reach = max(1.0, min(depth, last))
    before, after = np.abs(np.minimum(at, 0)) % (2 * reach), np.maximum(at - last, 0) % (2 * reach)
    low = np.where(before > reach, 2 * reach - before, before)
    high = last - np.where(after > reach, 2 * reach - after, after)
    return f32(np.where(at < 0, low, np.where(at > last, high, at)))


def _crown(alpha: U8, margins: Margins, mesh: Mesh, x: F32, y: F32) -> F32:
    """A rounded top for a head the photo's upper edge has cut: half an ellipse on the cut."""
    centre, reach = float(mesh.eye_centre[0]), 1.2 * mesh.width
    row = f32(alpha[min(2, alpha.shape[0] - 1)]) / 255.0
    places = np.flatnonzero(row > TOUCHES)
    places = places[np.abs(places - centre) < reach]
    if places.size < 0.2 * mesh.width:
        return np.zeros((1, 1), dtype=np.float32)
    low, high = float(places.min()), float(places.max())
    half, rise = (high - low) / 2, min(CROWN * (high - low), float(margins.top))
    inside = 1 - ((x - (low + high) / 2) / half) ** 2 - (np.maximum(-y, 0) / max(rise, 1.0)) ** 2
    cap = f32(np.clip(inside * rise * 0.5 + 0.5, 0, 1))
    return f32(np.where(y <= 1, blur(cap, 1.0), 0))
