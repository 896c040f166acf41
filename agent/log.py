"""What was ignored or failed below the surface, in a private file of the state folder; --debug adds stderr.

Only our own loggers are written: those of the HTTP library could hold what a request carried.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import sys
from pathlib import Path

from agent.clean import clean_line

_LARGEST = 1024**2
# A backend's garbage is quoted here; should it repeat a token, then without it.
_SECRET = re.compile(r"\b(?:nmv_usr|clm)_\w+|(?<=Bearer )\S+")


class _OneLine(logging.Formatter):
    """A record on one line, nothing in it that a terminal would act on."""

    def format(self, record: logging.LogRecord) -> str:
        return f"{self.formatTime(record)} {record.name} {_SECRET.sub('…', clean_line(record.getMessage()))}"


class LogFile(logging.Handler):
    """Appends to the file, opened for each record: two terminals share it, and it may be gone at any time."""

    def __init__(self, path: Path) -> None:
        super().__init__(logging.INFO)
        self.path = path
        self.setFormatter(_OneLine())

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line; a log that cannot be written is no reason to stop."""
        line = f"{self.format(record)}\n".encode("utf-8", "backslashreplace")
        with contextlib.suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            if self.path.exists() and self.path.stat().st_size > _LARGEST:
                self.path.replace(self.path.with_suffix(".old"))
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(line)


def start(path: Path, *, debug: bool = False) -> None:
    """Log to the file from now on, and to stderr where `debug`; asking twice changes nothing."""
    logger = logging.getLogger("agent")
    logger.setLevel(logging.INFO)
    logger.propagate = False
    for handler in list(logger.handlers):
        if isinstance(handler, LogFile | _Stderr):
            logger.removeHandler(handler)
    logger.addHandler(LogFile(path))
    if debug:
        logger.addHandler(_Stderr())


class _Stderr(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.setFormatter(_OneLine())

    def emit(self, record: logging.LogRecord) -> None:
        with contextlib.suppress(OSError, ValueError):
            print(self.format(record), file=sys.stderr)  # noqa: T201 - stdout is the renderers'
