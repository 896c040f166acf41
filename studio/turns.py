"""One turn of the conversation: the utterance to the brain, its answer and its draft into the session.

A turn goes on when its listener hangs up: what it changed is found in the state afterwards.
"""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from studio import ledger, media, sessions, variants
from studio.config import Config, language_model
from studio.core import Studio
from studio.pool import WorkerDiedError, WorkError
from studio.replies import ApiError
from studio.sessions import Draft, Session, Version
from studio.sse import Events, failure

if TYPE_CHECKING:
    from studio.brain import Context, Reply

log = logging.getLogger("studio.turns")
Emit = Callable[[Mapping[str, Any]], None]
_PIECES = re.compile(r"(?<=[.!?]\s)(?=\S)|(?<=[。！？\n])(?=\S)")


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn that was accepted: its message is in the transcript, its price reserved."""

    account_id: str
    session_id: str
    text: str
    ref: str


@dataclass(frozen=True, slots=True)
class _Done:
    """What a turn came to; `version` is the number of the draft in force after it."""

    text: str
    version: int
    changed: bool


def accept(connection: Connection, studio: Studio, account_id: str, session_id: str, text: str) -> Turn:
    """Note the utterance and reserve its price; raises ApiError 1002 and 2001."""
    session = sessions.load(connection, account_id, session_id)
    ref = f"turn:{secrets.token_hex(12)}"
    if studio.config.prices.metered:
        ledger.reserve(connection, account_id, ref, studio.config.prices.turn)
    sessions.say(connection, session.id, "user", text)
    return Turn(account_id, session.id, text, ref)


def settle_abandoned(connection: Connection, config: Config) -> None:
    """Give back what turns reserved whose process died: they changed nothing, or were not seen to end."""
    # Alone on a SQLite file; elsewhere a turn may be under way in another process as long as it may last.
    age = int(config.limits.turn_seconds * 2000) if config.database_url else 0
    for account_id, ref in ledger.open_reservations(connection, "turn:", age):
        ledger.settle(connection, account_id, ref, 0)


async def take(studio: Studio, turn: Turn, emit: Emit) -> None:
    """Carry out an accepted turn; its events go to `emit`, a failure as the last of them."""
    cost = 0
    try:
        async with asyncio.timeout(studio.config.limits.turn_seconds), studio.turn_lock(turn.session_id):
            changed = await _answer(studio, turn, emit)
        # Generating and editing cost credits; a question does not.
        cost = studio.config.prices.turn if changed else 0
    except TimeoutError:
        emit(failure("This took too long and was stopped; nothing was changed.", 504))
    except ApiError as refusal:
        emit(failure(refusal.message, refusal.code))
    except Exception:
        log.exception("a turn failed")
        emit(failure("The studio could not do this; nothing was changed.", 500))
    if studio.config.prices.metered:
        await studio.write(ledger.settle, turn.account_id, turn.ref, cost)


async def _answer(studio: Studio, turn: Turn, emit: Emit) -> bool:
    """Tell the reply; whether the draft or the variants changed."""
    events = Events()
    call = f"call-{secrets.token_hex(6)}"
    emit(events.call("edit_timeline", call, {}))
    context = await studio.read(_context, turn)
    reply = await asyncio.to_thread(_respond, turn.text, context)
    done = await studio.write(_apply, turn, reply)
    if done.changed:
        studio.hub.tell(turn.session_id, {"type": "draft", "version": done.version})
    emit(events.result("edit_timeline", call, {"status": "success", "version": done.version}))
    if reply.variants:
        await _paint(studio, turn, reply.variants, events, emit)
    for piece in pieces(done.text):
        emit(events.text(piece, partial=True))
    if done.text:
        emit(events.text(done.text, partial=False))
    return done.changed


async def _paint(
    studio: Studio, turn: Turn, recipes: Sequence[Mapping[str, Any]], events: Events, emit: Emit
) -> None:
    """Pictures of what is offered; the offer stands without them."""
    call = f"call-{secrets.token_hex(6)}"
    emit(events.call("paint_variants", call, {"count": len(recipes)}))
    try:
        await variants.paint(studio, turn.account_id, turn.session_id, recipes)
        status = "success"
    except (WorkError, WorkerDiedError) as error:
        log.warning("variants could not be painted: %s", error)
        status = "failed"
    emit(events.result("paint_variants", call, {"status": status}))


def pieces(text: str) -> list[str]:
    """A reply in the increments it is streamed in, sentence by sentence."""
    return [piece for piece in _PIECES.split(text) if piece]


def _respond(text: str, context: Context) -> Reply:
    from studio.brain import Model, respond

    url, name, key = language_model()
    return respond(text, context, Model(url, name, key) if url else None)


def _context(connection: Connection, turn: Turn) -> Context:
    from studio.brain import Context, MediaItem

    session = sessions.load(connection, turn.account_id, turn.session_id)
    items = tuple(
        MediaItem(
            asset=item.sha256,
            filename=item.filename,
            file_type=item.file_type,
            width=item.width,
            height=item.height,
            duration=item.duration,
            faces=item.faces,
        )
        for item in media.of_session(connection, session.id)
    )
    current = sessions.current(connection, session)
    previous = sessions.version(connection, session.id, current.parent) if current.parent else None
    return Context(
        draft=current.draft,
        media=items,
        language=session.language,
        variants=session.variants,
        previous=previous.draft if previous else None,
    )


def _apply(connection: Connection, turn: Turn, reply: Reply) -> _Done:
    """Write what the brain decided, all of it or nothing."""
    session = sessions.load(connection, turn.account_id, turn.session_id, lock=True)
    before = sessions.current(connection, session)
    text, after = reply.text, before
    if reply.step:
        text, after = _step(connection, session, before, reply)
    elif reply.draft is not None and not sessions.same_draft(reply.draft, before.draft):
        after = sessions.commit(connection, session, _checked(reply.draft))
    if reply.variants:
        sessions.remember_variants(connection, session.id, reply.variants)
    if text:
        sessions.say(connection, session.id, "model", text)
    return _Done(text, after.n, changed=after.n != before.n or bool(reply.variants))


def _step(connection: Connection, session: Session, before: Version, reply: Reply) -> tuple[str, Version]:
    from studio.brain import describe_step

    walk = {"undo": sessions.undo, "redo": sessions.redo, "reset": sessions.reset}[reply.step]
    after, done = before, 0
    while done < reply.steps and (there := walk(connection, session)) is not None:
        after, done = there, done + 1
        session = replace(session, position=there.n)
        if reply.step == "reset":
            break
    words = describe_step(
        reply.step,
        before.draft,
        after.draft if done else None,
        reply.language,
        done=done,
        asked=reply.steps,
    )
    return reply.text or words, after


def _checked(draft: Draft) -> Draft:
    """No draft enters the history that a later render would refuse."""
    from studio.draft import validate

    validate(draft)
    return draft
