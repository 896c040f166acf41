"""Starts, finds and stops the embedded studio: the only place of the agent that knows it is there.

The studio is a process of its own on 127.0.0.1 that several terminals share. Its address and the secret
that proves one is the same user lie in a runtime file (0600), one for each data folder.
"""

from __future__ import annotations

import asyncio
import hashlib
import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agent.config import Settings
from agent.errors import LocalFileError, OutOfReach, PortTaken, StudioMissing
from agent.locks import try_lock

START_SECONDS = 30.0
IDLE_SECONDS = 1800
PORT_TAKEN_EXIT = 6
_NEEDED = ("starlette", "uvicorn", "sqlalchemy", "numpy", "cv2", "av", "PIL", "resvg_py")


@dataclass(frozen=True, slots=True)
class BackendAddress:
    """Where a backend listens; `secret` opens the embedded studio's tokens."""

    url: str
    secret: str = field(default="", repr=False)
    is_studio: bool = False


async def ensure_studio(settings: Settings) -> BackendAddress:
    """The running studio of this user, started when there is none.

    Raises StudioMissing (the extra is not installed), PortTaken, OutOfReach (it did not start).
    """
    found = await _running(settings)
    if found is not None:
        return found
    missing = missing_modules()
    if missing:
        raise StudioMissing(missing=", ".join(missing))
    deadline = asyncio.get_running_loop().time() + START_SECONDS
    while asyncio.get_running_loop().time() < deadline:
        try:
            with try_lock(runtime_file(settings).with_suffix(".lock")) as ours:
                # Another terminal may have finished starting it while this one waited for the lock.
                found = await _running(settings)
                if found is not None:
                    return found
                if ours:
                    return await _start(settings)
        except OSError as error:
            raise LocalFileError(
                "local_file", path=str(error.filename or ""), detail=error.strerror or str(error)
            ) from error
        await asyncio.sleep(0.1)
    raise OutOfReach("studio_start", detail=_last_words(settings))


async def studio_status(settings: Settings) -> dict[str, Any] | None:
    """What the running studio says of itself, or None when none runs."""
    told = _told(settings)
    return None if told is None else await _status(told)


async def stop_studio(settings: Settings) -> bool:
    """Ask the running studio to stop; False when none runs."""
    told = _told(settings)
    if told is None or await _ask(told, "POST", "/api/studio/stop") is None:
        return False
    for _ in range(200):
        if await _status(told) is None:
            return True
        await asyncio.sleep(0.05)
    return False


def run_studio(settings: Settings, arguments: Sequence[str]) -> int:
    """Run `python -m studio ARGUMENTS` in the foreground with this user's folders; its exit code."""
    missing = missing_modules()
    if missing:
        raise StudioMissing(missing=", ".join(missing))
    command = [*_interpreter(), *arguments, *_folders(settings)]
    try:
        return subprocess.run(command, env=_environment(), check=False).returncode  # noqa: S603
    except KeyboardInterrupt:
        return 130


def missing_modules() -> tuple[str, ...]:
    """The modules of the `studio` extra that are not installed, without importing any."""
    return tuple(name for name in _NEEDED if importlib.util.find_spec(name) is None)


def runtime_file(settings: Settings) -> Path:
    """Where the studio of this data folder says how it is reached."""
    key = hashlib.sha256(str(settings.data_dir).encode()).hexdigest()[:12]
    return settings.runtime_dir / f"studio-{key}.json"


def log_file(settings: Settings) -> Path:
    return settings.state_dir / "studio.log"


async def _running(settings: Settings) -> BackendAddress | None:
    """The studio the runtime file tells of, when it answers to its secret and is of this version."""
    told = _told(settings)
    if told is None:
        return None
    status = await _status(told)
    if status is None:
        return None
    if status.get("version") != _version() and not status.get("busy"):
        # An update was installed under a running studio: the new one goes on with what it keeps on disk.
        await stop_studio(settings)
        return None
    return BackendAddress(told["url"], told["secret"], is_studio=True)


async def _start(settings: Settings) -> BackendAddress:
    path, log = runtime_file(settings), log_file(settings)
    for folder in (path.parent, settings.data_dir, log.parent):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    command = [*_interpreter(), "serve", "--port", "0", "--idle", str(IDLE_SECONDS), *_folders(settings)]
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603, ASYNC220 - returns at once; it outlives this loop
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=_environment(), **_detached()
        )
    loop = asyncio.get_running_loop()
    deadline = loop.time() + START_SECONDS
    while loop.time() < deadline:
        told = _told(settings)
        if told is not None and await _status(told) is not None:
            return BackendAddress(told["url"], told["secret"], is_studio=True)
        if process.poll() is not None:
            error = PortTaken if process.returncode == PORT_TAKEN_EXIT else OutOfReach
            raise error("studio_start", detail=_last_words(settings))
        await asyncio.sleep(0.02)
    process.terminate()
    raise OutOfReach("studio_start", detail=_last_words(settings))


def _told(settings: Settings) -> dict[str, Any] | None:
    """The runtime file's content when it is whole, ours alone and names this machine; else None."""
    path = runtime_file(settings)
    try:
        if os.name == "posix" and path.stat().st_uid != os.getuid():
            return None
        told = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(told, dict) or not all(isinstance(told.get(key), str) for key in ("url", "secret")):
        return None
    return told if told["url"].startswith("http://127.0.0.1:") else None


async def _status(told: dict[str, Any]) -> dict[str, Any] | None:
    return await _ask(told, "GET", "/api/studio/status")


async def _ask(told: dict[str, Any], method: str, path: str) -> dict[str, Any] | None:
    """One owner call; None when nobody, or somebody else, answers at the address."""
    import httpx

    try:
        async with httpx.AsyncClient(timeout=5, trust_env=False) as http:
            reply = await http.request(
                method, told["url"] + path, headers={"X-Studio-Secret": told["secret"]}
            )
        body = reply.json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        return None
    if reply.status_code != 200 or not isinstance(body, dict):
        return None
    data = body.get("data", body)
    return data if isinstance(data, dict) else {}


def _interpreter() -> list[str]:
    # -P: a folder named "studio" in the user's working directory must not be run instead of ours.
    return [sys.executable, "-P", "-m", "studio"]


def _folders(settings: Settings) -> list[str]:
    return ["--data", str(settings.data_dir), "--runtime", str(runtime_file(settings))]


def _environment() -> dict[str, str]:
    """The parent's environment less its secrets, with our own packages first on the path."""
    kept = {name: value for name, value in os.environ.items() if name not in ("NEMO_TOKEN", "NEMO_CLIENT_ID")}
    return {**kept, "PYTHONPATH": str(Path(__file__).resolve().parent.parent), "PYTHONUNBUFFERED": "1"}


def _detached() -> dict[str, Any]:
    """Popen options that let the studio outlive the terminal and its Ctrl-C."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def _last_words(settings: Settings) -> str:
    """The last line of the studio's log, for the error's sentence."""
    try:
        lines = log_file(settings).read_text("utf-8", "replace").strip().splitlines()
    except OSError:
        return ""
    return lines[-1][:300] if lines else ""


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("avatar-icon-generator")
    except PackageNotFoundError:
        return "0+source"


__all__ = [
    "BackendAddress",
    "ensure_studio",
    "log_file",
    "missing_modules",
    "run_studio",
    "runtime_file",
    "stop_studio",
    "studio_status",
]
