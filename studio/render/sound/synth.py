"""Instruments made of numpy: each call gives one note or hit as n×2 float32 at 48 kHz, peaking near ±1."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

RATE = 48_000
F32 = NDArray[np.float32]
_TABLE = 4096


def hertz(note: float) -> float:
    """A MIDI note's frequency in hertz, A4 = 69 = 440 Hz."""
    return float(440.0 * 2 ** ((note - 69) / 12))


def seconds(length: float) -> F32:
    """The times of the samples in a stretch of sound."""
    return np.arange(max(1, round(length * RATE)), dtype=np.float32) / np.float32(RATE)


@lru_cache(maxsize=256)
def _wave(kind: str, harmonics: int) -> F32:
    """One period with so many harmonics, so that nothing lies beyond what is to be heard."""
    spectrum = np.zeros(_TABLE // 2 + 1, np.complex128)
    order = np.arange(1, harmonics + 1)
    soft = np.cos(np.pi / 2 * order / (harmonics + 1)) ** 1.5
    if kind == "saw":
        weight = soft / order
    elif kind == "square":
        weight = soft * (order % 2) / order
    else:
        weight = soft * (order % 2) / order**2
    spectrum[1 : harmonics + 1] = -1j * weight
    table = np.fft.irfft(spectrum)
    return np.append(table, table[0]).astype(np.float32) / np.float32(np.abs(table).max())


def oscillate(kind: str, frequency: float, t: F32, cutoff: float, phase: float = 0.0) -> F32:
    """A band-limited saw, square or triangle wave; nothing above `cutoff` hertz."""
    harmonics = int(min(max(1.0, cutoff / frequency), _TABLE // 4, 20_000 / frequency))
    table = _wave(kind, max(1, harmonics))
    place = (t.astype(np.float64) * frequency + phase) % 1.0 * _TABLE
    index = place.astype(np.int32)
    share = (place - index).astype(np.float32)
    return table[index] * (1 - share) + table[index + 1] * share


def envelope(t: F32, attack: float, release: float) -> F32:
    """A smooth rise at the start and a smooth fall at the end of a stretch; never a click."""
    left = t[-1] - t
    rise = np.sin(np.pi / 2 * np.minimum(t / np.float32(attack), 1)) ** 2
    return np.asarray(rise * np.sin(np.pi / 2 * np.minimum(left / np.float32(release), 1)) ** 2, np.float32)


def pan(mono: F32, side: float) -> F32:
    """Mono to stereo at equal power; `side` from −1 (left) to 1."""
    angle = (side + 1) * np.pi / 4
    return np.stack([mono * np.float32(np.cos(angle)), mono * np.float32(np.sin(angle))], axis=1)


def electric_piano(note: float, length: float, side: float = 0.0) -> F32:
    """A soft tine piano: two sine pairs, the upper one dying away quickly."""
    t = seconds(length + 0.5)
    f = hertz(note)
    bark = np.exp(-t * 7) * 0.9 + 0.12
    body = np.sin(2 * np.pi * f * t + bark * np.sin(2 * np.pi * f * t))
    tine = np.sin(2 * np.pi * f * 4 * t) * np.exp(-t * 11) * 0.16
    tremble = 1 + 0.10 * np.sin(2 * np.pi * 4.6 * t)
    mono = (body * np.exp(-t * 1.5) + tine) * envelope(t, 0.006, 0.4) * tremble
    return pan(mono.astype(np.float32), side)


def pluck(note: float, length: float, brightness: float = 0.5, side: float = 0.0) -> F32:
    """A plucked synth string: many harmonics that die away, the higher the sooner."""
    t = seconds(length)
    f = hertz(note)
    count = int(min(14, 16_000 / f))
    mono = np.zeros_like(t)
    for order in range(1, count + 1):
        mono += (
            np.sin(2 * np.pi * f * order * t) * np.exp(-t * (3.5 + order * (3.2 - 2 * brightness))) / order
        )
    return pan((mono * envelope(t, 0.003, min(0.12, length / 3)) * 0.7).astype(np.float32), side)


def bell(note: float, length: float, side: float = 0.0) -> F32:
    """A small glass bell, its partials a little out of tune as those of real ones are."""
    t = seconds(length)
    f = hertz(note)
    partials = ((1, 1.0, 1.6), (2.01, 0.42, 2.6), (3.02, 0.20, 4.2), (5.4, 0.08, 7.5))
    mono = sum(
        level * np.sin(2 * np.pi * f * ratio * t) * np.exp(-t * fall) for ratio, level, fall in partials
    )
    return pan((np.asarray(mono) * envelope(t, 0.008, min(0.6, length / 3)) * 0.6).astype(np.float32), side)


def piano(note: float, length: float, side: float = 0.0) -> F32:
    """A felt piano: a few stretched harmonics and a soft hammer."""
    t = seconds(length)
    f = hertz(note)
    mono = np.zeros_like(t)
    for order in range(1, int(min(9, 9_000 / f)) + 1):
        stretched = f * order * np.sqrt(1 + 0.0004 * order * order)
        mono += np.sin(2 * np.pi * stretched * t) * np.exp(-t * (0.9 + 0.75 * order)) / order**1.35
    return pan((mono * envelope(t, 0.005, min(0.3, length / 3)) * 0.75).astype(np.float32), side)


def pad(note: float, length: float, attack: float, release: float, cutoff: float, seed: int = 0) -> F32:
    """A wide string pad: six saws a few cents apart, three on each side."""
    t = seconds(length + release)
    f = hertz(note)
    random = np.random.default_rng(seed + round(note * 8))
    sides = []
    for cents in ((-7.0, 1.5, 8.0), (-8.5, -1.0, 6.5)):
        voices = [oscillate("saw", f * 2 ** (c / 1200), t, cutoff, float(random.random())) for c in cents]
        sides.append(sum(voices) / np.float32(3))
    return np.asarray(np.stack(sides, axis=1) * envelope(t, attack, release)[:, None], np.float32)


def bass(note: float, length: float, bite: float = 0.3) -> F32:
    """A round bass: a sine with a little of its own octave and a soft edge."""
    t = seconds(length)
    f = hertz(note)
    tone = np.sin(2 * np.pi * f * t) + bite * oscillate("saw", f, t, 6 * f) * np.exp(-t * 5)
    mono = np.tanh(tone * 1.2) * np.exp(-t * 0.9) * envelope(t, 0.008, min(0.08, length / 3))
    return pan(mono.astype(np.float32), 0)


def kick(length: float = 0.42, low: float = 46.0, punch: float = 1.0) -> F32:
    """A bass drum: a sine that falls in pitch, and a short knock."""
    t = seconds(length)
    phase = low * t + (115 * punch) / 28 * (1 - np.exp(-t * 28))
    knock = np.sin(2 * np.pi * 1400 * t) * np.exp(-t * 260) * 0.16 * punch
    mono = (np.sin(2 * np.pi * phase) * np.exp(-t * 8.5) + knock) * envelope(t, 0.0015, 0.08)
    return pan(mono.astype(np.float32), 0)


def noise(length: float, low: float, high: float, fall: float, seed: int) -> F32:
    """A burst of band-passed noise, stereo, falling away at `fall` per second."""
    t = seconds(length)
    random = np.random.default_rng(seed)
    white = random.standard_normal((len(t), 2))
    spectrum = np.fft.rfft(white, axis=0)
    f = np.fft.rfftfreq(len(t), 1 / RATE)[:, None]
    shape = 1 / np.sqrt((1 + (low / np.maximum(f, 1)) ** 4) * (1 + (f / high) ** 4))
    shaped = np.fft.irfft(spectrum * shape, len(t), axis=0)
    shaped /= np.abs(shaped).max() + 1e-9
    return np.asarray(shaped * (np.exp(-t * fall) * envelope(t, 0.001, length / 4))[:, None], np.float32)


def snare(seed: int, soft: float = 0.5) -> F32:
    """A snare or brush: noise over a short drum tone; `soft` 1 is almost only brush."""
    rattle = noise(0.26, 1400, 7500 - 3000 * soft, 17, seed)
    t = seconds(0.26)
    tone = np.sin(2 * np.pi * 186 * t) * np.exp(-t * 26) * (0.7 - 0.4 * soft)
    return np.asarray(rattle * 0.8 + pan(tone.astype(np.float32), 0), np.float32)


def clap(seed: int) -> F32:
    """Three quick bursts of noise and their tail."""
    result = noise(0.3, 900, 6000, 20, seed) * np.float32(0.7)
    for index, delay in enumerate((0.0, 0.011, 0.021)):
        burst = noise(0.03, 1000, 7000, 90, seed + index + 1)
        start = round(delay * RATE)
        result[start : start + len(burst)] += burst * np.float32(0.5)
    return result


def hat(seed: int, open_: bool = False) -> F32:
    """A hi-hat, closed or open."""
    return noise(0.30 if open_ else 0.07, 7000, 14_000, 12 if open_ else 62, seed)


def drum(note: float, seed: int, length: float = 1.6) -> F32:
    """A large, far drum: a falling low tone with the skin's rumble."""
    t = seconds(length)
    f = hertz(note)
    phase = f * t + f * 0.35 / 9 * (1 - np.exp(-t * 9))
    skin = noise(length, 60, 420, 7, seed) * np.float32(0.35)
    tone = np.sin(2 * np.pi * phase) * np.exp(-t * 3.4) * envelope(t, 0.003, 0.4)
    return np.asarray(pan(tone.astype(np.float32), 0) * 1.2 + skin, np.float32)
