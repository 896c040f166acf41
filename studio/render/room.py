"""Where a title may lie over an avatar: within its outline and clear of its ring, never across them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.avatar.engine import shape_box
from studio.avatar.recipe import read_recipe
from studio.avatar.shapes import distance_map
from studio.render.timeline import Timeline, Title

Outline = tuple[str, float]
_STEP = 4
_CLEAR = 0.012
# How far a title may go from where it was asked for, as a fraction of the height: further lies the face.
_FURTHEST = 0.24


def outlines(timeline: Timeline, title: Title) -> tuple[Outline, ...]:
    """The shapes and ring widths of the avatars that show while a title does."""
    found: set[Outline] = set()
    for shot in timeline.shots:
        recipe = shot.meta.get("avatar")
        meets = shot.start < title.start + title.length and title.start < shot.end
        if not meets or shot.kind not in ("avatar", "illustration") or not isinstance(recipe, dict):
            continue
        try:
            look = read_recipe(recipe)
        except (ValueError, TypeError):
            continue  # drawing the avatar says what is wrong with it
        found.add((look.shape, look.ring.width if look.ring else 0.0))
    return tuple(sorted(found))


class Room:
    """The free area within some outlines on a canvas; boxes are looked for on a grid of a few pixels."""

    def __init__(self, shapes: Iterable[Outline], width: int, height: int) -> None:
        self._height = height
        step = self._step = max(1, min(_STEP, min(width, height) // 64))
        wide, high = -(-width // step), -(-height // step)
        inside = np.ones((high, wide), np.uint8)
        outside = np.ones((high, wide), np.uint8)
        left, top, side = (value / step for value in shape_box(width, height))
        for shape, ring in shapes:
            distance = distance_map(shape, wide, high, (left, top, side))
            inside &= (distance < -(ring + _CLEAR) * min(wide, high)).astype(np.uint8)
            outside &= (distance > _CLEAR * min(wide, high)).astype(np.uint8)
        self._sums = [cv2.integral(area) for area in (inside, outside)]

    def place(self, left: int, top: int, wide: int, tall: int, *, sideways: bool) -> tuple[int, int] | None:
        """The nearest corner at which a box lies wholly within (or without) the outlines.

        `sideways` lets it go left and right, too. None: there is no such place nearby.
        """
        step = self._step
        columns, rows = -(-wide // step) + 1, -(-tall // step) + 1
        best: tuple[float, int, int] | None = None
        for sums in self._sums:
            free = _free(sums, columns, rows)
            if free is None:
                continue
            across, down = left // step, top // step
            if not sideways:
                free = free[:, across : across + 1] if 0 <= across < free.shape[1] else free[:, :0]
            ys, xs = np.nonzero(free)
            if not ys.size:
                continue
            if not sideways:
                xs = xs + across
            far = np.hypot(xs - across, ys - down)
            nearest = int(far.argmin())
            if best is None or far[nearest] < best[0]:
                best = float(far[nearest]), int(xs[nearest]), int(ys[nearest])
        if best is None or best[0] * step > _FURTHEST * self._height:
            return None
        if best[0] == 0:
            return left, top
        return (best[1] * step if sideways else left), best[2] * step


def _free(sums: Any, columns: int, rows: int) -> NDArray[np.bool_] | None:
    """At which corners a box of the grid is wholly free, from an area's integral."""
    if rows >= sums.shape[0] or columns >= sums.shape[1]:
        return None
    total = sums[rows:, columns:] - sums[:-rows, columns:] - sums[rows:, :-columns] + sums[:-rows, :-columns]
    return np.asarray(total == rows * columns)
