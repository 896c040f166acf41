"""The edits as tools: every schema-valid call is an edit, and whatever its values, it is done or refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.draft import DraftError, validate
from studio.edits import Edit, EditError, SetShape
from studio.edits.schema import edit_from_call, tools
from tests.studio.brain.drafts import BEACH, PHOTOS, PORTRAIT, starts

TOOLS = {tool["function"]["name"]: tool["function"]["parameters"] for tool in tools()}


def values(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    kind = schema["type"]
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if kind == "array":
        return st.lists(values(schema["items"]), max_size=3)
    if kind == "string":
        return st.sampled_from(
            ["", "#ff8800", "16:9", "music:lofi", "discord", "b" * 64, "x" * 300]
        ) | st.text(max_size=9)
    plain = {
        "object": st.dictionaries(st.sampled_from(["hair", "glasses"]), st.text(max_size=5)),
        "boolean": st.booleans(),
        "integer": st.integers(-5, 5) | st.integers(),
        "number": st.floats(-3, 3) | st.floats(-1e9, 1e9),
    }
    found: st.SearchStrategy[Any] = plain[kind]
    return found


@st.composite
def calls(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    name = draw(st.sampled_from(sorted(TOOLS)))
    schema = TOOLS[name]
    given = {
        k: draw(values(v))
        for k, v in schema["properties"].items()
        if k in schema["required"] or draw(st.booleans())
    }
    return name, given


def test_every_edit_is_a_tool_with_a_description() -> None:
    assert set(TOOLS) == set(Edit.registry) - {"take_recipe"}
    json.dumps(tools())
    for tool in tools():
        assert len(tool["function"]["description"]) > 10


@settings(max_examples=400, deadline=None)
@given(call=calls(), name=st.sampled_from(tuple(starts())))
def test_any_call_is_done_or_refused_by_name(call: tuple[str, dict[str, Any]], name: str) -> None:
    edit = edit_from_call(*call)
    assert edit is not None
    draft, media = starts()[name]
    try:
        after = edit.apply(draft, (*media, *PHOTOS, BEACH, PORTRAIT))
    except EditError as error:
        assert error.key
        return
    try:
        validate(after)
    except DraftError as error:
        assert error.path


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("shape", {"shape": "triangle"}),
        ("shape", {"shape": 5}),
        ("shape", {}),
        ("shape", {"shape": "star", "colour": "red"}),
        ("shape", ["star"]),
        ("nonsense", {}),
        ("zoom", {"to": True}),
        ("remove", {"which": [1.5]}),
        ("ring", {"colors": "red"}),
    ],
)
def test_a_call_that_is_not_exactly_an_edit_is_none(name: str, arguments: Any) -> None:
    assert edit_from_call(name, arguments) is None


def test_a_call_becomes_the_edit() -> None:
    assert edit_from_call("shape", {"shape": "star", "target": None}) == SetShape(shape="star")
