"""The sound of a whole draft, block by block: music and clips with their levels and fades, through a limiter.

Every block is computed from the sources alone: any stretch can be had by itself, and memory stays flat.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio.render.errors import RenderError
from studio.render.scenes import located
from studio.render.sound import loudness
from studio.render.sound.decode import decode
from studio.render.sound.limiter import MARGIN, limited
from studio.render.sound.music import MOODS, music
from studio.render.timeline import Shot, Sound, Timeline

RATE = 48_000
F32 = NDArray[np.float32]
Asset = Callable[[str], Path]
_SEAM = 0.6
_PIECE = 10 * RATE
_DUCKED = 0.32
_DUCK_RAMP = 0.35


@dataclass(frozen=True, slots=True)
class Source:
    """Samples on the timeline (start and length in samples), with a gain, fades, and a loop's cross-fade."""

    samples: F32
    start: int
    length: int
    gain: float
    fade_in: int = 0
    fade_out: int = 0
    offset: int = 0
    seam: int = 0
    loops: bool = False
    ducks: bool = False

    def add_to(self, target: F32, first: int, duck: F32 | None) -> None:
        """Mix what this source plays from sample `first` on into the target."""
        begin, end = max(first, self.start), min(first + len(target), self.start + self.length)
        if begin >= end or not len(self.samples):
            return
        place = np.arange(begin - self.start, end - self.start)
        level = self._level(place)
        if duck is not None and self.ducks:
            level = level * duck[begin - first : end - first]
        target[begin - first : end - first] += self._read(place + self.offset) * level[:, None]

    def _level(self, place: NDArray[np.int64]) -> F32:
        level = np.full(len(place), self.gain, np.float32)
        if self.fade_in:
            level *= np.clip(place / self.fade_in, 0, 1).astype(np.float32)
        if self.fade_out:
            level *= np.clip((self.length - place) / self.fade_out, 0, 1).astype(np.float32)
        return level

    def _read(self, place: NDArray[np.int64]) -> F32:
        count = len(self.samples)
        if not self.loops:
            inside = place < count
            return np.where(inside[:, None], self.samples[np.minimum(place, count - 1)], np.float32(0))
        period = count - self.seam
        index = place % period
        sound = np.asarray(self.samples[index])
        joining = np.flatnonzero((place >= period) & (index < self.seam))
        if len(joining):
            share = np.sin(np.pi / 2 * index[joining] / self.seam).astype(np.float32)[:, None]
            old = self.samples[index[joining] + period]
            sound[joining] = sound[joining] * share + old * np.sqrt(1 - share**2)
        return sound


class Mix:
    """The mixed sound of a timeline."""

    def __init__(self, timeline: Timeline, asset: Asset) -> None:
        """Decodes or composes what the timeline plays; raises RenderError with the segment's path."""
        self.length = round(timeline.seconds * RATE)
        self._clips = [source for shot in timeline.shots if (source := _clip(shot, asset)) is not None]
        sounds = [source for sound in timeline.sounds if (source := _sound(sound, asset)) is not None]
        self._sources = [*self._clips, *sounds]

    @property
    def silent(self) -> bool:
        """Whether nothing is ever heard."""
        return not self._sources

    def blocks(self, size: int = RATE) -> Iterator[F32]:
        """The whole sound as n×2 float32 blocks, limited to a true peak of −1 dB."""
        for first in range(0, self.length, size):
            yield self.block(first, min(size, self.length - first))

    def block(self, first: int, count: int) -> F32:
        """`count` samples from sample `first` on."""
        if self.silent:
            return np.zeros((count, 2), np.float32)
        return limited(self._raw(first - MARGIN, count + 2 * MARGIN))

    def _raw(self, first: int, count: int) -> F32:
        sound = np.zeros((count, 2), np.float32)
        duck = self._duck(first, count)
        for source in self._sources:
            source.add_to(sound, first, duck)
        if first < 0:
            sound[:-first] = 0
        return sound

    def _duck(self, first: int, count: int) -> F32 | None:
        """How far music steps back at each sample because a clip speaks; None: it never does."""
        if not self._clips:
            return None
        place = np.arange(first, first + count)
        depth = np.zeros(count, np.float32)
        for clip in self._clips:
            near = np.minimum(place - clip.start, clip.start + clip.length - place) / (_DUCK_RAMP * RATE)
            np.maximum(depth, np.clip(near + 1, 0, 1).astype(np.float32), out=depth)
        return 1 - (1 - np.float32(_DUCKED)) * depth


def _clip(shot: Shot, asset: Asset) -> Source | None:
    if shot.kind != "clip" or not shot.volume:
        return None
    path = located(shot.asset, asset, shot.path)
    seconds = (shot.length + shot.tail) * shot.speed / 1000
    samples = decode(path, start=shot.source_start / 1000, seconds=seconds, speed=shot.speed, where=shot.path)
    if samples is None or not len(samples):
        return None
    # A cross-fade of pictures is one of sounds, too; a cut gets a ramp too short to hear, but no click.
    rise, fall = (max(ms, 8.0) for ms in (shot.crossfade, shot.tail))
    length = min(_samples(shot.length + shot.tail), len(samples))
    return Source(samples, _samples(shot.start), length, shot.volume, _samples(rise), _samples(fall))


def _sound(sound: Sound, asset: Asset) -> Source | None:
    if not sound.volume:
        return None
    length, offset = _samples(sound.length), _samples(sound.source_start)
    if sound.asset.startswith("music:"):
        mood, _, seed = sound.asset.removeprefix("music:").partition(":")
        if mood not in MOODS or (seed and not (seed.isascii() and seed.isdigit() and len(seed) < 10)):
            raise RenderError(
                f"{sound.asset[:40]!a} is none of music:{', music:'.join(MOODS)}", path=sound.path
            )
        samples, seam = music(mood, int(seed or 0)), 0
    else:
        path = located(sound.asset, asset, sound.path)
        seconds = (sound.source_start + sound.length) / 1000 + _SEAM
        found = decode(path, start=0, seconds=seconds, speed=1.0, where=sound.path)
        if found is None:
            raise RenderError("its file has no sound", path=sound.path)
        samples, seam = found, min(round(_SEAM * RATE), len(found) // 4)
    if not len(samples):
        return None
    source = Source(
        samples, _samples(sound.start), length, 1.0, _samples(sound.fade_in), _samples(sound.fade_out),
        offset, seam, loops=True, ducks=True,
    )  # fmt: skip
    gain = sound.volume * loudness.gain_to(loudness.TARGET, _heard(source))
    return replace(source, gain=gain)


def _heard(source: Source) -> float:
    """The loudness of what is played of a source, fades included; of a long loop, both its ends."""
    turn = max(len(source.samples), 20 * RATE)
    first = range(0, min(source.length, turn), _PIECE)
    last = range(max(len(first) * _PIECE, source.length - _PIECE), source.length, _PIECE)

    def pieces() -> Iterator[F32]:
        for begin in (*first, *last):
            block = np.zeros((min(_PIECE, source.length - begin), 2), np.float32)
            source.add_to(block, source.start + begin, None)
            yield block

    return loudness.loudness(pieces())


def _samples(ms: float) -> int:
    return round(ms * RATE / 1000)
