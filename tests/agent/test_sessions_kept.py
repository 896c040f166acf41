"""Which session is the last one, and what is said of one that nobody knows."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.agent.running import Command
from tests.agent.samples import png
from tests.scripted_server import AVATAR, ScriptedServer

ROOT = Path(__file__).resolve().parents[2]
TEXT = {"type": "text", "content": "A round avatar."}


@pytest.fixture
def photo(avatar: Command) -> str:
    (avatar.home / "me.png").write_bytes(png(4, 4))
    return "me.png"


def piped(avatar: Command, lines: str, *argv: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "agent", "--backend", avatar.url, *argv],
        input=lines, capture_output=True, text=True, timeout=60, check=False, cwd=avatar.home,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip


def test_what_makes_nothing_does_not_become_the_last_session(
    avatar: Command, backend: ScriptedServer, photo: str
) -> None:
    backend.say(TEXT, draft=AVATAR)
    made = avatar("make it round", photo, "--json").of("ready")[0]["session_id"]
    backend.say({"type": "text", "content": "I make avatars."})
    assert avatar("what can you do?", "--json").of("ready")[0]["session_id"] != made
    assert avatar("credits", "--session", "new", "--json").exit == 0
    assert piped(avatar, "credits\n", "--session", "new").returncode == 0
    assert avatar("sessions").out.count(made) == len(avatar("sessions").out.splitlines()) == 1
    assert avatar("export", "-o", "x.mp4", "--json").of("ready")[0]["session_id"] == made


@pytest.mark.parametrize("argv", [["sessions", "delete", "99"], ["make it rounder", "--session", "nope"]])
def test_a_session_that_never_was_is_said_to_be_none(
    avatar: Command, backend: ScriptedServer, photo: str, argv: list[str]
) -> None:
    backend.say(TEXT, draft=AVATAR)
    made = avatar("make it round", photo, "--json").of("ready")[0]["session_id"]
    ran = avatar(*argv, "--json")
    (error,) = ran.of("error")
    assert ran.exit == 1
    assert "There is no session" in error["message"]
    assert "upload" not in error["message"] + error["hint"]
    assert avatar("timeline", "--json").of("ready")[0]["session_id"] == made
    assert len(backend.seen("session")) == 1


def test_going_on_with_no_session_leaves_the_current_one(avatar: Command, backend: ScriptedServer) -> None:
    backend.say(TEXT, draft=AVATAR)
    ran = piped(avatar, "make it round\n/resume abc\nshow the timeline\n")
    assert "There is no session abc." in ran.stderr
    assert "1. Video" in ran.stdout
    assert ran.returncode == 1


def test_a_piped_command_is_carried_out_and_not_said(avatar: Command, backend: ScriptedServer) -> None:
    backend.say(TEXT, draft=AVATAR)
    ran = piped(avatar, "make it round\n/new\nshow the timeline\nexit\nmake it square\n")
    assert [session.heard for session in backend.sessions.values()] == [["make it round"], []]
    assert "Timeline (0 tracks)" in ran.stdout
    assert ran.returncode == 0
