"""The config file (TOML, one `key = "value"` a line) and the secrets beside it, each in a private file."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path

from agent.disk import told_as_local_error, write_whole
from agent.errors import ConfigError

_HEAD = "# Settings of the avatar maker; `avatar config show` lists them all.\n"


def read_file(path: Path) -> Mapping[str, str]:
    """The settings in the file as text; none when there is no file. Raises ConfigError."""
    try:
        text = path.read_text("utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(detail=f"{path}: {error}") from error
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(detail=f"{path}: {error}") from error
    return {name: str(value) for name, value in table.items() if isinstance(value, str | int | float)}


def write_value(path: Path, name: str, value: str) -> None:
    """Set one key of the file, or take it out when `value` is empty. Raises ConfigError, LocalFileError."""
    table = {**read_file(path), name: value}
    if not value:
        del table[name]
    # A TOML basic string has JSON's escapes.
    lines = [f"{key} = {json.dumps(text)}\n" for key, text in sorted(table.items())]
    write_whole(path, (_HEAD + "".join(lines)).encode())


def read_secret(path: Path) -> str:
    """The one line of a secret's file, "" when there is none."""
    try:
        return path.read_text("utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(detail=f"{path}: {error}") from error


def write_secret(path: Path, value: str) -> None:
    """Keep a secret for the owner's eyes only, or remove it when `value` is empty. Raises LocalFileError."""
    if value:
        write_whole(path, f"{value}\n".encode())
        return
    with told_as_local_error(path):
        path.unlink(missing_ok=True)
