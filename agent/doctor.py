"""Looks for what can go wrong, one finding each, with the remedy where there is one."""

from __future__ import annotations

import importlib.util
import platform
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

from agent.catalogue import explain, message
from agent.config import Settings
from agent.connection import connect
from agent.errors import AvatarError, StudioMissing
from agent.local import missing_modules, studio_status
from agent.opening import find_backend
from agent.skill import Skill, load_skill
from agent.store import Store

_LITTLE_SPACE = 500 * 1024**2


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; `exit` is 0 unless it keeps the program from working, `good` False is advice."""

    said: str
    remedy: str = ""
    exit: int = 0
    good: bool = True


async def examine(settings: Settings, language: str) -> AsyncIterator[Finding]:
    """Everything that is looked at, in the order in which it is needed."""
    yield _python(language)
    skill: Skill | None = None
    try:
        skill = load_skill(settings.skill_path)
        yield Finding(message(language, "doctor_skill", name=skill.name, version=skill.version))
    except AvatarError as error:
        yield _failed(error, language)
    for finding in _folders(settings, language):
        yield finding
    yield _terminal(settings, language)
    yield _heic(language)
    async for finding in _backend(settings, skill, language):
        yield finding


def _python(language: str) -> Finding:
    return Finding(message(language, "doctor_python", version=platform.python_version()))


def _folders(settings: Settings, language: str) -> Iterator[Finding]:
    """The folders that are written to, and the space there."""
    for key, folder in (("doctor_state", settings.state_dir), ("doctor_output", settings.output_dir)):
        said = message(language, key, path=str(folder.expanduser().absolute()))
        problem = _unwritable(folder.expanduser())
        if problem:
            yield Finding(f"{said}: {problem}", message(language, "doctor_folder_remedy"), 8)
            continue
        yield Finding(said)
    free = shutil.disk_usage(_existing(settings.output_dir.expanduser())).free
    said = message(language, "doctor_space", gigabytes=f"{free / 1e9:.1f}")
    if free < _LITTLE_SPACE:
        yield Finding(said, message(language, "hint.disk_full"), 8)
    else:
        yield Finding(said)


def _unwritable(folder: Path) -> str:
    try:
        with tempfile.TemporaryFile(dir=_existing(folder)):
            return ""
    except OSError as error:
        return error.strerror or str(error)


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that exists."""
    return next(path for path in (folder.absolute(), *folder.absolute().parents) if path.is_dir())


def _terminal(settings: Settings, language: str) -> Finding:
    if not sys.stdout.isatty():
        return Finding(message(language, "doctor_no_terminal"))
    columns, rows = shutil.get_terminal_size()
    said = message(language, "doctor_terminal", columns=columns, rows=rows, encoding=sys.stdout.encoding)
    if settings.dumb_terminal:
        return Finding(said, message(language, "doctor_dumb"), good=False)
    return Finding(said)


def _heic(language: str) -> Finding:
    if importlib.util.find_spec("pillow_heif") is not None:
        return Finding(message(language, "doctor_heic"))
    return Finding(message(language, "doctor_no_heic"), message(language, "hint.heic"), good=False)


async def _backend(settings: Settings, skill: Skill | None, language: str) -> AsyncIterator[Finding]:
    """The chosen backend: installed, running, signed in, with credits."""
    if settings.backend == "studio":
        missing = missing_modules()
        if missing:
            yield _failed(StudioMissing(missing=", ".join(missing)), language)
            return
        yield Finding(message(language, "doctor_studio_installed"))
        running = await studio_status(settings) is not None
        yield Finding(message(language, "doctor_studio_running" if running else "doctor_studio_idle"))
    if skill is None:
        return
    try:
        store = Store(settings.state_dir)
        address = await find_backend(settings)
        connection = await connect(settings, skill, store, address, which_session="none")
    except AvatarError as error:
        yield _failed(error, language)
        return
    try:
        yield Finding(message(language, "doctor_signed_in", backend=connection.backend_label))
        balance = await connection.authed(connection.client.balance)
        yield Finding(message(language, "credits", available=f"{balance.available:g}"))
        waiting = len(store.renders(connection.backend))
        if waiting:
            yield Finding(message(language, "doctor_renders", count=waiting), good=False)
    except AvatarError as error:
        yield _failed(error, language)
    finally:
        await connection.aclose()


def _failed(error: AvatarError, language: str) -> Finding:
    told = explain(error, language)
    return Finding(told.message, told.hint, error.exit_code)
