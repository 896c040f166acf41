"""Small files kept whole: written beside themselves and moved into place, private where they hold secrets.

Every failure of the local file system leaves here as a LocalFileError that names the path.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from agent.errors import LocalFileError
from agent.locks import try_lock

_READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def local_error(error: OSError, path: Path | str) -> LocalFileError:
    """The LocalFileError that says what `error` means for `path`."""
    if error.errno in _READ_ONLY:
        key = "output_read_only"
    elif error.errno in _FULL:
        key = "disk_full"
    elif error.errno == errno.EISDIR:
        key = "output_is_folder"
    else:
        key = "local_file"
    return LocalFileError(key, path=str(path), detail=error.strerror or str(error))


@contextlib.contextmanager
def told_as_local_error(path: Path | str) -> Iterator[None]:
    """Turn an OSError of the block into the LocalFileError for `path`."""
    try:
        yield
    except OSError as error:
        raise local_error(error, path) from error


def write_whole(path: Path, data: bytes, *, mode: int = 0o600) -> None:
    """Replace the file at `path` by `data` in one step, on disk before its name is. Raises LocalFileError."""
    with told_as_local_error(path):
        private_folder(path.parent)
        part = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}.part")
        try:
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise


def write_json(path: Path, value: Any, *, mode: int = 0o600) -> None:
    """Write `value` as JSON in one step. Raises LocalFileError."""
    write_whole(path, json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace"), mode=mode)


def read_json(path: Path, damaged: list[Path] | None = None) -> dict[str, Any] | None:
    """The JSON object in the file; None when there is none.

    A damaged file is set aside and counts as none; `damaged` collects its new name. Raises LocalFileError.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise local_error(error, path) from error
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        value = None
    if isinstance(value, dict):
        return value
    aside = set_aside(path)
    if damaged is not None and aside is not None:
        damaged.append(aside)
    return None


def read_line(path: Path) -> str | None:
    """The file's text without surrounding white space; None when there is none. Raises LocalFileError."""
    with told_as_local_error(path):
        try:
            return path.read_text("utf-8", "replace").strip()
        except FileNotFoundError:
            return None


def write_new(path: Path, text: str) -> str:
    """Write the file unless another program just has; what it holds in the end. Raises LocalFileError."""
    with told_as_local_error(path):
        private_folder(path.parent)
        part = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}.part")
        write_whole(part, f"{text}\n".encode())
        try:
            # A link, unlike a rename, never replaces what another terminal has just made.
            os.link(part, path)
        except FileExistsError:
            return read_line(path) or text
        finally:
            part.unlink(missing_ok=True)
        return text


def set_aside(path: Path) -> Path | None:
    """Rename a damaged file so that it is kept but never read again; its new name, None where that failed."""
    aside = path.with_name(f"{path.name}.damaged-{time.time_ns() // 1000}")
    try:
        path.replace(aside)
    except OSError:
        return None
    return aside


def private_folder(path: Path) -> None:
    """Make the folder (and its parents) for the owner's eyes only; existing ones are left as they are."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)


@contextlib.contextmanager
def locked(path: Path, *, seconds: float = 10.0) -> Iterator[None]:
    """Hold the lock file at `path`, waiting at most `seconds`. Raises LocalFileError."""
    deadline = time.monotonic() + seconds
    while True:
        with contextlib.ExitStack() as stack:
            with told_as_local_error(path):
                ours = stack.enter_context(try_lock(path))
            if ours:
                yield
                return
        if time.monotonic() > deadline:
            raise LocalFileError("local_file", path=str(path), detail="locked by another program")
        time.sleep(0.005)
