"""A path or URL the user gave → a checked Attachment; what can be refused is, before a byte is sent."""

from __future__ import annotations

import importlib
import os
import secrets
import stat
import tempfile
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from agent.clean import clean_name
from agent.errors import FileCorrupt, FileMissing, FileTooLarge, FileUnsupported
from agent.media.containers import HEAD_BYTES, MEDIA_TYPES, sniff, whole
from agent.models import Attachment

_SAME = {"jpeg": "jpg", "heif": "heic"}


def check(path_text: str, *, types: Collection[str], max_bytes: int) -> Attachment:
    """The attachment for a path (`~`, file:// and plain) or an http(s) URL.

    Raises FileMissing, FileUnsupported, FileTooLarge, FileCorrupt, each naming the file.
    """
    if "://" in path_text:
        scheme = path_text.partition("://")[0].lower()
        if scheme in ("http", "https"):
            return _url(path_text)
        if scheme != "file":
            raise FileUnsupported(file=clean_name(path_text), types="http, https")
    path = local_path(path_text)
    shown = clean_name(path.name or str(path))
    size = _size(path, shown)
    with _opened(path, shown) as file:
        head = file.read(HEAD_BYTES)
    kind, suffix = sniff(head), _suffix(path)
    if size > max_bytes:
        raise FileTooLarge(file=shown, size=megabytes(size), limit=megabytes(max_bytes))
    if kind == "heic":
        path, kind = _converted(path, shown), "jpg"
        shown = f"{Path(shown).stem}.jpg"
        size = path.stat().st_size
    elif not kind and _accepted(suffix, types):
        raise FileCorrupt("file_mislabelled", file=shown, suffix=suffix)
    elif not _accepted(kind, types):
        raise FileUnsupported(file=shown, types=", ".join(types))
    if not whole(path, kind):
        raise FileCorrupt(file=shown)
    if not _suffix(Path(shown)):
        shown = f"{shown}.{kind}"
    return Attachment(path, size=size, media_type=MEDIA_TYPES[kind], upload_name=shown)


def local_path(text: str) -> Path:
    """The path a text stands for, as the user's system writes it."""
    if text.lower().startswith("file://"):
        parts = urlsplit(text)
        return Path(url2pathname(parts.path) if os.name == "nt" else unquote(parts.path))
    try:
        return Path(text).expanduser()
    except (RuntimeError, ValueError):
        return Path(text)


def megabytes(size: int) -> str:
    """A size in MB of 1024² bytes, rounded up to a tenth so that nothing above a limit looks like it."""
    tenths = -(-size * 10 // 1024**2)
    return f"{tenths // 10} MB" if tenths % 10 == 0 else f"{tenths / 10:.1f} MB"


def _url(text: str) -> Attachment:
    try:
        parts = urlsplit(text)
    except ValueError as error:
        raise FileMissing(file=clean_name(text)) from error
    if not parts.hostname or any(ord(letter) <= 0x20 for letter in text):
        raise FileMissing(file=clean_name(text))
    name = clean_name(unquote(parts.path).rpartition("/")[2])
    return Attachment(url=text, upload_name=name or parts.hostname)


def _size(path: Path, shown: str) -> int:
    try:
        info = path.stat()
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise FileMissing(file=shown) from error
    except OSError as error:
        raise FileMissing("file_unreadable", file=shown, detail=error.strerror or str(error)) from error
    if stat.S_ISDIR(info.st_mode):
        raise FileMissing("file_is_folder", file=shown)
    if not stat.S_ISREG(info.st_mode):
        raise FileMissing("file_unreadable", file=shown, detail="no ordinary file")
    if info.st_size == 0:
        raise FileCorrupt("file_empty", file=shown)
    return info.st_size


def _opened(path: Path, shown: str) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise FileMissing("file_unreadable", file=shown, detail=error.strerror or str(error)) from error


def _suffix(path: Path) -> str:
    suffix = path.suffix.lstrip(".").lower()
    return _SAME.get(suffix, suffix)


def _accepted(kind: str, types: Collection[str]) -> bool:
    return kind != "" and kind in {_SAME.get(name, name) for name in types}


def _converted(path: Path, shown: str) -> Path:
    """A HEIC photo as a JPEG that goes away with this process. Raises FileUnsupported, FileCorrupt."""
    try:
        heif = importlib.import_module("pillow_heif")
    except ImportError as error:
        raise FileUnsupported("heic", file=shown) from error
    target = Path(_temporary().name) / f"{secrets.token_hex(8)}.jpg"
    try:
        photo = heif.open_heif(path, convert_hdr_to_8bit=True).to_pillow()
        photo.convert("RGB").save(target, "JPEG", quality=95, exif=photo.info.get("exif") or b"")
    except (OSError, ValueError, RuntimeError, SyntaxError) as error:
        raise FileCorrupt(file=shown, detail=str(error)) from error
    return target


@cache
def _temporary() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="avatar-")
