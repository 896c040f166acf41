"""Decides which frames are worth encoding: where nothing changes, one is held until something does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from studio.render.timeline import Timeline

# How many frames at the end are never held: the order in which a file's frames are decoded needs them even.
LAST = 3
_HOLD = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Beat:
    """A frame to encode: its number on the draft's grid, for how many it stands, if it is a key frame."""

    index: int
    count: int
    key: bool


def beats(timeline: Timeline, look: Callable[[float], object]) -> Iterator[Beat]:
    """A video's frames in order; `look` says by equal keys which moments show the same picture.

    A key frame stands at each full second, for players to jump to; none is held for over half a second.
    """
    fps, total = timeline.fps, timeline.frames
    longest = max(1, round(fps * _HOLD))
    start, before = 0, look(0.0)
    for index in range(1, total + 1):
        now = look(float(index * 1000 / fps)) if index < total else object()
        if now != before or index - start >= longest or opens_second(index, fps) or index >= total - LAST:
            yield Beat(start, index - start, opens_second(start, fps))
            start = index
        before = now


def opens_second(index: int, fps: Fraction) -> bool:
    """Whether a frame is the first of a full second."""
    return index == 0 or int(index / fps) != int((index - 1) / fps)


def poster(timeline: Timeline) -> float:
    """The moment in ms that stands for the draft: as soon as all titles of its beginning are in full view."""
    early = [
        title
        for title in timeline.titles
        if title.start < 500 and title.fade_in + title.fade_out <= title.length
    ]
    return max((title.start + title.fade_in for title in early), default=0.0)
