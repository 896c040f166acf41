"""Writes H.264 and AAC into an MP4 through PyAV: 4:2:0 BT.709, a key frame each second, index up front."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.video.frame import PictureType
from numpy.typing import NDArray

from studio.render.planes import Picture

TICKS = 90_000
TICK = Fraction(1, TICKS)
RATE = 48_000
_QUEUE = 4
_BT709 = 1
_LIMITED = 1
F32 = NDArray[np.float32]
# A frame and the time it is shown, in ticks.
Timed = tuple[av.VideoFrame, int]


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
    frame.pts, frame.time_base = ticks, TICK
    if key:
        frame.pict_type = PictureType.I
    return frame


def add_video(container: Any, width: int, height: int, fps: Fraction) -> Any:
    """An H.264 stream with the settings that every stretch of a video shares."""
    stream = container.add_stream("libx264", rate=fps)
    stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
    stream.codec_context.time_base = TICK
    stream.codec_context.gop_size = 10 * max(1, round(fps))  # key frames are asked for, each second
    context = stream.codec_context
    context.colorspace = context.color_primaries = context.color_trc = _BT709
    context.color_range = _LIMITED
    stream.options = {"preset": "veryfast", "crf": "20", "profile": "high", "forced-idr": "1"}
    return stream


def write_mp4(
    path: Path,
    size: tuple[int, int],
    fps: Fraction,
    frames: Iterator[Timed],
    sound: Iterator[F32],
    progress: Callable[[int], None],
) -> None:
    """Encode frames (pts in 1/90000 s) and sound (n×2 float32 blocks at 48 kHz) side by side into an MP4."""
    with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as container:
        video = add_video(container, *size, fps)
        audio: Any = container.add_stream("aac", rate=RATE, layout="stereo")
        audio.bit_rate = 160_000
        spoken = 0
        lengths: dict[int, int] = {}
        for count, (frame, length) in enumerate(ahead(frames)):
            lengths[frame.pts or 0] = length
            container.mux(_timed(video.encode(frame), lengths))
            due = (frame.pts or 0) * RATE // TICKS + RATE // 2
            while spoken < due and (block := next(sound, None)) is not None:
                container.mux(audio.encode(_audio_frame(block, spoken)))
                spoken += len(block)
            progress(count + 1)
        container.mux(_timed(video.encode(None), lengths))
        for block in sound:
            container.mux(audio.encode(_audio_frame(block, spoken)))
            spoken += len(block)
        container.mux(audio.encode(None))


def _timed(packets: list[av.Packet[Any]], lengths: dict[int, int]) -> list[av.Packet[Any]]:
    """The packets with the time each is shown, which at a variable rate only the composer knows."""
    for packet in packets:
        packet.duration = lengths.pop(packet.pts or 0)
    return packets


def ahead(frames: Iterator[Timed]) -> Iterator[Timed]:
    """The same frames, composed in a thread of their own while the encoder works on earlier ones."""
    waiting: queue.Queue[Timed | BaseException | None] = queue.Queue(_QUEUE)
    stopped = threading.Event()

    def give(item: Timed | BaseException | None) -> None:
        while not stopped.is_set():
            try:
                waiting.put(item, timeout=0.1)
                return
            except queue.Full:
                continue

    def work() -> None:
        try:
            for frame in frames:
                give(frame)
                if stopped.is_set():
                    return
            give(None)
        except BaseException as error:  # noqa: BLE001 - handed to the consumer, which raises it
            give(error)

    thread = threading.Thread(target=work, name="compose", daemon=True)
    thread.start()
    try:
        while (item := waiting.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        stopped.set()
        thread.join()


def _audio_frame(block: F32, position: int) -> av.AudioFrame:
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block.T), format="fltp", layout="stereo")
    frame.sample_rate, frame.pts, frame.time_base = RATE, position, Fraction(1, RATE)
    return frame
