"""A photo as a scene: it fills the canvas, or lies whole on a blurred copy of itself, and moves as one."""

from __future__ import annotations

import cv2
import numpy as np

from studio.render import motion, planes
from studio.render.enlarge import FINER, MARGIN
from studio.render.planes import U8, Layout, Picture

# More than this share of a photo is not cut away to fill the canvas; it is then shown whole.
_MOST_CUT = 0.45
_MOST_PIXELS = 4096
_ALIKE = 2e-3


class Still:
    """Draws one picture."""

    def __init__(
        self,
        layout: Layout,
        picture: U8,
        width: int,
        height: int,
        kind: str,
        *,
        focus: tuple[float, float] = (0.5, 0.5),
    ) -> None:
        """`picture` is h×w×3 RGB of any size, laid out on a width × height canvas.

        `focus` is what should stay in view, in fractions of the picture.
        """
        self._layout, self._kind, self._size = layout, kind, (width, height)
        scaling = motion.scales(kind)
        density = min(motion.reach(kind) * (FINER if scaling else 1), _MOST_PIXELS / max(width, height))
        wide, high = (max(2, round(side * density / 2) * 2) for side in (width, height))
        self._density = wide / width
        painted = planes.paint(layout, compose(picture, wide, high, focus))
        self._margin = MARGIN if scaling else 0
        self._planes = planes.margined(painted, layout) if self._margin else painted

    def draw(self, frame: Picture, progress: float, seconds: float) -> None:
        """Fill the whole frame with the picture at a moment."""
        width, height = self._size
        scale, across, down = motion.pose(self._kind, progress, seconds)
        if abs(scale - self._density) < _ALIKE:
            scale = self._density  # one sample for one pixel, which is drawn far faster
        matrix = motion.unmap(scale, (across * width, down * height), (width / 2, height / 2), self._density)
        for target, source, grid in zip(frame, self._planes, self._layout.grids, strict=True):
            area = planes.box_on(grid, (0, 0, width, height))
            planes.warp(source, matrix, grid, area, into=target, margin=self._margin)

    def close(self) -> None:
        """Nothing is held open."""


def compose(picture: U8, width: int, height: int, focus: tuple[float, float] = (0.5, 0.5)) -> U8:
    """The picture on a canvas: filling it round its focus, or whole over a blurred, darker copy of itself."""
    high, wide = picture.shape[:2]
    fill = max(width / wide, height / high)
    covering = _cropped(_resized(picture, fill), width, height, focus)
    if not fits_whole(wide, high, width, height):
        return covering
    fit = min(width / wide, height / high)
    whole = _resized(picture, fit)
    result = _soft(covering)
    top, left = (height - whole.shape[0]) // 2, (width - whole.shape[1]) // 2
    shown = whole[: height - top, : width - left]
    result[top : top + shown.shape[0], left : left + shown.shape[1]] = shown
    return result


def fits_whole(wide: int, high: int, width: int, height: int) -> bool:
    """Whether a wide × high picture loses too much when it fills the canvas, and is shown whole instead."""
    fill = max(width / wide, height / high)
    return 1 - (width * height) / (wide * fill * high * fill) > _MOST_CUT


def _resized(picture: U8, scale: float) -> U8:
    size = tuple(max(1, int(np.ceil(side * scale - 1e-6))) for side in (picture.shape[1], picture.shape[0]))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, size, interpolation=how), dtype=np.uint8)


def _cropped(picture: U8, width: int, height: int, focus: tuple[float, float]) -> U8:
    left, top = (
        min(max(round(place * side - want / 2), 0), max(side - want, 0))
        for place, side, want in zip(
            focus, (picture.shape[1], picture.shape[0]), (width, height), strict=True
        )
    )
    return picture[top : top + height, left : left + width]


def _soft(picture: U8) -> U8:
    height, width = picture.shape[:2]
    small = cv2.resize(picture, (max(1, width // 8), max(1, height // 8)), interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), max(1.0, min(small.shape[:2]) / 14))
    large = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC).astype(np.float32)
    return np.asarray(np.clip(large * 0.62 + 6, 0, 255), dtype=np.uint8)
