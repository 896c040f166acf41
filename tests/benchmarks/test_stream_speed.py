"""How fast a turn's stream is read and translated, and that a long one is not held in memory."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.clean import Cleaner
from agent.stream import Heartbeat, StreamReader, StreamText
from agent.stream.trailing import TrailingApology
from intents import Translator

pytestmark = pytest.mark.benchmark

ROUNDS = 5

SENTENCE = "I have made the picture rounder and gave it a teal background. Click Export to save it."
PROGRAM = "from tests.benchmarks.test_stream_speed import growth; print(growth())"


def token(word: str) -> bytes:
    payload = {
        "content": {"parts": [{"text": word}], "role": "model"},
        "partial": True,
        "author": "nemo_agent",
        "id": "355a244c-8f3a-4c5e-ae1f-04758d6a5a66",
        "invocationId": "e-2ea4de1c-5440-4145-98c4-2fc775932992",
        "timestamp": 1795344826.5,
    }
    return b"data: " + json.dumps(payload).encode() + b"\n\n"


def seconds(work: Callable[[], object]) -> float:
    """CPU seconds: what others do on the machine meanwhile does not count."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def translated(chunks: list[bytes]) -> int:
    """Read, clean and translate a reply as a turn does; the number of its events."""
    reader, cleaner, translator, apology = StreamReader(), Cleaner(), Translator(), TrailingApology()
    count = 0
    for chunk in chunks:
        for event in reader.feed(chunk):
            if isinstance(event, StreamText):
                count += 1
                text, _ = translator.feed(cleaner.feed(event.text))
                apology.feed(text)
    return count


def test_tokens_are_read_and_translated_in_a_small_multiple_of_parsing_them() -> None:
    chunks = [token(word + " ") for word in SENTENCE.split() * 500]
    ours, bare = [], []
    for _ in range(ROUNDS):
        ours.append(seconds(lambda: translated(chunks)))
        bare.append(seconds(lambda: [json.loads(chunk[6:]) for chunk in chunks]))
    rate, ratio = len(chunks) / min(ours), min(ours) / min(bare)
    print(f"\n{rate:,.0f} tokens/s of one core read, cleaned, translated; {ratio:.1f} × json.loads alone")
    assert rate >= 20_000
    assert ratio < 12


def growth() -> float:
    """MB by which this process grows over 15 minutes of heartbeats and 10 MB of text."""

    def resident() -> float:
        return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20

    reader = StreamReader(max_turn_bytes=10**12)
    piece = token("x" * 4)
    list(reader.feed(piece))
    before, most, beats, letters = resident(), 0.0, 0, 0
    for number in range(2_500_000 // 20):
        for event in reader.feed(piece * 20):
            letters += len(event.text) if isinstance(event, StreamText) else 0
        beats += sum(isinstance(event, Heartbeat) for event in reader.feed(b": heartbeat\n\n"))
        if number % 1000 == 0:
            most = max(most, resident() - before)
    assert (letters, beats) == (10_000_000, 125_000)
    return most


def test_a_long_turn_is_not_held_in_memory() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).resolve().parents[2],
    )
    grown = float(done.stdout)
    print(f"\n10 MB of tokens and 125,000 heartbeats: memory +{grown:.1f} MB")
    assert grown <= 30
