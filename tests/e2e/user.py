"""A user of the program: an empty home, real processes, and what came out of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PORTRAIT = ROOT / "studio" / "samples" / "portrait.png"
HOPPER = ROOT / "tests" / "data" / "photos" / "grace_hopper.jpg"


@dataclass(frozen=True)
class Ran:
    exit: int
    out: str
    err: str

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["type"] == kind]


@dataclass(frozen=True)
class Home:
    """One user's machine: a home folder and a working folder, both empty at first."""

    path: Path
    work: Path

    def environment(self, **extra: str) -> dict[str, str]:
        kept = {
            name: os.environ[name] for name in ("PATH", "LANG", "SYSTEMROOT", "TMPDIR") if name in os.environ
        }
        return {**kept, "HOME": str(self.path), "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **extra}

    def avatar(self, *arguments: str, stdin: str = "", timeout: float = 120, **extra: str) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "agent", *arguments],
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=timeout,
            check=False,
            cwd=self.work,
            env=self.environment(**extra),
        )
        return Ran(done.returncode, done.stdout, done.stderr)
