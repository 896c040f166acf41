"""Scales a plane to a place between its samples by way of cv2.resize, a third of the cost of an affine warp.

resize only knows whole rectangles: a rectangle a little larger than what is wanted is sought whose sides have
nearly the wanted ratio, and which comes to lie within a hundredth or so of a sample of where it should.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cv2
import numpy as np

_MORE = 64
_MADE = np.arange(_MORE + 1, dtype=np.float64)
_SKIPPED = np.arange(_MORE + 1, dtype=np.float64)
# At the ends of an axis, in samples; the usual error is a third of it.
_TOLERANCE = 0.04
_SLACK = 1e-6
# How far a plane should go on beyond what is shown, so that a rectangle is found in all directions.
MARGIN = 32
# How much finer than what is shown a plane should be: few ratios of whole numbers lie close to one.
FINER = 1.03


@dataclass(frozen=True, slots=True)
class Span:
    """Along one axis: `taken` samples from `first` become `made`, of which those from `skip` are wanted."""

    first: int
    taken: int
    made: int
    skip: int


def enlarged(
    source: Any, ratio: tuple[float, float], start: tuple[float, float], size: tuple[int, int], into: Any
) -> Any:
    """Sample i of an axis of the result shows `start + i · ratio` of the source; pairs are (across, down).

    Written to `into`, where given; else to memory that this thread's next call takes again. None, and
    nothing is done, where no rectangle comes near enough.
    """
    across = span(ratio[0], start[0], size[0], source.shape[1])
    down = span(ratio[1], start[1], size[1], source.shape[0])
    if across is None or down is None:
        return None
    part = source[down.first : down.first + down.taken, across.first : across.first + across.taken]
    made = _room((down.made, across.made, *source.shape[2:]), source.dtype)
    cv2.resize(part, (across.made, down.made), dst=made, interpolation=cv2.INTER_LINEAR)
    wanted = made[down.skip : down.skip + size[1], across.skip : across.skip + size[0]]
    if into is None:
        return wanted
    np.copyto(into, wanted)
    return into


@lru_cache(maxsize=64)
def span(ratio: float, start: float, count: int, length: int) -> Span | None:
    """The whole numbers nearest to `count` samples of a ratio from a start; None: none come near."""
    made = _MADE + count
    taken = np.rint(made * ratio)
    step = taken / made
    # How far the last sample is off when the first is in place; the error is shared by both ends.
    astray = (step - ratio) * count
    near = np.flatnonzero(np.abs(astray) < 2 * _TOLERANCE)
    step, astray, taken, made = (values[near, None] for values in (step, astray, taken, made))
    # Sample i of what is made shows first + (i + ½) · step − ½.
    reach = (_SKIPPED + 0.5) * step - 0.5
    ideal = start - astray / 2 - reach
    first = np.rint(ideal)
    error = np.abs(first - ideal) + np.abs(astray) / 2
    # Beyond the rectangle its edge is repeated, which is only right where the plane itself ends.
    fits = (first >= 0) & (first + taken <= length) & (made - count >= _SKIPPED)
    fits &= (reach >= -_SLACK) | (first == 0)
    fits &= (reach + (count - 1) * step <= taken - 1 + _SLACK) | (first + taken == length)
    error[~fits] = np.inf
    if not error.size or error.min() > _TOLERANCE:
        return None
    row, skip = divmod(int(error.argmin()), _MORE + 1)
    return Span(int(first[row, skip]), int(taken[row, 0]), int(made[row, 0]), skip)


_rooms = threading.local()


def _room(shape: tuple[int, ...], kind: Any) -> Any:
    """Memory of this thread to resize into; it grows to the largest wanted and is used again."""
    wanted = int(np.prod(shape)) * kind.itemsize
    held = getattr(_rooms, "bytes", None)
    if held is None or held.nbytes < wanted:
        held = _rooms.bytes = np.empty(wanted + wanted // 8, np.uint8)
    return held[:wanted].view(kind).reshape(shape)
