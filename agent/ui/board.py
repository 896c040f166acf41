"""What is going on right now, as state; and the state as one line of text for a toolbar or a status line."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from agent.catalogue import message
from agent.clean import clean_line
from agent.ui.pace import Pace, told
from agent.ui.width import clip, width_of

_BAR = 12


@dataclass(slots=True)
class Board:
    """Everything under way: the unfinished end of a reply, uploads, renders, queued utterances."""

    language: str = "en"
    working: str = ""
    tail: str = ""
    uploads: dict[str, tuple[int, int]] = field(default_factory=dict)
    renders: dict[str, Pace] = field(default_factory=dict)
    queued: list[str] = field(default_factory=list)
    changed: Callable[[], None] = lambda: None

    def render(self, ident: str, progress: float) -> None:
        self.renders.setdefault(ident, Pace(first=progress)).advance(progress, time.monotonic())

    @property
    def busy(self) -> bool:
        return bool(self.working or self.tail or self.uploads or self.renders or self.queued)


def line(board: Board, columns: int, *, blocks: bool = True) -> str:
    """The board as one line that fits into `columns`; "" when nothing goes on."""
    parts: list[str] = []
    for name, (sent, total) in board.uploads.items():
        said = message(board.language, "uploading", file=clean_line(Path(name).name))
        parts.append(f"{said} {_bar(sent / total if total else 0, blocks)}")
    for ident, pace in board.renders.items():
        said = told(ident, board.renders, board.language, time.monotonic())
        parts.append(f"{said} {_bar(pace.progress / 100, blocks)}")
    if board.tail:
        room = max(10, columns - sum(width_of(part) + 3 for part in parts))
        tail = clean_line(board.tail)
        while width_of(tail) > room:
            tail = tail[max(1, (width_of(tail) - room) // 2) :]
        parts.append(tail)
    elif board.working and not parts:
        parts.append(clean_line(board.working))
    parts += [message(board.language, "queued", text=clean_line(text)) for text in board.queued]
    return clip(" · ".join(parts), columns)


def _bar(share: float, blocks: bool) -> str:
    done = round(_BAR * min(1.0, max(0.0, share)))
    full, empty = ("█", "░") if blocks else ("#", "-")
    return full * done + empty * (_BAR - done)
