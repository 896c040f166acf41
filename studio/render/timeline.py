"""A draft as the renderer sees it: what is shown and heard when, typed and checked; hosted ones too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from studio.render import fields
from studio.render.errors import RenderError
from studio.render.motion import KINDS as MOTIONS
from studio.render.motion import moves
from studio.render.output import MAX_FPS, MAX_LENGTH_MS, MAX_SIDE, MIN_SIDE, Output

SHOT_KINDS = ("avatar", "illustration", "photo", "clip")
POSITIONS = ("top", "center", "bottom", "top-left", "top-right", "bottom-left", "bottom-right")
MAX_TRACKS, MAX_SEGMENTS, MAX_TITLE = 50, 200, 200
_VIDEO, _AUDIO, _TEXT = 0, 1, 7


@dataclass(frozen=True, slots=True)
class Shot:
    """A segment of a video track; times in ms. `tail` is how long it stays below the next one's crossfade."""

    path: str
    kind: str
    start: float
    length: float
    asset: str
    meta: Mapping[str, Any] = field(repr=False)
    motion: str = "none"
    crossfade: float = 0.0
    tail: float = 0.0
    source_start: float = 0.0
    speed: float = 1.0
    volume: float = 1.0

    @property
    def still(self) -> bool:
        """Whether it looks the same from its first frame to its last."""
        return self.kind != "clip" and not moves(self.motion)

    @property
    def end(self) -> float:
        """Where it stops, its tail not counted."""
        return self.start + self.length


@dataclass(frozen=True, slots=True)
class Title:
    """A text over the picture; times in ms, size as a fraction of the canvas' shorter side."""

    path: str
    start: float
    length: float
    text: str
    position: str
    size: float
    colour: fields.Colour
    fade_in: float
    fade_out: float

    def opacity(self, ms: float) -> float:
        """How much of the title shows at a moment, 0…1, its fades included."""
        into, left = ms - self.start, self.start + self.length - ms
        if into < 0 or left <= 0:
            return 0.0
        rise = into / self.fade_in if self.fade_in else 1.0
        fall = left / self.fade_out if self.fade_out else 1.0
        return min(rise, fall, 1.0)


@dataclass(frozen=True, slots=True)
class Sound:
    """A segment of an audio track; times in ms, volume 0…1."""

    path: str
    start: float
    length: float
    asset: str
    volume: float
    fade_in: float
    fade_out: float
    source_start: float = 0.0


@dataclass(frozen=True, slots=True)
class Timeline:
    """The whole draft: canvas in pixels, frames per second, length in ms."""

    width: int
    height: int
    fps: Fraction
    length: float
    shots: tuple[Shot, ...]
    sounds: tuple[Sound, ...]
    titles: tuple[Title, ...]

    @property
    def frames(self) -> int:
        """How many frames the video has at its rate."""
        return max(1, round(self.length * self.fps / 1000))

    @property
    def seconds(self) -> float:
        """The length in seconds, on the frame grid."""
        return float(self.frames / self.fps)


def read(draft: Mapping[str, Any], output: Output | None = None) -> Timeline:
    """Check a draft and lay its segments out in time; the output's own size and rate come first."""
    draft = fields.mapping(draft, "draft")
    meta = fields.mapping(draft.get("m"), "m")
    shots: list[Shot] = []
    sounds: list[Sound] = []
    titles: list[Title] = []
    count = 0
    for index, raw in enumerate(fields.sequence(draft.get("t"), "t", MAX_TRACKS)):
        track = fields.mapping(raw, f"t[{index}]")
        kind = track.get("tt")
        if kind not in (_VIDEO, _AUDIO, _TEXT) or isinstance(kind, bool):
            continue
        segments = list(_segments(track, f"t[{index}]"))
        count += len(segments)
        if count > MAX_SEGMENTS:
            raise RenderError(f"more than {MAX_SEGMENTS} segments", path="t")
        if kind == _VIDEO:
            shots += _shots(segments)
        elif kind == _AUDIO:
            sounds += [_sound(*segment) for segment in segments]
        else:
            titles += [title for title in (_title(*segment) for segment in segments) if title.text.strip()]
    width, height = _canvas(meta, output)
    rate = output.fps if output and output.fps else fields.number(meta, "fps", "m", 30, 1, MAX_FPS)
    everything: list[Shot | Sound | Title] = [*shots, *sounds, *titles]
    ends = [item.start + item.length for item in everything]
    if not ends:
        raise RenderError("there is nothing on the timeline yet: no track has a segment", path="t")
    length = fields.number(draft, "d", "draft", 0, 0, MAX_LENGTH_MS) or max(ends)
    if length > MAX_LENGTH_MS:
        raise RenderError(f"{length:g} ms is longer than {MAX_LENGTH_MS}", path="d")
    return Timeline(
        width,
        height,
        Fraction(rate).limit_denominator(1001),
        length,
        tuple(shots),
        tuple(sounds),
        tuple(titles),
    )


