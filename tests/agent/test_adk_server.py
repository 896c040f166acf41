"""The agent, unchanged, talking to Google ADK's own API server."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
ADK = shutil.which("adk")
SESSIONS = "/apps/nemo_agent/users/me/sessions"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(ADK is None, reason="google-adk, which .ci/full installs, is not there"),
]
Say = Callable[[str], tuple[int, list[dict[str, Any]]]]


@pytest.fixture(scope="module")
def say(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Say]:
    """Runs the command with one utterance against the server; its exit code and JSON lines."""
    home = tmp_path_factory.mktemp("home")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    # The server keeps its sessions beside the agents: they must not end up in the sources.
    agents = shutil.copytree(ROOT / "tests" / "data" / "adk_agents", home / "agents")
    command = [str(ADK), "api_server", "--port", str(port), str(agents)]
    log = (home / "log").open("wb")
    server = subprocess.Popen(command, stdout=log, stderr=log, cwd=home)
    url = f"http://127.0.0.1:{port}"
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "PYTHONPATH": str(ROOT),
        "NEMO_API_URL": url,
        "NEMO_TOKEN": "any",
    }

    def run(utterance: str) -> tuple[int, list[dict[str, Any]]]:
        done = subprocess.run(
            [sys.executable, "-m", "agent", utterance, "--json"],
            capture_output=True,
            text=True,
            cwd=home,
            env=environ,
            check=False,
        )
        return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]

    def command_line(*words: str) -> None:
        subprocess.run([sys.executable, "-m", "agent", *words], cwd=home, env=environ, check=True)

    try:
        for _ in range(300):
            with socket.socket() as attempt:
                if attempt.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        command_line("config", "set", "session_path", SESSIONS)
        yield run
    finally:
        server.terminate()
        server.wait()
        log.close()


def texts(events: list[dict[str, Any]]) -> list[str]:
    return [event["text"] for event in events if event["type"] == "text"]


def test_text_is_shown(say: Say) -> None:
    code, events = say("hello there")
    assert (code, texts(events)) == (0, ["echo: hello there"])


def test_increments_are_shown_once(say: Say) -> None:
    code, events = say("with increments, please")
    assert (code, texts(events)) == (0, ["Hello world"])


def test_tools_stay_inside_and_thoughts_hidden(say: Say) -> None:
    code, events = say("use the tool")
    assert (code, texts(events)) == (0, ["Adding music", "Done."])


def test_a_picture_is_saved_and_told(say: Say) -> None:
    code, events = say("draw a picture of me")
    (notice,) = (event["text"] for event in events if event["type"] == "notice")
    assert code == 0
    assert ".png" in notice


def test_a_silent_turn_tells_what_changed(say: Say) -> None:
    code, events = say("be silent")
    assert (code, texts(events)) == (0, [])
    assert [event["changes"] for event in events if event["type"] == "changed"] == [
        ["Video added: avatar (0-5s)"]
    ]


def test_an_error_event_is_one_of_the_table(say: Say) -> None:
    code, events = say("make an error")
    (error,) = (event for event in events if event["type"] == "error")
    assert (code, error["kind"]) == (4, "credits_exhausted")


def test_an_exception_of_the_agent_is_told(say: Say) -> None:
    code, events = say("break now")
    (error,) = (event for event in events if event["type"] == "error")
    assert code == 1
    assert "kaboom" in error["message"]
