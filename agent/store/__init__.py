"""What is remembered between runs: tokens, sessions, the last known state, renders under way, transcripts.

Every file is private, written whole and guarded by a lock where two terminals could meet; a damaged one is
set aside and counts as absent.
"""

from __future__ import annotations

import hashlib
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from agent.disk import locked, read_json, read_line, told_as_local_error, write_json, write_new, write_whole
from agent.locks import try_lock
from agent.models import Session, State
from agent.store.renders import RenderRecord, RenderRecords
from agent.store.tokens import TokenNotes
from agent.store.transcript import Transcript

_SESSIONS_KEPT = 200


@dataclass(frozen=True, slots=True)
class SessionNote:
    """A session this machine has seen; `used` is seconds since the epoch."""

    session_id: str
    task_id: str = ""
    user_id: str = ""
    language: str = ""
    title: str = ""
    used: float = 0.0

    @property
    def session(self) -> Session:
        return Session(self.session_id, self.task_id, self.user_id)


class Store:
    """The state folder; nothing is read at construction.

    `backend` is a key such as "studio" or an origin. `damaged` lists the files that were found damaged and
    set aside under these names, for a word to the user.
    """

    def __init__(self, state_dir: Path) -> None:
        self.folder = state_dir
        self.damaged: list[Path] = []
        self.tokens = TokenNotes(state_dir / "tokens", self.damaged)
        self.render_records = RenderRecords(state_dir / "renders", self.damaged)

    def last_session(self, backend: str) -> SessionNote | None:
        """The session used last on this backend."""
        return next(iter(self.sessions(backend)), None)

    def sessions(self, backend: str) -> tuple[SessionNote, ...]:
        """The sessions known on this backend, the last used first."""
        notes = (_session_note(value) for value in self._known(backend).values())
        return tuple(sorted((note for note in notes if note), key=lambda note: note.used, reverse=True))

    def keep_session(self, backend: str, session: Session, *, language: str = "", title: str = "") -> None:
        """Remember that this session was just used; an empty language or title keeps the one known."""
        with self._changing(backend) as known:
            before = _session_note(known.get(session.session_id)) or SessionNote(session.session_id)
            note = SessionNote(
                session.session_id,
                session.task_id or before.task_id,
                session.user_id or before.user_id,
                language or before.language,
                title or before.title,
                time.time(),
            )
            known[session.session_id] = asdict(note)
            by_age = sorted(known, key=lambda ident: _used(known[ident]), reverse=True)
            for ident in by_age[_SESSIONS_KEPT:]:
                del known[ident]
                self._forget_files(ident)

    def forget_session(self, backend: str, session_id: str) -> None:
        """Forget a session with its known state and transcript."""
        with self._changing(backend) as known:
            known.pop(session_id, None)
        self._forget_files(session_id)

    def leave_session(self, backend: str, session_id: str) -> None:
        """Take a session off the list; what was said in it stays, for it may still be gone on with."""
        with self._changing(backend) as known:
            known.pop(session_id, None)

    def known_state(self, session_id: str) -> State | None:
        """The session's state as it was last seen."""
        value = read_json(self._state_file(session_id), self.damaged)
        if value is None or not isinstance(value.get("draft"), dict):
            return None
        return State(
            session_id=session_id,
            task_id=_text(value.get("task_id")),
            user_id=_text(value.get("user_id")),
            draft=value["draft"],
            video_infos=_objects(value.get("video_infos")),
            generated_media=_objects(value.get("generated_media")),
        )

    def keep_state(self, state: State) -> None:
        """Remember a session's state."""
        write_json(self._state_file(state.session_id), asdict(state))

    def reserve_render_id(self) -> str:
        """`render_<microseconds>`, never the same for two terminals of this user."""
        return self.render_records.reserve_id()

    def remember_render(self, note: RenderRecord) -> None:
        """Write a render down; before it is submitted, so that it can never be lost."""
        self.render_records.keep(note)

    def renders(self, backend: str | None = None) -> tuple[RenderRecord, ...]:
        """The renders not yet fetched, oldest first; of one backend where it is given."""
        return self.render_records.all(backend)

    def forget_render(self, render_id: str) -> None:
        """Forget a render that was fetched, has failed or is unknown."""
        self.render_records.drop(render_id)

    @contextmanager
    def watching(self, render_id: str) -> Iterator[bool]:
        """Whether this process alone watches the render while the block runs; released when it dies."""
        path = self.render_records.lock_file(render_id)
        with ExitStack() as stack:
            with told_as_local_error(path):
                ours = stack.enter_context(try_lock(path))
            yield ours

    def transcript(self, session_id: str) -> Transcript:
        """The session's transcript."""
        return Transcript(self._transcript_file(session_id))

    def client_id_file(self, backend: str) -> Path:
        """Where this backend's own client id lies: the shared one goes to the hosted service alone."""
        return self.folder / "client_ids" / slug(backend)

    def _forget_files(self, session_id: str) -> None:
        transcript = self._transcript_file(session_id)
        for path in (self._state_file(session_id), transcript, transcript.with_suffix(".lock")):
            with told_as_local_error(path):
                path.unlink(missing_ok=True)

    def _sessions_file(self, backend: str) -> Path:
        return self.folder / "sessions" / f"{slug(backend)}.json"

    def _state_file(self, session_id: str) -> Path:
        return self.folder / "states" / f"{slug(session_id)}.json"

    def _transcript_file(self, session_id: str) -> Path:
        return self.folder / "transcripts" / f"{slug(session_id)}.jsonl"

    def _known(self, backend: str) -> dict[str, Any]:
        return read_json(self._sessions_file(backend), self.damaged) or {}

    @contextmanager
    def _changing(self, backend: str) -> Iterator[dict[str, Any]]:
        path = self._sessions_file(backend)
        with locked(path.with_suffix(".lock")):
            known = self._known(backend)
            yield known
            write_json(path, known)


def slug(name: str) -> str:
    """A file name for any text: its tame characters, and a digest so that two texts never share one."""
    tame = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name)
    return f"{tame[:40].strip('-')}-{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"


def client_id(path: Path) -> str:
    """The UUID in the file, made when there is none or it is damaged. Raises LocalFileError."""
    found = read_line(path)
    if found is None:
        return write_new(path, str(uuid.uuid4()))
    tame = found.isascii() and found.isprintable() and " " not in found
    return found if found and tame and len(found) <= 64 else replace_client_id(path)


def replace_client_id(path: Path) -> str:
    """A new client id in place of one that the backend would not take. Raises LocalFileError."""
    made = str(uuid.uuid4())
    write_whole(path, f"{made}\n".encode())
    return made


def _session_note(value: object) -> SessionNote | None:
    if not isinstance(value, Mapping) or not isinstance(value.get("session_id"), str):
        return None
    return SessionNote(
        value["session_id"],
        _text(value.get("task_id")),
        _text(value.get("user_id")),
        _text(value.get("language")),
        _text(value.get("title")),
        _used(value),
    )


def _used(value: object) -> float:
    used = value.get("used") if isinstance(value, Mapping) else None
    return float(used) if isinstance(used, int | float) else 0.0


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _objects(value: object) -> tuple[Mapping[str, Any], ...]:
    return tuple(item for item in value if isinstance(item, dict)) if isinstance(value, list) else ()