_Segment = tuple[str, float, float, Mapping[str, Any]]


def _segments(track: Mapping[str, Any], path: str) -> Iterator[_Segment]:
    """Each segment's path, start, length and `m`; those without a start follow one another."""
    cursor = 0.0
    for index, raw in enumerate(fields.sequence(track.get("sg"), f"{path}.sg", MAX_SEGMENTS)):
        here = f"{path}.sg[{index}]"
        segment = fields.mapping(raw, here)
        meta = fields.mapping(segment.get("m"), f"{here}.m")
        length = fields.number(segment, "d", here, 0, 0, MAX_LENGTH_MS)
        start = fields.number(meta, "start", f"{here}.m", cursor, 0, MAX_LENGTH_MS)
        cursor = start + length
        if length:
            yield here, start, length, meta


def _shots(segments: list[_Segment]) -> list[Shot]:
    ordered = sorted(segments, key=lambda segment: segment[1])
    fades = [
        _crossfade(*segment, ordered[index - 1] if index else None) for index, segment in enumerate(ordered)
    ]
    shots = []
    for index, (path, start, length, meta) in enumerate(ordered):
        here = f"{path}.m"
        kind = fields.text(meta, "kind", here, "photo")
        if kind not in SHOT_KINDS:
            raise RenderError(f"{kind!r} is none of {', '.join(SHOT_KINDS)}", path=f"{here}.kind")
        motion = fields.text(meta, "motion", here, "none")
        if motion not in MOTIONS:
            raise RenderError(f"{motion!r} is none of {', '.join(MOTIONS)}", path=f"{here}.motion")
        source = fields.mapping(meta.get("source"), f"{here}.source")
        shots.append(
            Shot(
                path, kind, start, length, fields.text(meta, "asset", here), meta, motion,
                crossfade=fades[index],
                tail=fades[index + 1] if index + 1 < len(ordered) else 0.0,
                source_start=fields.number(source, "start", f"{here}.source", 0, 0, 100 * MAX_LENGTH_MS),
                speed=fields.number(meta, "speed", here, 1.0, 0.25, 4.0),
                volume=fields.number(meta, "volume", here, 1.0, 0.0, 1.0),
            )
        )  # fmt: skip
    return shots


def _crossfade(
    path: str, start: float, length: float, meta: Mapping[str, Any], before: _Segment | None
) -> float:
    here = f"{path}.m.transition"
    transition = fields.mapping(meta.get("transition"), here)
    wanted = fields.number(transition, "d", here, 500, 0, MAX_LENGTH_MS)
    if transition.get("kind") != "crossfade" or before is None or before[1] + before[2] < start - 1:
        return 0.0
    return min(wanted, length / 2, before[2] / 2)


def _sound(path: str, start: float, length: float, meta: Mapping[str, Any]) -> Sound:
    here = f"{path}.m"
    source = fields.mapping(meta.get("source"), f"{here}.source")
    return Sound(
        path, start, length,
        asset=fields.text(meta, "asset", here),
        volume=fields.number(meta, "volume", here, 1.0, 0.0, 1.0),
        fade_in=min(fields.number(meta, "fade_in", here, 0, 0, MAX_LENGTH_MS), length / 2),
        fade_out=min(fields.number(meta, "fade_out", here, 0, 0, MAX_LENGTH_MS), length / 2),
        source_start=fields.number(source, "start", f"{here}.source", 0, 0, 100 * MAX_LENGTH_MS),
    )  # fmt: skip


def _title(path: str, start: float, length: float, meta: Mapping[str, Any]) -> Title:
    here = f"{path}.m"
    position = fields.text(meta, "position", here, "bottom")
    if position not in POSITIONS:
        raise RenderError(f"{position!r} is none of {', '.join(POSITIONS)}", path=f"{here}.position")
    return Title(
        path, start, length,
        text=fields.text(meta, "text", here, most=MAX_TITLE),
        position=position,
        size=fields.number(meta, "size", here, 0.07, 0.01, 0.5),
        colour=fields.colour(meta.get("color") or "#ffffff", f"{here}.color"),
        fade_in=min(fields.number(meta, "fade_in", here, 0, 0, MAX_LENGTH_MS), length / 2),
        fade_out=min(fields.number(meta, "fade_out", here, 0, 0, MAX_LENGTH_MS), length / 2),
    )  # fmt: skip


def _canvas(meta: Mapping[str, Any], output: Output | None) -> tuple[int, int]:
    width = round(fields.number(meta, "width", "m", 1080, MIN_SIDE, MAX_SIDE))
    height = round(fields.number(meta, "height", "m", 1080, MIN_SIDE, MAX_SIDE))
    if output is None or (output.width is None and output.height is None):
        return width, height
    if output.width is not None and output.height is not None:
        return output.width, output.height
    scale = output.width / width if output.width is not None else (output.height or height) / height
    sides = [min(max(round(side * scale), MIN_SIDE), MAX_SIDE) for side in (width, height)]
    return output.width or sides[0], output.height or sides[1]
