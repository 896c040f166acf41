"""The renderer for scripts: one JSON object a line on stdout, written as it happens, nothing else."""

from __future__ import annotations

import json
from typing import TextIO

from agent.events import Event, TextPiece


class JsonRenderer:
    """Writes each event but the pieces of streamed text, whose whole block follows."""

    def __init__(self, out: TextIO, language: str = "en") -> None:
        self.language = language
        self._out = out

    def show(self, event: Event) -> None:
        if isinstance(event, TextPiece):
            return
        self._out.write(json.dumps(event.as_json(), ensure_ascii=False, default=str) + "\n")
        self._out.flush()

    def close(self) -> None:
        self._out.flush()
