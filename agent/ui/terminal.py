"""The pretty renderer on a terminal without a prompt: its board is one line that is redrawn in place."""

from __future__ import annotations

import time
from typing import IO, TYPE_CHECKING, TextIO

from rich.console import Console

from agent.events import Event
from agent.ui.board import Board, line
from agent.ui.manners import columns
from agent.ui.pretty import PrettyRenderer

if TYPE_CHECKING:
    from agent.config import Settings

_REDRAW = 0.05


class StatusLine:
    """One line on the terminal that is rewritten, and wiped before anything else is printed."""

    def __init__(self, out: TextIO, board: Board) -> None:
        self._out, self._board = out, board
        self._drawn = ""
        self._at = 0.0

    def draw(self) -> None:
        text = line(self._board, columns() - 1)
        now = time.monotonic()
        if text == self._drawn or (text and self._drawn and now - self._at < _REDRAW):
            return
        self._out.write(f"\r\x1b[2K{text}")
        self._out.flush()
        self._drawn, self._at = text, now

    def wipe(self) -> None:
        if self._drawn:
            self._out.write("\r\x1b[2K")
            self._out.flush()
            self._drawn = ""


class _Terminal(PrettyRenderer):
    """Wipes the status line before each print and draws it again after."""

    def __init__(self, console: Console, board: Board, status: StatusLine, *, quiet: bool) -> None:
        super().__init__(console, board, quiet=quiet)
        self._status = status

    def show(self, event: Event) -> None:
        self._status.wipe()
        super().show(event)
        self._status.draw()

    def close(self) -> None:
        self._status.wipe()
        super().close()
        self._status.wipe()


def terminal_renderer(settings: Settings, out: TextIO, language: str) -> PrettyRenderer:
    """A renderer for one command on a terminal."""
    board = Board(language=language)
    console = console_for(settings, out)
    return _Terminal(console, board, StatusLine(out, board), quiet=settings.quiet)


def console_for(settings: Settings, out: IO[str] | None = None) -> Console:
    """A rich console that interprets no markup, guesses no links and honours --no-color."""
    return Console(
        file=out,
        force_terminal=True,
        no_color=settings.no_color,
        markup=False,
        emoji=False,
        highlight=False,
        legacy_windows=False,
    )
