"""Measures two pieces of work by turns, in a way that neighbours on the same cores disturb least."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cost:
    """What a piece of work took: wall time, and processor time of this process' threads, in seconds."""

    wall: float
    cpu: float

    def best(self, other: Cost) -> Cost:
        """The lower of both in each measure: what else a machine does only ever adds."""
        return Cost(min(self.wall, other.wall), min(self.cpu, other.cpu))

    def __sub__(self, other: Cost) -> Cost:
        return Cost(self.wall - other.wall, self.cpu - other.cpu)

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.wall + other.wall, self.cpu + other.cpu)


@dataclass(frozen=True, slots=True)
class Pair:
    """The best of several turns of ours and of theirs."""

    ours: Cost
    theirs: Cost

    @property
    def wall(self) -> float:
        """How much wall time ours takes for each second of theirs."""
        return self.ours.wall / self.theirs.wall

    @property
    def cpu(self) -> float:
        """How much processor time ours takes for each second of theirs; the one a busy machine leaves be."""
        return self.ours.cpu / self.theirs.cpu

    def __str__(self) -> str:
        return (
            f"{self.ours.wall:.2f} s against {self.theirs.wall:.2f} s, wall ratio {self.wall:.2f}; "
            f"processor {self.ours.cpu:.2f} s against {self.theirs.cpu:.2f} s, ratio {self.cpu:.2f}"
        )


def spent() -> Cost:
    """Wall and processor time so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return Cost(time.perf_counter(), used.ru_utime + used.ru_stime)


def cost(work: Callable[[], object]) -> Cost:
    """What one turn of the work takes."""
    before = spent()
    work()
    return spent() - before


def by_turns(ours: Callable[[], object], theirs: Callable[[], object], rounds: int) -> Pair:
    """Both by turns, several times, and the best of each."""
    pair = Pair(cost(ours), cost(theirs))
    for _ in range(rounds - 1):
        pair = Pair(pair.ours.best(cost(ours)), pair.theirs.best(cost(theirs)))
    return pair
