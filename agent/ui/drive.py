"""Runs turns for a renderer: events shown, transcript kept, errors made sentences and exit codes."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Any

from agent.catalogue import explain
from agent.clean import clean_line
from agent.conversation import Ask, Conversation, answer_no
from agent.errors import AvatarError, Cancelled, TimedOut
from agent.events import Changed, Done, Error, Event, Exported, Text, Timeline, Uploaded
from agent.models import Attachment
from agent.turn import run_turn
from agent.ui.renderer import Renderer
from agent.ui.reporting import report, unexpected

_log = logging.getLogger(__name__)
_KEPT = (Text, Changed, Exported, Timeline, Uploaded, Error)


async def perform(
    utterance: str,
    files: Sequence[Attachment],
    conversation: Conversation,
    renderer: Renderer,
    ask: Ask = answer_no,
) -> int:
    """One turn, shown as it goes; its exit code. Errors are shown, and the conversation can go on."""
    entry: dict[str, Any] = {"type": "user", "text": utterance}
    if files:
        entry["files"] = [item.url or str(item.path) for item in files]
    note(conversation, entry)
    sent = len(conversation.names)
    events = run_turn(utterance, files, conversation, ask)
    try:
        async with contextlib.aclosing(events):
            return await _shown(events, conversation, renderer)
    except asyncio.CancelledError:
        # What the backend did before it was stopped is not known.
        conversation.known = None
        raise
    except AvatarError as error:
        return _ended(error, conversation, renderer)
    except Exception as error:  # noqa: BLE001 - a mistake of ours must not take the conversation along
        return _ended(unexpected(error), conversation, renderer)
    finally:
        if names := conversation.names[sent:]:
            note(conversation, {"type": "files", "names": names})
        _remember(conversation, utterance)


def _ended(error: AvatarError, conversation: Conversation, renderer: Renderer) -> int:
    note(conversation, explain(error, conversation.language).as_json())
    return report(error, renderer, conversation.language, debug=conversation.settings.debug)


async def _shown(events: AsyncIterator[Event], conversation: Conversation, renderer: Renderer) -> int:
    async for event in events:
        renderer.language = conversation.language
        renderer.show(event)
        if isinstance(event, _KEPT):
            note(conversation, event.as_json())
    return 0


async def guarded(
    work: Callable[[], Awaitable[int]],
    renderer: Renderer,
    language: str,
    *,
    debug: bool = False,
    seconds: float | None = None,
    began: float,
) -> int:
    """The whole command: its time limit, errors on the way there, and the closing `done`."""
    try:
        async with asyncio.timeout(seconds):
            code = await work()
    except TimeoutError:
        code = report(TimedOut(), renderer, renderer.language or language, debug=debug)
    except asyncio.CancelledError:
        code = report(Cancelled(), renderer, renderer.language or language, debug=False)
    except AvatarError as error:
        code = report(error, renderer, renderer.language or language, debug=debug)
    except Exception as error:  # noqa: BLE001 - the last resort: a sentence instead of a traceback
        code = report(unexpected(error), renderer, renderer.language or language, debug=debug)
    renderer.show(Done(code, round(time.monotonic() - began, 3)))
    renderer.close()
    return code


def note(conversation: Conversation, entry: Mapping[str, Any]) -> None:
    """Append to the transcript; a disk that takes no more must not end the conversation."""
    try:
        conversation.store.transcript(conversation.session_id).append(entry)
    except AvatarError as error:
        _log.warning("transcript not written: %s", error)


def _remember(conversation: Conversation, utterance: str) -> None:
    store, connection = conversation.store, conversation.connection
    if not conversation.worth_keeping:
        if conversation.begun:
            # Nothing came of it: an earlier session stays the last one.
            conversation.begun = False
            _forget(conversation)
        return
    if not conversation.title and not connection.resumed:
        conversation.title = clean_line(utterance)[:60]
    try:
        connection.keep(conversation.title, conversation.language)
        if conversation.known is not None:
            store.keep_state(conversation.known)
    except AvatarError as error:
        _log.warning("session not noted: %s", error)


def _forget(conversation: Conversation) -> None:
    try:
        conversation.store.leave_session(conversation.connection.backend, conversation.session_id)
    except AvatarError as error:
        _log.warning("session not forgotten: %s", error)
