"""A session's transcript: JSON Lines, appended in one write each, readable after a kill at any byte."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from agent.disk import locked, private_folder, told_as_local_error


class Transcript:
    """One session's lines; two terminals may append to it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, entry: Mapping[str, Any]) -> None:
        """Add an entry with its time. Raises LocalFileError."""
        line = json.dumps({"at": round(time.time(), 3), **entry}, ensure_ascii=False, default=str)
        data = line.encode("utf-8", "backslashreplace") + b"\n"
        with told_as_local_error(self.path):
            private_folder(self.path.parent)
            with locked(self.path.with_suffix(".lock")):
                handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
                with os.fdopen(handle, "r+b", buffering=0) as file:
                    # A line that a kill cut short must not swallow this one.
                    if file.seek(0, os.SEEK_END) > 0:
                        file.seek(-1, os.SEEK_END)
                        if file.read(1) != b"\n":
                            data = b"\n" + data
                    file.write(data)

    def entries(self, last: int | None = None) -> tuple[Mapping[str, Any], ...]:
        """The entries, oldest first, at most the `last` ones; lines cut short are left out."""
        with told_as_local_error(self.path):
            data = self.path.read_bytes() if self.path.exists() else b""
        found = [entry for line in data.split(b"\n") if (entry := _entry(line)) is not None]
        return tuple(found if last is None else found[-last:] if last else [])


def _entry(line: bytes) -> Mapping[str, Any] | None:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
