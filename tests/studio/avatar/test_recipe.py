from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.avatar.recipe import Recipe, RecipeError, read_recipe
from studio.avatar.styles import NAMES
from studio.draft import STYLES


def test_what_is_missing_is_neutral() -> None:
    assert read_recipe({}) == Recipe()
    assert read_recipe({}).ring is None
    assert read_recipe({}).background.kind == "original"


def test_a_full_recipe_is_read() -> None:
    recipe = read_recipe(
        {
            "shape": "heart",
            "zoom": 1.2,
            "offset": {"x": 0.1},
            "face": -1,
            "background": {"kind": "gradient", "colors": ["#000000", "#ffffff"]},
            "ring": {"colors": ["#ff0000", "#00ff00"], "width": 0.06},
            "shadow": True,
            "style": "toon",
            "strength": 0.4,
        },
        {"brightness": 0.15, "auto": True},
    )
    assert recipe.offset == (0.1, 0.0)
    assert recipe.face == -1
    assert recipe.ring is not None and recipe.ring.colors == ("#ff0000", "#00ff00")
    assert recipe.adjust.auto and recipe.adjust.brightness == 0.15


def test_a_null_face_means_everyone_and_a_missing_one_the_largest() -> None:
    assert read_recipe({"face": None}).everyone
    assert not read_recipe({}).everyone


def test_the_recipe_and_the_styles_know_the_same_names() -> None:
    assert set(STYLES) == set(NAMES)


@pytest.mark.parametrize(
    ("recipe", "word"),
    [
        ({"shape": "banana"}, "shape"),
        ({"zoom": "big"}, "zoom"),
        ({"zoom": float("nan")}, "zoom"),
        ({"zoom": True}, "zoom"),
        ({"zoom": 9}, "zoom"),
        ({"face": 1.5}, "face"),
        ({"offset": [1]}, "offset"),
        ({"background": {"kind": "color", "color": "red"}}, "color"),
        ({"background": {"kind": "gradient", "colors": ["#000000"]}}, "colors"),
        ({"background": "blue"}, "background"),
        ({"ring": {"width": 0.5}}, "width"),
        ({"ring": {"colors": "#ffffff"}}, "colors"),
        ({"style": "nice"}, "style"),
    ],
)
def test_what_is_wrong_is_named(recipe: dict[str, Any], word: str) -> None:
    with pytest.raises(RecipeError, match=word):
        read_recipe(recipe)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from(
    ["shape", "zoom", "offset", "face", "background", "ring", "shadow", "style", "strength"]
)


@given(
    avatar=st.dictionaries(KEYS, JSON),
    adjust=st.none() | st.dictionaries(st.text(max_size=10), JSON, max_size=3),
)
def test_anything_is_read_or_refused(avatar: dict[str, Any], adjust: dict[str, Any] | None) -> None:
    try:
        recipe = read_recipe(avatar, adjust)
    except RecipeError as refused:
        assert str(refused)
    else:
        assert 0.5 <= recipe.zoom <= 3.0
