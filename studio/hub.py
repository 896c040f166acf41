"""Who listens to a session, and what is told to them; a listener that is too slow misses what is older."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from studio.sse import Queue

WAITING = 64


class Hub:
    """The listeners of this process, by session."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[Queue]] = {}

    @property
    def count(self) -> int:
        return sum(len(queues) for queues in self._listeners.values())

    @contextmanager
    def listening(self, session_id: str) -> Iterator[Queue]:
        """A queue that gets what happens in the session from now on."""
        queue: Queue = asyncio.Queue()
        self._listeners.setdefault(session_id, set()).add(queue)
        try:
            yield queue
        finally:
            queues = self._listeners[session_id]
            queues.discard(queue)
            if not queues:
                del self._listeners[session_id]

    def tell(self, session_id: str, event: Mapping[str, Any] | None) -> None:
        """Hand an event to every listener of the session; END ends their streams."""
        for queue in self._listeners.get(session_id, ()):
            if queue.qsize() >= WAITING:
                queue.get_nowait()
            queue.put_nowait(event)

    def end(self) -> None:
        """End every stream: the studio stops."""
        for session_id in self._listeners:
            self.tell(session_id, None)
