"""Renders under way and how long each will still take, told from its own pace."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from agent.catalogue import message


@dataclass(slots=True)
class Pace:
    """A render's progress since it began to move: the time it waited in a queue says nothing of its pace."""

    progress: float = 0.0
    began: float = field(default_factory=time.monotonic)
    first: float = 0.0

    def advance(self, progress: float, now: float) -> None:
        if progress <= self.first:
            self.first, self.began = progress, now
        self.progress = progress

    def seconds_left(self, now: float) -> int | None:
        """Seconds to 100 %; None while there is too little to tell."""
        done, spent = self.progress - self.first, now - self.began
        if done < 5 or spent < 1 or self.progress >= 100:
            return None
        return max(1, round(spent * (100 - self.progress) / done))


def told(ident: str, renders: Mapping[str, Pace], language: str, now: float) -> str:
    """One of the renders in a few words; which one, where there are several."""
    pace = renders[ident]
    left = pace.seconds_left(now)
    key = "export_progress" if left is None else "export_left"
    said = message(language, key, progress=round(pace.progress), seconds=left)
    if len(renders) == 1:
        return said
    return message(
        language, "batch_place", place=list(renders).index(ident) + 1, total=len(renders), file=said
    )
