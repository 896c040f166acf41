"""A video clip as a scene: decoded as it is needed, upright, trimmed, at its speed, laid out like a photo."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np

from studio.probe import MAX_VIDEO_SIDE
from studio.render import motion, planes
from studio.render.errors import RenderError
from studio.render.media import opened
from studio.render.planes import RGBA, U8, Layout, Picture
from studio.render.still import compose, fits_whole
from studio.render.timeline import Shot

_BT709 = 1
_LIMITED = 1
_TICKS = 1_000_000
# A jump further than this is sought, a shorter one decoded through.
_FAR = 1.5


class Clip:
    """Draws one clip from where its segment trims it, at the segment's speed."""

    def __init__(
        self,
        layout: Layout,
        path: Path,
        width: int,
        height: int,
        shot: Shot,
        finish: Callable[[U8], U8] | None,
    ) -> None:
        """`finish` works on each frame (h×w×3 RGB) once it is laid out."""
        self._layout, self._size, self._path, self._finish = layout, (width, height), path, finish
        self._kind, self._where = shot.motion, shot.path
        self._start, self._speed = shot.source_start / 1000, shot.speed
        self._stack = ExitStack()
        self._frames: Iterator[Any] = iter(())
        self._at = float("inf")
        self._shown: Picture = ()
        self._next: Any = None
        self._back: Picture | None = None

    def draw(self, frame: Picture, progress: float, seconds: float) -> None:
        """Fill the whole frame with what the clip shows `seconds` after it began."""
        self._go_to(self._start + max(seconds, 0.0) * self._speed)
        width, height = self._size
        scale, across, down = motion.pose(self._kind, progress, seconds)
        matrix = motion.unmap(scale, (across * width, down * height), (width / 2, height / 2))
        for target, source, grid in zip(frame, self._shown, self._layout.grids, strict=True):
            area = planes.box_on(grid, (0, 0, width, height))
            planes.warp(source, matrix, grid, area, into=target)

    def close(self) -> None:
        """Let go of the file."""
        self._stack.close()

    def _go_to(self, moment: float) -> None:
        """Make the frame of a moment the one shown; past the end the last one stays."""
        try:
            if moment < self._at - 1e-6 or (moment > self._at + _FAR and self._next is not None):
                self._seek(moment)
            latest = None
            while self._next is not None and (not self._shown or self._time(self._next) <= moment + 1e-4):
                latest = self._next
                if not self._shown:
                    self._shown = self._planes(latest)
                    latest = None
                self._next = next(self._frames, None)
            if latest is not None:
                self._shown = self._planes(latest)
        except (RenderError, OSError) as error:
            raise RenderError(f"its clip cannot be read: {error}", path=self._where) from error
        except Exception as error:
            raise RenderError("its clip is damaged", path=self._where) from error
        if not self._shown:
            raise RenderError("its clip has no picture", path=self._where)
        self._at = moment

    def _seek(self, moment: float) -> None:
        self._stack.close()
        self._stack = ExitStack()
        container = self._stack.enter_context(opened(self._path))
        if not container.streams.video:
            raise RenderError("it has no picture")
        stream = container.streams.video[0]
        if max(stream.width, stream.height) > MAX_VIDEO_SIDE:
            raise RenderError(f"{stream.width}×{stream.height} pixels are too many")
        stream.thread_type = "AUTO"
        if moment > 0.1:
            container.seek(round(max(moment - 0.05, 0) * _TICKS), backward=True)
        self._frames = _decoded(container, stream)
        self._next, self._shown = next(self._frames, None), ()

    def _time(self, frame: Any) -> float:
        return float(frame.time or 0.0)

    def _planes(self, frame: Any) -> Picture:
        """A decoded frame, upright and laid out on the canvas, as planes of the layout."""
        width, height = self._size
        turns = round(frame.rotation / 90) % 4
        wide, high = (frame.height, frame.width) if turns % 2 else (frame.width, frame.height)
        scale = max(width / wide, height / high)
        if fits_whole(wide, high, width, height):
            scale = min(width / wide, height / high)
        sides = [max(2, 2 * round(side * scale / 2)) for side in (wide, high)]
        if not fits_whole(wide, high, width, height):
            sides = [max(side, canvas + canvas % 2) for side, canvas in zip(sides, self._size, strict=True)]
        asked = sides[::-1] if turns % 2 else sides
        if self._layout is RGBA or self._finish is not None:
            rgb = frame.reformat(width=asked[0], height=asked[1], format="rgb24").to_ndarray()
            laid = compose(np.ascontiguousarray(np.rot90(rgb, turns)), width, height)
            return planes.paint(self._layout, self._finish(laid) if self._finish else laid)
        small = frame.reformat(
            width=asked[0], height=asked[1], format="yuv420p", interpolation="BICUBIC",
            dst_colorspace=_BT709, dst_color_range=_LIMITED,
        )  # fmt: skip
        return self._laid(small, turns, sides[0], sides[1])

    def _laid(self, small: Any, turns: int, wide: int, high: int) -> Picture:
        width, height = self._size
        if wide > width or high > height or (wide, high) == (width, height):
            result = planes.blank(self._layout, width, height)
        else:
            result = tuple(plane.copy() for plane in self._surroundings(small, turns))
        left, top = ((width - wide) // 2) & ~1, ((height - high) // 2) & ~1
        for index, (grid, plane) in enumerate(zip(self._layout.grids, small.planes, strict=True)):
            rows = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
            upright = np.rot90(rows[:, : plane.width], turns)
            x, y = left // grid.step, top // grid.step
            part = upright[max(-y, 0) :, max(-x, 0) :]
            target = result[index][max(y, 0) :, max(x, 0) :]
            part = part[: target.shape[0], : target.shape[1]]
            target[: part.shape[0], : part.shape[1]] = part
        return result

    def _surroundings(self, small: Any, turns: int) -> Picture:
        """What lies round a clip of another shape than the canvas: its first frame, filling it, blurred."""
        if self._back is None:
            rgb = small.reformat(format="rgb24").to_ndarray()
            self._back = planes.paint(
                self._layout, compose(np.ascontiguousarray(np.rot90(rgb, turns)), *self._size)
            )
        return self._back


def _decoded(container: Any, stream: Any) -> Iterator[Any]:
    """The frames in order of time; a broken packet is passed over, as players do."""
    broken = 0
    for packet in container.demux(stream):
        try:
            yield from packet.decode()
        except (ValueError, OSError):
            broken += 1
            if broken > 100:
                raise
