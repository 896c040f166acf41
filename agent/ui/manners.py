"""What a terminal may be treated to: drawing or plain lines, in which language, how wide; light to import."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from agent.config import Settings


def drawing(settings: Settings, out: TextIO) -> bool:
    """Whether colours and redrawing are welcome: a capable terminal, no --plain, no screen reader."""
    return not (settings.plain or settings.accessible or settings.dumb_terminal) and out.isatty()


def first_language(settings: Settings) -> str:
    """The language before any word was said."""
    return settings.system_language if settings.language == "auto" else settings.language


def columns() -> int:
    """The width of the terminal that stdout is, else 80."""
    try:
        return os.get_terminal_size(sys.__stdout__.fileno() if sys.__stdout__ else 1).columns or 80
    except (OSError, ValueError):
        return 80
