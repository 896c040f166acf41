"""How long a render will still take."""

from __future__ import annotations

import pytest

from agent.ui.pace import Pace, told


def test_what_has_just_begun_promises_nothing() -> None:
    pace = Pace(began=0.0)
    pace.advance(2, 10.0)
    assert pace.seconds_left(10.0) is None
    assert told("r", {"r": pace}, "en", 10.0) == "Exporting… 2 %"


def test_the_time_in_a_queue_does_not_count() -> None:
    pace = Pace(began=0.0)
    pace.advance(0, 600.0)
    pace.advance(50, 610.0)
    assert pace.seconds_left(610.0) == 10


@pytest.mark.parametrize(("progress", "left"), [(25, 30), (50, 10), (99, 1), (100, None)])
def test_the_rest_is_told_from_the_pace_so_far(progress: float, left: int | None) -> None:
    pace = Pace(began=0.0)
    pace.advance(progress, 10.0)
    assert pace.seconds_left(10.0) == left


def test_it_is_told_in_the_user_s_language() -> None:
    pace = Pace(began=0.0)
    pace.advance(50, 10.0)
    assert told("r", {"r": pace}, "zh-TW", 10.0) == "匯出中…… 50%，大約還要 10 秒"
    assert told("r", {"q": Pace(), "r": pace}, "zh-CN", 10.0).startswith("第 2 个，共 2 个：")
