"""Every endpoint × everything that can go wrong with it, through the command as its user runs it.

What must hold: the documented exit code, nothing sent twice that charges, nothing half-written, and files of
the program's own that can be read afterwards.
"""

from __future__ import annotations

import functools
import json
import os
from pathlib import Path
from typing import Any

import pytest

from agent.cli import main
from agent.client import Client
from agent.config import resolve
from agent.identity import origin
from agent.store import Store
from agent.ui.answers import stdin_lines
from tests.agent import samples
from tests.scripted_http import Reply, json_reply
from tests.scripted_server import AVATAR, ScriptedServer

FAULTS = {
    "closed": Reply(status=0),
    "reset": Reply(status=0, reset=True),
    "cut": Reply(200, b'{"code":0,"data":{"x":1}}', cut=9, reset=True),
    "stall": Reply(200, [b"{", 30.0], framing="chunked"),
    "drip": Reply(200, [b" ", 0.05] * 60, framing="chunked"),
    "500": json_reply({"code": 500, "message": "oops"}, 500),
    "429": json_reply({"code": 429, "message": "slow down"}, 429, Retry_After="0.01"),
    "page": Reply(200, b"<!doctype html><html>", content_type="text/html"),
    "half": Reply(200, b'{"code":0,"data":{"sess'),
    "code": json_reply({"code": 9999, "message": "something new"}),
}
# A time-out has to be sat out.
SLOW = ("stall", "drip")
OUT_OF_REACH = ("closed", "reset", "cut", "stall", "drip", "page")
WORDS = {
    "token": ["credits"],
    "session": ["credits"],
    "claim": [],
    "run_sse": ["make it rounder"],
    "upload": ["make it rounder", "me.jpg"],
    "credits": ["credits"],
    "state": ["status"],
    "submit": ["make it rounder", "-o", "out.mp4"],
    "render": ["make it rounder", "-o", "out.mp4"],
    "cancel": ["cancel the export"],
    "download": ["make it rounder", "-o", "out.mp4"],
}
# What is typed where there are no words.
TYPED = b"/web\n"


def faults(*names: str) -> list[Any]:
    return [pytest.param(name, marks=[pytest.mark.slow] * (name in SLOW)) for name in names]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, backend: ScriptedServer) -> Path:
    """An empty home and a client whose patience is short."""
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NEMO_API_URL", backend.url)
    monkeypatch.setenv("AVATAR_POLL_SECONDS", "0.01")
    monkeypatch.setenv("AVATAR_IDLE_TIMEOUT", "1")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("agent.connection.Client", functools.partial(Client, timeout=1.0, backoff=0.001))
    (tmp_path / "me.jpg").write_bytes(samples.JPEG)
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, list[dict[str, Any]]]:
    """The command's exit code and its JSON lines."""
    code = main([*words, "--json"]) if words else typed("--json")
    told = capsys.readouterr()
    assert "Traceback" not in told.out + told.err
    return code, [json.loads(line) for line in told.out.splitlines()]


def typed(*words: str) -> int:
    """The exit code of the chat that is given its one line through a pipe."""
    reading, writing = os.pipe()
    os.write(writing, TYPED)
    os.close(writing)
    stdin_lines.cache_clear()
    try:
        with pytest.MonkeyPatch.context() as patch, os.fdopen(reading) as stdin:
            patch.setattr("sys.stdin", stdin)
            return main(list(words))
    finally:
        stdin_lines.cache_clear()


def under_way(backend: ScriptedServer, capsys: pytest.CaptureFixture[str]) -> None:
    """An export that was left behind and takes its time."""
    backend.polls_needed = 10_000
    code, events = run(capsys, "make it rounder", "-o", "out.mp4", "--detach")
    assert code == 0, events


def expected(route: str, fault: str) -> int:
    if fault in OUT_OF_REACH and (route, fault) != ("download", "drip"):
        return 6
    return 7 if fault == "429" else 1


