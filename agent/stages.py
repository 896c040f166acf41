"""What a long turn has done so far: after a tool's result the state is read, what is new told at once."""

from __future__ import annotations

import asyncio
import logging
import time

from agent.conversation import Conversation, Emit
from agent.diff import diff
from agent.errors import AvatarError
from agent.events import Changed
from agent.models import State

HOSTED_EVERY = 10.0
STUDIO_EVERY = 2.0
_log = logging.getLogger(__name__)


class Stages:
    """Tells the stages of one turn (the raw cut, then music, then titles); `told` is the state told last.

    The state is read at most every few seconds, beside the stream, never instead of it.
    """

    def __init__(self, before: State, conversation: Conversation, emit: Emit) -> None:
        self.told = before
        self._conversation, self._emit = conversation, emit
        every = STUDIO_EVERY if conversation.connection.is_studio else HOSTED_EVERY
        self._every = conversation.settings.poll_seconds or every
        self._next = time.monotonic() + self._every
        self._reading: asyncio.Task[None] | None = None

    def result(self) -> None:
        """A tool has given its result."""
        busy = self._reading is not None and not self._reading.done()
        if not busy and time.monotonic() >= self._next:
            self._reading = asyncio.create_task(self._read())

    async def close(self) -> None:
        """The turn is over: nothing more is told."""
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)

    async def _read(self) -> None:
        connection = self._conversation.connection
        session = self._conversation.session_id
        try:
            after = await connection.client.state(session)
        except AvatarError as error:
            # The turn itself goes on; its end reads the state again and tells what is wrong.
            _log.info("a stage was not read: %s", error)
            return
        finally:
            self._next = time.monotonic() + self._every
        changes = diff(self.told, after, self._conversation.language)
        if changes:
            self.told = after
            self._emit(Changed(changes))
