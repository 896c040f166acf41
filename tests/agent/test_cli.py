"""The command as scripts use it: exit codes, JSON Lines, files, streams."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.agent.running import Command
from tests.agent.samples import png
from tests.scripted_http import Reply
from tests.scripted_server import AVATAR, MP4, ScriptedServer, draft_of

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


def test_a_turn_with_a_photo_and_a_destination(avatar: Command, backend: ScriptedServer, photo: str) -> None:
    backend.say(TEXT, draft=AVATAR)
    ran = avatar("make", "it", "round", photo, "-o", "out.mp4", "--json")
    assert ran.exit == 0
    assert [event["type"] for event in ran.events] == [
        "ready", "intents", "action", "upload", "upload", "uploaded", "action", "text", "changed",
        "action", "export", "export", "exported", "done",
    ]  # fmt: skip
    assert ran.events[0]["backend"] == backend.url
    assert ran.of("intents") == [
        {"type": "intents", "text": "make it round", "intents": ["upload", "sse", "export"]}
    ]
    assert (avatar.home / "out.mp4").read_bytes() == MP4
    assert ran.of("done")[0]["exit"] == 0


def test_people_get_words_on_stdout_and_notices_on_stderr(
    avatar: Command, backend: ScriptedServer, photo: str
) -> None:
    backend.say(TEXT, draft=AVATAR)
    ran = avatar("make it round", photo, "-o", "out.mp4")
    assert (
        ran.out == "A round avatar.\nSaved " + str(avatar.home / "out.mp4") + f" ({len(MP4) / 1000:.1f} kB)\n"
    )
    assert "Ready." in ran.err


def test_a_new_photo_starts_a_session_and_a_bare_export_goes_on_with_it(
    avatar: Command, backend: ScriptedServer, photo: str
) -> None:
    backend.say(TEXT, draft=AVATAR)
    first = avatar("make it round", photo, "--json").of("ready")[0]
    second = avatar("export", "-o", "x.mp4", "--json").of("ready")[0]
    third = avatar("make it square", "--json").of("ready")[0]
    fourth = avatar("credits", "--session", first["session_id"], "--json").of("ready")[0]
    assert (first["resumed"], second["resumed"], third["resumed"]) == (False, True, False)
    assert first["session_id"] == second["session_id"] == fourth["session_id"] != third["session_id"]
    assert (avatar.home / "x.mp4").exists()


def test_an_export_without_anything_made_is_a_hint(avatar: Command) -> None:
    ran = avatar("export", "--json")
    assert ran.exit == 1
    (error,) = ran.of("error")
    assert (error["kind"], error["code"]) == ("nothing_to_export", None)
    assert "avatar" in error["hint"]


def test_photos_with_a_destination_and_no_words_get_the_main_suggestion(
    avatar: Command, backend: ScriptedServer, photo: str
) -> None:
    backend.say(TEXT, draft=AVATAR)
    ran = avatar(photo, "-o", "out.mp4", "--json")
    assert ran.exit == 0
    (session,) = backend.sessions.values()
    assert session.heard == ["generate a circular avatar icon from my photo for a profile picture"]


def test_photos_alone_are_uploaded_and_what_to_say_is_told(avatar: Command, photo: str) -> None:
    ran = avatar(photo, "--json")
    assert ran.exit == 0
    assert ran.of("uploaded")
    assert "Now say" in ran.of("notice")[-1]["text"]


def test_the_file_on_stdout_is_nothing_but_the_file(
    avatar: Command, backend: ScriptedServer, photo: str
) -> None:
    backend.say(TEXT, draft=AVATAR)
    done = subprocess.run(
        [sys.executable, "-m", "agent", "--backend", backend.url, "make it round", photo, "-o", "-"],
        capture_output=True, timeout=60, check=False, cwd=avatar.home, stdin=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0
    assert done.stdout == MP4
    assert b"A round avatar." in done.stderr


def test_the_language_follows_the_utterance(avatar: Command, backend: ScriptedServer) -> None:
    ran = avatar("导出", "--json")
    assert ran.of("ready")[0]["language"] == "zh-CN"
    assert "时间轴" in ran.of("error")[0]["message"]


@pytest.mark.parametrize(
    ("argv", "code", "kind"),
    [
        (["--nonsense"], 2, "usage"),
        (["hi", "-o", "-"], 2, "usage"),
        (["hi", "--size", "huge", "-o", "x.mp4"], 2, "usage"),
        (["hi", "-o", "x.png"], 2, "format_unsupported"),
        (["hi", "-o", "x.mp4", "--format", "gif"], 2, "usage"),
        (["hi", "--backend", "nonsense"], 2, "config"),
        (["hi", "--skill", "nowhere.yaml"], 2, "skill"),
        (["hi", "nowhere.jpg"], 5, "file_missing"),
        (["hi", "--session", "unknown"], 1, "session_gone"),
        (["mcp"], 2, "usage"),
    ],
)
def test_what_cannot_be_done_is_one_error_and_one_done(
    avatar: Command, argv: list[str], code: int, kind: str
) -> None:
    ran = avatar(*argv, "--json")
    assert ran.exit == code
    (error,) = ran.of("error")
    assert error["kind"] == kind
    assert error["message"]
    assert ran.events[-1]["type"] == "done"
    assert ran.events[-1]["exit"] == code
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("code", "status", "exit"),
    [
        (1001, 401, 3),
        (1002, 404, 1),
        (2001, 402, 4),
        (402, 402, 4),
        (429, 429, 7),
        (500, 500, 1),
        (777, 200, 1),
    ],
)
def test_each_refusal_has_its_exit_code(
    avatar: Command, backend: ScriptedServer, code: int, status: int, exit: int
) -> None:
    for _ in range(2):
        backend.refuse("run_sse", code, status=status, Retry_After="0")
    ran = avatar("make it round", "--json")
    assert ran.exit == exit
    assert ran.of("error")[0]["code"] == code


def test_an_unreachable_backend_is_told_apart_from_a_wrong_one(
    avatar: Command, backend: ScriptedServer
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        ran = avatar("hi", "--backend", f"http://127.0.0.1:{taken.getsockname()[1]}", "--json")
    assert (ran.exit, ran.of("error")[0]["kind"], ran.of("error")[0]["code"]) == (6, "unreachable", None)
    backend.fail("session", Reply(200, b"<!doctype html><p>hello", content_type="text/html"))
    ran = avatar("hi", "--json")
    assert (ran.exit, ran.of("error")[0]["kind"]) == (6, "not_the_service")


def test_a_time_limit_ends_the_command(avatar: Command, backend: ScriptedServer) -> None:
    backend.say(60.0)
    ran = avatar("make it round", "--timeout", "0.5", "--json")
    assert (ran.exit, ran.of("error")[0]["kind"]) == (6, "timed_out")


def test_debug_shows_where_an_error_came_from(avatar: Command) -> None:
    assert "Traceback" in avatar("hi", "nowhere.jpg", "--debug").err
    assert "Traceback" not in avatar("hi", "nowhere.jpg").err


def test_why_sends_nothing(avatar: Command, backend: ScriptedServer) -> None:
    ran = avatar("--why", "make it rounder and then export", "--json")
    assert ran.exit == 0
    assert ran.of("intents")[0]["intents"] == ["sse", "export"]
    assert backend.requests == []


def test_what_finished_meanwhile_comes_first(avatar: Command, backend: ScriptedServer, photo: str) -> None:
    backend.say(TEXT, draft=AVATAR)
    avatar("make it round", photo, "-o", "out.mp4", "--detach")
    assert not (avatar.home / "out.mp4").exists()
    ran = avatar("credits", "--json")
    assert [event["type"] for event in ran.events] == [
        "ready", "notice", "exported", "intents", "action", "credits", "done"
    ]  # fmt: skip
    assert (avatar.home / "out.mp4").read_bytes() == MP4


def test_every_piped_line_is_tried_and_the_highest_code_counts(
    avatar: Command, backend: ScriptedServer
) -> None:
    backend.say({"type": "error", "message": "fell over"})
    backend.say(TEXT, draft=AVATAR)
    done = piped(
        avatar, "make it round\n\nmake it round\nexport to ./out.mp4\nupload ./nowhere.jpg\n", "--json"
    )
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert [event["exit"] for event in events if event["type"] == "done"] == [5]
    assert [event["kind"] for event in events if event["type"] == "error"] == ["failed", "file_missing"]
    assert done.returncode == 5
    assert (avatar.home / "out.mp4").exists()
    assert len(backend.sessions) == 1


def test_nothing_piped_is_nothing_said(avatar: Command, backend: ScriptedServer) -> None:
    done = piped(avatar, "")
    assert (done.returncode, done.stdout, backend.requests) == (0, "", [])


def test_the_same_look_for_many_photos(avatar: Command, backend: ScriptedServer, photo: str) -> None:
    (avatar.home / "you.png").write_bytes(png(4, 4))
    for _ in range(2):
        backend.say(TEXT, draft=AVATAR)
    how = ("--say", "round", "--out", "faces", "--format", "mp4", "--json")
    ran = avatar("batch", photo, "nowhere.jpg", "you.png", *how)
    assert ran.exit == 5
    assert sorted(path.name for path in (avatar.home / "faces").iterdir()) == ["me.mp4", "you.mp4"]
    assert len({request.path for request in backend.seen("upload")}) == 2


def test_different_words_for_each_photo(avatar: Command, backend: ScriptedServer, photo: str) -> None:
    backend.say(TEXT, draft=AVATAR)
    line = json.dumps({"file": photo, "say": "方形"})
    done = piped(avatar, f"{line}\nnonsense\n", "batch", "--each", "--out", "d", "--format", "mp4")
    assert done.returncode == 2
    assert (avatar.home / "d" / "me.mp4").exists()
    assert [session.heard for session in backend.sessions.values()] == [["方形"]]


def test_sessions_are_listed_and_deleted(avatar: Command, backend: ScriptedServer) -> None:
    avatar("make it round")
    (ident,) = backend.sessions
    assert ident in avatar("sessions").out
    assert avatar("sessions", "delete", ident).exit == 0
    assert ident not in avatar("sessions").out


def test_a_setting_is_kept_and_told_with_its_origin(avatar: Command) -> None:
    assert avatar("config", "set", "language", "zh-TW").exit == 0
    assert "zh-TW" in avatar("config", "show").out
    assert "(file)" in avatar("config").out
    assert avatar("config", "set", "nonsense", "1").exit == 2


def test_the_doctor_names_what_is_wrong(avatar: Command, backend: ScriptedServer) -> None:
    assert avatar("doctor").exit == 0
    backend.close()
    ran = avatar("doctor")
    assert ran.exit == 6
    assert "✗ Nothing answers at" in ran.out


def test_importing_the_command_is_light() -> None:
    heavy = "asyncio", "httpx", "rich", "prompt_toolkit", "yaml", "intents", "agent.config"
    code = f"import sys, agent.cli; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT, timeout=60
    )
    assert done.stdout.strip() == "[]"


def test_a_draft_of_a_stranger_is_shown_all_the_same(avatar: Command, backend: ScriptedServer) -> None:
    backend.say(TEXT, draft=draft_of({"d": "long", "m": 7}, {"x": 1}))
    avatar("make it round")
    ran = avatar("status", "--json")
    assert ran.exit == 0
    assert (
        ran.of("timeline")[0]["summary"] == "Timeline (1 tracks): 1. Video: untitled (0-0s) + untitled (0-0s)"
    )


def test_ctrl_c_stops_the_command_and_the_render_goes_on(
    avatar: Command, backend: ScriptedServer, photo: str
) -> None:
    backend.say(TEXT, draft=AVATAR)
    backend.polls_needed = 10_000
    process = subprocess.Popen(
        [sys.executable, "-m", "agent", "--backend", backend.url, "make it round", photo, "-o", "o.mp4",
         "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True, cwd=avatar.home,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    while not backend.seen("render"):
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    events = [json.loads(line) for line in out.splitlines()]
    assert process.returncode == events[-1]["exit"] == 130
    assert any("goes on" in event["text"] for event in events if event["type"] == "notice")
    assert "Traceback" not in err
    backend.polls_needed = 1
    assert avatar("credits", "--json").of("exported")
    assert (avatar.home / "o.mp4").read_bytes() == MP4


def test_a_kill_in_mid_render_loses_nothing(avatar: Command, backend: ScriptedServer, photo: str) -> None:
    backend.say(TEXT, draft=AVATAR)
    backend.polls_needed = 10_000
    process = subprocess.Popen(
        [sys.executable, "-m", "agent", "--backend", backend.url, "make it round", photo, "-o", "o.mp4"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, cwd=avatar.home,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    while not backend.seen("render"):
        assert process.poll() is None
        time.sleep(0.02)
    process.kill()
    process.wait()
    backend.polls_needed = 1
    ran = avatar("export", "-o", "again.mp4", "--json")
    assert [Path(event["path"]).name for event in ran.of("exported")] == ["o.mp4", "again.mp4"]
    assert len({request.json()["id"] for request in backend.seen("submit")}) == 2


def test_an_export_is_called_after_the_photo_it_shows_in_a_later_start_too(
    avatar: Command, backend: ScriptedServer, photo: str
) -> None:
    (avatar.home / "you.png").write_bytes(png(4, 4))
    backend.say(TEXT, draft=draft_of({"d": 5000, "m": {"name": "you.png"}}))
    avatar("make it round", photo, "you.png")
    (exported,) = avatar("export", "--json").of("exported")
    assert exported["path"] == str(avatar.home / "you-avatar.mp4")


def test_a_name_that_only_the_backend_says_names_no_file(avatar: Command, backend: ScriptedServer) -> None:
    backend.say(TEXT, draft=draft_of({"d": 5000, "m": {"name": "../../.bashrc"}}))
    avatar("make it round")
    (exported,) = avatar("export", "--json").of("exported")
    assert exported["path"] == str(avatar.home / "avatar.mp4")


def test_a_mistake_of_the_program_is_a_sentence_too(
    avatar: Command, monkeypatch: pytest.MonkeyPatch, backend: ScriptedServer
) -> None:
    def broken(*_: object) -> object:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("agent.turn.plan", broken)
    ran = avatar("make it round", "--json")
    (error,) = ran.of("error")
    assert ran.exit == 1
    assert "ZeroDivisionError" in error["message"]
    assert "--debug" in error["hint"]
    assert "Traceback" not in ran.err
    monkeypatch.setattr("agent.cli._settings", broken)
    assert "Something went wrong" in avatar("make it round").err


def test_a_reader_that_goes_away_is_no_crash(avatar: Command) -> None:
    command = f"{sys.executable} -m agent --backend {avatar.url} config show | head -1"
    done = subprocess.run(
        ["sh", "-c", command], capture_output=True, text=True, timeout=60, check=False, cwd=avatar.home,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert len(done.stdout.splitlines()) == 1
    assert "Traceback" not in done.stderr


def test_what_changed_is_known_in_a_later_start(avatar: Command, backend: ScriptedServer) -> None:
    backend.say(TEXT, draft=AVATAR)
    avatar("make it round")
    ran = avatar("what changed?", "--json")
    assert ran.of("changed")[0]["changes"] == ["Video added: avatar (0-5s)"]
    assert ran.of("ready")[0]["resumed"]
