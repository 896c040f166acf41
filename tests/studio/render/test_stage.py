"""Which shots are on screen when: gaps, overlaps, cross-fades, many segments."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from studio.render import planes
from studio.render.schedule import beats
from studio.render.stage import Scenery, Stage
from studio.render.timeline import read
from tests.studio.render.material import draft, segment, title

Asset = Callable[[str], Path]


def _stage(whole: dict[str, Any], asset: Asset) -> Stage:
    return Stage(Scenery(read(whole), planes.RGBA, asset, transparent=True))


def _on(stage: Stage, ms: float) -> list[float]:
    return [shot.start for shot in stage.visible(ms)]


def test_each_segment_is_on_until_the_next_begins(asset: Asset) -> None:
    stage = _stage(draft(segment(1000), segment(1000)), asset)
    assert [_on(stage, ms) for ms in (0, 999, 1000, 1999)] == [[0], [0], [1000], [1000]]


def test_in_a_gap_and_after_the_end_the_last_picture_stays(asset: Asset) -> None:
    whole = {**draft(segment(500), segment(500, start=2000)), "d": 4000}
    stage = _stage(whole, asset)
    assert [_on(stage, ms) for ms in (1500, 2100, 3900)] == [[0], [2000], [2000]]


def test_before_the_first_segment_there_is_nothing(asset: Asset) -> None:
    stage = _stage({**draft(segment(500, start=700)), "d": 1200}, asset)
    frame = planes.blank(planes.RGBA, 96, 96)
    stage.draw(frame, 100)
    assert _on(stage, 100) == [] and not frame[0].any()


def test_a_later_track_lies_over_an_earlier_one_while_it_is_on(asset: Asset) -> None:
    whole = draft(segment(3000))
    whole["t"].append({"tt": 0, "sg": [segment(1000, asset="second", start=1000)]})
    stage = _stage(whole, asset)
    assert [_on(stage, ms) for ms in (500, 1500, 2500)] == [[0], [1000], [0]]


def test_both_are_on_while_they_cross_fade(asset: Asset) -> None:
    whole = draft(segment(1000), segment(1000, transition={"kind": "crossfade", "d": 300}))
    stage = _stage(whole, asset)
    assert [_on(stage, ms) for ms in (999, 1000, 1299, 1300)] == [[0], [0, 1000], [0, 1000], [1000]]


def test_equal_looks_are_equal_frames(asset: Asset) -> None:
    whole = draft(segment(1000), segment(1000, motion="zoom-in"), tracks=(title(2000, "Hi", fade_in=300),))
    stage = _stage(whole, asset)
    frames = {}
    for ms in (0, 150, 150, 400, 900, 1100, 1200):
        frame = planes.blank(planes.RGBA, 96, 96)
        stage.draw(frame, ms)
        before = frames.setdefault(stage.look(ms), frame[0])
        assert np.array_equal(before, frame[0])
    assert len(frames) == 5


def test_two_hundred_segments_of_ten_minutes_are_laid_out_at_once(asset: Asset) -> None:
    stage = _stage(draft(*[segment(3000, motion="pan-left") for _ in range(200)], fps=60), asset)
    assert len(list(beats(stage.timeline, stage.look))) == 36_000
