"""Opens uploaded video and sound for decoding, by what their first bytes say, never as a playlist."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import av

from studio.probe import sniff
from studio.render.errors import RenderError


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """A PyAV container of a known kind; raises RenderError for anything else, OSError if it will not open."""
    with path.open("rb") as stream:
        kind = sniff(stream.read(4096))
    if not kind:
        raise RenderError("the file is no video or sound of a known kind")
    # Naming the kind keeps FFmpeg from guessing a playlist, and the white list from following one.
    with av.open(str(path), format=kind, options={"protocol_whitelist": "file"}, timeout=60) as container:
        yield container
