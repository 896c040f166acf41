"""Where an export is put: under the user's own words or a speaking name, never over a file unasked."""

from __future__ import annotations

import os
import re
import tempfile
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from agent.clean import clean
from agent.disk import local_error
from agent.errors import LocalFileError

_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
_UNFIT = re.compile(r"[\x00-\x1f<>:\"/\\|?*]+")
_MAX_STEM = 60


def speaking_name(photos: Iterable[str], format: str) -> str:
    """A file name for an export: the first photo's name with "-avatar", else "avatar"."""
    stem = next((safe_stem(Path(photo).stem) for photo in photos if photo), "")
    if not stem:
        return f"avatar.{format}"
    return f"{stem}.{format}" if stem.endswith("avatar") else f"{stem}-avatar.{format}"


def safe_stem(text: str) -> str:
    """`text` as a file name without suffix that any file system takes; "" where nothing is left."""
    said = _UNFIT.sub("-", unicodedata.normalize("NFC", clean(text))).strip(" .-")
    while len(said.encode()) > 3 * _MAX_STEM or len(said) > _MAX_STEM:
        said = said[:-1]
    return f"_{said}" if _RESERVED.fullmatch(said) else said.strip(" .-")


def free_name(path: Path) -> Path:
    """`path`, or the first of path-2, path-3 … that does not exist."""
    if not os.path.lexists(path):
        return path
    number = 2
    while os.path.lexists(found := path.with_name(f"{path.stem}-{number}{path.suffix}")):
        number += 1
    return found


def destination(said: str, folder: str, name: str) -> Path:
    """The absolute path an export goes to: `said` if any (a folder gets `name`), else `folder`/`name`."""
    if not said:
        return absolute(folder or ".") / name
    path = absolute(said)
    return path / name if path.is_dir() or said.endswith(("/", os.sep)) else path


def shown(path: Path) -> str:
    """The path as the user would write it: relative below the working folder."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def absolute(path: str) -> Path:
    """The path with `~` resolved, made absolute without following links."""
    return Path(os.path.abspath(Path(path).expanduser()))  # noqa: PTH100 - resolve() would follow links


def check_writable(target: Path) -> None:
    """Make the folder of `target` and prove that it can be written to. Raises LocalFileError."""
    folder = target.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise local_error(error, target) from error
    if target.is_dir():
        raise LocalFileError("output_is_folder", path=str(target))
