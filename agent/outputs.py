"""What an export should be: format from destination, options, words or draft; size from options or words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from agent.errors import FormatUnsupported, UsageError
from agent.models import OutputSpec
from agent.timeline import meta, number, segments_of, tracks_of

# What the studio's renderer makes; a test holds the two lists together, for the agent runs without a studio.
STUDIO_FORMATS = ("mp4", "png", "webp", "gif", "jpg", "avif", "ico")
HOSTED_FORMATS = ("mp4",)
# The pictures platforms show, in pixels, then frames by name: both as (width, height).
PRESETS: Mapping[str, tuple[int, int]] = {
    **{name: (side, side) for name, side in (
        ("discord", 512), ("slack", 512), ("github", 500), ("x", 400), ("linkedin", 400), ("instagram", 320),
        ("facebook", 720), ("youtube", 800), ("tiktok", 200), ("whatsapp", 640), ("wechat", 640),
        ("telegram", 512), ("zoom", 400), ("google", 720),
    )},
    "vertical": (1080, 1920),
    "landscape": (1920, 1080),
}  # fmt: skip
_LINES = {"480p": 480, "720p": 720, "1080p": 1080, "1440p": 1440, "2k": 1440, "2160p": 2160, "4k": 2160}
_SMALLEST, _LARGEST = 16, 4096
_ALIASES = {"jpeg": "jpg", "tif": "tiff"}
_FORMAT_WORDS = re.compile(
    r"(?<![A-Za-z0-9.])(mp4|png|webp|gif|jpe?g|avif|ico|webm)(?![A-Za-z0-9])", re.IGNORECASE
)
_VIDEO_WORDS = re.compile(
    r"\b(?:videos?|movies?|clips?|films?)\b|视频|視頻|影片|短片|成片|片子", re.IGNORECASE
)
_PICTURE_WORDS = re.compile(
    r"\b(?:icons?|pictures?|images?|photos?|stills?|avatars?)\b|图标|圖標|图片|圖片|头像|頭像|照片",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Size:
    """A size as the user gave it: the shorter side alone, or both."""

    short: int = 0
    width: int = 0
    height: int = 0

    def resolve(self, draft: Mapping[str, Any], format: str) -> tuple[int | None, int | None]:
        """Width and height in pixels for this draft's proportions, even where a video asks for it."""
        width, height = self.width, self.height
        if self.short:
            canvas = canvas_of(draft)
            shorter = min(canvas)
            width, height = (round(self.short * side / shorter) for side in canvas)
        if not width or not height:
            return None, None
        if format == "mp4":
            width, height = width + width % 2, height + height % 2
        return width, height


def parse_size(text: str) -> Size | None:
    """`512`, `1080x1920`, `discord`, `1080p`; None for nothing. Raises UsageError."""
    said = text.strip().lower().removesuffix("px").strip()
    if not said:
        return None
    if said in PRESETS:
        return Size(width=PRESETS[said][0], height=PRESETS[said][1])
    if said in _LINES:
        return Size(short=_LINES[said])
    found = re.fullmatch(r"(\d{1,5})(?:\s*[x×*]\s*(\d{1,5}))?", said)
    sides = [int(side) for side in found.groups() if side] if found else []
    if not sides or not all(_SMALLEST <= side <= _LARGEST for side in sides):
        raise UsageError("size", size=text, presets=", ".join([*PRESETS, *_LINES]))
    return Size(short=sides[0]) if len(sides) == 1 else Size(width=sides[0], height=sides[1])


def canvas_of(draft: Mapping[str, Any]) -> tuple[int, int]:
    """A draft's frame in pixels, 1080×1080 where it tells none."""
    width, height = (number(meta(draft).get(key)) for key in ("width", "height"))
    return (round(width), round(height)) if width and height and min(width, height) >= 1 else (1080, 1080)


def suffix_format(destination: str) -> str:
    """The format a file name asks for, "" where it has no suffix."""
    return _known(PurePath(destination).suffix.removeprefix("."))


def wanted_format(destination: str, option: str, slot: str) -> str:
    """What was asked for, "" where nothing was: the destination's suffix, --format, the words.

    Raises UsageError where the suffix and --format contradict each other.
    """
    suffix, option, slot = suffix_format(destination), _known(option), _known(slot)
    if suffix and option and suffix != option:
        raise UsageError("format_conflict", path=destination, suffix=suffix, format=option)
    return suffix or option or slot


def check_format(format: str, formats: Iterable[str]) -> None:
    """Raise FormatUnsupported, naming the formats there are, when `format` is none of them."""
    if format and format not in formats:
        raise FormatUnsupported(format=format, formats=", ".join(formats))


def fitting_format(draft: Mapping[str, Any], words: str, formats: tuple[str, ...]) -> str:
    """The format for an export that names none: what the words speak of, else what the draft holds.

    A single still avatar without music or titles becomes a picture, everything else a video.
    """
    if "png" not in formats:
        return formats[0]
    named = _FORMAT_WORDS.search(words)
    if named and (format := _known(named.group(1))) in formats:
        return format
    if _VIDEO_WORDS.search(words):
        return "mp4"
    if _PICTURE_WORDS.search(words):
        return "png"
    tracks = [track for track in tracks_of(draft) if segments_of(track)]
    segments = [segment for track in tracks for segment in segments_of(track)]
    alone = len(segments) == 1 and tracks[0].get("tt") == 0
    kind = meta(segments[0]).get("kind") if segments else ""
    return "png" if alone and kind in ("avatar", "illustration") else "mp4"


def output_spec(format: str, size: Size | None, draft: Mapping[str, Any]) -> OutputSpec:
    width, height = size.resolve(draft, format) if size else (None, None)
    return OutputSpec(format=format, width=width, height=height)


def _known(format: str) -> str:
    said = format.strip().lower().removeprefix(".")
    return _ALIASES.get(said, said)
