"""Ctrl-C: stop, hint, leave."""

from __future__ import annotations

import pytest

from agent.ui import interrupts
from agent.ui.interrupts import Interrupts


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr(interrupts.time, "monotonic", lambda: now[0])
    return now


def test_what_runs_is_stopped_first(clock: list[float]) -> None:
    done: list[str] = []
    running = [True, False, False]
    press = Interrupts(
        stop=lambda: running.pop(0), hint=lambda: done.append("hint"), leave=lambda: done.append("leave")
    )
    press()
    press()
    press()
    assert done == ["hint", "leave"]


def test_two_far_apart_are_two_hints(clock: list[float]) -> None:
    done: list[str] = []
    press = Interrupts(
        stop=lambda: False, hint=lambda: done.append("hint"), leave=lambda: done.append("leave")
    )
    press()
    clock[0] += 1.5
    press()
    assert done == ["hint", "hint"]
