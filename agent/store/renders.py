"""Renders under way, one file each: written before the submit, gone when the file is on disk.

The id is the idempotency key, so the note keeps the whole body: after a crash the same id is submitted with
the same words, and the job is never made twice.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from agent.disk import locked, read_json, read_line, told_as_local_error, write_json, write_whole
from agent.models import Draft, OutputSpec, Token


@dataclass(frozen=True, slots=True)
class RenderRecord:
    """A render and what is needed to finish it in another process.

    `submitted` is False until the backend has answered; `attempt` counts the ids used for one export;
    `token` is the bearer token that submitted it, the one it is polled with; `created` is seconds since the
    epoch; `asked` says whether `path` was the user's own word.
    """

    id: str
    session_id: str
    backend: str
    path: str
    format: str
    output: OutputSpec | None = None
    draft: Draft = field(default_factory=dict)
    submitted: bool = False
    attempt: int = 1
    created: float = 0.0
    token: str = field(default="", repr=False)
    user_id: str = ""
    overwrite: bool = False

    def owner(self) -> Token | None:
        """The token that submitted the render."""
        return Token(self.token, self.user_id) if self.token else None


_TEXTS = ("id", "session_id", "backend", "path", "format", "user_id")


class RenderRecords:
    """The folder of notes."""

    def __init__(self, folder: Path, damaged: list[Path] | None = None) -> None:
        self._folder = folder
        self._damaged = damaged

    def reserve_id(self) -> str:
        """An id later than every id reserved before, under one lock for all terminals."""
        mark = self._folder / "last_id"
        with locked(self._folder / "ids.lock"):
            last = read_line(mark) or ""
            number = time.time_ns() // 1000
            if last.isascii() and last.isdigit() and len(last) <= 17:
                number = max(number, int(last) + 1)
            write_whole(mark, str(number).encode())
        return f"render_{number}"

    def keep(self, note: RenderRecord) -> None:
        """Write the note, and its token into a file of its own."""
        value = asdict(note)
        value["created"] = note.created or time.time()
        if value.pop("token"):
            write_whole(self._token_file(note.id), note.token.encode())
        write_json(self._file(note.id), value)

    def get(self, render_id: str) -> RenderRecord | None:
        """The note; None where there is none. Raises LocalFileError."""
        note = _note(read_json(self._file(render_id), self._damaged))
        return note and replace(note, token=read_line(self._token_file(note.id)) or "")

    def all(self, backend: str | None = None) -> tuple[RenderRecord, ...]:
        """The notes, oldest first."""
        with told_as_local_error(self._folder):
            names = sorted(path.stem for path in self._folder.glob("*.json")) if self._folder.is_dir() else []
        notes = [note for name in names if (note := self.get(name)) is not None]
        wanted = [note for note in notes if backend is None or note.backend == backend]
        return tuple(sorted(wanted, key=lambda note: note.created))

    def drop(self, render_id: str) -> None:
        for path in (self._file(render_id), self._token_file(render_id)):
            with told_as_local_error(path):
                path.unlink(missing_ok=True)
        with suppress(OSError):
            self.lock_file(render_id).unlink()

    def _token_file(self, render_id: str) -> Path:
        return self._file(render_id).with_suffix(".token")

    def lock_file(self, render_id: str) -> Path:
        return self._file(render_id).with_suffix(".lock")

    def _file(self, render_id: str) -> Path:
        tame = render_id if render_id.replace("_", "").isalnum() and render_id.isascii() else ""
        name = tame[:60] or hashlib.sha256(render_id.encode("utf-8", "surrogatepass")).hexdigest()[:24]
        return self._folder / f"{name}.json"


def _note(value: Mapping[str, Any] | None) -> RenderRecord | None:
    """A note read back; None when a field is not what it should be."""
    if value is None:
        return None
    texts = {key: value.get(key, "") for key in _TEXTS}
    output, draft = value.get("output"), value.get("draft")
    if not all(isinstance(text, str) for text in texts.values()) or not texts["id"]:
        return None
    if not isinstance(output, dict | None) or not isinstance(draft, dict):
        return None
    try:
        spec = None if output is None else OutputSpec(**output)
        created, attempt = float(value.get("created", 0.0)), int(value.get("attempt", 1))
    except (TypeError, ValueError):
        return None
    return RenderRecord(
        **texts,
        output=spec,
        draft=draft,
        submitted=value.get("submitted") is True,
        attempt=attempt,
        created=created,
        overwrite=value.get("overwrite") is True,
    )
