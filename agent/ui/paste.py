"""Pasted or dropped text → file paths, when every token of it is a file; terminals quote in many ways."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from urllib.parse import unquote, urlsplit

_TOKEN = re.compile(
    r"""'(?P<single>(?:[^']|'\\'')*)'(?=\s|\Z)"""
    r"""|"(?P<double>(?:[^"\\]|\\.)*)"(?=\s|\Z)"""
    r"""|(?P<bare>(?:\\.|[^\s'"\\]|(?<=\S)['"])+)(?=\s|\Z)"""
    r"""|(?P<windows>(?:[A-Za-z]:\\|\\\\)\S+)(?=\s|\Z)"""
)
_LONGEST = 64 * 1024


def files_in(text: str, exists: Callable[[str], bool] = os.path.isfile) -> tuple[str, ...]:
    """The files that `text` consists of; empty when any part of it is something else."""
    text = text.strip()
    if not text or len(text) > _LONGEST or "\0" in text:
        return ()
    found: list[str] = []
    for line in text.splitlines():
        line = line.strip()
        if not line:
            continue
        whole = _as_written(line, exists)
        names = (whole,) if whole else _tokens(line, exists)
        if not names:
            return ()
        found += names
    return tuple(found)


def _as_written(line: str, exists: Callable[[str], bool]) -> str:
    """The line as one path: bare (with spaces, unquoted), quoted as a whole, or a file URL; "" when none."""
    candidates = [line]
    if len(line) > 1 and line[0] == line[-1] and line[0] in "'\"":
        candidates.append(line[1:-1])
    return next((path for said in candidates if (path := _existing(said, exists))), "")


def _tokens(line: str, exists: Callable[[str], bool]) -> tuple[str, ...]:
    found, at = [], 0
    while at < len(line):
        if line[at].isspace():
            at += 1
            continue
        match = _TOKEN.match(line, at)
        if match is None:
            return ()
        at = match.end()
        path = next((path for said in _readings(match) if (path := _existing(said, exists))), "")
        if not path:
            return ()
        found.append(path)
    return tuple(found)


def _readings(match: re.Match[str]) -> tuple[str, ...]:
    """What a token may stand for: unescaped the POSIX way, or as it is (Windows)."""
    if (single := match["single"]) is not None:
        return (single.replace("'\\''", "'"), single)
    if (double := match["double"]) is not None:
        return (re.sub(r"\\([\"\\$`])", r"\1", double), double)
    bare = match["bare"] or match["windows"] or ""
    return (re.sub(r"\\(.)", r"\1", bare), bare)


def _existing(said: str, exists: Callable[[str], bool]) -> str:
    """The path that `said` names if it exists: `~` and file:// resolved; "" else."""
    if said.lower().startswith("file://"):
        path = unquote(urlsplit(said).path)
        # file:///C:/me.jpg is C:/me.jpg
        said = path[1:] if re.match(r"/[A-Za-z]:", path) else path
    said = os.path.expanduser(said)  # noqa: PTH111 - pasted text is not yet a path
    try:
        return said if said and exists(said) else ""
    except (OSError, ValueError):
        return ""
