"""Encodes a video in stretches of a second, several at a time, and keeps them for the next like draft.

Each stretch begins with a key frame and knows nothing of its neighbours, so that their packets are joined
as they are: after a change only the seconds it touches are encoded again, and a render that was killed
goes on from the stretches it had finished.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import struct
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from studio import __version__
from studio.render import video
from studio.render.atomic import replacing
from studio.render.room import outlines
from studio.render.schedule import Beat
from studio.render.stage import Stage
from studio.render.timeline import Shot, Timeline, Title

CACHE_BYTES = 1 << 30
_SECONDS = 1
_AHEAD = 3
_LARGE = 1_500_000
_STALE = 3600
_MAGIC = b"STR1"


@dataclass(frozen=True, slots=True)
class Coded:
    """An encoded stretch: the encoder's header, and packets in coding order: (ticks from its start, data)."""

    header: bytes
    packets: tuple[tuple[int, bytes], ...]


class Cancelled(Exception):
    """The render was given up while a stretch was encoded."""


def cut(beats: Sequence[Beat], fps: float) -> list[tuple[Beat, ...]]:
    """The frames of a video in stretches, each beginning with the key frame of a full second."""
    stretches: list[list[Beat]] = []
    for beat in beats:
        if not stretches or (beat.key and (beat.index - stretches[-1][0].index) / fps >= _SECONDS - 1e-3):
            stretches.append([])
        stretches[-1].append(beat)
    return [tuple(stretch) for stretch in stretches]


class Encoder:
    """Encodes the stretches of one video on all cores; finished ones are kept in `cache`, where given."""

    def __init__(self, stages: Callable[[], Stage], plan: Timeline, cache: Path | None) -> None:
        """`stages` makes a stage for each worker, for a stage draws one frame at a time."""
        self._plan, self._cache, self._make = plan, cache, stages
        # An encoder holds some forty frames: two of large ones would be more than a small machine can spare.
        self._workers = 2 if _cores() > 1 and plan.width * plan.height <= _LARGE else 1
        self._header = (
            bytes(video.encoder(plan.width, plan.height, plan.fps).extradata or b"") if cache else b""
        )
        self._idle: deque[Stage] = deque()
        self._stages: list[Stage] = []
        self._stop = threading.Event()
        self._done = 0

    def run(self, stretches: Sequence[tuple[Beat, ...]], told: Callable[[int], None]) -> Iterator[Coded]:
        """The encoded stretches in order; `told` hears how many frames are done, often."""
        keys = [self._key(stretch) if self._cache else "" for stretch in stretches]
        waiting: deque[Future[Coded]] = deque()
        jobs = zip(stretches, keys, strict=True)
        with ThreadPoolExecutor(self._workers, "encode") as pool:
            try:
                for stretch, key in jobs:
                    waiting.append(pool.submit(self._coded, stretch, key))
                    if len(waiting) > self._workers + _AHEAD:
                        yield self._awaited(waiting.popleft(), told)
                while waiting:
                    yield self._awaited(waiting.popleft(), told)
            finally:
                self._stop.set()
                pool.shutdown(cancel_futures=True)
                for stage in self._stages:
                    stage.close()
        if self._cache:
            trim(self._cache, CACHE_BYTES)

    def _awaited(self, future: Future[Coded], told: Callable[[int], None]) -> Coded:
        while True:
            try:
                result = future.result(timeout=0.1)
            except TimeoutError:
                told(self._done)
                continue
            told(self._done)
            return result

    def _coded(self, stretch: tuple[Beat, ...], key: str) -> Coded:
        kept = self._cache / key if self._cache and key else None
        if kept is not None and (found := load(kept)) is not None and found.header == self._header:
            self._done += len(stretch)
            return found
        try:
            stage = self._idle.pop()
        except IndexError:
            stage = self._make()
            self._stages.append(stage)
        try:
            coded = self._encode(stage, stretch)
        finally:
            self._idle.append(stage)
        if kept is not None:
            # A cache that cannot be written costs time, not the video.
            with contextlib.suppress(OSError):
                kept.parent.mkdir(parents=True, exist_ok=True)
                with replacing(kept) as part:
                    part.write_bytes(dump(coded))
        return coded

    def _encode(self, stage: Stage, stretch: tuple[Beat, ...]) -> Coded:
        plan = self._plan
        first = video.ticks(stretch[0].index, plan.fps)
        context = video.encoder(plan.width, plan.height, plan.fps, threads=1 if self._workers > 1 else 0)
        # The encoder copies what it is given: one frame's memory serves for all of them.
        frame = video.frame_for(plan.width, plan.height)
        packets: list[tuple[int, bytes]] = []
        for beat in stretch:
            if self._stop.is_set():
                raise Cancelled
            video.retime(frame, video.ticks(beat.index, plan.fps) - first, key=beat.key)
            stage.draw(video.picture_of(frame), float(beat.index * 1000 / plan.fps))
            packets += [(packet.pts or 0, bytes(packet)) for packet in context.encode(frame)]
            self._done += 1
        packets += [(packet.pts or 0, bytes(packet)) for packet in context.encode(None)]
        return Coded(bytes(context.extradata or b""), tuple(packets))

    def _key(self, stretch: tuple[Beat, ...]) -> str:
        """A name that changes with everything the stretch shows."""
        plan, stage = self._plan, self._stage_for_keys()
        base = stretch[0].index
        begin = float(base * 1000 / plan.fps)
        end = float((stretch[-1].index + stretch[-1].count) * 1000 / plan.fps)
        moments = [float(beat.index * 1000 / plan.fps) for beat in stretch]
        shots = {shot.path: shot for ms in moments for shot in stage.visible(ms)}
        titles = [t for t in plan.titles if t.start < end and t.start + t.length > begin]
        shown: dict[str, Any] = {
            "version": [__version__, *video.VERSIONS],
            "canvas": [plan.width, plan.height, str(plan.fps)],
            "beats": [[beat.index - base, beat.count, beat.key] for beat in stretch],
            "shots": [self._shot(shot, begin, stage) for shot in shots.values()],
            "titles": [self._title(title, begin) for title in titles],
        }
        return hashlib.sha256(json.dumps(shown, sort_keys=True, default=repr).encode()).hexdigest()

    def _title(self, title: Title, begin: float) -> dict[str, Any]:
        # Avatars of other stretches, too, decide where a title lies.
        place = {"path": "", "start": round(title.start - begin, 3), "room": outlines(self._plan, title)}
        return {**asdict(title), **place}

    def _shot(self, shot: Shot, begin: float, stage: Stage) -> dict[str, Any]:
        fields = {
            name: getattr(shot, name)
            for name in ("kind", "length", "motion", "crossfade", "tail", "source_start", "speed")
        }
        return {
            **fields,
            "start": round(shot.start - begin, 3),
            "meta": shot.meta,
            "files": stage.files(shot),
        }

    def _stage_for_keys(self) -> Stage:
        if not self._stages:
            self._stages.append(self._make())
            self._idle.append(self._stages[0])
        return self._stages[0]


