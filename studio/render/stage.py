"""Draws the draft at any moment: the shots that are on, cross-fading, and the titles above them."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

import cv2

from studio.render import planes
from studio.render.planes import Layout, Picture
from studio.render.scenes import build, located
from studio.render.timeline import Shot, Timeline
from studio.render.titles import Titles

Asset = Callable[[str], Path]
_KEPT = 4


class Scene(Protocol):
    """A prepared shot: fills a frame with what it shows at a moment."""

    def draw(self, frame: Picture, progress: float, seconds: float) -> None: ...
    def close(self) -> None: ...


class Scenery:
    """The prepared shots and titles of a draft that several stages draw from; keeps those used last."""

    def __init__(
        self, timeline: Timeline, layout: Layout, asset: Asset, *, transparent: bool = False
    ) -> None:
        """`transparent` leaves what surrounds an avatar see-through; else a soft backdrop fills it."""
        self.timeline, self.layout = timeline, layout
        self.titles = Titles(timeline, layout)
        self.asset = asset
        self._transparent = transparent
        self._kept: OrderedDict[str, Scene] = OrderedDict()
        self._lock = threading.Lock()

    def still(self, shot: Shot) -> Scene:
        """A shot without a clip, whose scene many may draw at once."""
        with self._lock:
            if shot.path not in self._kept:
                self._kept[shot.path] = self.build(shot)
                while len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(shot.path)
            return self._kept[shot.path]

    def build(self, shot: Shot) -> Scene:
        """A new scene for a shot."""
        canvas = (self.timeline.width, self.timeline.height)
        return build(shot, self.layout, canvas, self.asset, transparent=self._transparent)


class Stage:
    """Draws frames of the draft, one at a time; keeps open the clips that are on."""

    def __init__(self, scenery: Scenery) -> None:
        self.timeline, self.layout = scenery.timeline, scenery.layout
        self._scenery = scenery
        self._titles = scenery.titles
        self._shots = sorted(self.timeline.shots, key=lambda shot: shot.start)
        self._starts = [shot.start for shot in self._shots]
        self._clips: dict[str, Scene] = {}
        self._spare = planes.blank(self.layout, self.timeline.width, self.timeline.height)

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
        started = bisect_right(self._starts, ms)
        if not started:
            return ()
        # The latest to begin of those that are on; in a gap, what was shown last stays.
        on = (shot for shot in reversed(self._shots[:started]) if ms < shot.end)
        current = next(on, self._shots[started - 1])
        if current.crossfade and ms < current.start + current.crossfade:
            below = [s for s in self.timeline.shots if s.tail and abs(s.end - current.start) <= 1]
            return (*below[-1:], current)
        return (current,)

    def _draw_shot(self, frame: Picture, shot: Shot, ms: float) -> None:
        span = shot.length + shot.tail
        self._scene(shot).draw(frame, (ms - shot.start) / span, (ms - shot.start) / 1000)

    def _scene(self, shot: Shot) -> Scene:
        if shot.kind != "clip":
            return self._scenery.still(shot)
        if shot.path not in self._clips:
            self._clips[shot.path] = self._scenery.build(shot)
        return self._clips[shot.path]

    def _keep(self, paths: set[str]) -> None:
        for path in [path for path in self._clips if path not in paths]:
            self._clips.pop(path).close()

    def close(self) -> None:
        """Let go of every open file."""
        self._keep(set())

    def files(self, shot: Shot) -> list[object]:
        """What tells one state of a shot's files from another: name, size and time of change."""
        background = shot.meta.get("avatar")
        background = background.get("background") if isinstance(background, Mapping) else None
        named = [shot.asset, background.get("asset") if isinstance(background, Mapping) else None]
        found: list[object] = []
        for key in named:
            if isinstance(key, str) and key:
                stat = located(key, self._scenery.asset, shot.path).stat()
                found.append([key, stat.st_size, stat.st_mtime_ns])
        return found
