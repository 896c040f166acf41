"""A render from its order to the file on disk: submit under a reserved id, watch, fetch, go on after a break.

A render is written down before it is submitted; whatever ends this process, the next start finds it.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from agent.catalogue import explain
from agent.client.errors import BadRequest, NotFound, ServerError
from agent.conversation import Conversation, Emit
from agent.errors import AvatarError, Dropped, LocalFileError, OutOfReach, RenderFailed, TimedOut
from agent.events import Export, Exported, Notice, Progress
from agent.media.facts import read_facts
from agent.models import OutputSpec, RenderStatus, State
from agent.naming import free_name, shown
from agent.store.renders import RenderRecord

HOSTED_POLL = 30.0
STUDIO_POLL = 0.25
_SUBMITS = 3
_PATIENCE = 5
_ENDED = ("completed", "failed", "cancelled")


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be exported and where to; `target` None is stdout."""

    target: Path | None
    output: OutputSpec
    overwrite: bool = False


async def export(order: Order, state: State, conversation: Conversation, emit: Emit) -> None:
    """Submit, watch and fetch one render; with --detach, or a background, the watching is left to others.

    Raises RenderFailed, LocalFileError and what submitting is refused with.
    """
    conversation.exports += 1
    token = conversation.connection.client.token
    note = RenderRecord(
        id=conversation.store.reserve_render_id(),
        backend=conversation.connection.backend,
        session_id=conversation.session_id,
        path=str(order.target) if order.target else "",
        format=order.output.format,
        output=order.output,
        draft=state.draft,
        created=time.time(),
        token=token.value if token and not token.own else "",
        user_id=token.user_id if token else "",
        overwrite=order.overwrite,
    )
    status = await _submit(note, conversation, emit)
    if conversation.settings.detach and order.target is not None:
        emit(Notice(conversation.said("export_detached", id=note.id, path=shown(order.target))))
    elif conversation.background is not None and order.target is not None:
        conversation.background(partial(_finish, note, status, conversation))
    else:
        await _finish(note, status, conversation, emit)


async def catch_up(conversation: Conversation, emit: Emit) -> None:
    """Say what finished while no one was there: fetch it, tell what failed, go on with what still runs."""
    for note in conversation.store.renders(conversation.connection.backend):
        try:
            with conversation.store.watching(note.id) as ours:
                if not ours:
                    continue
                status = await _status_of(note, conversation, emit)
                if status is not None and status.status in _ENDED:
                    if status.status == "completed":
                        emit(Notice(conversation.said("finished_meanwhile")))
                    await _fetch(note, status, conversation, emit)
                    continue
        except RenderFailed as error:
            emit(
                Notice(
                    conversation.said("failed_meanwhile", path=shown(Path(note.path)), detail=error.detail)
                )
            )
        except AvatarError as error:
            told = explain(error, conversation.language)
            emit(Notice(f"{told.message} {told.hint}".strip()))
        else:
            if status is not None:
                told_as = {"path": shown(Path(note.path)), "progress": round(status.progress)}
                emit(Notice(conversation.said("still_rendering", **told_as)))
                if conversation.background is not None:
                    conversation.background(partial(_finish, note, status, conversation))
    for path in conversation.store.damaged:
        emit(Notice(conversation.said("file_set_aside", path=str(path))))
    conversation.store.damaged.clear()


async def _status_of(note: RenderRecord, conversation: Conversation, emit: Emit) -> RenderStatus | None:
    """A noted render as the backend knows it, submitted if that never happened; None where it is given up."""
    if not note.path:
        conversation.store.forget_render(note.id)
        return None
    try:
        return await conversation.connection.render_status(note.id, note.owner())
    except NotFound:
        if note.submitted:
            raise RenderFailed(detail="404") from None
        return await _submit(note, conversation, emit)


async def _finish(note: RenderRecord, status: RenderStatus, conversation: Conversation, emit: Emit) -> None:
    """Watch a render to its end and fetch it; one that failed is submitted once more under a new id."""
    with conversation.store.watching(note.id) as ours:
        if not ours:
            return
        status = await _watch(note, status, conversation, emit)
        if note.id in conversation.cancelled and (
            status.status != "completed" or not _kept(note, conversation)
        ):
            # Even where the cancelling itself seemed to fail: what was not wanted is not rendered again.
            _called_off(note, conversation, emit)
            return
        if status.status != "failed" or note.attempt > 1:
            await _fetch(note, status, conversation, emit)
            return
        conversation.store.forget_render(note.id)
    emit(Notice(conversation.said("render_retry")))
    again = replace(
        note, id=conversation.store.reserve_render_id(), attempt=note.attempt + 1, submitted=False
    )
    await _finish(again, await _submit(again, conversation, emit), conversation, emit)


async def cancel(conversation: Conversation, emit: Emit) -> None:
    """Cancel every render under way on this backend; one that cannot be told to stop is still fetched.

    Raises the first failure when all were tried.
    """
    connection, store = conversation.connection, conversation.store
    failure: AvatarError | None = None
    for note in store.renders(connection.backend):
        conversation.cancelled.add(note.id)
        try:
            await connection.authed(partial(connection.client.cancel_render, note.id))
        except NotFound:
            pass
        except AvatarError as error:
            failure = failure or error
            continue
        _called_off(note, conversation, emit)
    if failure is not None:
        raise failure


