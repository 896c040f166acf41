"""Says what an uploaded file is, from its bytes alone: kind, size, length; its name is never trusted.

Meant for a child process with limits: decoders of hostile files may do anything.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

MAX_PIXELS = 100_000_000
MAX_VIDEO_SIDE = 8192
MAX_FPS = 480.0
MAX_SECONDS = 12 * 3600.0
_HEAD = 4096

FileType = Literal["image", "video", "audio"]
Kind = Literal["unsupported", "corrupt", "too_large"]

_IMAGES = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "GIF": "image/gif",
    "WEBP": "image/webp",
}
# What each container is opened as. Naming it keeps FFmpeg from guessing a playlist, which points elsewhere.
_CONTAINERS = {
    "mov": ("video/mp4", "audio/mp4"),
    "matroska": ("video/webm", "audio/webm"),
    "avi": ("video/x-msvideo", ""),
    "wav": ("", "audio/wav"),
    "mp3": ("", "audio/mpeg"),
    "aac": ("", "audio/aac"),
}


class ProbeError(ValueError):
    """A file that is not taken; `kind` is "unsupported", "corrupt" or "too_large"."""

    def __init__(self, kind: Kind, message: str) -> None:
        super().__init__(message)
        self.kind: Kind = kind


@dataclass(frozen=True, slots=True)
class Probe:
    """What a file holds: sides in pixels (upright), duration in seconds, frames per second; 0: has none."""

    file_type: FileType
    media_type: str
    width: int = 0
    height: int = 0
    duration: float = 0.0
    fps: float = 0.0


def probe(path: Path) -> Probe:
    """Read a file's kind and measures; raises ProbeError, and OSError when it cannot be opened."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if not head:
        raise ProbeError("corrupt", "the file is empty")
    container = sniff(head)
    if container:
        return _media(path, container)
    return _image(path)


def sniff(head: bytes) -> str:
    """FFmpeg's name of the audio or video container that begins with these bytes; empty for all else."""
    if (
        head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
        and head[8:12] not in _STILL
    ):
        return "mov"
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "matroska"
    if head.startswith(b"RIFF"):
        return {b"AVI ": "avi", b"WAVE": "wav"}.get(head[8:12], "")
    if head.startswith(b"ID3"):
        return "mp3"
    if len(head) > 2 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0:
        return "aac"
    if (
        len(head) > 2
        and head[0] == 0xFF
        and head[1] & 0xE0 == 0xE0
        and head[1] & 0x06
        and head[2] >> 4 != 0xF
    ):
        return "mp3"
    return ""


# ISO files that are pictures, not videos.
_STILL = frozenset({b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif", b"avis"})


def _image(path: Path) -> Probe:
    from PIL import Image, ImageOps, UnidentifiedImageError

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of what is checked here, and of odd EXIF
        try:
            image = Image.open(path, formats=tuple(_IMAGES))
        except UnidentifiedImageError as error:
            raise ProbeError(
                "unsupported", "the file is no picture, video or sound of a known kind"
            ) from error
        except Image.DecompressionBombError as error:
            raise ProbeError("too_large", "the picture has too many pixels") from error
        except Exception as error:
            raise ProbeError("corrupt", "the picture's header is broken") from error
        with image:
            width, height = image.size
            if width * height > MAX_PIXELS:
                limit = MAX_PIXELS // 1_000_000
                raise ProbeError("too_large", f"{width}×{height} pixels are more than {limit} million")
            media_type = _IMAGES.get(image.format or "", "image/jpeg")  # a JPEG may turn out to be an MPO
            try:
                image.draft("RGB", (64, 64))  # a JPEG is then read whole, but at an eighth of its size
                image.load()
                turned = image.getexif().get(0x0112, 1) in (5, 6, 7, 8)
                ImageOps.exif_transpose(image.resize((8, 8)))
            except Exception as error:
                raise ProbeError("corrupt", "the picture is cut short or damaged") from error
    return Probe("image", media_type, *((height, width) if turned else (width, height)))


def _media(path: Path, name: str) -> Probe:
    import av

    try:
        with av.open(str(path), format=name, options={"protocol_whitelist": "file"}, timeout=20) as container:
            return _streams(container, name)
    except ProbeError:
        raise
    except Exception as error:
        raise ProbeError("corrupt", "the file is damaged or not what its first bytes say") from error


def _streams(container: Any, name: str) -> Probe:
    videos = [stream for stream in container.streams.video if not _is_cover(stream)]
    duration = _seconds(container)
    video_type, audio_type = _CONTAINERS[name]
    if not videos:
        if not container.streams.audio:
            raise ProbeError("unsupported", "the file holds neither picture nor sound")
        _first_frame(container, container.streams.audio[0])
        return Probe("audio", audio_type or "audio/mp4", duration=duration)
    stream = videos[0]
    if max(stream.width, stream.height) > MAX_VIDEO_SIDE:
        raise ProbeError(
            "too_large", f"a video of {stream.width}×{stream.height} is over {MAX_VIDEO_SIDE} pixels wide"
        )
    if not stream.width or not stream.height:
        raise ProbeError("corrupt", "the video's size is unknown")
    fps = float(stream.average_rate or stream.guessed_rate or 0)
    if fps > MAX_FPS:
        raise ProbeError("too_large", f"{fps:g} frames per second are more than {MAX_FPS:g}")
    turned = abs(_first_frame(container, stream).rotation) % 180 == 90
    sides = (stream.height, stream.width) if turned else (stream.width, stream.height)
    return Probe("video", video_type or "video/mp4", *sides, duration=duration, fps=round(fps, 3))


def _first_frame(container: Any, stream: Any) -> Any:
    """Decode one frame, as proof that the stream is what it says."""
    for frame in container.decode(stream):
        return frame
    raise ProbeError("corrupt", "no frame of it can be decoded")


def _seconds(container: Any) -> float:
    found = container.duration / 1_000_000 if container.duration else 0.0
    if not found:
        ends = [float(s.duration * s.time_base) for s in container.streams if s.duration and s.time_base]
        found = max(ends, default=0.0)
    if not math.isfinite(found) or found < 0:
        raise ProbeError("corrupt", "its length makes no sense")
    if found > MAX_SECONDS:
        raise ProbeError("too_large", f"{found / 3600:.0f} hours are longer than {MAX_SECONDS / 3600:.0f}")
    return round(found, 3)


def _is_cover(stream: Any) -> bool:
    """Whether a video stream is only a sound file's cover picture."""
    return "attached_pic" in str(getattr(stream, "disposition", "")).lower()
