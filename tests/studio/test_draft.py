"""The check every draft from outside passes."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.draft import DraftError, empty_draft, exportable, validate
from tests.studio.brain.drafts import starts


@pytest.mark.parametrize("name", starts())
def test_every_kind_of_draft_is_accepted(name: str) -> None:
    validate(starts()[name][0])


def test_an_empty_draft_is_valid_and_has_nothing_to_export() -> None:
    validate(empty_draft())
    assert not exportable(empty_draft())
    assert exportable(starts()["hosted"][0])


def _put(draft: dict[str, Any], path: list[Any], value: Any) -> dict[str, Any]:
    changed = copy.deepcopy(draft)
    at: Any = changed
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return changed


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (["d"], -1, "d"),
        (["d"], True, "d"),
        (["d"], float("nan"), "d"),
        (["m"], [], "m"),
        (["m", "width"], 5000, "m.width"),
        (["m", "height"], 8, "m.height"),
        (["m", "width"], 1080.5, "m.width"),
        (["t"], {}, "t"),
        (["t", 0], "track", "t[0]"),
        (["t", 0, "tt"], "0", "t[0].tt"),
        (["t", 0, "sg"], None, "t[0].sg"),
        (["t", 0, "sg", 0, "d"], 700_000, "t[0].sg[0].d"),
        (["t", 0, "sg", 0, "m", "start"], -5, "t[0].sg[0].m.start"),
        (["t", 0, "sg", 0, "m", "start"], 599_000, "t[0].sg[0]"),
        (["t", 0, "sg", 0, "m", "avatar", "shape"], "blob", "t[0].sg[0].m.avatar.shape"),
        (["t", 0, "sg", 0, "m", "avatar", "zoom"], 9, "t[0].sg[0].m.avatar.zoom"),
        (["t", 0, "sg", 0, "m", "avatar", "ring"], {"color": "red"}, "t[0].sg[0].m.avatar.ring.color"),
        (["t", 0, "sg", 0, "m", "adjust", "brightness"], 2, "t[0].sg[0].m.adjust.brightness"),
        (["t", 1, "sg", 0, "m", "volume"], 9.0, "t[1].sg[0].m.volume"),
        (["t", 2, "sg", 0, "m", "text"], "x" * 201, "t[2].sg[0].m.text"),
        (["t", 2, "sg", 0, "m", "position"], "left", "t[2].sg[0].m.position"),
    ],
)
def test_what_cannot_be_right_is_refused_with_its_path_and_value(
    path: list[Any], value: Any, said: str
) -> None:
    with pytest.raises(DraftError) as caught:
        validate(_put(starts()["full"][0], path, value))
    assert caught.value.path == said
    assert said in str(caught.value)


def test_too_many_segments_are_refused() -> None:
    draft = starts()["slides"][0]
    draft["t"][0]["sg"] = [{"d": 10, "m": {}} for _ in range(201)]
    with pytest.raises(DraftError, match="200 segments"):
        validate(draft)


def test_unknown_keys_and_track_types_pass() -> None:
    draft = starts()["full"][0]
    draft["own"] = {"deep": [1]}
    draft["t"].append({"tt": 42, "m": {}, "sg": [{"d": 5, "m": {"start": 0, "what": None}, "q": 1}]})
    validate(draft)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["d", "m", "t", "tt", "sg", "x"]), inner)
    ),
    max_leaves=12,
)


@given(json_values)
def test_anything_is_accepted_or_refused_by_draft_error_alone(value: Any) -> None:
    try:
        validate(value)
    except DraftError as error:
        assert error.path
