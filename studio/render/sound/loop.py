"""A loop without a seam: what rings past its end goes on at its beginning, echoes and filters included."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio.render.sound.synth import RATE

F32 = NDArray[np.float32]


class Loop:
    """A stretch of music of a fixed number of beats; n×2 float32 at 48 kHz, time running in a circle."""

    def __init__(self, beats: int, beat: int) -> None:
        """`beat` is one beat's length in samples."""
        self.beat = beat
        self.dry = np.zeros((beats * beat, 2), np.float32)
        self.wet = np.zeros_like(self.dry)

    def add(self, sound: F32, beat: float, level: float, echo: float = 0.0) -> None:
        """Lay a sound in at a beat; `echo` is the share of it that also goes to the reverb."""
        start = round(beat * self.beat) % len(self.dry)
        self._wrap(self.dry, sound, start, level)
        if echo:
            self._wrap(self.wet, sound, start, level * echo)

    def _wrap(self, target: F32, sound: F32, start: int, level: float) -> None:
        done = 0
        while done < len(sound):
            count = min(len(sound) - done, len(target) - start)
            target[start : start + count] += sound[done : done + count] * np.float32(level)
            done, start = done + count, 0

    def mixed(self, *, decay: float, warmth: float, seed: int, duck: F32 | None = None) -> F32:
        """Dry and reverberant sound together, rolled off softly above `warmth` hertz and below what is heard.

        `decay` is the reverb's time to −60 dB in seconds; `duck` (n) turns the music down with each kick.
        """
        size = len(self.dry)
        room = _room(size, decay, seed)
        spectrum = np.fft.rfft(self.dry, axis=0) + np.fft.rfft(self.wet, axis=0) * room
        f = np.fft.rfftfreq(size, 1 / RATE)[:, None]
        tone = 1 / np.sqrt((1 + (f / warmth) ** 4) * (1 + (28 / np.maximum(f, 0.01)) ** 6))
        spectrum *= tone.astype(np.float32)
        sound = np.asarray(np.fft.irfft(spectrum, size, axis=0), np.float32)
        if duck is not None:
            sound *= duck[:, None]
        return sound


def _room(size: int, decay: float, seed: int) -> NDArray[np.complex64]:
    """The spectrum of a room: noise that dies away, darker as it does, silent for the first 12 ms."""
    length = min(size, round(decay * RATE * 1.1))
    random = np.random.default_rng(seed + 99)
    t = np.arange(length, dtype=np.float32) / np.float32(RATE)
    tail = random.standard_normal((length, 2), np.float32) * np.exp(np.float32(-6.9 / decay) * t)[:, None]
    tail[: round(0.012 * RATE)] = 0
    spectrum = np.fft.rfft(tail, size, axis=0)
    f = np.fft.rfftfreq(size, 1 / RATE)[:, None]
    spectrum *= (1 / np.sqrt((1 + (f / 4200) ** 2) * (1 + (180 / np.maximum(f, 1)) ** 4))).astype(np.float32)
    energy = np.sqrt((np.fft.irfft(spectrum, size, axis=0) ** 2).sum(axis=0))
    return np.asarray(spectrum / energy, np.complex64)
