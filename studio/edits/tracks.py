"""Finding one's way in a draft: tracks by type, segments in order, what follows the picture's length."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from studio.draft import AUDIO, MAX_MS, TEXT, VIDEO, Draft
from studio.edits.base import EditError, within

Segment = dict[str, Any]


def segments(draft: Mapping[str, Any], kind: int) -> list[Segment]:
    """All segments of a track type, in order; the very objects of the draft."""
    return [
        segment for track in draft.get("t", ()) if track.get("tt") == kind for segment in track.get("sg", ())
    ]


def meta(segment: Segment) -> dict[str, Any]:
    """A segment's metadata, made when it is missing."""
    return segment.setdefault("m", {})  # type: ignore[no-any-return]


def kind_of(segment: Mapping[str, Any]) -> str:
    """avatar, illustration, photo, clip, or empty for a segment of a hosted draft."""
    return str(segment.get("m", {}).get("kind", ""))


def video(draft: Mapping[str, Any]) -> list[Segment]:
    """The picture segments; raises EditError when there are none."""
    found = segments(draft, VIDEO)
    if not found:
        raise EditError("nothing_yet")
    return found


def chosen(draft: Mapping[str, Any], target: Sequence[int] | None) -> list[Segment]:
    """The picture segments at these positions (negative from the end), all of them for None."""
    found = video(draft)
    if target is None:
        return found
    for index in target:
        if not -len(found) <= index < len(found):
            raise EditError("no_such_segment", number=index + 1, count=len(found))
    return [found[index] for index in target]


def starts(draft: Mapping[str, Any], kind: int) -> list[float]:
    """Where each segment begins; one without `start` follows the one before it."""
    out: list[float] = []
    for track in draft.get("t", ()):
        if track.get("tt") != kind:
            continue
        at: float = 0
        for segment in track.get("sg", ()):
            begin = segment.get("m", {}).get("start", at)
            out.append(begin)
            at = begin + segment.get("d", 0)
    return out


def length(draft: Mapping[str, Any]) -> float:
    """Where the picture ends, in ms."""
    ends = [at + s.get("d", 0) for at, s in zip(starts(draft, VIDEO), segments(draft, VIDEO), strict=True)]
    return max(ends, default=draft.get("d", 0) if not segments(draft, VIDEO) else 0)


def main_track(draft: Draft) -> dict[str, Any]:
    """The first picture track, made when there is none."""
    for track in draft.setdefault("t", []):
        if track.get("tt") == VIDEO:
            track.setdefault("sg", [])
            return track  # type: ignore[no-any-return]
    return _new_track(draft, VIDEO, "v")


def track_for(draft: Draft, kind: int) -> dict[str, Any]:
    """The first track of a type, made when there is none."""
    for track in draft.setdefault("t", []):
        if track.get("tt") == kind:
            track.setdefault("sg", [])
            return track  # type: ignore[no-any-return]
    return _new_track(draft, kind, {VIDEO: "v", AUDIO: "a", TEXT: "x"}[kind])


def drop_empty(draft: Draft, kind: int) -> None:
    """Take out tracks of a type that hold nothing any more."""
    draft["t"] = [track for track in draft["t"] if track.get("tt") != kind or track.get("sg")]


def fresh_id(draft: Mapping[str, Any], letter: str) -> str:
    """An id that no track and no segment of the draft has."""
    used = {
        item.get("m", {}).get("id") for track in draft.get("t", ()) for item in (track, *track.get("sg", ()))
    }
    number = 1
    while f"{letter}{number}" in used:
        number += 1
    return f"{letter}{number}"


def reflow(draft: Draft) -> None:
    """Close the gaps between picture segments after one changed, then let sound and titles follow."""
    before = draft.get("d", 0)
    for track in draft["t"]:
        if track.get("tt") != VIDEO:
            continue
        at: float = 0
        for segment in track.get("sg", ()):
            if "start" in segment.get("m", {}):
                segment["m"]["start"] = at
            at += segment.get("d", 0)
    drop_empty(draft, VIDEO)
    follow(draft, before)


def follow(draft: Draft, before: float) -> None:
    """Fit `d`, music and titles to the picture: music and full-length titles stretch, others are clipped."""
    after = length(draft)
    if after:
        within("length", after)
    draft["d"] = after
    if not segments(draft, VIDEO):
        return
    for track in draft["t"]:
        if track.get("tt") == AUDIO:
            _fit(track, after, before, always=True)
        elif track.get("tt") == TEXT:
            _fit(track, after, before, always=False)
    drop_empty(draft, TEXT)


def _fit(track: dict[str, Any], after: float, before: float, *, always: bool) -> None:
    kept: list[Segment] = []
    at: float = 0
    held = track.get("sg", [])
    for i, segment in enumerate(held):
        begin = segment.get("m", {}).get("start", at)
        length_now = segment.get("d", 0)
        at = begin + length_now
        if begin >= after:
            continue
        last = i == len(held) - 1
        whole = begin == 0 and at >= before - 1
        if (always and last) or whole or at > after:
            segment["d"] = after - begin
            _clip_fades(segment)
        kept.append(segment)
    track["sg"] = kept


def _clip_fades(segment: Segment) -> None:
    half = int(segment["d"] // 2)
    for key in ("fade_in", "fade_out"):
        fade = segment.get("m", {}).get(key)
        if isinstance(fade, int | float) and fade > half:
            segment["m"][key] = half


def _new_track(draft: Draft, kind: int, letter: str) -> dict[str, Any]:
    track: dict[str, Any] = {"tt": kind, "m": {"id": fresh_id(draft, letter)}, "sg": []}
    later = [i for i, t in enumerate(draft["t"]) if t.get("tt", 0) > kind]
    draft["t"].insert(later[0] if later else len(draft["t"]), track)
    return track


def check_length(ms: float) -> int:
    """A length in whole ms inside 0.5 s and 10 minutes."""
    return round(within("length", min(ms, MAX_MS * 10)))
