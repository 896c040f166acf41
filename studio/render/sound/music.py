"""The four moods of background music, composed and played in code: seamless loops that vary by seed."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from studio.render.sound import synth
from studio.render.sound.loop import Loop
from studio.render.sound.melody import compose

F32 = NDArray[np.float32]
MOODS = ("lofi", "upbeat", "cinematic", "ambient")


@lru_cache(maxsize=4)
def music(mood: str, seed: int = 0) -> F32:
    """A loop of 16 s or more as n×2 float32 at 48 kHz, peak 0.9, even in loudness; KeyError for other moods.

    The array is shared and must not be written to.
    """
    play, drive = _PLAYED[mood]
    sound = play(seed)
    # Gentle saturation evens out the peaks, so that −14 LUFS leaves the limiter nothing to do.
    loud = float(np.sqrt(np.mean(sound**2)))
    sound = np.asarray(np.tanh(sound * np.float32(drive / max(loud, 1e-6))), np.float32)
    sound *= np.float32(0.9) / np.abs(sound).max()
    sound.setflags(write=False)
    return sound


def _lofi(seed: int) -> F32:
    loop = Loop(32, 38_400)  # 75 beats a minute
    chords = ((48, 55, 59, 62, 64), (45, 52, 55, 60, 62), (50, 53, 57, 60, 64), (43, 53, 57, 59, 64)) * 2
    chords = (*chords[:6], (52, 55, 59, 62, 64), (43, 53, 57, 60, 62))
    swing = 0.09
    random = np.random.default_rng(seed + 1)
    for bar, chord in enumerate(chords):
        at = bar * 4
        for onset, length in ((0, 1.9), (2.5 + swing, 1.2)):
            for index, note in enumerate(chord[1:]):
                late = index * 0.012 + 0.01 * float(random.random())
                side = (index - 1.5) * 0.22
                loop.add(synth.electric_piano(note + 12, length * 0.8, side), at + onset + late, 0.17, 0.3)
        root = chord[0] - 12
        for onset, note, length in (
            (0, root, 0.9),
            (1.5 + swing, root, 0.35),
            (2, root + 7, 0.7),
            (3.5 + swing, root + 12, 0.3),
        ):
            loop.add(synth.bass(note, length * 0.8, 0.15), at + onset, 0.36)
        for onset, level in ((0, 0.62), (1.75, 0.3), (2.5 + swing, 0.52)):
            loop.add(synth.kick(0.34, 50, 0.6), at + onset, level, 0.03)
        for onset in (1, 3):
            loop.add(synth.snare(seed + 5, 0.7), at + onset + 0.02, 0.30, 0.22)
        for eighth in range(8):
            onset = eighth / 2 + (swing if eighth % 2 else 0)
            loop.add(synth.hat(seed + 20 + eighth), at + onset, 0.085 if eighth % 2 else 0.055)
    rhythms = ((0.5, 1, 2, 3.09), (0, 1.59, 2.5), (1, 1.59, 2, 3), (0, 0.59, 1, 2.59))
    for tune in compose(chords, (0, 2, 4, 7, 9), rhythms, 72, 86, seed):
        loop.add(synth.pluck(tune.pitch, 1.3, 0.2, 0.15), tune.beat, 0.15 * tune.level, 0.6)
    _vinyl(loop, seed)
    return loop.mixed(decay=1.3, warmth=5200, seed=seed, duck=_pump(loop, (0, 2.5 + swing), 0.18))


def _upbeat(seed: int) -> F32:
    loop = Loop(32, 24_000)  # 120 beats a minute
    chords = ((48, 52, 55, 60), (43, 50, 55, 59), (45, 52, 57, 60), (41, 48, 53, 57)) * 2
    for bar, chord in enumerate(chords):
        at = bar * 4
        for onset in (0, 0.75, 1.5, 2.5, 3.25):
            for index, note in enumerate(chord[1:]):
                loop.add(synth.pluck(note + 12, 0.42, 0.75, (index - 1) * 0.45), at + onset, 0.17, 0.22)
        for note in chord[1:]:
            loop.add(synth.pad(note + 12, 1.9, 0.05, 0.12, 2600, seed), at, 0.055, 0.2)
        root = chord[0] - 12
        for eighth in range(8):
            note = root + (12 if eighth % 2 else 0)
            loop.add(synth.bass(note, 0.23, 0.55), at + eighth / 2, 0.32)
        for beat in range(4):
            loop.add(synth.kick(0.32, 49, 1.0), at + beat, 0.66)
            loop.add(synth.hat(seed + beat, open_=beat == 3 and bar % 2 == 1), at + beat + 0.5, 0.13)
            for quarter in (0.25, 0.75):
                loop.add(synth.hat(seed + 40 + beat), at + beat + quarter, 0.045)
        for onset in (1, 3):
            loop.add(synth.clap(seed + 3), at + onset, 0.34, 0.12)
    rhythms = (
        (0, 0.75, 1.5, 2, 3),
        (0.5, 1, 1.5, 2.5, 3),
        (0, 1, 1.5, 2.5, 3.25),
        (0, 0.5, 1.5, 2, 2.75, 3.5),
    )
    for tune in compose(chords, (0, 2, 4, 7, 9), rhythms, 72, 88, seed):
        loop.add(synth.bell(tune.pitch, 0.8, -0.2), tune.beat, 0.19 * tune.level, 0.4)
        loop.add(synth.pluck(tune.pitch, 0.5, 0.9, 0.2), tune.beat, 0.12 * tune.level, 0.3)
    return loop.mixed(decay=1.1, warmth=13_000, seed=seed, duck=_pump(loop, (0, 1, 2, 3), 0.22))


def _cinematic(seed: int) -> F32:
    loop = Loop(32, 32_000)  # 90 beats a minute
    chords = ((45, 52, 57, 60, 64), (41, 48, 57, 60, 65), (48, 55, 60, 64, 67), (43, 50, 59, 62, 67)) * 2
    for bar, chord in enumerate(chords):
        at = bar * 4
        for index, note in enumerate(chord[1:]):
            cutoff = 1500 + 160 * bar
            loop.add(synth.pad(note, 2.75, 0.5, 0.9, cutoff, seed + index), at, 0.085, 0.4)
        loop.add(synth.pad(chord[0] - 12, 2.75, 0.25, 0.6, 420, seed), at, 0.17, 0.15)
        pattern = (0, 2, 1, 2, 0, 2, 1, 3)
        for eighth in range(8):
            note = chord[1 + pattern[eighth]]
            level = 0.21 if eighth % 4 == 0 else 0.14
            loop.add(synth.pad(note, 0.12, 0.012, 0.14, 3200, seed + 7), at + eighth / 2, level, 0.45)
        loop.add(synth.drum(33, seed + 2), at, 0.50, 0.5)
        if bar % 2:
            for onset, level in ((2.5, 0.26), (3, 0.32), (3.5, 0.38)):
                loop.add(synth.drum(38, seed + 4, 1.1), at + onset, level, 0.5)
        else:
            loop.add(synth.drum(33, seed + 3, 1.2), at + 2.5, 0.26, 0.5)
        loop.add(synth.noise(1.2, 5000, 12_000, 3.0, seed + bar), at, 0.028, 0.6)
    rhythms = ((0, 1.5, 2, 3), (0, 2, 3), (0.5, 1, 2, 3.5), (0, 1, 2.5))
    for tune in compose(chords, (9, 11, 0, 2, 4, 7), rhythms, 69, 84, seed):
        loop.add(synth.piano(tune.pitch, 1.6 + tune.length * 0.4, 0.1), tune.beat, 0.40 * tune.level, 0.6)
    return loop.mixed(decay=2.8, warmth=9000, seed=seed)


def _ambient(seed: int) -> F32:
    loop = Loop(24, 48_000)  # 60 beats a minute
    chords = ((48, 55, 62, 64, 71), (45, 52, 59, 64, 67), (41, 48, 57, 60, 64), (43, 50, 57, 62, 64),
              (45, 52, 60, 64, 71), (41, 53, 57, 60, 67))  # fmt: skip
    for bar, chord in enumerate(chords):
        at = bar * 4
        for index, note in enumerate(chord[1:]):
            loop.add(synth.pad(note, 3.6, 1.3, 1.9, 950, seed + index), at - 0.4, 0.15, 0.5)
        loop.add(synth.bass(chord[0] - 12, 3.9, 0.05), at, 0.22, 0.1)
        loop.add(synth.pad(chord[0], 3.6, 1.0, 1.6, 260, seed + 9), at - 0.3, 0.24, 0.3)
        for onset, level in ((0, 0.22), (0.35, 0.13), (2, 0.16)):
            loop.add(synth.kick(0.5, 41, 0.15), at + onset, level, 0.2)
        for eighth in range(8):
            brush = synth.noise(0.34, 3800, 9000, 9, seed + 30 + eighth)
            loop.add(brush, at + eighth / 2, 0.020 if eighth % 2 else 0.012, 0.7)
    rhythms = ((0.5, 2, 3), (0, 1.5, 3.25), (1, 2.5), (0.5, 1.75, 2.5, 3.5))
    for tune in compose(chords, (0, 2, 4, 7, 9, 11), rhythms, 72, 88, seed):
        side = 0.5 if round(tune.beat * 2) % 2 else -0.5
        loop.add(synth.bell(tune.pitch, 2.6, side), tune.beat, 0.17 * tune.level, 1.0)
    return loop.mixed(decay=4.5, warmth=7000, seed=seed)


def _vinyl(loop: Loop, seed: int) -> None:
    """The faint hiss and crackle of an old record."""
    random = np.random.default_rng(seed + 7)
    size = len(loop.dry)
    hiss = random.standard_normal((size, 2)).astype(np.float32)
    loop.dry += hiss * np.float32(0.0022)
    for place in random.integers(0, size - 64, size // 9000):
        click = np.exp(-np.arange(40) / 6) * random.uniform(0.01, 0.05) * random.choice([-1, 1])
        loop.dry[place : place + 40] += click[:, None].astype(np.float32)


def _pump(loop: Loop, onsets: tuple[float, ...], depth: float) -> F32:
    """A level for every sample that dips at each kick and comes back within half a beat."""
    bar = np.ones(4 * loop.beat, np.float32)
    dip = np.arange(loop.beat // 2, dtype=np.float32) / np.float32(loop.beat // 2)
    shape = 1 - np.float32(depth) * (1 - dip) ** 2 * np.minimum(dip * 40, 1)
    for onset in onsets:
        start = round(onset * loop.beat)
        count = min(len(shape), len(bar) - start)
        bar[start : start + count] = np.minimum(bar[start : start + count], shape[:count])
    return np.tile(bar, len(loop.dry) // len(bar))


# How each is played, and the level (RMS) at which it goes into the saturation.
_PLAYED: dict[str, tuple[Callable[[int], F32], float]] = {
    "lofi": (_lofi, 0.19),
    "upbeat": (_upbeat, 0.13),
    "cinematic": (_cinematic, 0.13),
    "ambient": (_ambient, 0.12),
}
