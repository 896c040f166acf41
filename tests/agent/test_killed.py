"""kill -9 at every stage: the next start finds what was under way, and nothing is done or charged twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from agent.store import Store
from tests.scripted_http import Reply
from tests.scripted_server import AVATAR, MP4, ScriptedServer, box

ROOT = Path(__file__).resolve().parents[2]
STALL = Reply(200, [b"{", 60.0], framing="chunked")


class User:
    """One user's processes against one backend."""

    def __init__(self, home: Path, backend: ScriptedServer) -> None:
        self.home, self.backend = home, backend
        kept = {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": str(ROOT)}
        self.environ = {**kept, "NEMO_API_URL": backend.url, "AVATAR_POLL_SECONDS": "0.1"}

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "agent", *words, "--json"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=self.home,
            env=self.environ,
        )

    def run(self, *words: str) -> list[dict[str, Any]]:
        out, err = self.start(*words).communicate(timeout=60)
        assert b"Traceback" not in err, err
        return [json.loads(line) for line in out.splitlines()]

    def killed_at(self, route: str, *words: str) -> None:
        """Kill -9 the command as soon as a request of the route has come and its answer begun."""
        process = self.start(*words)
        seen = self.backend.cdn.requests if route == "output" else None
        for _ in range(1000):
            if seen if seen is not None else self.backend.seen(route):
                break
            time.sleep(0.02)
        time.sleep(0.2)
        process.kill()
        process.communicate()

    def store(self) -> Store:
        return Store(self.home / ".local" / "state" / "avatar-icon-generator")


@pytest.fixture
def user(tmp_path: Path, backend: ScriptedServer) -> User:
    backend.say({"type": "text", "content": "Rounder."}, draft=AVATAR)
    return User(tmp_path, backend)


def exported(events: list[dict[str, Any]]) -> list[str]:
    return [Path(event["path"]).name for event in events if event["type"] == "exported"]


@pytest.mark.parametrize("stage", ["submit", "render", "output"])
def test_an_export_killed_on_its_way_is_fetched_by_the_next_start(
    user: User, backend: ScriptedServer, stage: str
) -> None:
    if stage == "submit":
        backend.fail("submit", STALL)
    elif stage == "render":
        backend.polls_needed = 10**6
    else:
        backend.output = MP4 + box(b"free", bytes(3 * 1024**2))
        cut = [backend.output[: -(1024**2)], 60.0, backend.output[-(1024**2) :]]
        backend.on_cdn.append(Reply(200, cut, content_type="video/mp4"))
    user.killed_at(stage, "make it rounder", "-o", "out.mp4")
    assert not (user.home / "out.mp4").exists()
    (note,) = user.store().renders()

    backend.polls_needed = 1
    found = [name for _ in range(3) for name in exported(user.run("credits"))]
    assert found == ["out.mp4"]
    assert (user.home / "out.mp4").read_bytes() == backend.output
    assert list(backend.jobs) == [note.id]
    assert len(backend.seen("run_sse")) == 1
    assert user.store().renders() == ()
    assert not [path.name for path in user.home.iterdir() if path.name.endswith(".part")]
    if stage == "output":
        begin = backend.cdn.requests[-1].headers["range"].removeprefix("bytes=").rstrip("-")
        assert 1024**2 <= int(begin) < len(backend.output)


def test_a_turn_killed_on_its_way_is_not_said_again(user: User, backend: ScriptedServer) -> None:
    backend.turns.clear()
    backend.answer(
        Reply(200, [b": hb\n\n", 60.0], content_type="text/event-stream", framing="chunked"), draft=AVATAR
    )
    user.killed_at("run_sse", "make it rounder", "-o", "out.mp4")
    events = user.run("status", "--session", "last")
    assert any(event["type"] == "timeline" and event["tracks"] for event in events)
    assert len(backend.seen("run_sse")) == 1
    assert backend.jobs == {}


def test_kills_at_random_moments_leave_files_that_can_be_read(user: User, backend: ScriptedServer) -> None:
    for moment in (0.15, 0.25, 0.35, 0.45):
        backend.say({"type": "text", "content": "Rounder."}, draft=AVATAR)
        process = user.start("make it rounder", "-o", f"{moment}.mp4")
        time.sleep(moment)
        process.kill()
        process.communicate()
    events = user.run("credits")
    assert events[-1] == {"type": "done", "exit": 0, "elapsed": events[-1]["elapsed"]}
    store = user.store()
    for folder in ("tokens", "sessions", "states", "renders"):
        assert not list((store.folder / folder).glob("*.damaged-*"))
    assert len(backend.seen("token")) <= 5
