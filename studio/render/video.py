"""Writes H.264 and AAC into an MP4 through PyAV: 4:2:0 BT.709, a key frame each second, index up front."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.codec.context import Flags
from av.video.frame import PictureType
from numpy.typing import NDArray

from studio.render.planes import Picture

# Everything that decides which bytes a picture is encoded to, besides the settings below.
VERSIONS = (av.__version__, "2")
TICKS = 90_000
# How many frames the encoder may hold back to code one out of order.
REORDER = 2
_OPTIONS = {"preset": "veryfast", "crf": "20", "profile": "high", "forced-idr": "1"}
TICK = Fraction(1, TICKS)
RATE = 48_000
_BT709 = 1
_LIMITED = 1
F32 = NDArray[np.float32]


def picture_of(frame: av.VideoFrame) -> Picture:
    """The frame's own memory as planes; drawing into them fills the frame."""
    views = []
    for plane in frame.planes:
        rows = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
        views.append(rows[:, : plane.width])
    return tuple(views)


def frame_for(width: int, height: int, ticks: int = 0, *, key: bool = False) -> av.VideoFrame:
    """An empty 4:2:0 frame marked as BT.709, limited range, shown from `ticks` on."""
    frame = av.VideoFrame(width, height, "yuv420p")
    frame.colorspace = frame.color_primaries = frame.color_trc = _BT709
    frame.color_range = _LIMITED
    frame.time_base = TICK
    retime(frame, ticks, key=key)
    return frame


def retime(frame: av.VideoFrame, ticks: int, *, key: bool) -> None:
    """Show the frame from `ticks` on, as a key frame or as the encoder likes."""
    frame.pts = ticks
    frame.pict_type = PictureType.I if key else PictureType.NONE


def ticks(index: int, fps: Fraction) -> int:
    """When a frame of the draft's grid begins, in 1/90000 s."""
    return round(index * TICKS / fps)


def encoder(width: int, height: int, fps: Fraction, *, threads: int = 0) -> Any:
    """An H.264 encoder with the settings that every stretch of a video shares; `threads` 0: as it likes."""
    context: Any = av.CodecContext.create("libx264", "w")
    _configure(context, width, height, fps)
    context.options = {**_OPTIONS, "threads": str(threads)}
    context.flags |= Flags.global_header
    context.open()
    return context


def add_video(container: Any, width: int, height: int, fps: Fraction) -> Any:
    """An H.264 stream of the same settings in a container."""
    stream = container.add_stream("libx264", rate=fps)
    _configure(stream.codec_context, width, height, fps)
    stream.options = dict(_OPTIONS)
    return stream


def _configure(context: Any, width: int, height: int, fps: Fraction) -> None:
    context.width, context.height, context.pix_fmt = width, height, "yuv420p"
    context.framerate, context.time_base = fps, TICK
    context.gop_size = 10 * max(1, round(fps))  # key frames are asked for, each second
    context.colorspace = context.color_primaries = context.color_trc = _BT709
    context.color_range = _LIMITED


def write_mp4(
    path: Path,
    size: tuple[int, int],
    fps: Fraction,
    packets: Iterator[tuple[int, bytes]],
    times: Sequence[int],
    sound: Iterator[F32],
) -> None:
    """Join encoded frames with sound (n×2 float32 blocks at 48 kHz) in an MP4.

    `packets` are in coding order, each with its time; `times` are those of all frames in order of showing,
    and the end; all in 1/90000 s.
    """
    with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as container:
        video = add_video(container, *size, fps)
        audio: Any = container.add_stream("aac", rate=RATE, layout="stereo")
        audio.bit_rate = 160_000
        container.start_encoding()
        lengths = {begin: end - begin for begin, end in pairwise(times)}
        spoken = 0
        for (shown, data), decoded in zip(packets, _decoding_times(times), strict=True):
            packet: Any = av.Packet(data)
            packet.stream, packet.time_base = video, TICK
            packet.pts, packet.dts, packet.duration = shown, decoded, lengths[shown]
            packet.is_keyframe = _is_key(data)
            container.mux(packet)
            due = shown * RATE // TICKS + RATE // 2
            while spoken < due and (block := next(sound, None)) is not None:
                container.mux(audio.encode(_audio_frame(block, spoken)))
                spoken += len(block)
        for block in sound:
            container.mux(audio.encode(_audio_frame(block, spoken)))
            spoken += len(block)
        container.mux(audio.encode(None))


def _decoding_times(times: Sequence[int]) -> Iterator[int]:
    """When each frame is decoded: in order, early enough for the encoder's reordering."""
    count = len(times) - 1
    early = min(REORDER, count - 1)
    lead = times[-1] - times[count - early]
    for index in range(count):
        yield times[index - early] if index >= early else times[0] - lead + lead * index // early


def _is_key(data: bytes) -> bool:
    """Whether a packet (length-prefixed or start-code NAL units) holds an IDR picture."""
    place = 0
    while place + 5 <= len(data):
        if data[place + 4] & 0x1F == 5:
            return True
        place += 4 + int.from_bytes(data[place : place + 4], "big")
    return False


def _audio_frame(block: F32, position: int) -> av.AudioFrame:
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block.T), format="fltp", layout="stereo")
    frame.sample_rate, frame.pts, frame.time_base = RATE, position, Fraction(1, RATE)
    return frame
