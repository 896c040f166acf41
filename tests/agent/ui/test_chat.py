"""The chat in a real terminal (a pty): keys, signals, paste, queueing, questions."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.agent.samples import png
from tests.scripted_server import AVATAR, MP4, ScriptedServer, draft_of

ROOT = Path(__file__).resolve().parents[3]
TEXT = {"type": "text", "content": "A round avatar."}
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b[()][A-Z0-9]|\x1b[=>78]|\x1b\][^\x07]*\x07|\r")
PATIENCE = 30.0


class Terminal:
    """A terminal with the chat in it."""

    def __init__(self, home: Path, url: str, *options: str, columns: int = 80) -> None:
        self.work = home / "work"
        self.work.mkdir(parents=True, exist_ok=True)
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 30, columns, 0, 0))
        environment = {
            "PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8",
            "TERM": "xterm-256color", "AVATAR_POLL_SECONDS": "0.05",
            "AVATAR_SESSION_DIR": str(home / "state"),
        }  # fmt: skip
        self.process = subprocess.Popen(
            [sys.executable, "-m", "agent", "--backend", url, *options],
            stdin=slave, stdout=slave, stderr=slave, cwd=self.work, env=environment,
            start_new_session=True, close_fds=True,
        )  # fmt: skip
        os.close(slave)
        self._raw = ""

    @property
    def shown(self) -> str:
        return _CONTROL.sub("", self._raw)

    def type(self, text: str) -> None:
        os.write(self._master, text.encode())

    def paste(self, text: str) -> None:
        self.type(f"\x1b[200~{text}\x1b[201~")

    def until(self, *texts: str, times: int = 1) -> None:
        """Read until all texts were shown so often since the last call."""
        seen = self._raw
        deadline = time.monotonic() + PATIENCE
        self._raw = ""
        try:
            while not all(self.shown.count(text) >= times for text in texts):
                left = deadline - time.monotonic()
                assert left > 0, f"waited for {texts}, was shown:\n{_CONTROL.sub('', seen)}…{self.shown}"
                self._read(left)
        finally:
            self._past = seen

    def read_while(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while condition():
            assert time.monotonic() < deadline, f"was shown:\n{self.shown}"
            self._read(0.1)

    def redrawn(self, action: Callable[[], None]) -> None:
        """Do something that the terminal answers by drawing anew, and wait for that."""
        before = len(self._raw)
        action()
        self.read_while(lambda: len(self._raw) == before)

    def _read(self, seconds: float) -> bool:
        ready, _, _ = select.select([self._master], [], [], min(seconds, 0.2))
        if ready:
            try:
                data = os.read(self._master, 65536)
            except OSError:
                return False
            # prompt_toolkit asks where the cursor is; a terminal answers.
            if b"\x1b[6n" in data:
                self.type("\x1b[1;1R")
            self._raw += data.decode("utf-8", "replace")
            return bool(data)
        return True

    def exit(self) -> int:
        deadline = time.monotonic() + PATIENCE
        while self.process.poll() is None:
            assert time.monotonic() < deadline, f"still running:\n{self.shown}"
            self._read(0.1)
        while self._read(0.05) and select.select([self._master], [], [], 0.05)[0]:
            pass
        return self.process.returncode

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self._master)


@pytest.fixture
def open_terminal(tmp_path: Path, backend: ScriptedServer) -> Iterator[Callable[..., Terminal]]:
    opened: list[Terminal] = []

    def make(*options: str, columns: int = 80) -> Terminal:
        terminal = Terminal(tmp_path, backend.url, *options, columns=columns)
        opened.append(terminal)
        terminal.until("Hi!", "Try saying", "Ready.") if "--language" not in options else None
        return terminal

    yield make
    for terminal in opened:
        terminal.close()


def test_greeting_then_ready_then_goodbye(open_terminal: Callable[..., Terminal]) -> None:
    terminal = open_terminal()
    terminal.type("\x04")
    assert terminal.exit() == 0


def test_a_look_into_the_chat_leaves_the_last_session_alone(
    open_terminal: Callable[..., Terminal], backend: ScriptedServer
) -> None:
    backend.say(TEXT, draft=AVATAR)
    first = open_terminal()
    first.type("make it round\r")
    first.until("A round avatar.")
    first.type("\x04")
    assert first.exit() == 0
    look = open_terminal()
    look.type("\x04")
    assert look.exit() == 0
    again = open_terminal("--session", "last", "--language", "en")
    again.until("› make it round", "Timeline (1 tracks)")


def test_a_pasted_photo_is_attached_and_the_words_make_a_file(
    open_terminal: Callable[..., Terminal], backend: ScriptedServer
) -> None:
    backend.say(TEXT, draft=AVATAR)
    terminal = open_terminal()
    photo = terminal.work / "my photo.png"
    photo.write_bytes(png(4, 4))
    terminal.paste(f"'{photo}'")
    terminal.until("my photo.png", "attached")
    terminal.type("make a round avatar\r")
    terminal.until("Uploaded my photo.png", "A round avatar.")
    terminal.type("export\r")
    terminal.until("Saved")
    assert (terminal.work / "my photo-avatar.mp4").read_bytes() == MP4


def test_pasted_lines_are_said_one_after_the_other(
    open_terminal: Callable[..., Terminal], backend: ScriptedServer
) -> None:
    backend.say({"type": "text", "content": "First answer."}, draft=AVATAR)
    backend.say({"type": "text", "content": "Second answer."})
    terminal = open_terminal()
    terminal.paste("make it round\r\n\r\n  add a gold ring  \r\n")
    terminal.until("add a gold ring")
    assert not backend.seen("run_sse")
    terminal.type("\r")
    terminal.until("First answer.", "› add a gold ring", "Second answer.")
    assert [session.heard for session in backend.sessions.values()] == [["make it round", "add a gold ring"]]


def test_what_is_said_during_a_turn_waits_its_turn(
    open_terminal: Callable[..., Terminal], backend: ScriptedServer
) -> None:
    backend.say(1.0, {"type": "text", "content": "First answer."}, draft=AVATAR)
    backend.say({"type": "text", "content": "Second answer."})
    terminal = open_terminal()
    terminal.type("first\r")
    terminal.until("Working")
    terminal.type("second\r")
    terminal.until("queued: second", "First answer.", "Second answer.")
    assert [session.heard for session in backend.sessions.values()] == [["first", "second"]]


@pytest.mark.parametrize("how", ["key", "signal"])
def test_ctrl_c_clears_then_stops_then_leaves(
    open_terminal: Callable[..., Terminal], backend: ScriptedServer, how: str
) -> None:
    backend.say(60.0)
    terminal = open_terminal()

    def interrupt() -> None:
        if how == "key":
            terminal.type("\x03")
        else:
            terminal.process.send_signal(signal.SIGINT)

    terminal.type("never sent")
    terminal.until("never sent")
    terminal.redrawn(interrupt)
    terminal.type("slow\r")
    terminal.read_while(lambda: not backend.seen("run_sse"))
    interrupt()
    terminal.until("Stopped.")
    interrupt()
    terminal.until("again to leave")
    # Twice within a second leaves; on a busy machine the first two may come too far apart.
    while terminal.process.poll() is None:
        interrupt()
        terminal._read(0.1)
    assert terminal.exit() == 130
    assert [session.heard for session in backend.sessions.values()] == [["slow"]]


def test_a_question_is_answered_in_the_prompt(
    open_terminal: Callable[..., Terminal], backend: ScriptedServer
) -> None:
    backend.say(TEXT, draft=AVATAR)
    terminal = open_terminal()
    (terminal.work / "me.mp4").write_bytes(b"old")
    terminal.type("make it round\r")
    terminal.until("A round avatar.")
    terminal.type("export to ./me.mp4\r")
    terminal.until("Overwrite it?", "[y/N]")
    terminal.type("y\r")
    terminal.until("Saved me.mp4")
    assert (terminal.work / "me.mp4").read_bytes() == MP4


def test_the_chat_goes_on_after_an_error(
    open_terminal: Callable[..., Terminal], backend: ScriptedServer
) -> None:
    backend.refuse("run_sse", 2001, status=402)
    terminal = open_terminal()
    terminal.type("make it round\r")
    terminal.until("credits are used up", "Register")
    terminal.type("make it round\r")
    terminal.until("Done.")


def test_a_render_goes_on_beside_the_prompt(
    open_terminal: Callable[..., Terminal], backend: ScriptedServer
) -> None:
    backend.polls_needed = 60
    backend.say(TEXT, draft=AVATAR)
    backend.say({"type": "text", "content": "Meanwhile."}, draft=draft_of({"d": 1000}))
    terminal = open_terminal()
    terminal.type("make it round\r")
    terminal.until("A round avatar.")
    terminal.type("export\r")
    terminal.until("Exporting")
    terminal.type("rounder\r")
    terminal.until("Meanwhile.", "Saved avatar.mp4")


def test_leaving_with_a_render_under_way_keeps_it(
    open_terminal: Callable[..., Terminal], backend: ScriptedServer
) -> None:
    backend.polls_needed = 10_000
    backend.say(TEXT, draft=AVATAR)
    terminal = open_terminal()
    terminal.type("make it round\r")
    terminal.until("A round avatar.")
    terminal.type("export\r")
    terminal.until("Exporting")
    terminal.type("\x04")
    assert terminal.exit() == 0
    assert "goes on" in terminal.shown
    backend.polls_needed = 1
    again = open_terminal()
    again.read_while(lambda: not (again.work / "avatar.mp4").exists())
    assert (again.work / "avatar.mp4").read_bytes() == MP4


def test_chinese_is_spoken_on_request(open_terminal: Callable[..., Terminal]) -> None:
    terminal = open_terminal("--language", "zh-CN", columns=40)
    terminal.until("你好", "可以这样说", "准备好了")
    terminal.type("/help\r")
    terminal.until("新开一个会话")


def test_no_colour_means_none(open_terminal: Callable[..., Terminal]) -> None:
    terminal = open_terminal("--no-color")
    terminal.type("hi\r")
    terminal.until("Done.")
    assert re.search(r"\x1b\[[0-9;]*3[0-7]m", terminal._raw) is None


def test_a_plain_terminal_gets_lines_and_no_drawing(open_terminal: Callable[..., Terminal]) -> None:
    terminal = open_terminal("--plain")
    terminal.type("hi\n")
    terminal.until("Done.")
    assert "\x1b[" not in terminal._raw
    terminal.type("\x04")
    assert terminal.exit() == 0


def test_ctrl_c_stops_waiting_for_an_export_that_goes_on(
    open_terminal: Callable[..., Terminal], backend: ScriptedServer
) -> None:
    backend.polls_needed = 10_000
    backend.say(TEXT, draft=AVATAR)
    terminal = open_terminal()
    terminal.type("make it round\r")
    terminal.until("A round avatar.")
    terminal.type("export\r")
    terminal.until("Exporting")
    terminal.type("\x03")
    terminal.until("No longer waiting", "Enter sends")
    assert "again to leave" not in terminal.shown
    assert not backend.seen("cancel")
    terminal.type("\x03")
    terminal.until("again to leave")
