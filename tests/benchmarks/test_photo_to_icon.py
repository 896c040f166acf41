"""How long a person waits for the first icon (the studio not running) and for the next one (running)."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import pytest

from tests.e2e.user import PORTRAIT, Home

SAY = "generate a circular avatar icon from my photo for a profile picture"


def seconds(home: Home, name: str) -> float:
    begun = time.perf_counter()
    ran = home.avatar(SAY, str(PORTRAIT), "-o", name)
    took = time.perf_counter() - begun
    assert ran.exit == 0, ran.err
    return took


@pytest.mark.benchmark
def test_a_running_studio_answers_in_a_fraction_of_a_cold_start(new_home: Callable[[], Home]) -> None:
    colds, warms = [], []
    for _ in range(3):
        user = new_home()
        user.avatar("--version")  # the packages' bytecode is compiled, as after an installation
        colds.append(seconds(user, "cold.png"))
        warms += [seconds(user, f"warm-{i}.png") for i in range(3)]
        user.avatar("studio", "stop")
    cold, warm = statistics.median(colds), statistics.median(warms)
    print(
        f"\nphoto to PNG: cold {cold:.2f} s (limit 8), warm {warm:.2f} s (limit 2), ratio {warm / cold:.2f}"
    )
    assert warm < 0.75 * cold
