"""Melodies by rule and seed: a short motif, repeated and answered, that rests on the notes of the chords."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Note:
    """A note of a melody: when (in beats), MIDI number, length in beats, loudness 0…1."""

    beat: float
    pitch: int
    length: float
    level: float


def compose(
    chords: Sequence[Sequence[int]],
    scale: Sequence[int],
    rhythms: Sequence[Sequence[float]],
    low: int,
    high: int,
    seed: int,
    per_bar: int = 4,
) -> list[Note]:
    """A melody over the chords, a bar each; `scale` are pitch classes, `rhythms` onsets in a bar, in beats.

    Bars go A B A′ C: the first motif comes back, so that the ear finds a tune and not a walk.
    """
    random = np.random.default_rng(seed)
    steps = [pitch for pitch in range(low, high + 1) if pitch % 12 in scale]
    motifs = [_motif(random, rhythms) for _ in range(3)]
    form = (0, 1, 0, 2)
    notes: list[Note] = []
    place = len(steps) // 2
    for bar, chord in enumerate(chords):
        onsets, moves = motifs[form[bar % 4]]
        tones = {pitch % 12 for pitch in chord}
        for index, (onset, move) in enumerate(zip(onsets, moves, strict=True)):
            place = min(max(place + move, 0), len(steps) - 1)
            if index == 0 or index == len(onsets) - 1:
                place = _nearest(steps, place, tones)
            following = onsets[index + 1] if index + 1 < len(onsets) else per_bar
            level = 0.72 + 0.2 * (onset % 1 == 0) + 0.08 * float(random.random())
            notes.append(Note(bar * per_bar + onset, steps[place], following - onset, level))
        if place > len(steps) * 3 // 4 or place < len(steps) // 4:
            place = len(steps) // 2
    return notes


def _motif(
    random: np.random.Generator, rhythms: Sequence[Sequence[float]]
) -> tuple[Sequence[float], list[int]]:
    onsets = rhythms[int(random.integers(len(rhythms)))]
    moves = random.choice(
        [-2, -1, -1, 1, 1, 2, 3, -3], size=len(onsets), p=[0.14, 0.2, 0.14, 0.2, 0.14, 0.1, 0.04, 0.04]
    )
    return onsets, [int(move) for move in moves]


def _nearest(steps: Sequence[int], place: int, tones: set[int]) -> int:
    """The step closest to a place whose pitch belongs to the chord."""
    fitting = [index for index, pitch in enumerate(steps) if pitch % 12 in tones]
    return min(fitting, key=lambda index: abs(index - place)) if fitting else place
