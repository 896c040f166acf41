"""Loudness and peaks as broadcasters measure them: ITU-R BS.1770-4, gated, and true peak by oversampling."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

RATE = 48_000
F32 = NDArray[np.float32]
TARGET = -14.0
_STEP = RATE // 10
_BLOCK = 4
_ABSOLUTE_GATE, _RELATIVE_GATE = -70.0, -10.0
# BS.1770-4 at 48 kHz, tables 1 and 2: the head's shelf, then the high pass (RLB).
_SHELF = ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585))
_PASS = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))


def loudness(blocks: Iterable[F32]) -> float:
    """Integrated loudness in LUFS of n×2 float32 at 48 kHz, given piece by piece; −inf for silence."""
    powers: list[NDArray[np.float64]] = []
    before = np.zeros((_TAIL, 2), np.float32)
    rest = np.zeros((0, 2), np.float32)
    for block in blocks:
        weighted = _weighted(np.concatenate([before, block]))[len(before) :]
        before = np.concatenate([before, block])[-_TAIL:]
        rest = np.concatenate([rest, weighted])
        whole = len(rest) // _STEP * _STEP
        powers.append((rest[:whole].astype(np.float64) ** 2).reshape(-1, _STEP, 2).mean(axis=1).sum(axis=1))
        rest = rest[whole:]
    steps = np.concatenate(powers) if powers else np.zeros(0)
    if len(rest) and len(steps) < _BLOCK:
        steps = np.append(steps, (rest.astype(np.float64) ** 2).mean(axis=0).sum())
    return _gated(steps)


def gain_to(target: float, found: float) -> float:
    """The factor that brings a sound of a loudness to another; silence stays as it is, noise floors too."""
    return 1.0 if found < -60 else float(10 ** ((target - found) / 20))


def true_peak(sound: F32) -> float:
    """The largest absolute value between samples too, of n×2 float32 (four-fold oversampling, BS.1770-4)."""
    return float(peaks(sound).max(initial=0.0))


def peaks(sound: F32) -> F32:
    """The largest absolute value of both channels round each sample, n, four-fold oversampled."""
    if not len(sound):
        return np.zeros(0, np.float32)
    found = np.abs(sound)
    padded = np.pad(sound, ((_TAPS, _TAPS), (0, 0)))
    for phase in _interpolators():
        between = np.zeros_like(sound)
        for index, tap in enumerate(phase):
            between += padded[index + 1 : index + 1 + len(sound)] * tap
        found = np.maximum(found, np.abs(between))
    return np.asarray(found.max(axis=1), np.float32)


# Half the length of the interpolation filter, in samples.
_TAPS = 8
# How much of the past the weighting filters remember, to beyond hearing.
_TAIL = RATE // 5


@lru_cache(maxsize=1)
def _interpolators() -> tuple[F32, ...]:
    """Windowed sinc filters for the three points between two samples; they span samples −7 … +8."""
    place = np.arange(-_TAPS + 1, _TAPS + 1)
    filters = []
    for quarter in (0.25, 0.5, 0.75):
        x = place - quarter
        window = np.cos(np.pi * x / (2 * _TAPS + 0.5)) ** 2
        taps = np.sinc(x) * window
        filters.append((taps / taps.sum()).astype(np.float32))
    return tuple(filters)


def _weighted(sound: F32) -> F32:
    """The sound as the ear weighs it, filtered by the response of the two biquads."""
    size = 1 << int(np.ceil(np.log2(len(sound) + _TAIL)))
    spectrum = np.fft.rfft(sound, size, axis=0)
    return np.asarray(
        np.fft.irfft(spectrum * _response(size)[:, None], size, axis=0)[: len(sound)], np.float32
    )


@lru_cache(maxsize=4)
def _response(size: int) -> NDArray[np.complex128]:
    z = np.exp(-2j * np.pi * np.arange(size // 2 + 1) / size)
    response = np.ones(len(z), np.complex128)
    for above, below in (_SHELF, _PASS):
        top, bottom = (c[0] + c[1] * z + c[2] * z * z for c in (above, below))
        response *= top / bottom
    return response


def _gated(steps: NDArray[np.float64]) -> float:
    if not len(steps):
        return float("-inf")
    count = min(_BLOCK, len(steps))
    power = np.convolve(steps, np.ones(count) / count, "valid")
    power = power[power > _power(_ABSOLUTE_GATE)]
    if not len(power):
        return float("-inf")
    power = power[power > _power(_level(float(power.mean())) + _RELATIVE_GATE)]
    return _level(float(power.mean()))


def _level(power: float) -> float:
    return float(-0.691 + 10 * np.log10(power))


def _power(level: float) -> float:
    return float(10 ** ((level + 0.691) / 10))
