"""Whoever reads our output may stop reading: the command ends without a word."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.agent.running import Command
from tests.scripted_server import AVATAR, ScriptedServer

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("both", [False, True], ids=["stdout", "stdout and stderr"])
@pytest.mark.parametrize(
    "argv", [["config", "show"], ["doctor"], ["make it round", "--json"], ["make it round"]]
)
def test_a_reader_that_has_gone_ends_the_command_quietly(
    avatar: Command, backend: ScriptedServer, argv: list[str], both: bool
) -> None:
    backend.say({"type": "text", "content": "A round avatar."}, draft=AVATAR)
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "agent", "--backend", backend.url, *argv],
        stdout=writing, stderr=writing if both else subprocess.PIPE, stdin=subprocess.DEVNULL, timeout=60,
        check=False, cwd=avatar.home, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    os.close(writing)
    assert done.returncode == 141
    said = (done.stderr or b"").decode()
    assert "Traceback" not in said
    assert "went wrong" not in said
