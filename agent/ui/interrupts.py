"""What Ctrl-C means: stop what runs; with nothing running, leave when it comes twice within a second."""

from __future__ import annotations

import time
from collections.abc import Callable

TWICE = 1.0


class Interrupts:
    """Decides what an interrupt does; the callbacks do it."""

    def __init__(
        self, *, stop: Callable[[], bool], hint: Callable[[], None], leave: Callable[[], None]
    ) -> None:
        self._stop, self._hint, self._leave = stop, hint, leave
        self._last = float("-inf")

    def __call__(self) -> None:
        """One Ctrl-C. `stop` says whether there was anything to stop."""
        now = time.monotonic()
        if self._stop():
            return
        if now - self._last <= TWICE:
            self._leave()
        else:
            self._last = now
            self._hint()
