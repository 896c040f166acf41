"""Prints above the prompt: erase it, write, draw it again, in one step and without leaving raw mode.

prompt_toolkit's own way switches the terminal to cooked mode for each print; what is typed at that moment is
echoed as junk, and a Ctrl-C lost.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from prompt_toolkit.application import Application


class Above(io.TextIOBase):
    """A text file whose lines appear above the prompt while it is up, and plainly while it is not.

    What is written in one go of the loop is printed at once. `app` gives the prompt's application.
    """

    def __init__(self, app: Callable[[], Application[Any]], plain: TextIO) -> None:
        self._app, self._plain = app, plain
        self._held: list[str] = []

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._plain.encoding

    def isatty(self) -> bool:
        return self._plain.isatty()

    def fileno(self) -> int:
        return self._plain.fileno()

    def write(self, text: str) -> int:
        if not self._held:
            try:
                asyncio.get_running_loop().call_soon(self.print_now)
            except RuntimeError:
                self._plain.write(text)
                return len(text)
        self._held.append(text)
        return len(text)

    def flush(self) -> None:
        """Nothing: the loop prints as soon as it comes round."""

    def print_now(self) -> None:
        """Print what was written so far."""
        text, app = "".join(self._held), self._app()
        self._held.clear()
        if not text:
            return
        if not app.is_running:
            self._plain.write(text)
            self._plain.flush()
            return
        app.renderer.erase()
        app.output.write_raw(text.replace("\n", "\r\n"))
        app.output.flush()
        app.renderer.request_absolute_cursor_position()
        app.invalidate()
