"""Runs turns for a renderer: events shown, transcript kept, errors made sentences and exit codes."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
import time
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Any

from agent.catalogue import explain, message
from agent.clean import clean_line
from agent.conversation import Ask, Conversation, answer_no
from agent.errors import AvatarError, Cancelled, TimedOut
from agent.events import Changed, Done, Error, Event, Exported, Text, Timeline, Uploaded
from agent.models import Attachment
from agent.turn import run_turn
from agent.ui.renderer import Renderer

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
        return report(error, renderer, conversation.language, debug=conversation.settings.debug,
                      conversation=conversation)  # fmt: skip
    finally:
        if names := conversation.names[sent:]:
            note(conversation, {"type": "files", "names": names})
        _remember(conversation, utterance)


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


def report(
    error: AvatarError,
    renderer: Renderer,
    language: str,
    *,
    debug: bool,
    conversation: Conversation | None = None,
) -> int:
    """Show an error in the user's words, with --debug its traceback too; its exit code."""
    event = explain(error, language)
    if debug:
        traceback.print_exception(error, file=sys.stderr)
    renderer.show(event)
    if conversation is not None:
        note(conversation, event.as_json())
    return error.exit_code


def unexpected(error: Exception) -> AvatarError:
    """A mistake of the program itself, told as an error like the others."""
    _log.error("unexpected", exc_info=error)
    wrapped = AvatarError("unexpected", detail=clean_line(f"{type(error).__name__}: {error}")[:300])
    wrapped.__cause__ = error
    return wrapped


def first_words(language: str, skill_lines: Sequence[str], greeting: str) -> str:
    """The greeting with its suggestions."""
    lines = [greeting, "", f"{message(language, 'try_saying')}:", *(f"  · {line}" for line in skill_lines)]
    return "\n".join(lines)


def note(conversation: Conversation, entry: Mapping[str, Any]) -> None:
    """Append to the transcript; a disk that takes no more must not end the conversation."""
    try:
        conversation.store.transcript(conversation.session_id).append(entry)
    except AvatarError as error:
        _log.warning("transcript not written: %s", error)


def _remember(conversation: Conversation, utterance: str) -> None:
    store, session = conversation.store, conversation.connection.session
    if not conversation.title and not conversation.connection.resumed:
        conversation.title = clean_line(utterance)[:60]
    try:
        store.keep_session(conversation.connection.backend, session, language=conversation.language,
                           title=conversation.title)  # fmt: skip
        if conversation.known is not None:
            store.keep_state(conversation.known)
    except AvatarError as error:
        _log.warning("session not noted: %s", error)
