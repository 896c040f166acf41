"""What a caller asks the renderer for and what it gets back; free of heavy imports, for the web server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

FORMATS = ("mp4", "png", "webp", "gif", "jpg", "avif", "ico")
MIN_SIDE, MAX_SIDE = 16, 4096
MAX_FPS = 60
MAX_LENGTH_MS = 600_000
_ALIASES = {"jpeg": "jpg"}


@dataclass(frozen=True, slots=True)
class Output:
    """A format, and where the draft's own are not wanted: size in pixels, frames per second, moment in ms."""

    format: str = "mp4"
    width: int | None = None
    height: int | None = None
    fps: float | None = None
    at: int | None = None

    @classmethod
    def from_json(cls, value: Mapping[str, object]) -> Output:
        """Read a render request's `output`; unknown keys are ignored, wrong values raise ValueError."""
        name = value.get("format", "mp4")
        if not isinstance(name, str):
            raise ValueError(f"output.format: {name!r} is not a text")
        name = _ALIASES.get(name.strip().lower().lstrip("."), name.strip().lower().lstrip("."))
        if name not in FORMATS:
            raise ValueError(f"output.format: {name[:40]!r} is none of {', '.join(FORMATS)}")
        return cls(
            format=name,
            width=_whole(value, "width", MIN_SIDE, MAX_SIDE),
            height=_whole(value, "height", MIN_SIDE, MAX_SIDE),
            fps=_number(value, "fps", 1, MAX_FPS),
            at=_whole(value, "at", 0, MAX_LENGTH_MS),
        )


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished file: its format, size in pixels, duration in seconds (0 for a still) and size in bytes."""

    format: str
    width: int
    height: int
    duration: float
    bytes: int


def _number(value: Mapping[str, object], key: str, low: float, high: float) -> float | None:
    found = value.get(key)
    if found is None:
        return None
    if isinstance(found, bool) or not isinstance(found, int | float) or not low <= found <= high:
        raise ValueError(f"output.{key}: {found!r} is no number from {low:g} to {high:g}")
    return float(found)


def _whole(value: Mapping[str, object], key: str, low: int, high: int) -> int | None:
    found = _number(value, key, low, high)
    if found is None:
        return None
    if found != int(found):
        raise ValueError(f"output.{key}: {found!r} is no whole number")
    return int(found)
