"""The renderer for a terminal: finished blocks above, everything unfinished on the board below."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text as Styled

from agent.clean import clean
from agent.events import (
    Changed,
    Credits,
    Done,
    Error,
    Event,
    Export,
    Exported,
    Intents,
    Notice,
    Progress,
    Ready,
    Text,
    TextPiece,
    Timeline,
    Upload,
    Uploaded,
)
from agent.naming import shown
from agent.ui.board import Board
from agent.ui.plain import ready_line
from agent.ui.renderer import ENDED, credits_line, exported_line, uploaded_lines
from agent.ui.width import hang, width_of

if TYPE_CHECKING:
    from rich.console import Console

_MARKDOWN = re.compile(
    r"\*\*|__|`|^\s{0,3}(?:#{1,6}|[-*+]|\d+[.)])\s|^\s*\|.*\|\s*$|\[[^\]]+\]\(", re.MULTILINE
)
_LONGEST, _TAIL = 8_000, 500
_PARAGRAPH = re.compile(r"\n[ \t]*\n")


class PrettyRenderer:
    """Prints with colours through a rich console; what is still going on is left to the board."""

    def __init__(
        self,
        console: Console,
        board: Board,
        *,
        quiet: bool = False,
        aside: Console | None = None,
        picture: Callable[[Exported], None] | None = None,
    ) -> None:
        self._console, self._aside = console, aside or console
        self._board, self._quiet = board, quiet
        self._picture = picture
        self._pending = ""
        self._spoke = False
        self._printed = False

    @property
    def language(self) -> str:
        return self._board.language

    @language.setter
    def language(self, language: str) -> None:
        self._board.language = language

    def show(self, event: Event) -> None:
        match event:
            case TextPiece(text=text):
                self._stream(text)
            case Text(text=text, streamed=streamed):
                self._block(self._pending if streamed else text)
                self._pending = self._board.tail = ""
            case Intents():
                self._spoke = False
            case Upload(file=file, bytes=sent, total=total):
                self._board.uploads[file] = (sent, total)
            case Uploaded():
                self._board.uploads.clear()
                for line in uploaded_lines(event, self.language):
                    self._say(f"↑ {line}", "dim")
            case Progress(label=label):
                self._board.working = label
            case Changed(changes=changes):
                if not self._spoke:
                    for change in changes:
                        self._print(f"• {clean(change)}")
            case Timeline(summary=summary):
                self._print(clean(summary))
            case Credits():
                self._print(credits_line(event, self.language))
            case Export(id=ident, status=status, progress=progress):
                self._board.render(ident, progress)
                if status in ENDED:
                    self._board.renders.pop(ident, None)
            case Exported():
                self._exported(event)
            case Notice(text=text):
                self._say(clean(text), "dim")
            case Ready():
                self._say(ready_line(event, self.language), "dim")
            case Error(message=said, hint=hint):
                self._failed(said, hint)
            case Done():
                self.settle()
            case _:
                pass
        self._board.changed()

    def question(self, text: str) -> None:
        """A question, which must not be overlooked."""
        self._print(clean(text), "yellow")

    def part(self) -> None:
        """An empty line after whatever was printed, so that turns stand apart."""
        if self._printed:
            self._console.print()
        self._printed = False

    def settle(self) -> None:
        """The turn is over: print what was still unfinished, clear its part of the board."""
        if self._pending.strip():
            self._block(self._pending)
        self._pending = self._board.tail = self._board.working = ""
        self._board.uploads.clear()
        self._board.changed()

    def close(self) -> None:
        self.settle()
        self._board.renders.clear()
        self._board.changed()

    def _stream(self, text: str) -> None:
        """Print the paragraphs that are whole (code stays in one piece), show the rest as the tail."""
        seen = max(0, len(self._pending) - 2)
        self._pending += text
        cut = 0
        for found in _PARAGRAPH.finditer(self._pending, seen):
            if self._pending[: found.start()].count("```") % 2 == 0:
                cut = found.end()
        if not cut and len(self._pending) > _LONGEST:
            # Nothing has a right to be redrawn for ever: print up to the last line or word.
            cut = max(self._pending.rfind("\n"), self._pending.rfind(" ")) + 1 or len(self._pending)
        if cut:
            self._block(self._pending[:cut])
            self._pending = self._pending[cut:]
        self._board.tail = self._pending[-_TAIL:]

    def _block(self, text: str) -> None:
        text = clean(text).strip()
        if not text:
            return
        self._spoke = True
        if _MARKDOWN.search(text):
            from rich.markdown import Markdown

            self._console.print(Markdown(text, hyperlinks=False, code_theme="ansi_dark"))
            self._printed = True
        else:
            self._print(text)

    def _exported(self, event: Exported) -> None:
        self._board.renders.pop(event.id, None)
        if event.path == "-":
            return
        line = Styled("✓ ", "green")
        line.append(exported_line(_shortened(event), self.language))
        # A path that a line cannot hold is left to the terminal to break: then it can still be copied.
        self._console.print(line, soft_wrap=width_of(str(event.path)) > self._console.width - 4)
        if self._picture is not None:
            self._picture(event)

    def _failed(self, said: str, hint: str) -> None:
        for line, style in ((f"✗ {clean(said)}", "red"), (f"  {clean(hint)}", "dim")):
            if line.strip():
                self._aside.print(Styled("\n".join(hang(line, self._aside.width)), style))
        self._printed = True

    def _print(self, text: str, style: str = "") -> None:
        self._console.print(Styled(text, style))
        self._printed = True

    def _say(self, text: str, style: str) -> None:
        if self._quiet:
            return
        for line in text.split("\n"):
            self._aside.print(Styled("\n".join(hang(line, self._aside.width)), style))
        self._printed = True


def _shortened(event: Exported) -> Exported:
    """The event with a path as the user would write it: relative below the working folder."""
    return replace(event, path=shown(Path(event.path)))
