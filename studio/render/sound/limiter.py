"""A true-peak limiter that looks ahead: it turns a peak down before it comes and leaves all else alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio.render.sound import loudness

F32 = NDArray[np.float32]
# AAC adds up to half a decibel to a peak; with it the finished file stays below −1 dB.
CEILING = float(10 ** (-1.6 / 20))
_AHEAD = 240
_HOLD = 2_400
MARGIN = 2 * _AHEAD + _HOLD + 32
# Between two samples a sound can rise above both, though hardly ever by more than 6 dB.
_SAFE = 0.5 * CEILING


def limited(sound: F32) -> F32:
    """The middle of n×2 sound, MARGIN samples off each end, with no true peak above the ceiling."""
    middle = sound[MARGIN:-MARGIN]
    if np.abs(sound).max(initial=0.0) <= _SAFE:
        return middle
    peaks = loudness.peaks(sound)
    if peaks.max() <= CEILING:
        return middle
    gain = np.minimum(1.0, CEILING / np.maximum(peaks, 1e-9)).astype(np.float32)
    held = _lowest(gain, _HOLD, _AHEAD)
    kernel = np.hanning(2 * _AHEAD + 1)
    smooth = np.convolve(held, kernel / kernel.sum(), "same").astype(np.float32)
    return np.asarray(middle * smooth[MARGIN:-MARGIN, None], np.float32)


def _lowest(values: F32, before: int, after: int) -> F32:
    """The lowest value in a window round each (van Herk's running minimum)."""
    width = before + after + 1
    size = -(-(len(values) + width) // width) * width
    padded = np.ones(size + width, np.float32)
    padded[before : before + len(values)] = values
    blocks = padded[: len(padded) // width * width].reshape(-1, width)
    forward = np.minimum.accumulate(blocks, axis=1).ravel()
    backward = np.minimum.accumulate(blocks[:, ::-1], axis=1)[:, ::-1].ravel()
    return np.minimum(backward[: len(values)], forward[width - 1 : width - 1 + len(values)])