@pytest.mark.parametrize("fault", faults(*FAULTS))
@pytest.mark.parametrize("route", WORDS)
def test_whatever_goes_wrong_ends_as_documented(
    backend: ScriptedServer, home: Path, capsys: pytest.CaptureFixture[str], route: str, fault: str
) -> None:
    backend.turns.clear()
    backend.say({"type": "text", "content": "Rounder."}, draft=AVATAR)
    if route == "cancel":
        under_way(backend, capsys)
    backend.fail(route, *[FAULTS[fault]] * 40)
    if route == "download":
        backend.on_cdn.extend([FAULTS[fault]] * 40)
    code, events = run(capsys, *WORDS[route])
    assert code == expected(route, fault), events
    assert [event["exit"] for event in events if event["type"] == "done"] == [code]
    (error,) = (event for event in events if event["type"] == "error")
    assert error["message"]
    assert not any("ct=" in str(event) for event in events)

    heard = [request.json()["new_message"] for request in backend.seen("run_sse")]
    assert len(heard) <= (2 if (route, fault) == ("run_sse", "429") else 1)
    assert len(backend.seen("upload")) <= (2 if (route, fault) == ("upload", "429") else 1)
    assert len(backend.jobs) <= 1
    assert len({request.json()["id"] for request in backend.seen("submit")}) <= 1

    kept = {path.name for path in home.iterdir()} - {"me.jpg", ".config", ".local", ".cache"}
    assert kept == set()
    store = Store(resolve({}).state_dir)
    store.sessions(origin(backend.url))
    renders = store.renders()
    store.known_state("s1")
    assert store.damaged == []
    if route == "cancel":
        # Not said to be cancelled, and not lost either: the next start fetches it.
        assert all(event.get("status") != "cancelled" for event in events)
        assert len(renders) == 1
        backend.polls_needed = 1
        run(capsys, "credits")
        assert (home / "out.mp4").read_bytes() == backend.output


@pytest.mark.parametrize("fault", faults("closed", "reset", "cut", "stall", "drip", "500", "half"))
@pytest.mark.parametrize("route", ["credits", "state", "render", "cancel", "download"])
def test_what_goes_wrong_once_is_not_noticed(
    backend: ScriptedServer, capsys: pytest.CaptureFixture[str], route: str, fault: str
) -> None:
    backend.say({"type": "text", "content": "Rounder."}, draft=AVATAR)
    if route == "cancel":
        under_way(backend, capsys)
    if route == "download":
        backend.on_cdn.append(FAULTS[fault])
    else:
        backend.fail(route, FAULTS[fault])
    code, events = run(capsys, *WORDS[route])
    assert code == 0, events
    if route == "cancel":
        assert any(event.get("status") == "cancelled" for event in events)


@pytest.mark.parametrize("fault", faults(*FAULTS))
def test_the_fallback_of_a_download_brings_the_file_now_or_at_the_next_start(
    backend: ScriptedServer, home: Path, capsys: pytest.CaptureFixture[str], fault: str
) -> None:
    backend.say({"type": "text", "content": "Rounder."}, draft=AVATAR)
    backend.on_cdn.extend([FAULTS["500"]] * 40)
    backend.fail("download", FAULTS[fault])
    code, events = run(capsys, *WORDS["download"])
    if fault in ("closed", "reset", "cut", "stall", "500"):
        assert code == 0, events
    else:
        # An answer that is no file is not asked for again at once, and nothing of it is kept.
        assert code == expected("download", fault), events
        assert not (home / "out.mp4").exists()
        run(capsys, "credits")
    assert (home / "out.mp4").read_bytes() == backend.output
    assert len(backend.jobs) == 1


@pytest.mark.parametrize("fault", faults("closed", "reset", "cut", "stall", "500", "half"))
def test_a_submit_whose_outcome_is_unknown_becomes_one_job(
    backend: ScriptedServer, home: Path, capsys: pytest.CaptureFixture[str], fault: str
) -> None:
    backend.say({"type": "text", "content": "Rounder."}, draft=AVATAR)
    backend.fail("submit", FAULTS[fault])
    code, events = run(capsys, *WORDS["submit"])
    assert code == 0, events
    assert len(backend.jobs) == 1
    assert len({request.json()["id"] for request in backend.seen("submit")}) == 1
    assert (home / "out.mp4").read_bytes() == backend.output


def test_a_turn_that_broke_off_after_it_was_done_is_reported_and_not_repeated(
    backend: ScriptedServer, capsys: pytest.CaptureFixture[str]
) -> None:
    backend.answer(Reply(200, b"x" * 50, content_type="text/event-stream", cut=10), draft=AVATAR)
    code, events = run(capsys, "make it rounder")
    assert code == 0, events
    assert len(backend.seen("run_sse")) == 1
    assert any(event["type"] == "changed" for event in events)
