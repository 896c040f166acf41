"""Reads an uploaded file's sound: stereo at 48 kHz, at another speed where wanted, kept on disk."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import IO, Any

import av
import numpy as np
from av.filter import Graph
from numpy.typing import NDArray

from studio.render.errors import RenderError
from studio.render.media import opened

RATE = 48_000
F32 = NDArray[np.float32]
_TICKS = 1_000_000
_NOTHING: F32 = np.zeros((0, 2), np.float32)


def decode(path: Path, *, start: float, seconds: float, speed: float, where: str) -> F32 | None:
    """At most `seconds` of a file's sound from `start` (in the source's time), n×2 float32; None: it is mute.

    At another speed the pitch stays and the result is as much longer or shorter. The samples lie in an
    unnamed file, so that a long song costs no memory. Raises RenderError with `where` for damaged files.
    """
    limit = round(seconds / speed * RATE)
    try:
        # The mapping keeps the unnamed file after it is closed.
        with tempfile.TemporaryFile(prefix="sound-") as store, opened(path) as container:
            if not container.streams.audio:
                return None
            written = _store(_blocks(container, start, speed), store, limit)
            return np.memmap(store, np.float32, "r", shape=(written, 2)) if written else _NOTHING
    except (RenderError, OSError) as error:
        raise RenderError(f"its sound cannot be read: {error}", path=where) from error
    except Exception as error:
        raise RenderError("its sound is damaged", path=where) from error


def _store(blocks: Iterator[F32], store: IO[bytes], limit: int) -> int:
    """Write at most `limit` samples; returns how many there were."""
    written = 0
    for block in blocks:
        kept = block[: limit - written]
        store.write(np.ascontiguousarray(kept).tobytes())
        written += len(kept)
        if written >= limit:
            break
    store.flush()
    return written


def _blocks(container: Any, start: float, speed: float) -> Iterator[F32]:
    stream = container.streams.audio[0]
    stream.thread_type = "AUTO"
    if start > 1:
        container.seek(round((start - 0.5) * _TICKS), backward=True)
    to_plain = av.AudioResampler(format="flt", layout="stereo", rate=RATE)
    plain = (piece for frame in _frames(container, stream) for piece in to_plain.resample(frame))
    skip: int | None = None
    graph = _tempo(speed) if speed != 1.0 else None
    for piece in plain:
        block = _array(piece)
        if skip is None:
            at = float(piece.time or 0.0)
            skip = round((start - at) * RATE)
            if skip < 0:
                block, skip = np.concatenate([np.zeros((min(-skip, 10 * RATE), 2), np.float32), block]), 0
        if skip >= len(block):
            skip -= len(block)
            continue
        block, skip = block[skip:], 0
        yield from _through(graph, block) if graph else (block,)
    if graph:
        graph.push(None)
        yield from _pulled(graph)


def _frames(container: Any, stream: Any) -> Iterator[Any]:
    """Decoded frames; a broken packet in mid-file is passed over, as players do."""
    broken = 0
    for packet in container.demux(stream):
        try:
            yield from packet.decode()
        except av.error.InvalidDataError:
            broken += 1
            if broken > 200:
                raise


def _tempo(speed: float) -> Any:
    graph = Graph()
    chain: list[Any] = [graph.add_abuffer(format="flt", sample_rate=RATE, layout="stereo")]
    left = speed
    while left < 0.5 or left > 2.0:
        step = 0.5 if left < 0.5 else 2.0
        chain.append(graph.add("atempo", f"{step}"))
        left /= step
    chain.append(graph.add("atempo", f"{left:.6f}"))
    chain.append(graph.add("aformat", f"sample_fmts=flt:sample_rates={RATE}:channel_layouts=stereo"))
    chain.append(graph.add("abuffersink"))
    for before, after in pairwise(chain):
        before.link_to(after)
    graph.configure()
    return graph


def _through(graph: Any, block: F32) -> Iterator[F32]:
    frame = av.AudioFrame.from_ndarray(
        np.ascontiguousarray(block).reshape(1, -1), format="flt", layout="stereo"
    )
    frame.sample_rate = RATE
    graph.push(frame)
    yield from _pulled(graph)


def _pulled(graph: Any) -> Iterator[F32]:
    while True:
        try:
            yield _array(graph.pull())
        except (av.error.BlockingIOError, av.error.EOFError):
            return


def _array(frame: Any) -> F32:
    return np.asarray(frame.to_ndarray(), np.float32).reshape(-1, 2)
