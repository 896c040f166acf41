"""How soon a whole turn, from the socket to the plain renderer, writes a sentence, and in how much memory."""

from __future__ import annotations

import asyncio
import io
import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles

import pytest

from agent.config import resolve
from agent.opening import open_conversation
from agent.skill import shipped_skill
from agent.ui.drive import perform
from agent.ui.plain import PlainRenderer
from tests.benchmarks.paced_server import LETTERS, LINE, ROOT, SENTENCES, serving

pytestmark = pytest.mark.benchmark

ROUNDS = 3
# Runs in a process of its own, so that its memory and its loop are its own.
PROGRAM = """
import json, sys
from tests.benchmarks.test_turn_speed import turn
print(json.dumps(turn(sys.argv[1], sys.argv[2])))
"""
_STAMP = re.compile(r"at#(\d+)#\.")


class Written(io.TextIOBase):
    """A pipe's other end: notes how late each sentence was and how large this process is, keeps no text."""

    def __init__(self) -> None:
        self.late: list[float] = []
        self.letters = 0
        self.before, self.most = resident(), 0.0
        self._tail = ""

    def write(self, text: str) -> int:
        now = time.monotonic_ns()
        self._tail += text
        for found in _STAMP.finditer(self._tail):
            self.late.append((now - int(found[1])) / 1e6)
            self._tail = self._tail[found.end() :]
        self._tail = self._tail[-200:]
        if (self.letters + len(text)) // 100_000 > self.letters // 100_000:
            self.most = max(self.most, resident() - self.before)
        self.letters += len(text)
        return len(text)


def resident() -> float:
    """This process's resident memory in MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20


def turn(url: str, words: str) -> dict[str, object]:
    """Say the words to the backend: ms from each sentence's last byte to its write(), memory growth in MB."""

    async def work(home: str) -> dict[str, object]:
        flags = {"backend": url, "state_dir": f"{home}/state", "language": "en", "poll_seconds": 0.01}
        settings = resolve(flags, environ={"HOME": home})
        conversation = await open_conversation(settings, shipped_skill(), which_session="new")
        out = Written()
        try:
            code = await perform(words, (), conversation, PlainRenderer(out, io.StringIO()))
        finally:
            await conversation.connection.aclose()
        return {"exit": code, "late": out.late, "letters": out.letters, "grown": out.most}

    with tempfile.TemporaryDirectory() as home:
        return asyncio.run(work(home))


def run(url: str, words: str) -> dict[str, object]:
    command = [sys.executable, "-c", PROGRAM, url, words]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=120)
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    assert found["exit"] == 0
    return found


def test_a_sentence_is_written_within_five_milliseconds_of_its_last_byte() -> None:
    middles, highs = [], []
    with serving() as url:
        for _ in range(ROUNDS):
            late = run(url, "make it rounder")["late"]
            assert isinstance(late, list)
            assert len(late) == SENTENCES
            middles.append(median(late))
            highs.append(quantiles(late, n=20)[-1])
    print(
        f"\nsentence to write() at 1,000 events/s: median {min(middles):.2f} ms, 95 % in {min(highs):.2f} ms"
    )
    assert min(middles) <= 5


def test_ten_megabytes_and_their_heartbeats_are_not_held_in_memory() -> None:
    with serving() as url:
        found = run(url, "make it rounder, and be very long about it")
    beats = LETTERS // len(LINE)
    print(f"\n10 MB of text and {beats:,} heartbeats in one turn: memory +{found['grown']:.1f} MB")
    assert found["letters"] == pytest.approx(LETTERS, rel=0.001)
    assert isinstance(found["grown"], float)
    assert found["grown"] <= 30
