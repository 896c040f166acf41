"""Objects by content hash in a folder: written under a temporary name there, then moved into place."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType

_SHA256 = re.compile(r"[0-9a-f]{64}")
_BLOCK = 1024 * 1024


class Incoming:
    """A file being received: hashed on the way, gone unless it is kept.

    `size` counts the bytes written, `expected` those that arrived, of which some may still wait.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = 0
        self.expected = 0
        self._hash = hashlib.sha256()
        self._file = path.open("xb", buffering=_BLOCK)

    def write(self, data: bytes) -> None:
        self._file.write(data)
        self._hash.update(data)
        self.size += len(data)

    def close(self) -> str:
        """Flush to the disk; the content's SHA-256 in hex."""
        if not self._file.closed:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
        return self._hash.hexdigest()

    def discard(self) -> None:
        try:
            self._file.close()
        finally:
            self.path.unlink(missing_ok=True)

    def __enter__(self) -> Incoming:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.discard()


class Files:
    """The objects of one studio. A name is always a checked hash, never text from outside."""

    def __init__(self, folder: Path) -> None:
        self.objects = folder / "objects"
        self.scratch = folder / "scratch"
        self.cache = folder / "cache"
        for path in (folder, self.objects, self.scratch, self.cache):
            path.mkdir(parents=True, exist_ok=True, mode=0o700)

    def path(self, sha256: str) -> Path:
        """Where an object lies; ValueError when the name is no hash."""
        if not _SHA256.fullmatch(sha256):
            raise ValueError("an object is named by 64 hexadecimal digits")
        return self.objects / sha256[:2] / sha256

    def has(self, sha256: str) -> bool:
        return bool(_SHA256.fullmatch(sha256)) and self.path(sha256).is_file()

    def incoming(self) -> Incoming:
        return Incoming(self.temporary())

    def temporary(self, suffix: str = "") -> Path:
        """A fresh name on the objects' volume; whoever takes it removes it."""
        return self.scratch / f"{secrets.token_hex(12)}{suffix}"

    @contextmanager
    def workspace(self) -> Iterator[Path]:
        """A fresh folder on the objects' volume, gone at the end with whatever lies in it."""
        path = self.temporary()
        path.mkdir(mode=0o700)
        try:
            yield path
        finally:
            shutil.rmtree(path, ignore_errors=True)

    def keep(self, path: Path, sha256: str) -> None:
        """Move a finished file into place; a second one with the same content changes nothing."""
        target = self.path(sha256)
        if not target.exists():
            target.parent.mkdir(mode=0o700, exist_ok=True)
            path.chmod(0o600)
            path.replace(target)
            _sync_folder(target.parent)
        path.unlink(missing_ok=True)

    def remove(self, sha256: str) -> None:
        self.path(sha256).unlink(missing_ok=True)

    def names(self) -> list[str]:
        return [path.name for path in self.objects.glob("??/*") if _SHA256.fullmatch(path.name)]

    def sweep(self, older_than: float) -> None:
        """Remove temporary files and folders that a process left behind when it died; seconds."""
        limit = time.time() - older_than
        for path in self.scratch.iterdir():
            with suppress(FileNotFoundError):
                if path.stat().st_mtime > limit:
                    continue
                if path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink()

    def used_bytes(self) -> int:
        return sum(path.stat().st_size for path in self.objects.glob("??/*"))


def digest(path: Path) -> str:
    """SHA-256 of a file, in hex; the file is flushed to the disk first."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync_folder(folder: Path) -> None:
    # A rename is on the disk only when its folder is; Windows has no such call and needs none.
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
