"""Edits on time: how long everything or one segment lasts, trimming, speed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from studio.draft import VIDEO, Draft
from studio.edits.base import Edit, EditError, changed, within
from studio.edits.look import Target
from studio.edits.media import Media
from studio.edits.tracks import (
    Segment,
    check_length,
    chosen,
    kind_of,
    length,
    main_track,
    meta,
    reflow,
    segments,
    video,
)


def source_of(segment: Segment, media: Media) -> tuple[float, float, float | None]:
    """A clip's used stretch and its whole length in ms of its own time; None where the whole is unknown."""
    m = meta(segment)
    speed = m.get("speed", 1.0)
    source: Mapping[str, Any] = m.get("source") or {}
    begin = source.get("start", 0)
    end = source.get("end", begin + segment.get("d", 0) * speed)
    whole = next(
        (item.duration * 1000 for item in media if item.asset == m.get("asset") and item.duration), None
    )
    if whole is None and kind_of(segment) == "clip":
        whole = end
    return begin, end, whole


def resize(segment: Segment, ms: float, media: Media) -> None:
    """Give one segment a length; a clip is trimmed at its end and never made longer than its source."""
    m = meta(segment)
    speed = m.get("speed", 1.0)
    begin, _, whole = source_of(segment, media)
    if kind_of(segment) == "clip" and whole is not None and begin + ms * speed > whole + 1:
        raise EditError("clip_too_long", seconds=round((whole - begin) / speed / 1000, 2))
    if "source" in m or kind_of(segment) == "clip":
        m["source"] = {**(m.get("source") or {}), "start": begin, "end": round(begin + ms * speed)}
    segment["d"] = round(ms)


@dataclass(frozen=True, kw_only=True)
class SetLength(Edit):
    """The whole length in ms, or a factor or difference of it; every track follows."""

    kind: ClassVar[str] = "length"
    to: float | None = None
    times: float | None = None
    by: float | None = None

    def _run(self, draft: Draft, media: Media) -> None:
        found = video(draft)
        now = length(draft)
        wanted = round(changed("length", now, self.to, self.times, self.by))
        if now <= 0:
            raise EditError("nothing_yet")
        at: float = 0
        for segment in found:
            begin = round(at * wanted / now)
            at += segment.get("d", 0)
            resize(segment, max(1, round(at * wanted / now) - begin), media)
        reflow(draft)


@dataclass(frozen=True, kw_only=True)
class SetSegmentLength(Edit):
    """How long the chosen photos or clips are shown; later ones move."""

    kind: ClassVar[str] = "segment_length"
    to: float | None = None
    times: float | None = None
    target: Target = None

    def _run(self, draft: Draft, media: Media) -> None:
        for segment in chosen(draft, self.target):
            ms = changed("length", segment.get("d", 0), self.to, self.times, None)
            resize(segment, check_length(ms), media)
        reflow(draft)


@dataclass(frozen=True, kw_only=True)
class Trim(Edit):
    """Cut ms off the beginning or the end, of one segment or of the whole timeline."""

    kind: ClassVar[str] = "trim"
    head: float = 0
    tail: float = 0
    target: Target = None

    def _run(self, draft: Draft, media: Media) -> None:
        found = chosen(draft, self.target)
        have = sum(s.get("d", 0) for s in found)
        if min(self.head, self.tail) < 0 or self.head + self.tail > have - 500:
            raise EditError("trim_too_far", seconds=have / 1000)
        head, tail = self.head, self.tail
        for segment in found:
            head = self._from_head(segment, head)
        for segment in reversed(found):
            tail = self._from_tail(segment, tail)
        track = main_track(draft)
        track["sg"] = [s for s in track["sg"] if s.get("d", 0) > 0]
        reflow(draft)

    @staticmethod
    def _from_head(segment: Segment, ms: float) -> float:
        cut: float = min(ms, segment.get("d", 0))
        m = meta(segment)
        if cut and kind_of(segment) == "clip":
            begin, end, _ = source_of(segment, ())
            m["source"] = {
                **(m.get("source") or {}),
                "start": round(begin + cut * m.get("speed", 1.0)),
                "end": end,
            }
        segment["d"] = segment.get("d", 0) - cut
        _still_source(segment)
        return ms - cut

    @staticmethod
    def _from_tail(segment: Segment, ms: float) -> float:
        cut: float = min(ms, segment.get("d", 0))
        m = meta(segment)
        if cut and kind_of(segment) == "clip":
            begin, end, _ = source_of(segment, ())
            m["source"] = {
                **(m.get("source") or {}),
                "start": begin,
                "end": round(end - cut * m.get("speed", 1.0)),
            }
        segment["d"] = segment.get("d", 0) - cut
        _still_source(segment)
        return ms - cut


def _still_source(segment: Segment) -> None:
    m = meta(segment)
    if kind_of(segment) != "clip" and isinstance(m.get("source"), dict):
        m["source"]["end"] = round(m["source"].get("start", 0) + segment["d"] * m.get("speed", 1.0))


@dataclass(frozen=True, kw_only=True)
class SetSpeed(Edit):
    """How fast a segment plays; its length changes, the music follows."""

    kind: ClassVar[str] = "speed"
    to: float | None = None
    times: float | None = None
    target: Target = None

    def _run(self, draft: Draft, media: Media) -> None:
        for segment in chosen(draft, self.target):
            m = meta(segment)
            now = m.get("speed", 1.0)
            begin, end, _ = source_of(segment, media)
            speed = changed("speed", now, self.to, self.times, None)
            m["speed"] = speed
            if kind_of(segment) == "clip":
                m["source"] = {**(m.get("source") or {}), "start": begin, "end": end}
            segment["d"] = max(1, round(segment.get("d", 0) * now / speed))
        within("length", sum(s.get("d", 0) for s in segments(draft, VIDEO)))
        reflow(draft)
