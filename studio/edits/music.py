"""Edits on the sound: music on and off, its volume, its fades."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from studio.draft import AUDIO, Draft
from studio.edits.base import Edit, EditError, changed
from studio.edits.make import find
from studio.edits.media import Media
from studio.edits.tracks import Segment, drop_empty, fresh_id, length, meta, segments, track_for, video
from studio.edits.values import MUSIC_NAMES, RANGES, VOLUME


def playing(draft: Draft) -> list[Segment]:
    """The audio segments; raises EditError when there is no music."""
    found = segments(draft, AUDIO)
    if not found:
        raise EditError("no_music")
    return found


@dataclass(frozen=True, kw_only=True)
class SetMusic(Edit):
    """Music under the whole length, a mood or an uploaded file; it replaces other music at its volume."""

    kind: ClassVar[str] = "music"
    asset: str = "music:lofi"
    start: float = 0
    d: float | None = None

    def _run(self, draft: Draft, media: Media) -> None:
        video(draft)
        whole = length(draft)
        mood = self.asset.removeprefix("music:")
        if self.asset.startswith("music:") and mood not in MUSIC_NAMES:
            raise EditError("mood", got=mood[:40])
        name = MUSIC_NAMES[mood] if self.asset.startswith("music:") else find(media, self.asset).filename
        old = segments(draft, AUDIO)
        if old:
            m = meta(old[0])
            m.update(asset=self.asset, name=name)
            m.setdefault("volume", VOLUME)
            track = track_for(draft, AUDIO)
            track["sg"] = [old[0]]
            draft["t"] = [t for t in draft["t"] if t.get("tt") != AUDIO or t is track]
            return
        if self.start < 0 or (self.d is not None and self.d <= 0) or self.start >= whole:
            raise EditError("after_end", seconds=whole / 1000)
        ms = min(self.d or whole, whole - self.start)
        half = int(ms // 2)
        track = track_for(draft, AUDIO)
        track["sg"].append(
            {
                "d": ms,
                "m": {
                    "id": fresh_id(draft, "b"),
                    "start": self.start,
                    "name": name,
                    "asset": self.asset,
                    "volume": VOLUME,
                    "fade_in": min(500, half),
                    "fade_out": min(1000, half),
                },
            }
        )


@dataclass(frozen=True, kw_only=True)
class RemoveMusic(Edit):
    """No music any more."""

    kind: ClassVar[str] = "remove_music"

    def _run(self, draft: Draft, media: Media) -> None:
        for segment in playing(draft):
            for track in draft["t"]:
                if track.get("tt") == AUDIO:
                    track["sg"] = [s for s in track.get("sg", []) if s is not segment]
        drop_empty(draft, AUDIO)


@dataclass(frozen=True, kw_only=True)
class SetVolume(Edit):
    """The music's volume, 0 to 1; `steps` are louder or quieter."""

    kind: ClassVar[str] = "volume"
    to: float | None = None
    times: float | None = None
    steps: float | None = None

    def _run(self, draft: Draft, media: Media) -> None:
        by = None if self.steps is None else self.steps * RANGES["volume"].step
        for segment in playing(draft):
            m = meta(segment)
            now = m.get("volume", 1.0)
            if by is not None and 0 < now < 1:
                # A step beyond the end of the range goes to the end: "louder" at 95 % still means something.
                m["volume"] = round(min(1.0, max(0.0, now + by)), 4)
                continue
            m["volume"] = changed("volume", now, self.to, self.times, by)


@dataclass(frozen=True, kw_only=True)
class SetFade(Edit):
    """How long the music fades in and out, in ms; 0 is no fade."""

    kind: ClassVar[str] = "fade"
    fade_in: float | None = None
    fade_out: float | None = None

    def _run(self, draft: Draft, media: Media) -> None:
        for segment in playing(draft):
            half = segment.get("d", 0) / 2
            for key, ms in (("fade_in", self.fade_in), ("fade_out", self.fade_out)):
                if ms is None:
                    continue
                if not 0 <= ms <= half:
                    raise EditError("range", field="fade", low=0, high=half / 1000, got=ms / 1000)
                meta(segment)[key] = round(ms)
