"""A file that appears whole or not at all: written beside its place under a hidden name, then moved."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def replacing(out: Path) -> Iterator[Path]:
    """Yield a temporary path in the folder of `out`; moved to `out` on success, removed on any failure."""
    part = out.with_name(f".{out.name[:80]}.{secrets.token_hex(6)}.part")
    try:
        yield part
        os.replace(part, out)  # noqa: PTH105 - says atomic to the reader
    finally:
        part.unlink(missing_ok=True)
