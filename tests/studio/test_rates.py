"""Rate limits of a metered studio."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio import rates
from studio.rates import Rate
from studio.replies import ApiError


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_is_allowed_and_then_a_steady_few() -> None:
    clock = Clock()
    rate = Rate(60, 3, clock)
    for _ in range(3):
        rate.take("a")
    with pytest.raises(ApiError) as refused:
        rate.take("a")
    assert (refused.value.status, refused.value.code) == (429, 429)
    assert refused.value.headers["Retry-After"] == "1"
    rate.take("b")
    clock.now += 1
    rate.take("a")
    with pytest.raises(ApiError):
        rate.take("a")


@given(st.lists(st.floats(0, 30), max_size=200))
def test_never_more_than_the_burst_and_what_time_gave(pauses: list[float]) -> None:
    clock = Clock()
    rate, taken = Rate(60, 5, clock), 0
    for pause in pauses:
        clock.now += pause
        try:
            rate.take("a")
        except ApiError:
            continue
        taken += 1
        assert taken <= 5 + clock.now + 1e-6


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "KEPT", 10)
    rate = Rate(60, 1)
    for number in range(100):
        rate.take(str(number))
    assert len(rate._buckets) == 10