def _called_off(note: RenderRecord, conversation: Conversation, emit: Emit) -> None:
    """Forget a cancelled render and say so, once."""
    if _kept(note, conversation):
        conversation.store.forget_render(note.id)
        emit(Export(note.id, "cancelled", 0))
        emit(Notice(conversation.said("export_cancelled", path=shown(Path(note.path)))))


def _kept(note: RenderRecord, conversation: Conversation) -> bool:
    return any(kept.id == note.id for kept in conversation.store.renders())


async def _submit(note: RenderRecord, conversation: Conversation, emit: Emit) -> RenderStatus:
    """Write the render down and submit it, under the same id for as long as the outcome is unknown."""
    store, connection = conversation.store, conversation.connection
    store.remember_render(note)
    output = note.output or OutputSpec(note.format)
    for attempt in range(1, _SUBMITS + 1):
        try:
            status = await connection.authed(
                lambda: connection.client.submit_render(note.id, note.session_id, note.draft, output)
            )
            break
        except (Dropped, TimedOut, ServerError):
            known = await _asked(note, conversation)
            if known is not None:
                status = known
                break
            if attempt == _SUBMITS:
                raise
            await asyncio.sleep(_pause(None, conversation))
        except OutOfReach:
            raise
        except AvatarError:
            store.forget_render(note.id)
            raise
    store.remember_render(replace(note, submitted=True))
    emit(Export(note.id, status.status, status.progress))
    return status


async def _asked(note: RenderRecord, conversation: Conversation) -> RenderStatus | None:
    """The render as the backend knows it; None where it does not, or does not answer either."""
    try:
        return await conversation.connection.client.render_status(note.id)
    except (NotFound, BadRequest, OutOfReach, ServerError):
        return None


async def _watch(
    note: RenderRecord, status: RenderStatus, conversation: Conversation, emit: Emit
) -> RenderStatus:
    """Poll a render until it ends; each news is an event."""
    every = conversation.settings.heartbeat_seconds
    told = (status.status, status.progress)
    began = said = time.monotonic()
    failures = 0
    while status.status not in _ENDED:
        await asyncio.sleep(_pause(status, conversation))
        try:
            status = await conversation.connection.render_status(note.id, note.owner())
            failures = 0
        except (OutOfReach, ServerError):
            # The render goes on without us; a network that is away for a while comes back.
            failures += 1
            if failures >= _PATIENCE:
                raise
        now = time.monotonic()
        if (status.status, status.progress) != told:
            told, said = (status.status, status.progress), now
            emit(Export(note.id, status.status, status.progress))
        elif now - said >= every:
            emit(Progress(conversation.said("still_working"), round(now - began, 3)))
            said = now
    return status


async def _fetch(note: RenderRecord, status: RenderStatus, conversation: Conversation, emit: Emit) -> None:
    """Bring a completed render to its place and forget it. Raises RenderFailed, LocalFileError."""
    if status.status != "completed":
        conversation.store.forget_render(note.id)
        raise RenderFailed(detail=status.error or status.status)
    client = conversation.connection.client
    if note.path:
        path, size = await _downloaded(note, status, conversation, emit)
        event = _exported(note, status, path, size, str(path))
    else:
        with tempfile.TemporaryDirectory(prefix="avatar-") as folder:
            path = Path(folder) / f"export.{note.format}"
            size = await client.download(status, path, format=note.format)
            event = _exported(note, status, path, size, "-")
            assert conversation.deliver is not None
            conversation.deliver(path)
    conversation.store.forget_render(note.id)
    emit(event)


async def _downloaded(
    note: RenderRecord, status: RenderStatus, conversation: Conversation, emit: Emit
) -> tuple[Path, int]:
    """Download under the wanted name, or the next free one when it is taken."""
    client, target = conversation.connection.client, Path(note.path)
    while True:
        path = target if note.overwrite else free_name(target)
        try:
            size = await client.download(status, path, format=note.format, overwrite=note.overwrite)
        except LocalFileError as error:
            if error.key == "output_exists" and not note.overwrite:
                continue
            raise
        if path != target:
            emit(Notice(conversation.said("export_free_name", taken=shown(target), path=shown(path))))
        return path, size


def _exported(note: RenderRecord, status: RenderStatus, path: Path, size: int, told: str) -> Exported:
    facts = read_facts(path)
    return Exported(
        id=note.id,
        path=told,
        bytes=size,
        format=note.format or facts.format,
        width=facts.width,
        height=facts.height,
        duration=facts.duration or status.duration,
        url=status.url,
    )


def _pause(status: RenderStatus | None, conversation: Conversation) -> float:
    """Seconds until the next look: the user's setting, what the backend asks for, else its kind's own."""
    settings, studio = conversation.settings, conversation.connection.is_studio
    if settings.poll_seconds is not None:
        return settings.poll_seconds
    if status is not None and status.retry_after is not None:
        return min(max(status.retry_after, 0.05), 120.0)
    return STUDIO_POLL if studio else HOSTED_POLL


__all__ = ["Order", "cancel", "catch_up", "export"]
