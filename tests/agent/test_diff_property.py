"""Whatever two drafts are, their difference can be told, and it is empty exactly when they are equal."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.diff import diff, diff_drafts
from agent.models import State
from tests.agent.test_diff import avatar, with_track
from tests.agent.test_timeline import DRAFT, JSON

LANGUAGES = st.sampled_from(["en", "zh-CN", "zh-TW"])
WHOLE = with_track(
    with_track(avatar(), 1, 5000, id="b1", name="Lo-fi", volume=0.35), 7, 3000, id="c1", text="Hi"
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a draft, as the keys and positions that lead to it."""
    found = [path] if path else []
    if isinstance(value, dict):
        found += [place for key in value for place in places(value[key], (*path, key))]
    elif isinstance(value, list):
        found += [place for at, part in enumerate(value) for place in places(part, (*path, at))]
    return found


def changed(draft: dict[str, Any], place: tuple[Any, ...], value: Any) -> dict[str, Any]:
    """The draft with another value at one place; without it where the value is `...`."""
    after = copy.deepcopy(draft)
    part: Any = after
    for key in place[:-1]:
        part = part[key]
    if value is ...:
        del part[place[-1]]
    else:
        part[place[-1]] = value
    return after


@given(DRAFT, DRAFT, LANGUAGES)
def test_random_drafts_differ_in_words_exactly_when_they_differ(
    before: Any, after: Any, language: str
) -> None:
    assert (diff_drafts(before, after, language) == ()) == (before == after)


@given(st.sampled_from(places(WHOLE)), JSON, LANGUAGES)
def test_one_value_changed_anywhere_is_told(place: tuple[Any, ...], value: Any, language: str) -> None:
    after = changed(WHOLE, place, value)
    assert bool(diff_drafts(WHOLE, after, language)) == (after != WHOLE)
    assert bool(diff_drafts(after, WHOLE, language)) == (after != WHOLE)


@pytest.mark.parametrize("place", places(WHOLE), ids=lambda place: ".".join(map(str, place)))
def test_whatever_is_taken_away_is_told(place: tuple[Any, ...]) -> None:
    after = changed(WHOLE, place, ...)
    for lines in (diff_drafts(WHOLE, after, "en"), diff_drafts(after, WHOLE, "zh-TW")):
        assert lines
        assert all(line.strip() and "\n" not in line for line in lines)


@given(st.text(min_size=70, max_size=90), st.text(min_size=1, max_size=5))
def test_a_change_behind_where_a_long_text_is_cut_is_told(text: str, more: str) -> None:
    before, after = (with_track(avatar(), 7, 1000, id="c", text=said) for said in (text, text + more))
    assert diff_drafts(before, after, "en")


INFOS = st.lists(st.dictionaries(st.sampled_from(["filename", "hash", "x"]), JSON, max_size=3), max_size=3)


@given(INFOS, INFOS, DRAFT, LANGUAGES)
def test_any_states_can_be_compared(before: Any, after: Any, draft: Any, language: str) -> None:
    draft = draft if isinstance(draft, dict) else {}
    one, other = (State("s", "t", "u", draft, tuple(infos), tuple(infos)) for infos in (before, after))
    diff(one, other, language)
    assert diff(one, one, language) == () or draft != copy.deepcopy(draft)
