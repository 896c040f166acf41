"""Drafts, photos, clips and sounds for the renderer's tests, made on the spot."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image

PORTRAIT = Path(__file__).parents[3] / "studio" / "samples" / "portrait.png"
RATE = 48_000
U8 = NDArray[np.uint8]
F32 = NDArray[np.float32]

AVATAR = {
    "shape": "circle",
    "zoom": 1.0,
    "background": {"kind": "gradient", "colors": ["#4f7bff", "#8a4fff"]},
    "ring": {"color": "#ffffff", "width": 0.03},
    "shadow": True,
    "style": "none",
}


def segment(ms: float, kind: str = "photo", asset: str = "photo", **meta: object) -> dict[str, Any]:
    """A segment of a video track."""
    extra = {"avatar": AVATAR} if kind == "avatar" else {}
    return {"d": ms, "m": {"kind": kind, "asset": asset, **extra, **meta}}


def title(ms: float, text: str, **meta: object) -> dict[str, Any]:
    """A track with one title."""
    return {"tt": 7, "sg": [{"d": ms, "m": {"start": 0, "text": text, **meta}}]}


def music(ms: float, asset: str = "music:upbeat", **meta: object) -> dict[str, Any]:
    """A track with one piece of sound."""
    return {"tt": 1, "sg": [{"d": ms, "m": {"start": 0, "asset": asset, **meta}}]}


def draft(
    *segments: dict[str, Any], tracks: tuple[dict[str, Any], ...] = (), **meta: object
) -> dict[str, Any]:
    """A draft of one video track and others, on a small square canvas unless said."""
    length = sum(piece["d"] for piece in segments) or max(s["d"] for track in tracks for s in track["sg"])
    video = [{"tt": 0, "sg": list(segments)}] if segments else []
    return {"d": length, "m": {"width": 96, "height": 96, "fps": 30, **meta}, "t": [*video, *tracks]}


def assets(**files: Path) -> Callable[[str], Path]:
    """The look-up from an asset's name to its file."""
    return files.__getitem__


def save_photo(path: Path, width: int = 160, height: int = 120, seed: int = 1) -> Path:
    """A smooth, colourful picture with a little texture, as PNG."""
    random = np.random.default_rng(seed)
    small = random.integers(0, 256, (6, 8, 3), dtype=np.uint8)
    Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC).save(path)
    return path


def save_clip(
    path: Path, *, seconds: float = 1.0, fps: int = 20, width: int = 64, height: int = 48, tone: float = 0.0
) -> Path:
    """A clip whose grey level is its time (0 … 255 at `seconds`); `tone`: a sine of that many hertz."""
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=fps)
        video.width, video.height, video.pix_fmt = width, height, "yuv420p"
        video.options = {"crf": "4"}
        audio = container.add_stream("aac", rate=RATE, layout="stereo") if tone else None
        count = round(seconds * fps)
        for index in range(count):
            grey = np.full((height, width, 3), round(255 * index / max(1, count - 1)), np.uint8)
            container.mux(video.encode(av.VideoFrame.from_ndarray(grey, "rgb24")))
        container.mux(video.encode(None))
        if audio is not None:
            for first in range(0, round(seconds * RATE), 1024):
                t = (np.arange(1024) + first) / RATE
                wave = (0.4 * np.sin(2 * np.pi * tone * t)).astype(np.float32)
                frame = av.AudioFrame.from_ndarray(np.stack([wave, wave]), "fltp", "stereo")
                frame.sample_rate, frame.pts, frame.time_base = RATE, first, Fraction(1, RATE)
                container.mux(audio.encode(frame))
            container.mux(audio.encode(None))
    return path


def save_sound(path: Path, samples: F32) -> Path:
    """n×2 float32 at 48 kHz as a WAV file."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=RATE, layout="stereo")
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(np.rint(samples * 32767).astype(np.int16).reshape(1, -1)), "s16", "stereo"
        )
        frame.sample_rate = RATE
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def sine(hertz: float, seconds: float, level: float = 0.5) -> F32:
    """A stereo sine tone."""
    t = np.arange(round(seconds * RATE)) / RATE
    wave = (level * np.sin(2 * np.pi * hertz * t)).astype(np.float32)
    return np.stack([wave, wave], axis=1)


def pictures(path: Path) -> list[U8]:
    """All frames of a video as RGB."""
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def heard(path: Path) -> F32:
    """The sound of a file, n×2 float32 at 48 kHz."""
    with av.open(str(path)) as container:
        resampler = av.AudioResampler(format="flt", layout="stereo", rate=RATE)
        pieces = [p for frame in container.decode(audio=0) for p in resampler.resample(frame)]
        return np.concatenate([piece.to_ndarray().reshape(-1, 2) for piece in pieces])
