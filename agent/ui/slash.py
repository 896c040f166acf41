"""The chat's few commands; everything else is an utterance."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from agent.actions import read_state, timeline_of
from agent.catalogue import message
from agent.clean import clean_line
from agent.events import Event, Notice
from agent.opening import sent_names
from agent.store import SessionNote

if TYPE_CHECKING:
    from agent.conversation import Conversation

_WORDS_FOR_LEAVING = frozenset({"exit", "quit", "bye", "退出", "再见", "再見", ":q", "/exit", "/bye"})
_SHOWN = 12
_SAID = 6


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its catalogue key for what it does, and what runs it."""

    key: str
    run: Callable[[Conversation, str, Callable[[Event], None]], Awaitable[None]] | None = None


def is_leaving(text: str) -> bool:
    return text.strip().lower() in _WORDS_FOR_LEAVING or text.strip() == "/quit"


def meanings(language: str, *, page: bool) -> Mapping[str, str]:
    """Every command with what it does; `page` tells whether the backend has a page in the browser."""
    return {
        name: message(language, command.key)
        for name, command in COMMANDS.items()
        if page or command.run is not _web
    }


def is_command(text: str) -> bool:
    """Whether a line is a command: a slash and one word, which is no path."""
    word = text.split(maxsplit=1)[0] if text.strip() else ""
    return word.startswith("/") and "/" not in word[1:] and "." not in word and len(word) > 1


async def run_slash(text: str, conversation: Conversation, emit: Callable[[Event], None]) -> None:
    """Run a command line such as "/resume 2". Raises AvatarError."""
    name, _, rest = text.strip().partition(" ")
    command = COMMANDS.get(name.lower())
    pageless = command is not None and command.run is _web and conversation.connection.is_studio
    if command is None or command.run is None or pageless:
        emit(Notice(conversation.said("slash_unknown", command=clean_line(name))))
        return
    await command.run(conversation, rest.strip(), emit)


async def _help(conversation: Conversation, rest: str, emit: Callable[[Event], None]) -> None:
    language, page = conversation.language, not conversation.connection.is_studio
    lines = [conversation.said("chat_help")]
    lines += [f"  {name:<10} {meaning}" for name, meaning in meanings(language, page=page).items()]
    lines += [f"  · {tip}" for tip in conversation.skill.tips(language)]
    emit(Notice("\n".join(lines)))


async def _new(conversation: Conversation, rest: str, emit: Callable[[Event], None]) -> None:
    await conversation.connection.new_session()
    conversation.forget_session()
    emit(Notice(conversation.said("session_new")))


async def _sessions(conversation: Conversation, rest: str, emit: Callable[[Event], None]) -> None:
    notes = conversation.store.sessions(conversation.connection.backend)[:_SHOWN]
    if not notes:
        emit(Notice(conversation.said("sessions_none")))
        return
    rows = []
    for place, note in enumerate(notes, 1):
        here = " ←" if note.session_id == conversation.session_id else ""
        rows.append(row(conversation.language, place, note) + here)
    emit(Notice("\n".join(rows)))


async def _resume(conversation: Conversation, rest: str, emit: Callable[[Event], None]) -> None:
    notes = conversation.store.sessions(conversation.connection.backend)
    others = [note for note in notes if note.session_id != conversation.session_id]
    wanted = rest or "last"
    if wanted.isdecimal() and 0 < int(wanted) <= len(notes):
        ident = notes[int(wanted) - 1].session_id
    elif wanted == "last" and others:
        ident = others[0].session_id
    else:
        ident = wanted
    state = await conversation.connection.resume(ident)
    conversation.forget_session()
    conversation.known = state
    conversation.names = sent_names(conversation)
    emit(Notice(conversation.said("resumed")))
    await recall(conversation, emit)


async def _web(conversation: Conversation, rest: str, emit: Callable[[Event], None]) -> None:
    emit(Notice(conversation.said("web_link", url=await conversation.connection.claim_link())))


async def recall(conversation: Conversation, emit: Callable[[Event], None]) -> None:
    """What was said last in this session, and its timeline."""
    entries = conversation.store.transcript(conversation.session_id).entries()
    said = [entry for entry in entries if entry.get("type") in ("user", "text") and entry.get("text")]
    if said:
        marks = {"user": "› ", "text": "  "}
        lines = [
            f"{marks[str(entry['type'])]}{clean_line(str(entry['text']))[:200]}" for entry in said[-_SAID:]
        ]
        emit(Notice("\n".join([conversation.said("was_said"), *lines])))
    emit(timeline_of(conversation.known or await read_state(conversation)))


def row(language: str, place: int, note: SessionNote) -> str:
    """One session as a line: when it was used, how it began."""
    when = datetime.fromtimestamp(note.used).strftime("%Y-%m-%d %H:%M") if note.used else "—"
    title = clean_line(note.title) or note.session_id
    return message(language, "session_row", number=f"{place:>2}", when=when, title=title)


COMMANDS: Mapping[str, Command] = {
    "/help": Command("slash_help", _help),
    "/new": Command("slash_new", _new),
    "/sessions": Command("slash_sessions", _sessions),
    "/resume": Command("slash_resume", _resume),
    "/web": Command("slash_web", _web),
    "/quit": Command("slash_quit"),
}
