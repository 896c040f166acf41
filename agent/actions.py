"""What the agent does by itself, without a word to the backend's model: upload, credits, timeline, export."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from agent import naming, outputs, renders
from agent.arrivals import arrived, media_before
from agent.attachments import megabytes
from agent.client.errors import ServerError
from agent.conversation import Ask, Conversation, Emit, Question
from agent.errors import Dropped, InputFileError, NothingToExport, NotTheService, TimedOut, UsageError
from agent.events import Credits, Notice, Timeline, Upload, Uploaded
from agent.models import Attachment, MediaInfo, State
from agent.timeline import exportable, name_of, reduced, segments_of, summarise, tracks_of

_EVERY = 0.1


@dataclass(frozen=True, slots=True)
class Wish:
    """An export as it was asked for: by words, by options, or by the backend; `each` segment by itself."""

    words: str = ""
    destination: str = ""
    format: str = ""
    size: str = ""
    each: bool = False


async def upload(attachments: Sequence[Attachment], conversation: Conversation, emit: Emit) -> None:
    """Send files (all in one request) and URLs; each is an event as it goes and when it is there."""
    client, session = conversation.connection.client, conversation.session_id
    files = [item for item in attachments if item.path is not None]
    urls = [item for item in attachments if item.url]
    shown: dict[str, float] = {}
    left = {item.upload_name for item in files}

    def on_progress(name: str, sent: int, total: int) -> None:
        now = time.monotonic()
        if sent >= total:
            left.discard(name)
        if sent >= total or now - shown.get(name, 0.0) >= _EVERY:
            shown[name] = now
            emit(Upload(name, sent, total))

    found: tuple[MediaInfo, ...] = ()
    try:
        if files:
            before = await media_before(conversation)
            try:
                found += await conversation.connection.authed(
                    lambda: client.upload_files(session, files, on_progress)
                )
            except (Dropped, TimedOut, ServerError, NotTheService):
                # What was not sent to its end cannot be there.
                names = [item.upload_name for item in files]
                there = () if left else await arrived(names, before, conversation)
                if not there:
                    raise
                emit(Notice(conversation.said("upload_arrived", files=", ".join(names))))
                found += there
        if urls:
            found += await conversation.connection.authed(
                lambda: client.upload_urls(session, [item.url for item in urls])
            )
    except InputFileError as error:
        # The backend only says no; which types and sizes it takes is the skill's to know.
        skill = conversation.skill
        error.values["types"] = error.values.get("types") or ", ".join(skill.types)
        error.values["limit"] = error.values.get("limit") or megabytes(skill.max_bytes)
        raise
    conversation.photos += attachments
    conversation.names += [item.upload_name for item in attachments]
    # Whatever ends this process from now on, the next start finds the session with its files.
    conversation.connection.keep(language=conversation.language)
    emit(Uploaded(tuple(_row(info) for info in found)))


async def show_credits(conversation: Conversation, emit: Emit) -> None:
    balance = await conversation.connection.authed(conversation.connection.client.balance)
    emit(Credits(balance.available, balance.frozen, balance.total))


async def read_state(conversation: Conversation) -> State:
    """The session's latest state, remembered as known."""
    session = conversation.session_id
    state = await conversation.connection.authed(lambda: conversation.connection.client.state(session))
    conversation.known = state
    return state


async def show_timeline(conversation: Conversation, emit: Emit) -> None:
    emit(timeline_of(await read_state(conversation)))


def timeline_of(state: State) -> Timeline:
    return summarise(state.draft, state.video_infos)


def check_wish(wish: Wish, conversation: Conversation) -> None:
    """Refuse before anything is sent what cannot be exported here: format, size, place.

    Raises FormatUnsupported, UsageError, LocalFileError.
    """
    to = _destination(wish, conversation)
    found = outputs.wanted_format(to, conversation.settings.format, wish.format)
    outputs.check_format(found, conversation.formats)
    outputs.parse_size(_size(wish, conversation))
    if to != "-":
        naming.check_writable(_target(to, "avatar.mp4", conversation))


async def export(wish: Wish, conversation: Conversation, emit: Emit, ask: Ask) -> None:
    """Pre-check the draft, settle format, size and name, then render and fetch.

    Raises NothingToExport, FormatUnsupported, UsageError, LocalFileError, RenderFailed.
    """
    state = await read_state(conversation)
    if not exportable(state.draft):
        examples = conversation.skill.try_saying(conversation.language)
        raise NothingToExport(
            "nothing_to_export_chat" if conversation.interactive else None,
            example=examples[min(1, len(examples) - 1)] if examples else "",
        )
    parts = reduced(state.draft) if wish.each else []
    if len(parts) < 2:
        await _export_one(wish, state, conversation, emit, ask)
        return
    for part in parts:
        await _export_one(wish, replace(state, draft=part), conversation, emit, ask)


async def _export_one(wish: Wish, state: State, conversation: Conversation, emit: Emit, ask: Ask) -> None:
    to = _destination(wish, conversation)
    format = outputs.wanted_format(to, conversation.settings.format, wish.format)
    outputs.check_format(format, conversation.formats)
    format = format or outputs.fitting_format(state.draft, wish.words, conversation.formats)
    size = outputs.parse_size(_size(wish, conversation))
    output = outputs.output_spec(format, size, state.draft)
    if to == "-":
        await renders.export(renders.Order(None, output), state, conversation, emit)
        return
    target = _target(to, naming.speaking_name(_called_after(state, conversation), format), conversation)
    naming.check_writable(target)
    overwrite = conversation.settings.force and not wish.each
    if target.exists() and not overwrite and to:
        overwrite = await ask(
            Question("overwrite", conversation.said("ask_overwrite", path=naming.shown(target)))
        )
    await renders.export(renders.Order(target, output, overwrite), state, conversation, emit)


def ask_for_file(conversation: Conversation, emit: Emit) -> None:
    emit(Notice(conversation.said("upload_wanted")))


def _destination(wish: Wish, conversation: Conversation) -> str:
    """Where the user wants it: -o, else the words; "" leaves the name to us."""
    to = conversation.settings.output or wish.destination
    if to == "-" and conversation.deliver is None:
        raise UsageError("output_json")
    return to


def _target(to: str, name: str, conversation: Conversation) -> Path:
    return naming.destination(to, str(conversation.settings.output_dir), name)


def _size(wish: Wish, conversation: Conversation) -> str:
    return conversation.settings.size or wish.size


def _called_after(state: State, conversation: Conversation) -> list[str]:
    """The user's own files that an export is called after: the one it shows, else the first.

    A name that only the backend says is no name for a file here.
    """
    video = [track for track in tracks_of(state.draft) if track.get("tt") == 0]
    shown = [name_of(segment, state.video_infos) for track in video for segment in segments_of(track)]
    known = [name for name in conversation.names if name in shown]
    return known if len(shown) == 1 and known else conversation.names


def _row(info: MediaInfo) -> dict[str, object]:
    return {
        "filename": info.filename,
        "file_type": info.file_type,
        "width": info.width,
        "height": info.height,
        "duration": info.duration,
    }
