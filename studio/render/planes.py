"""Pictures as planes: the same composing code draws 4:2:0 video frames and RGBA stills.

A frame of the RGBA layout has premultiplied alpha; a frame of the YUV layout is opaque BT.709, limited range.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.render import enlarge

_Sample = TypeVar("_Sample", np.uint8, np.float32)
U8 = NDArray[np.uint8]
F32 = NDArray[np.float32]
Picture = tuple[U8, ...]
Weights = tuple[F32, ...]
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Grid:
    """Where a plane's samples lie: sample (i, j) stands at luma position (i·step + dx, j·step + dy)."""

    step: int
    dx: float
    dy: float


@dataclass(frozen=True, slots=True)
class Layout:
    """The planes of a frame and the grid of each."""

    name: str
    grids: tuple[Grid, ...]
    channels: int


# H.264's default chroma siting: in line with the left luma column, midway between two luma rows.
_CHROMA = Grid(2, 0.0, 0.5)
YUV = Layout("yuv420p", (Grid(1, 0.0, 0.0), _CHROMA, _CHROMA), 1)
RGBA = Layout("rgba", (Grid(1, 0.0, 0.0),), 4)

_STRIP = 128

# ITU-R BT.709, 8 bit limited range: rows Y, Cb, Cr over R, G, B in 0…255, then the offset.
_KR, _KB = 0.2126, 0.0722
_KG = 1 - _KR - _KB
BT709 = np.array(
    [
        [_KR * 219 / 255, _KG * 219 / 255, _KB * 219 / 255, 16],
        [-_KR / (1 - _KB) / 2 * 224 / 255, -_KG / (1 - _KB) / 2 * 224 / 255, 0.5 * 224 / 255, 128],
        [0.5 * 224 / 255, -_KG / (1 - _KR) / 2 * 224 / 255, -_KB / (1 - _KR) / 2 * 224 / 255, 128],
    ],
    dtype=np.float32,
)


def f32(values: object) -> F32:
    """The values as a float32 array, without a copy where they are one."""
    return np.asarray(values, dtype=np.float32)


