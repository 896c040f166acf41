"""Edits on the words over the picture: add, change and remove titles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from studio.draft import MAX_TITLE, TEXT, Draft
from studio.edits.base import Edit, EditError, changed, within
from studio.edits.media import Media
from studio.edits.tracks import Segment, drop_empty, fresh_id, length, meta, segments, track_for, video
from studio.edits.values import TITLE_DEFAULTS


def checked_text(text: str) -> str:
    """A title's words; raises EditError when there are none or too many."""
    words = " ".join(text.split(" ")).strip()
    if not words:
        raise EditError("title_empty")
    if len(words) > MAX_TITLE:
        raise EditError("title_long", limit=MAX_TITLE, got=len(words))
    return words


@dataclass(frozen=True, kw_only=True)
class AddTitle(Edit):
    """New words over the picture, for the whole length unless said; `tail` puts them at the end."""

    kind: ClassVar[str] = "add_title"
    text: str
    position: str = ""
    size: float | None = None
    color: str = ""
    start: float = 0
    d: float | None = None
    tail: bool = False

    def _run(self, draft: Draft, media: Media) -> None:
        video(draft)
        whole = length(draft)
        text = checked_text(self.text)
        start = max(0.0, whole - (self.d or whole)) if self.tail else self.start
        if start >= whole:
            raise EditError("after_end", seconds=whole / 1000)
        ms = whole - start if self.d is None else min(self.d, whole - start)
        if ms <= 0:
            raise EditError("range", field="title_length", low=0.1, high=whole / 1000, got=ms / 1000)
        half = int(ms // 2)
        fields: dict[str, Any] = dict(TITLE_DEFAULTS)
        fields.update(fade_in=min(300, half), fade_out=min(300, half))
        if self.position:
            fields["position"] = self.position
        if self.color:
            fields["color"] = self.color
        if self.size is not None:
            fields["size"] = within("size", self.size)
        track = track_for(draft, TEXT)
        track["sg"].append(
            {"d": ms, "m": {"id": fresh_id(draft, "c"), "start": start, "text": text, **fields}}
        )


def picked(draft: Draft, target: int | None) -> Segment:
    """The title at a position, the last one for None; raises EditError."""
    found = segments(draft, TEXT)
    if not found:
        raise EditError("no_title")
    index = -1 if target is None else target
    if not -len(found) <= index < len(found):
        raise EditError("no_such_title", number=index + 1, count=len(found))
    return found[index]


@dataclass(frozen=True, kw_only=True)
class ChangeTitle(Edit):
    """Other words, place, colour, size or time for a title that is there."""

    kind: ClassVar[str] = "change_title"
    text: str = ""
    position: str = ""
    color: str = ""
    size: float | None = None
    times: float | None = None
    start: float | None = None
    d: float | None = None
    whole: bool = False
    tail: bool = False
    fade_in: float | None = None
    fade_out: float | None = None
    target: int | None = None

    def _run(self, draft: Draft, media: Media) -> None:
        segment = picked(draft, self.target)
        m = meta(segment)
        if self.text:
            m["text"] = checked_text(self.text)
        if self.position:
            m["position"] = self.position
        if self.color:
            m["color"] = self.color
        if self.size is not None or self.times is not None:
            m["size"] = changed("size", m.get("size", TITLE_DEFAULTS["size"]), self.size, self.times, None)
        self._time(draft, segment)
        for key, ms in (("fade_in", self.fade_in), ("fade_out", self.fade_out)):
            if ms is not None:
                half = segment.get("d", 0) / 2
                if not 0 <= ms <= half:
                    raise EditError("range", field="fade", low=0, high=half / 1000, got=ms / 1000)
                m[key] = round(ms)

    def _time(self, draft: Draft, segment: Segment) -> None:
        if self.start is None and self.d is None and not self.whole and not self.tail:
            return
        total = length(draft) or draft.get("d", 0)
        m = meta(segment)
        start = m.get("start", 0) if self.start is None else self.start
        ms = segment.get("d", 0) if self.d is None else self.d
        if self.whole:
            start, ms = 0, total
        if self.tail:
            start = max(0, total - ms)
        if start >= total or start < 0:
            raise EditError("after_end", seconds=total / 1000)
        if ms <= 0:
            raise EditError("range", field="title_length", low=0.1, high=total / 1000, got=ms / 1000)
        segment["d"] = min(ms, total - start)
        m["start"] = start
        for key in ("fade_in", "fade_out"):
            if m.get(key, 0) > segment["d"] / 2:
                m[key] = int(segment["d"] // 2)


@dataclass(frozen=True, kw_only=True)
class RemoveTitle(Edit):
    """Take one title away, or every one."""

    kind: ClassVar[str] = "remove_title"
    target: int | None = None

    def _run(self, draft: Draft, media: Media) -> None:
        doomed = segments(draft, TEXT) if self.target is None else [picked(draft, self.target)]
        if not doomed:
            raise EditError("no_title")
        for track in draft["t"]:
            if track.get("tt") == TEXT:
                track["sg"] = [s for s in track.get("sg", []) if all(s is not d for d in doomed)]
        drop_empty(draft, TEXT)