def _cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def dump(coded: Coded) -> bytes:
    """A stretch as bytes, for a file."""
    sizes = [(ticks, len(data)) for ticks, data in coded.packets]
    head = json.dumps({"header": coded.header.hex(), "packets": sizes}).encode()
    body = b"".join(data for _, data in coded.packets)
    return _MAGIC + struct.pack(">I", len(head)) + head + hashlib.sha256(body).digest() + body


def load(path: Path) -> Coded | None:
    """A stretch from its file; None when there is none, or not a whole one."""
    try:
        data = path.read_bytes()
        os.utime(path)
        size = struct.unpack_from(">I", data, 4)[0]
        head = json.loads(data[8 : 8 + size])
        body = memoryview(data)[8 + size + 32 :]
        if data[:4] != _MAGIC or hashlib.sha256(body).digest() != data[8 + size : 8 + size + 32]:
            return None
        packets, place = [], 0
        for ticks, length in head["packets"]:
            packets.append((int(ticks), bytes(body[place : place + length])))
            place += length
        return Coded(bytes.fromhex(head["header"]), tuple(packets))
    except (OSError, ValueError, KeyError, TypeError, struct.error):
        return None


def trim(folder: Path, most: int) -> None:
    """Remove the stretches used longest ago until the folder holds no more than `most` bytes.

    What a killed render left half-written goes, too, once it is an hour old.
    """
    kept = []
    for path in folder.iterdir() if folder.is_dir() else ():
        try:
            stat = path.stat()
        except OSError:
            continue
        if path.name.startswith("."):
            if stat.st_mtime < time.time() - _STALE:
                path.unlink(missing_ok=True)
            continue
        kept.append((stat.st_mtime, stat.st_size, path))
    total = sum(size for _, size, _ in kept)
    for _, size, path in sorted(kept):
        if total <= most:
            return
        path.unlink(missing_ok=True)
        total -= size
