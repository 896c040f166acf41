"""What a studio process is told when it starts; the only reader of the environment in this package."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of what one request, file or job may ask for; bytes, seconds and counts."""

    file_bytes: int = 200 * MEBIBYTE
    files: int = 50
    json_bytes: int = 8 * MEBIBYTE
    utterance_chars: int = 8_000
    probe_seconds: float = 60.0
    preview_seconds: float = 60.0
    render_seconds: float = 1_800.0
    turn_seconds: float = 840.0
    url_seconds: float = 300.0
    stall_seconds: float = 12.0
    worker_bytes: int = 3_072 * MEBIBYTE
    attempts: int = 3
    claims: int = 20


@dataclass(frozen=True, slots=True)
class Prices:
    """What a metered studio charges; a studio on one's own machine charges nothing."""

    metered: bool = False
    grant: int = 100
    turn: int = 1
    token_days: int = 7
    media_days: int = 7
    quota_bytes: int = 2048 * MEBIBYTE
    requests_per_minute: float = 600.0
    tokens_per_minute: float = 20.0


@dataclass(frozen=True, slots=True)
class Config:
    """One studio process: where it keeps things, where it listens, what it allows."""

    data: Path
    runtime: Path
    host: str = "127.0.0.1"
    port: int = 0
    idle_seconds: float = 0.0
    database_url: str = ""
    open_sign_in: bool = False
    hosts: tuple[str, ...] = ()
    url_networks: tuple[str, ...] = ()
    heartbeat_seconds: float = 10.0
    lease_seconds: float = 4.0
    render_workers: int = 1
    limits: Limits = field(default_factory=Limits)
    prices: Prices = field(default_factory=Prices)


def package_version() -> str:
    """The installed version of the project, or a word that says it runs from source."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("avatar-icon-generator")
    except PackageNotFoundError:
        return "0+source"


def default_data() -> Path:
    """The platform's folder for a user's data."""
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return base / "avatar-icon-generator"


def language_model() -> tuple[str, str, str]:
    """Where a language model may read what is said: base URL, model name, key; an empty URL for none."""
    get = os.environ.get
    return get("STUDIO_LLM_URL", ""), get("STUDIO_LLM_MODEL", ""), get("STUDIO_LLM_KEY", "")


def render_workers() -> int:
    """How many renders run at once: half of the cores, for each encodes with two threads."""
    return max(1, (os.cpu_count() or 1) // 2)


def child_environment(scratch: Path) -> dict[str, str]:
    """The environment of a worker that touches untrusted media: only the paths it needs."""
    kept = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
    found = {name: os.environ[name] for name in kept if name in os.environ}
    return {
        **found,
        "PYTHONPATH": str(Path(__file__).resolve().parent.parent),
        "PYTHONUTF8": "1",
        "TMPDIR": str(scratch),
        "TEMP": str(scratch),
        "HOME": str(scratch),
        "OPENCV_LOG_LEVEL": "ERROR",
        "OMP_WAIT_POLICY": "PASSIVE",
    }
