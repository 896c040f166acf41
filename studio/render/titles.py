"""Lays titles over finished frames, blending only their own rectangles, with their fades."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from studio.render import planes
from studio.render.cutout import bleed
from studio.render.errors import RenderError
from studio.render.planes import F32, Layout, Picture, Weights
from studio.render.text import letter
from studio.render.timeline import Timeline, Title


@dataclass(frozen=True, slots=True)
class _Plate:
    """A title's planes, their opacity, and its box on the canvas (left, top, right, bottom; even)."""

    colours: Picture
    weights: Weights
    box: tuple[int, int, int, int]


class Titles:
    """Draws the titles of a timeline; each is set once, when it first shows."""

    def __init__(self, timeline: Timeline, layout: Layout) -> None:
        self._timeline, self._layout = timeline, layout
        self._plates: dict[str, _Plate | None] = {}

    def shown(self, ms: float) -> tuple[tuple[Title, float], ...]:
        """The titles on screen at a moment with their opacity, the lowest first."""
        opacities = ((title, title.opacity(ms)) for title in self._timeline.titles)
        return tuple((title, opacity) for title, opacity in opacities if opacity > 0)

    def draw(self, frame: Picture, ms: float) -> None:
        """Blend the titles of a moment into the frame."""
        for title, opacity in self.shown(ms):
            plate = self._plate(title)
            if plate is not None:
                self._blend(frame, plate, opacity)

    def _plate(self, title: Title) -> _Plate | None:
        if title.path not in self._plates:
            self._plates[title.path] = self._set(title)
        return self._plates[title.path]

    def _set(self, title: Title) -> _Plate | None:
        width, height = self._timeline.width, self._timeline.height
        try:
            found = letter(title.text, title.position, title.size, title.colour, width, height)
        except RenderError as error:
            raise RenderError(error.reason, path=title.path) from error
        if found is None or not found.picture.size:
            return None
        high, wide = found.picture.shape[:2]
        alpha = planes.f32(found.picture[..., 3]) / np.float32(255)
        return _Plate(
            planes.paint(self._layout, bleed(found.picture)),
            planes.weigh(self._layout, alpha),
            (found.left, found.top, found.left + wide, found.top + high),
        )

    def _blend(self, frame: Picture, plate: _Plate, opacity: float) -> None:
        for index, grid in enumerate(self._layout.grids):
            target = frame[index][planes.box_on(grid, plate.box)]
            share: F32 = plate.weights[index] * np.float32(opacity)
            below = np.ascontiguousarray(target)
            target[...] = cv2.blendLinear(below, plate.colours[index], 1 - share, share)
