from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.avatar.engine import flatten
from studio.avatar.illustration import DRAWINGS, attribution, illustrate
from studio.avatar.initials import readable
from studio.avatar.recipe import RecipeError

LOOK = {"background": {"kind": "color", "color": "#1e88e5"}, "shadow": True}


def drawn(illustration: dict[str, Any], look: dict[str, Any] | None = None, size: int = 160) -> np.ndarray:
    return flatten(illustrate(illustration, look or LOOK, size, size))


def nearest(picture: np.ndarray, color: tuple[int, int, int]) -> int:
    """How many pixels are within 12 of a colour in every channel."""
    return int((np.abs(picture[..., :3].astype(int) - color).max(axis=2) <= 12).sum())


@pytest.mark.parametrize("style", DRAWINGS)
def test_every_style_draws_on_the_chosen_colour(style: str, keep: Callable[[str, np.ndarray], None]) -> None:
    picture = drawn({"style": style, "seed": "a friendly face", "traits": {"mood": "happy"}})
    keep(f"drawn {style}", picture)
    assert picture.shape == (160, 160, 4)
    assert picture[0, 0, 3] == 0
    inside = picture[picture[..., 3] == 255][:, :3]
    assert float(inside.std()) > 5


def test_the_same_words_give_the_same_picture_and_others_another() -> None:
    one = {"style": "lorelei", "seed": "a woman with glasses", "traits": {"glasses": "glasses"}}
    assert (drawn(one) == drawn(one)).all()
    assert (drawn(one) != drawn({**one, "seed": "somebody else"})).any()


def test_hair_skin_and_clothes_take_the_colours_said() -> None:
    traits = {
        "hair_color": "#ff00aa",
        "skin": "dark",
        "clothes_color": "#00ff00",
        "hair": "curly",
        "gender": "female",
    }
    picture = drawn({"style": "personas", "seed": "x", "traits": traits}, size=320)
    assert nearest(picture, (255, 0, 170)) > 500
    assert nearest(picture, (0, 255, 0)) > 300


@pytest.mark.parametrize(
    "style", ["open-peeps", "personas", "pixel-art", "lorelei", "avataaars", "notionists"]
)
def test_glasses_and_beards_are_there_when_said_and_not_otherwise(style: str) -> None:
    plain = {"style": style, "seed": "a man", "traits": {"gender": "male", "hair": "short"}}
    for trait in ({"glasses": "glasses"}, {"beard": "full"}):
        changed = {**plain, "traits": {**plain["traits"], **trait}}  # type: ignore[dict-item]
        assert (drawn(plain) != drawn(changed)).any(), trait


def test_a_bald_head_is_still_a_head() -> None:
    for style in ("open-peeps", "personas", "lorelei", "pixel-art", "avataaars", "adventurer"):
        picture = drawn({"style": style, "seed": "x", "traits": {"hair": "bald"}})
        assert nearest(picture, (30, 136, 229)) < 0.9 * (picture[..., 3] == 255).sum(), style


def test_a_licence_that_wants_credit_gets_it() -> None:
    assert attribution("open-peeps") is None
    assert attribution("initials") is None
    assert "CC BY 4.0" in str(attribution("personas"))


@pytest.mark.parametrize("text", ["AB", "李", "欧阳", "W", "é"])
def test_initials_are_centred_and_readable(text: str) -> None:
    picture = drawn(
        {"style": "initials", "text": text}, {"background": {"kind": "color", "color": "#0d2a5c"}}
    )
    ys, xs = np.nonzero(picture[..., :3].min(axis=2) > 200)
    assert len(xs) > 100
    assert abs((xs.min() + xs.max()) / 2 - 79.5) < 4
    assert abs((ys.min() + ys.max()) / 2 - 79.5) < 4


def test_letters_turn_dark_on_a_light_backdrop() -> None:
    picture = drawn({"style": "initials", "text": "A"}, {"background": {"kind": "color", "color": "#fdd835"}})
    assert (picture[..., :3].max(axis=2) < 60).sum() > 100


def test_letters_are_taken_from_what_was_typed() -> None:
    assert readable("a.b") == "AB"
    assert readable("  李小龙传记 ") == "李小龙传"
    assert readable("\x1b[31m😀") == "31M"
    assert readable(7) == ""


@pytest.mark.parametrize(
    "wrong",
    [{"style": "../secret"}, {"style": "initials", "text": "😀"}, {"style": "lorelei", "traits": [1]}],
)
def test_what_cannot_be_drawn_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(RecipeError):
        drawn(wrong)


VALUES = (
    st.none()
    | st.integers()
    | st.text(max_size=12)
    | st.sampled_from(["curly", "bald", "full", "hat", "#aabbcc"])
)
KEYS = st.sampled_from(
    ["hair", "hair_length", "beard", "hat", "mood", "skin", "hair_color", "age", "gender", "x"]
)


@settings(max_examples=25, deadline=None)
@given(
    traits=st.dictionaries(KEYS, VALUES),
    style=st.sampled_from(["open-peeps", "pixel-art", "micah", "bottts"]),
)
def test_any_traits_give_a_picture(traits: dict[str, Any], style: str) -> None:
    assert drawn({"style": style, "seed": "s", "traits": traits}, size=48).any()
