"""What a turn yields: frozen events that a renderer shows; `as_json` is the line of `--json`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Event:
    type: ClassVar[str] = ""

    def as_json(self) -> dict[str, Any]:
        """The event as one JSON object, `type` first, fields as CLI.md names them."""
        return {"type": self.type, **asdict(self)}


@dataclass(frozen=True, slots=True)
class Ready(Event):
    type = "ready"
    backend: str
    session_id: str
    language: str
    resumed: bool = False


@dataclass(frozen=True, slots=True)
class Intents(Event):
    type = "intents"
    text: str
    intents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Upload(Event):
    """Bytes of a file on their way; `total` is the file's size."""

    type = "upload"
    file: str
    bytes: int
    total: int


@dataclass(frozen=True, slots=True)
class Uploaded(Event):
    type = "uploaded"
    files: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class TextPiece(Event):
    """A piece of streamed text for a person's eyes; the whole block follows as `Text`. Not in --json."""

    type = "text_piece"
    text: str


@dataclass(frozen=True, slots=True)
class Text(Event):
    """A whole block of the backend's words, GUI talk translated. `streamed`: its pieces came before."""

    type = "text"
    text: str
    streamed: bool = False

    def as_json(self) -> dict[str, Any]:
        return {"type": self.type, "text": self.text}


@dataclass(frozen=True, slots=True)
class Progress(Event):
    """A short label of what goes on and the seconds since the turn began."""

    type = "progress"
    label: str
    elapsed: float


@dataclass(frozen=True, slots=True)
class Action(Event):
    """export, state, edit, summary, credits or upload; source is "user" or "backend"."""

    type = "action"
    action: str
    source: str


@dataclass(frozen=True, slots=True)
class Changed(Event):
    type = "changed"
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Timeline(Event):
    type = "timeline"
    summary: str
    tracks: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Credits(Event):
    type = "credits"
    available: float
    frozen: float
    total: float


@dataclass(frozen=True, slots=True)
class Export(Event):
    """A render under way; progress is 0–100."""

    type = "export"
    id: str
    status: str
    progress: float


@dataclass(frozen=True, slots=True)
class Exported(Event):
    """A finished file; sizes in pixels (0 where unknown), duration in seconds."""

    type = "exported"
    id: str
    path: str
    bytes: int
    format: str
    width: int
    height: int
    duration: float
    url: str


@dataclass(frozen=True, slots=True)
class Notice(Event):
    type = "notice"
    text: str


@dataclass(frozen=True, slots=True)
class Error(Event):
    """An error in both renderings: `message` and `hint` are sentences, `kind` and `code` are for scripts."""

    type = "error"
    kind: str
    code: int | None
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Done(Event):
    type = "done"
    exit: int
    elapsed: float
