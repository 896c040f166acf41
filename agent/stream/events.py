"""What a turn's stream says, whichever dialect it was written in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StreamText:
    """Text in the order to be shown, never doubled; `final` ends a block (the text may then be empty)."""

    text: str
    final: bool = False


@dataclass(frozen=True, slots=True)
class ToolCall:
    name: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class ToolResult:
    name: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The backend still works: a heartbeat event, a comment line or an empty `data:`."""


@dataclass(frozen=True, slots=True)
class StreamFailure:
    """The backend's turn failed; `code` as it was given, None where it gave none."""

    message: str
    code: int | str | None = None


@dataclass(frozen=True, slots=True)
class InlineImage:
    """A picture inside the stream; `data` are the bytes of the file."""

    media_type: str
    data: bytes


StreamEvent = StreamText | ToolCall | ToolResult | Heartbeat | StreamFailure | InlineImage
