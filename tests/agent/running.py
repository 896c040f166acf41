"""Runs the command in this process: its exit code, its stdout and stderr, its JSON events."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from agent.cli import main


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


class Command:
    """`avatar` for one user whose home is `home`, against one backend."""

    def __init__(self, home: Path, url: str, capture: pytest.CaptureFixture[str]) -> None:
        self.home, self.url, self._capture = home, url, capture

    def __call__(self, *argv: str) -> Ran:
        self._capture.readouterr()
        code = main(["--backend", self.url, *argv])
        out, err = self._capture.readouterr()
        return Ran(code, out, err)
