"""The draft: what a timeline is, an empty one, and the check every draft from outside passes.

The five short keys (`t`, `tt`, `sg`, `d`, `m`) are the hosted service's; the studio's own all lie under `m`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Draft = dict[str, Any]

VIDEO, AUDIO, TEXT = 0, 1, 7
MAX_MS = 600_000
MIN_PX, MAX_PX = 16, 4096
MAX_SEGMENTS = 200
MAX_TRACKS = 50
MAX_TITLE = 200
MAX_FACE = 1000

SHAPES = ("circle", "rounded", "square", "squircle", "hexagon", "heart", "star")
STYLES = (
    "none",
    "toon",
    "painting",
    "sketch",
    "ink",
    "pop",
    "duotone",
    "halftone",
    "pixel",
    "mono",
    "vintage",
)
MOTIONS = ("none", "zoom-in", "zoom-out", "pan-left", "pan-right", "float", "pulse")
POSITIONS = ("top", "center", "bottom", "top-left", "top-right", "bottom-left", "bottom-right")
KINDS = ("avatar", "illustration", "photo", "clip")
BACKGROUNDS = ("transparent", "color", "gradient", "blur", "original", "image", "auto")
ADJUSTMENTS = ("brightness", "contrast", "saturation", "warmth", "sharpness")

Check = Callable[[str, Any], None]
_COLOR = re.compile(r"#[0-9a-fA-F]{6}")


class DraftError(ValueError):
    """A draft that cannot be used; `path` says where in the JSON, `value` what stood there."""

    def __init__(self, path: str, value: object, reason: str) -> None:
        super().__init__(f"{path}: {reason}, got {_short(value)}")
        self.path = path
        self.value = value
        self.reason = reason


def empty_draft() -> Draft:
    """A new session's draft: nothing on it, a square canvas."""
    meta = {"title": "project", "width": 1080, "height": 1080, "fps": 30, "ratio": "1:1", "version": 1}
    return {"d": 0, "m": meta, "t": []}


def exportable(draft: Mapping[str, Any]) -> bool:
    """Whether at least one track holds a segment."""
    tracks = draft.get("t")
    return isinstance(tracks, list) and any(isinstance(t, dict) and bool(t.get("sg")) for t in tracks)


def validate(draft: object) -> None:
    """Raise DraftError at the first thing that cannot be right; unknown keys pass."""
    if not isinstance(draft, dict):
        raise DraftError("$", draft, "a draft is an object")
    _number(0, MAX_MS)("d", draft.get("d", 0))
    _fields("m", draft.get("m", {}), _CANVAS)
    tracks = draft.get("t", [])
    if not isinstance(tracks, list):
        raise DraftError("t", tracks, "tracks are a list")
    if len(tracks) > MAX_TRACKS:
        raise DraftError("t", len(tracks), f"at most {MAX_TRACKS} tracks")
    total = 0
    for i, track in enumerate(tracks):
        total += _track(f"t[{i}]", track)
        if total > MAX_SEGMENTS:
            raise DraftError(f"t[{i}].sg", total, f"at most {MAX_SEGMENTS} segments")


def _track(path: str, track: object) -> int:
    if not isinstance(track, dict):
        raise DraftError(path, track, "a track is an object")
    kind = track.get("tt")
    if not isinstance(kind, int) or isinstance(kind, bool):
        raise DraftError(f"{path}.tt", kind, "a track type is a whole number")
    if not isinstance(track.get("m", {}), dict):
        raise DraftError(f"{path}.m", track["m"], "metadata is an object")
    segments = track.get("sg", [])
    if not isinstance(segments, list):
        raise DraftError(f"{path}.sg", segments, "segments are a list")
    at: float = 0
    for i, segment in enumerate(segments):
        at = _segment(f"{path}.sg[{i}]", segment, _BY_TYPE.get(kind, _ANY_SEGMENT), at)
    return len(segments)


def _segment(path: str, segment: object, fields: Mapping[str, Check], at: float) -> float:
    if not isinstance(segment, dict):
        raise DraftError(path, segment, "a segment is an object")
    _number(0, MAX_MS)(f"{path}.d", segment.get("d", 0))
    meta = segment.get("m", {})
    _fields(f"{path}.m", meta, fields)
    end: float = meta.get("start", at) + segment.get("d", 0)
    if end > MAX_MS:
        raise DraftError(path, end, f"ends after {MAX_MS} ms")
    return end


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."


def _fields(path: str, value: object, fields: Mapping[str, Check]) -> None:
    if not isinstance(value, dict):
        raise DraftError(path, value, "an object is needed")
    for key, check in fields.items():
        if key in value:
            check(f"{path}.{key}", value[key])


