"""The runtime file: how a running studio is reached and the secret that opens it, for its user alone."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

SECRET_FIELD = "secret"  # noqa: S105


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def write(path: Path, told: Mapping[str, Any]) -> None:
    """Write the file whole or not at all, readable by its owner alone; raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(dict(told), file)
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def read(path: Path) -> dict[str, Any] | None:
    """What the file says, or None when it is missing, broken, or another user's."""
    try:
        if os.name == "posix" and path.stat().st_uid != os.getuid():
            return None
        told = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return told if isinstance(told, dict) else None


def remove(path: Path, pid: int) -> None:
    """Take the file away if it still tells of this process."""
    told = read(path)
    if told is not None and told.get("pid") == pid:
        path.unlink(missing_ok=True)


@contextmanager
def sole(path: Path) -> Iterator[bool]:
    """Hold the lock at `path` as long as the block runs; yields False when another process holds it."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield _lock(handle)
    finally:
        with suppress(OSError):
            os.close(handle)


def _lock(handle: int) -> bool:
    try:
        if os.name == "posix":
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    except OSError:
        return False
    return True
