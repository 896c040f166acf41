"""After a turn whose end was lost: its result is looked for in the state; the message is never sent again."""

from __future__ import annotations

import asyncio

from agent.actions import read_state
from agent.client.errors import ServerError
from agent.conversation import Conversation, Emit
from agent.diff import diff
from agent.errors import OutOfReach
from agent.events import Changed, Notice
from agent.models import State

POLLS = 5
_HOSTED = (30.0, 60.0)
_STUDIO = (1.0, 2.0)


async def recover(before: State, conversation: Conversation, emit: Emit) -> bool:
    """Poll the state until it differs from `before`; whether it did, the difference reported."""
    emit(Notice(conversation.said("dropped_waiting")))
    for seconds in waits(conversation.settings.poll_seconds, studio=conversation.connection.is_studio):
        await asyncio.sleep(seconds)
        try:
            after = await read_state(conversation)
        except (OutOfReach, ServerError):
            continue
        changes = diff(before, after, conversation.language)
        if changes:
            conversation.changes = changes
            emit(Notice(conversation.said("dropped_found")))
            emit(Changed(changes))
            return True
    return False


def waits(poll_seconds: float | None, *, studio: bool) -> tuple[float, ...]:
    """Seconds before each look: 30 then 60; N then 2 N where a setting says so; less for the studio."""
    first, later = _STUDIO if studio else _HOSTED
    if poll_seconds is not None:
        first, later = poll_seconds, 2 * poll_seconds
    return (first, *(later for _ in range(POLLS - 1)))
