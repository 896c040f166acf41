"""Titles over an avatar keep clear of its outline, whatever its shape; a photo leaves them where they are."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from studio.avatar.engine import shape_box
from studio.avatar.shapes import SHAPES, distance_map
from studio.render.room import Room, outlines
from studio.render.text import letter
from studio.render.timeline import read
from tests.studio.render.material import AVATAR, draft, segment, title

SIDE = 480


@pytest.mark.parametrize("text", ["Urban Dreams", "Jane Doe\n城市梦想", "A longer title that has to wrap"])
@pytest.mark.parametrize("position", ["top", "bottom", "center"])
@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape not in ("heart", "star")])
def test_a_title_never_lies_across_the_outline(shape: str, position: str, text: str) -> None:
    found = letter(text, position, 0.07, (255, 255, 255), SIDE, SIDE, Room([(shape, 0.03)], SIDE, SIDE))
    assert found is not None
    _assert_clear(shape, found.left, found.top, found.picture[..., 3] > 200)


@pytest.mark.parametrize("shape", ["heart", "star"])
def test_nor_across_that_of_a_heart_or_a_star(shape: str) -> None:
    found = letter(
        "Urban Dreams", "bottom", 0.07, (255, 255, 255), SIDE, SIDE, Room([(shape, 0.03)], SIDE, SIDE)
    )
    assert found is not None
    _assert_clear(shape, found.left, found.top, found.picture[..., 3] > 200)


def test_what_fits_nowhere_stays_where_it_was_asked_for() -> None:
    text = "An endless title " * 9
    free = letter(text, "bottom", 0.1, (255, 255, 255), SIDE, SIDE)
    found = letter(text, "bottom", 0.1, (255, 255, 255), SIDE, SIDE, Room([("star", 0.15)], SIDE, SIDE))
    assert free is not None and found is not None
    assert (found.left, found.top) == (free.left, free.top)


def test_only_avatars_that_show_with_a_title_have_a_say() -> None:
    heart = {**AVATAR, "shape": "heart", "ring": None}
    whole = draft(
        segment(1000, "avatar", "a"), segment(1000, "avatar", "b", avatar=heart), segment(1000),
        tracks=(title(500, "first"), title(2000, "both"),
                {"tt": 7, "sg": [{"d": 500, "m": {"start": 2200, "text": "photo"}}]}),
    )  # fmt: skip
    plan = read(whole)
    found = [outlines(plan, each) for each in plan.titles]
    assert found == [(("circle", 0.03),), (("circle", 0.03), ("heart", 0.0)), ()]


def _assert_clear(shape: str, left: int, top: int, ink: NDArray[np.bool_]) -> None:
    distance = distance_map(shape, SIDE, SIDE, shape_box(SIDE, SIDE))
    rows, columns = ink.shape
    under = distance[top : top + rows, left : left + columns][ink]
    assert (under < -0.03 * SIDE).all() or (under > 0).all()
