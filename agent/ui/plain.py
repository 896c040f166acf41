"""The renderer for pipes, screen readers and simple terminals: lines of text, no colour, no redrawing.

What the user asked for goes to `out`; errors, progress and notices go to `aside`.
"""

from __future__ import annotations

import time
from typing import TextIO

from agent.catalogue import chinese, message
from agent.clean import clean
from agent.events import (
    Changed,
    Credits,
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
    Uploaded,
)
from agent.ui.pace import Pace, told
from agent.ui.renderer import ENDED, credits_line, exported_line, uploaded_lines

_PROGRESS_EVERY = 10.0


class PlainRenderer:
    """Writes text as it streams and everything else as lines."""

    def __init__(self, out: TextIO, aside: TextIO, language: str = "en", *, quiet: bool = False) -> None:
        self.language = language
        self._out, self._aside, self._quiet = out, aside, quiet
        self._open = False
        self._spoke = False
        self._renders: dict[str, Pace] = {}
        self._said: dict[str, float] = {}

    def show(self, event: Event) -> None:
        match event:
            case TextPiece(text=text):
                self._write(text)
                self._spoke = True
            case Text(text=text, streamed=streamed):
                if not streamed:
                    self._write(clean(text))
                self._spoke = True
                self._end_line()
            case Intents():
                self._spoke = False
            case Uploaded():
                self._aside_lines(uploaded_lines(event, self.language))
            case Changed(changes=changes):
                if not self._spoke:
                    self._line(message(self.language, "what_changed"))
                    for change in changes:
                        self._line(f"- {clean(change)}")
            case Timeline(summary=summary):
                self._line(clean(summary))
            case Credits():
                self._line(credits_line(event, self.language))
            case Exported():
                self._renders.pop(event.id, None)
                if event.path != "-":
                    self._line(exported_line(event, self.language))
            case Export():
                self._render(event)
            case Progress(label=label):
                self._aside_lines([clean(label)])
            case Notice(text=text):
                self._aside_lines([clean(text)])
            case Ready():
                self._aside_lines([ready_line(event, self.language)])
            case Error(message=said, hint=hint):
                self._end_line()
                self._aside.write(f"{clean(said)}{f' {clean(hint)}' if hint else ''}\n")
                self._aside.flush()
            case _:
                pass

    def close(self) -> None:
        self._end_line()
        self._out.flush()

    def _render(self, event: Export) -> None:
        """A line for each render now and then, so that a listener is told and not drowned."""
        now = time.monotonic()
        self._renders.setdefault(event.id, Pace(first=event.progress)).advance(event.progress, now)
        if event.status in ENDED:
            self._renders.pop(event.id)
        elif now - self._said.setdefault(event.id, now) >= _PROGRESS_EVERY:
            self._said[event.id] = now
            self._aside_lines([told(event.id, self._renders, self.language, now)])

    def _write(self, text: str) -> None:
        if text:
            self._out.write(text)
            self._out.flush()
            self._open = not text.endswith("\n")

    def _line(self, text: str) -> None:
        self._end_line()
        self._out.write(f"{text}\n")
        self._out.flush()

    def _aside_lines(self, lines: list[str]) -> None:
        if self._quiet:
            return
        self._end_line()
        for line in lines:
            self._aside.write(f"{line}\n")
        self._aside.flush()

    def _end_line(self) -> None:
        if self._open:
            self._out.write("\n")
            self._out.flush()
            self._open = False


def ready_line(event: Ready, language: str) -> str:
    """ "Ready." with where the photos go: that they stay here, or to which service."""
    space = "" if chinese(language) else " "
    resumed = f"{space}{message(language, 'resumed')}" if event.resumed else ""
    if event.backend == "studio":
        return message(language, "ready_studio") + resumed
    return message(language, "ready_remote", backend=event.backend) + resumed
