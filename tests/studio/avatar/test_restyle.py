from __future__ import annotations

import numpy as np
import pytest

from studio.avatar.pixels import U8
from studio.avatar.recipe import RecipeError
from studio.avatar.restyle import LONGEST, restyle


def test_nothing_asked_changes_nothing(hopper: U8) -> None:
    assert restyle(hopper) is hopper


def test_a_photo_goes_black_and_white_as_a_whole(hopper: U8) -> None:
    grey = restyle(hopper, "mono").astype(int)
    assert grey.shape == hopper.shape
    assert int((grey.max(axis=2) - grey.min(axis=2)).max()) == 0


def test_light_alone_is_enough(hopper: U8) -> None:
    assert restyle(hopper, adjust={"brightness": 0.3}).mean() > hopper.mean() + 8


def test_a_large_photo_is_reduced() -> None:
    assert max(restyle(np.full((1200, 3000, 3), 90, np.uint8), "vintage").shape) == LONGEST


def test_an_unknown_style_is_refused(hopper: U8) -> None:
    with pytest.raises(RecipeError, match="style"):
        restyle(hopper, "cubism")