def _number(low: float, high: float) -> Check:
    def check(path: str, value: Any) -> None:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise DraftError(path, value, "a number is needed")
        if not low <= value <= high:
            raise DraftError(path, value, f"must be between {low:g} and {high:g}")

    return check


def _whole(low: int, high: int) -> Check:
    def check(path: str, value: Any) -> None:
        if isinstance(value, bool) or not isinstance(value, int):
            raise DraftError(path, value, "a whole number is needed")
        _number(low, high)(path, value)

    return check


def _text(limit: int = 2000) -> Check:
    def check(path: str, value: Any) -> None:
        if not isinstance(value, str):
            raise DraftError(path, value, "text is needed")
        if len(value) > limit:
            raise DraftError(path, value, f"at most {limit} characters")

    return check


def _one_of(choices: Sequence[str]) -> Check:
    def check(path: str, value: Any) -> None:
        if not isinstance(value, str) or value not in choices:
            raise DraftError(path, value, "must be one of " + ", ".join(choices))

    return check


def _object(fields: Mapping[str, Check]) -> Check:
    return lambda path, value: _fields(path, value, fields)


def _maybe(check: Check) -> Check:
    return lambda path, value: None if value is None else check(path, value)


def _flag(path: str, value: Any) -> None:
    if not isinstance(value, bool):
        raise DraftError(path, value, "true or false is needed")


def _color(path: str, value: Any) -> None:
    if not isinstance(value, str) or not _COLOR.fullmatch(value):
        raise DraftError(path, value, "a colour is written #rrggbb")


def _colors(path: str, value: Any) -> None:
    if not isinstance(value, list) or not 2 <= len(value) <= 8:
        raise DraftError(path, value, "two to eight colours are needed")
    for i, color in enumerate(value):
        _color(f"{path}[{i}]", color)


_MS = _number(0, MAX_MS)
_UNIT = _number(0, 1)
_CANVAS: Mapping[str, Check] = {
    "title": _text(),
    "width": _whole(MIN_PX, MAX_PX),
    "height": _whole(MIN_PX, MAX_PX),
    "fps": _number(1, 120),
    "ratio": _text(20),
    "version": _whole(0, 2**53),
}
_BACKGROUND: Mapping[str, Check] = {
    "kind": _one_of(BACKGROUNDS),
    "color": _color,
    "colors": _colors,
    "amount": _UNIT,
    "asset": _text(),
    "name": _text(),
}
_AVATAR: Mapping[str, Check] = {
    "shape": _one_of(SHAPES),
    "zoom": _number(0.5, 3),
    "offset": _object({"x": _number(-0.5, 0.5), "y": _number(-0.5, 0.5)}),
    "face": _maybe(_whole(-1, MAX_FACE)),
    "background": _maybe(_object(_BACKGROUND)),
    "ring": _maybe(_object({"color": _color, "colors": _colors, "width": _number(0, 0.15)})),
    "shadow": _flag,
    "style": _one_of(STYLES),
    "strength": _UNIT,
}
_ILLUSTRATION: Mapping[str, Check] = {
    "style": _text(60),
    "seed": _text(),
    "text": _text(60),
    "traits": _object({}),
}
_ANY_SEGMENT: Mapping[str, Check] = {"start": _MS, "name": _text()}
_VIDEO: Mapping[str, Check] = {
    **_ANY_SEGMENT,
    "kind": _one_of(KINDS),
    "asset": _text(),
    "avatar": _object(_AVATAR),
    "illustration": _object(_ILLUSTRATION),
    "style": _one_of(STYLES),
    "strength": _UNIT,
    "adjust": _object({"auto": _flag, **dict.fromkeys(ADJUSTMENTS, _number(-1, 1))}),
    "motion": _one_of(MOTIONS),
    "transition": _maybe(_object({"kind": _text(40), "d": _MS})),
    "source": _object({"start": _number(0, 86_400_000), "end": _number(0, 86_400_000)}),
    "speed": _number(0.25, 4),
}
_AUDIO: Mapping[str, Check] = {
    **_ANY_SEGMENT,
    "asset": _text(),
    "volume": _UNIT,
    "fade_in": _MS,
    "fade_out": _MS,
}
_TITLE: Mapping[str, Check] = {
    **_ANY_SEGMENT,
    "text": _text(MAX_TITLE),
    "position": _one_of(POSITIONS),
    "size": _number(0.02, 0.3),
    "color": _color,
    "fade_in": _MS,
    "fade_out": _MS,
}
_BY_TYPE: Mapping[int, Mapping[str, Check]] = {VIDEO: _VIDEO, AUDIO: _AUDIO, TEXT: _TITLE}
