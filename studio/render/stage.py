"""Draws the draft at any moment: the shots that are on, cross-fading, and the titles above them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import cv2

from studio.render import planes
from studio.render.planes import Layout, Picture
from studio.render.scenes import build
from studio.render.timeline import Shot, Timeline
from studio.render.titles import Titles

Asset = Callable[[str], Path]


class Scene(Protocol):
    """A prepared shot: fills a frame with what it shows at a moment."""

    def draw(self, frame: Picture, progress: float, seconds: float) -> None: ...
    def close(self) -> None: ...


class Stage:
    """The draft on a canvas of one layout; holds no more prepared shots than are on screen together."""

    def __init__(
        self, timeline: Timeline, layout: Layout, asset: Asset, *, transparent: bool = False
    ) -> None:
        """`transparent` leaves what surrounds an avatar see-through; else a soft backdrop fills it."""
        self.timeline, self.layout = timeline, layout
        self._asset, self._transparent = asset, transparent
        self._scenes: dict[str, Scene] = {}
        self._titles = Titles(timeline, layout)
        self._spare = planes.blank(layout, timeline.width, timeline.height)

    def draw(self, frame: Picture, ms: float) -> None:
        """Fill the frame with the draft at `ms`."""
        self._draw_shots(frame, ms)
        self._titles.draw(frame, ms)

    def look(self, ms: float) -> tuple[object, ...]:
        """A key that is equal for two moments exactly when their frames are."""
        shots = self.visible(ms)
        titles = tuple((title.path, opacity) for title, opacity in self._titles.shown(ms))
        still = len(shots) < 2 and all(shot.still for shot in shots)
        return tuple(shot.path for shot in shots), titles, None if still else ms

    def _draw_shots(self, frame: Picture, ms: float) -> None:
        shots = self.visible(ms)
        self._keep({shot.path for shot in shots})
        if not shots:
            for target, source in zip(
                frame, planes.blank(self.layout, self.timeline.width, self.timeline.height), strict=True
            ):
                target[...] = source
            return
        self._draw_shot(frame, shots[0], ms)
        for shot in shots[1:]:
            self._draw_shot(self._spare, shot, ms)
            share = min(max((ms - shot.start) / shot.crossfade, 0.0), 1.0)
            for below, above in zip(frame, self._spare, strict=True):
                below[...] = cv2.addWeighted(below.copy(), 1 - share, above, share, 0)

    def visible(self, ms: float) -> tuple[Shot, ...]:
        """The shots on screen, the lowest first: one, or two while they cross-fade."""
        current: Shot | None = None
        for shot in self.timeline.shots:
            if shot.start <= ms and (
                current is None or shot.start >= current.start or current.end <= ms < shot.end
            ):
                current = shot
        if current is None:
            return ()
        if current.crossfade and ms < current.start + current.crossfade:
            below = [s for s in self.timeline.shots if s.tail and abs(s.end - current.start) <= 1]
            return (*below[-1:], current)
        return (current,)

    def _draw_shot(self, frame: Picture, shot: Shot, ms: float) -> None:
        span = shot.length + shot.tail
        self._scene(shot).draw(frame, (ms - shot.start) / span, (ms - shot.start) / 1000)

    def _scene(self, shot: Shot) -> Scene:
        if shot.path not in self._scenes:
            canvas = (self.timeline.width, self.timeline.height)
            self._scenes[shot.path] = build(
                shot, self.layout, canvas, self._asset, transparent=self._transparent
            )
        return self._scenes[shot.path]

    def _keep(self, paths: set[str]) -> None:
        for path in [path for path in self._scenes if path not in paths]:
            self._scenes.pop(path).close()

    def close(self) -> None:
        """Let go of every open file."""
        self._keep(set())
