"""A draft as one readable line and as tracks; the form is fixed by the contract, whatever the language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from agent.clean import clean
from agent.events import Timeline

TYPES: Mapping[int, str] = {0: "Video", 1: "BGM", 7: "Title"}
UNTITLED = "untitled"
_MAX_NAME = 80
_REFERENCES = ("asset", "hash", "url", "src", "id", "video_id")


def summarise(draft: Mapping[str, Any], video_infos: Sequence[Mapping[str, Any]] = ()) -> Timeline:
    """The timeline event of a draft; `video_infos` name segments that carry no name of their own."""
    tracks, seen = [], dict.fromkeys(("audio", "picture"), 0)
    for place, track in enumerate(tracks_of(draft), start=1):
        kind = "audio" if track.get("tt") == 1 else "picture"
        files = [
            info for info in _objects(video_infos) if (info.get("file_type") == "audio") == (kind == "audio")
        ]
        tracks.append(_track(place, track, files, seen[kind]))
        if type_name(track) in ("Video", "BGM"):
            seen[kind] += len(segments_of(track))
    head = f"Timeline ({len(tracks)} tracks)"
    if not tracks:
        return Timeline(head, ())
    body = " ".join(f"{row['number']}. {row['type']}: {row.pop('said')}" for row in tracks)
    return Timeline(f"{head}: {body}", tuple(tracks))


def exportable(draft: Mapping[str, Any]) -> bool:
    """Whether at least one track holds a segment."""
    return any(segments_of(track) for track in tracks_of(draft))


def reduced(draft: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One draft for each segment of the video tracks, which holds that segment alone."""
    parts = []
    for track in tracks_of(draft):
        if track.get("tt") != 0:
            continue
        for segment in segments_of(track):
            alone = {**segment, "m": {**meta(segment), "start": 0}}
            parts.append({**draft, "d": segment.get("d", 0), "t": [{**track, "sg": [alone]}]})
    return parts


def tracks_of(draft: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return _objects(draft.get("t")) if isinstance(draft, Mapping) else []


def segments_of(track: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return _objects(track.get("sg"))


def meta(thing: Mapping[str, Any]) -> Mapping[str, Any]:
    """The `m` of a draft, track or segment; empty where it is absent or no object."""
    found = thing.get("m")
    return found if isinstance(found, Mapping) else {}


def type_name(track: Mapping[str, Any]) -> str:
    kind = track.get("tt")
    return TYPES.get(kind, "Other") if isinstance(kind, int) and not isinstance(kind, bool) else "Other"


def name_of(
    segment: Mapping[str, Any], video_infos: Sequence[Mapping[str, Any]] = (), position: int = -1
) -> str:
    """What a segment is called: its own name, title or text, else its file's name, else "untitled".

    A segment that refers to no file is taken for the file at `position` of `video_infos`, if given.
    """
    own, infos = meta(segment), _objects(video_infos)
    for key in ("name", "title", "text"):
        if isinstance(own.get(key), str) and (said := _short(own[key])):
            return said
    refers = any(own.get(key) for key in _REFERENCES)
    found = next((info for info in infos if _same_file(own, info)), None)
    if found is None and not refers and 0 <= position < len(infos):
        found = infos[position]
    name = found.get("filename") if found else None
    return (_short(name) if isinstance(name, str) else "") or UNTITLED


def spans(track: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], float, float]]:
    """Each segment with its start and end in ms; without `m.start` segments follow each other."""
    at = 0.0
    for segment in segments_of(track):
        start = number(meta(segment).get("start"))
        begin = at if start is None else start
        at = begin + max(number(segment.get("d")) or 0.0, 0.0)
        yield segment, begin, at


def seconds(ms: float) -> str:
    """Seconds with at most one decimal: "10", "2.5"."""
    return f"{round(ms / 1000, 1):g}" if abs(ms) < 1e12 else "0"


def number(value: object) -> float | None:
    """A finite number, else None (a draft from outside may hold anything)."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < 1e15 else None


def _track(
    place: int, track: Mapping[str, Any], files: list[Mapping[str, Any]], first: int
) -> dict[str, Any]:
    kind, placed = type_name(track), list(spans(track))
    if kind not in ("Video", "BGM"):
        files = []
    names = [name_of(segment, files, first + i) for i, (segment, _, _) in enumerate(placed)]
    said = " + ".join(
        f"{_quoted(name, kind)} ({seconds(begin)}-{seconds(end)}s{_volume(segment)})"
        for name, (segment, begin, end) in zip(names, placed, strict=True)
    )
    return {
        "number": place,
        "type": kind,
        "name": " + ".join(names) or UNTITLED,
        "start": round(placed[0][1] / 1000, 1) if placed else 0.0,
        "end": round(max(end for _, _, end in placed) / 1000, 1) if placed else 0.0,
        "said": said or f"{UNTITLED} (0-0s)",
    }


def _quoted(name: str, kind: str) -> str:
    return f'"{name}"' if kind == "Title" and name != UNTITLED else name


def _volume(segment: Mapping[str, Any]) -> str:
    volume = number(meta(segment).get("volume"))
    return "" if volume is None else f", {round(volume * 100)}%"


def _same_file(own: Mapping[str, Any], info: Mapping[str, Any]) -> bool:
    """Whether a segment's asset is this file, by hash, URL or id, as far as either is told."""
    wanted = {str(own[key]) for key in _REFERENCES if own.get(key)}
    offered = {
        str(info[key]) for key in ("hash", "asset", "cdn_url", "url", "id", "video_id") if info.get(key)
    }
    return bool(wanted & offered)


def _short(text: str) -> str:
    said = " ".join(clean(text).split())
    return said if len(said) <= _MAX_NAME else said[: _MAX_NAME - 1] + "…"


def _objects(value: object) -> list[Mapping[str, Any]]:
    if not isinstance(value, list | tuple):
        return []
    return [item for item in value if isinstance(item, Mapping)]
