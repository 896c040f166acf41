"""Lays titles over finished frames, blending only their own rectangles, with their fades."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from studio.render import planes
from studio.render.cutout import bleed
from studio.render.errors import RenderError
from studio.render.planes import F32, U8, Layout, Picture, Weights
from studio.render.room import Room, outlines
from studio.render.text import letter
from studio.render.timeline import Timeline, Title


@dataclass(frozen=True, slots=True)
class _Plate:
    """A title's planes, their opacity, and its box on the canvas (left, top, right, bottom; even).

    `laid` is for the moments of full opacity, most of them: what the title adds to each plane of the
    frame, and the share of 255 that stays of it.
    """

    colours: Picture
    weights: Weights
    box: tuple[int, int, int, int]
    laid: tuple[tuple[U8, U8], ...]


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
            found = letter(
                title.text, title.position, title.size, title.colour, width, height, self._room(title)
            )
        except RenderError as error:
            raise RenderError(error.reason, path=title.path) from error
        if found is None or not found.picture.size:
            return None
        high, wide = found.picture.shape[:2]
        alpha = planes.f32(found.picture[..., 3]) / np.float32(255)
        colours = planes.paint(self._layout, bleed(found.picture))
        weights = planes.weigh(self._layout, alpha)
        laid = tuple(_laid(*pair) for pair in zip(colours, weights, strict=True))
        box = (found.left, found.top, found.left + wide, found.top + high)
        return _Plate(colours, weights, box, laid)

    def _room(self, title: Title) -> Room | None:
        """What the outlines of the avatars below leave to a title; None: there are none."""
        shapes = outlines(self._timeline, title)
        return Room(shapes, self._timeline.width, self._timeline.height) if shapes else None

    def _blend(self, frame: Picture, plate: _Plate, opacity: float) -> None:
        for index, grid in enumerate(self._layout.grids):
            target = frame[index][planes.box_on(grid, plate.box)]
            if opacity == 1:
                added, kept = plate.laid[index]
                cv2.add(cv2.multiply(target, kept, scale=1 / 255), added, dst=target)
                continue
            share: F32 = plate.weights[index] * np.float32(opacity)
            below = np.ascontiguousarray(target)
            target[...] = cv2.blendLinear(below, plate.colours[index], 1 - share, share)


def _laid(colour: U8, weight: F32) -> tuple[U8, U8]:
    """What a plane of full opacity adds, and keeps of what is below, both of 255."""
    share = (weight if colour.ndim == 2 else weight[..., None]) * np.ones_like(colour, np.float32)
    return np.rint(colour * share).astype(np.uint8), np.rint(255 * (1 - share)).astype(np.uint8)