def blank(layout: Layout, width: int, height: int) -> Picture:
    """A frame of the layout, black and, where it can be, transparent."""
    if layout is RGBA:
        return (np.zeros((height, width, 4), np.uint8),)
    luma = np.full((height, width), 16, np.uint8)
    return (luma, *(np.full((height // 2, width // 2), 128, np.uint8) for _ in range(2)))


def paint(layout: Layout, rgb: NDArray[np.uint8] | NDArray[np.float32], *, dither: bool = False) -> Picture:
    """An opaque h×w×3 RGB picture (uint8, or float32 in 0…255) as planes; sides must be even for YUV.

    `dither` spreads the rounding of soft gradients, which would band in 8 bits.
    """
    if layout is RGBA:
        whole = rgb if rgb.dtype == np.uint8 else _rounded(f32(rgb))
        return (np.dstack([whole, np.full(rgb.shape[:2], 255, np.uint8)]),)
    height, width = rgb.shape[:2]
    planes = (
        np.empty((height, width), np.uint8),
        *(np.empty((height // 2, width // 2), np.uint8) for _ in "uv"),
    )
    noise = _noise(height, width) if dither else None
    # In strips, for whole pictures in floating point would be most of the renderer's memory.
    for top in range(0, height, _STRIP):
        yuv = f32(cv2.transform(f32(rgb[top : top + _STRIP]), BT709))
        for index, grid in enumerate(layout.grids):
            plane = reduce(np.ascontiguousarray(yuv[..., index]), grid)
            row = top // grid.step
            if noise is not None:
                plane = plane + noise[row : row + plane.shape[0], : plane.shape[1]]
            planes[index][row : row + plane.shape[0]] = _rounded(plane)
    return planes


def weigh(layout: Layout, coverage: NDArray[np.float32]) -> Weights:
    """A h×w coverage in 0…1 on the grid of each plane."""
    if layout is RGBA:
        return (coverage,)
    chroma = reduce(coverage, _CHROMA)
    return (coverage, chroma, chroma)


def reduce(plane: NDArray[np.float32], grid: Grid) -> NDArray[np.float32]:
    """A full plane sampled on a coarser grid: [1 2 1]/4 across (co-sited), a mean of two down."""
    if grid.step == 1:
        return plane
    across = cv2.filter2D(
        plane, -1, np.array([[0.25, 0.5, 0.25]], np.float32), borderType=cv2.BORDER_REPLICATE
    )
    columns = across[:, ::2]
    return np.ascontiguousarray((columns[0::2] + columns[1::2]) * np.float32(0.5))


def on_grid(matrix: Matrix, target: Grid, source: Grid) -> Matrix:
    """A 2×3 map between luma positions, restated for the sample indices of two grids."""
    linear = matrix[:, :2] * target.step / source.step
    shift = matrix[:, :2] @ np.array([target.dx, target.dy]) + matrix[:, 2] - np.array([source.dx, source.dy])
    return np.column_stack([linear, shift / source.step])


def margined(picture: Picture, layout: Layout) -> Picture:
    """The picture with its edges repeated outwards by enlarge.MARGIN luma samples."""
    sides = [enlarge.MARGIN // grid.step for grid in layout.grids]
    return tuple(
        np.asarray(cv2.copyMakeBorder(plane, side, side, side, side, cv2.BORDER_REPLICATE), np.uint8)
        for plane, side in zip(picture, sides, strict=True)
    )


def warp(
    source: NDArray[_Sample],
    matrix: Matrix,
    grid: Grid,
    area: tuple[slice, slice],
    into: NDArray[_Sample] | None = None,
    *,
    margin: int = 0,
) -> NDArray[_Sample]:
    """What `area` of a target plane shows of a source plane, through a 2×3 map of luma positions.

    `margin` is by how many luma samples the source goes on beyond its picture on each side. Written to
    `into`, where given; else what is returned may be part of the source, or memory that this thread's next
    warp takes again.
    """
    rows, columns = area
    here: Matrix = on_grid(matrix, grid, grid)
    here[:, 2] += here[:, :2] @ np.array([columns.start, rows.start]) + margin // grid.step
    size = (columns.stop - columns.start, rows.stop - rows.start)
    if here[0, 1] == here[1, 0] == 0:
        across, down, left, top = (float(value) for value in (here[0, 0], here[1, 1], *here[:, 2]))
        if abs(across - 1) < 1e-9 and abs(down - 1) < 1e-9:
            moved: Any = _shifted(source, here[:, 2], size)
        else:
            moved = enlarge.enlarged(source, (across, down), (left, top), size, into)
        if moved is not None:
            if into is None or moved is into:
                return cast("NDArray[_Sample]", moved)
            np.copyto(into, moved)
            return into
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    moved = cv2.warpAffine(source, here, size, dst=into, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return cast("NDArray[_Sample]", moved)


def _shifted(source: NDArray[_Sample], shift: Matrix, size: tuple[int, int]) -> NDArray[_Sample] | None:
    """A part of the plane from between its samples, as a warp gives it but faster; None: beyond it."""
    (left, right), (top, below) = (_taps(float(place)) for place in shift)
    width, height = size
    reach_x, reach_y = left + width + (right > 0), top + height + (below > 0)
    if left < 0 or top < 0 or reach_x > source.shape[1] or reach_y > source.shape[0]:
        return None
    rows = source[top:reach_y]
    mixed: Any = rows[:, left : left + width]
    if right:
        mixed = cv2.addWeighted(mixed, 1 - right, rows[:, left + 1 : reach_x], right, 0)
    if below:
        mixed = cv2.addWeighted(mixed[:height], 1 - below, mixed[1:], below, 0)
    return cast("NDArray[_Sample]", mixed)


def _taps(place: float) -> tuple[int, float]:
    """The sample before a place, and the share of the one after it (0 where it is not worth mixing)."""
    before = int(np.floor(place + 1e-4))
    share = place - before
    return before, share if share > 1e-3 else 0.0


def box_on(grid: Grid, box: tuple[int, int, int, int]) -> tuple[slice, slice]:
    """Rows and columns of a plane under an even-sided luma box (left, top, right, bottom)."""
    left, top, right, bottom = (edge // grid.step for edge in box)
    return slice(top, bottom), slice(left, right)


def even_box(mask: NDArray[np.bool_]) -> tuple[int, int, int, int]:
    """The smallest box with even edges round what is set (left, top, right, bottom); empty: all zeros."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not rows.size:
        return 0, 0, 0, 0
    height, width = mask.shape
    left, top = int(columns[0]) & ~1, int(rows[0]) & ~1
    return left, top, min((int(columns[-1]) + 2) & ~1, width), min((int(rows[-1]) + 2) & ~1, height)


def straight(frame: U8) -> U8:
    """A premultiplied RGBA frame with straight alpha, as files have it."""
    result = frame.copy()
    partly = np.nonzero((frame[..., 3] > 0) & (frame[..., 3] < 255))
    mixed = f32(frame[partly])
    result[partly[0], partly[1], :3] = np.clip(np.rint(mixed[:, :3] * 255 / mixed[:, 3:]), 0, 255)
    return result


def _rounded(plane: F32) -> U8:
    return np.asarray(np.clip(np.rint(plane), 0, 255), np.uint8)


@lru_cache(maxsize=4)
def _noise(height: int, width: int) -> NDArray[np.float32]:
    # Fixed seed: the same draft must give the same frames. Triangular noise leaves no pattern of its own.
    random = np.random.default_rng(709)
    return ((random.random((height, width)) + random.random((height, width)) - 1) * 0.75).astype(np.float32)
