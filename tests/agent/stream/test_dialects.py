"""Payloads of both dialects → events."""

from __future__ import annotations

from typing import Any

import pytest

from agent.stream.dialects import Dialects
from agent.stream.events import (
    Heartbeat,
    InlineImage,
    StreamEvent,
    StreamFailure,
    StreamText,
    ToolCall,
    ToolResult,
)


def read(*payloads: dict[str, Any]) -> list[StreamEvent]:
    dialects = Dialects()
    return [event for payload in payloads for event in dialects.read(payload)]


def said(text: str, **more: Any) -> dict[str, Any]:
    return {"author": "nemo_agent", "content": {"parts": [{"text": text}]}, **more}


def test_an_event_without_partials_is_a_whole_block() -> None:
    assert read(said("hello")) == [StreamText("hello", final=True)]


def test_the_closing_event_adds_only_what_the_increments_lacked() -> None:
    assert read(said("Hel", partial=True), said("Hello", partial=False)) == [
        StreamText("Hel"),
        StreamText("lo", final=True),
    ]


def test_white_space_alone_does_not_make_text_appear_twice() -> None:
    assert read(said(" Hello\n", partial=True), said("Hello"))[1:] == [StreamText("", final=True)]


def test_a_closing_event_that_says_something_else_is_not_lost() -> None:
    assert read(said("Hel", partial=True), said("Goodbye"))[1:] == [StreamText("Goodbye", final=True)]


def test_two_authors_do_not_close_each_other_s_text() -> None:
    events = read(said("a", partial=True), said("b", partial=True, author="other"), said("a"))
    assert events == [StreamText("a"), StreamText("b"), StreamText("", final=True)]


def test_a_tool_call_closes_the_text_before_it() -> None:
    call = {"author": "nemo_agent", "content": {"parts": [{"functionCall": {"name": "f", "id": "1"}}]}}
    assert read(said("Adding", partial=True), call) == [
        StreamText("Adding"),
        StreamText("", final=True),
        ToolCall("f", "1"),
    ]


def test_thoughts_are_hidden_whichever_way_they_come() -> None:
    parts = [{"text": "hm", "thought": True}, {"text": "yes"}]
    assert read({"content": {"parts": parts}, "partial": True}, {"content": {"parts": parts}}) == [
        StreamText("yes"),
        StreamText("", final=True),
    ]


def test_the_user_s_own_words_are_not_echoed() -> None:
    assert read(said("mine", author="user")) == []


def test_snake_case_is_read_like_camel_case() -> None:
    parts: list[dict[str, Any]] = [
        {"function_call": {"name": "f", "id": "1"}},
        {"function_response": {"name": "f", "id": "1"}},
        {"inline_data": {"mime_type": "image/png", "data": "AAEC"}},
    ]
    assert read({"content": {"parts": parts}, "error_code": 2001, "error_message": "empty"}) == [
        ToolCall("f", "1"),
        ToolResult("f", "1"),
        InlineImage("image/png", b"\0\1\2"),
        StreamFailure("empty", 2001),
    ]


@pytest.mark.parametrize("data", ["_-8=", "/+8=", "_-8", "_-\n8=\n"])
def test_both_alphabets_of_base64_are_read(data: str) -> None:
    parts = [{"inlineData": {"mimeType": "image/png", "data": data}}]
    assert read({"content": {"parts": parts}}) == [InlineImage("image/png", b"\xff\xef")]


@pytest.mark.parametrize(
    "inline",
    [
        {"mimeType": "text/html", "data": "AAEC"},
        {"mimeType": "image/png", "data": "A"},
        {"mimeType": "image/png"},
    ],
)
def test_inline_data_that_is_no_picture_is_ignored(inline: dict[str, Any]) -> None:
    assert read({"content": {"parts": [{"inlineData": inline}]}}) == []


def test_typed_events_are_read() -> None:
    assert read(
        {"type": "text", "content": "Adding "},
        {"type": "text", "content": "music"},
        {"type": "tool_call", "name": "add_bgm", "args": {}},
        {"type": "heartbeat"},
        {"type": "tool_result", "name": "add_bgm", "result": {}},
        {"type": "something_new"},
        {"type": "error", "message": "no credits", "code": 2001},
    ) == [
        StreamText("Adding "),
        StreamText("music"),
        StreamText("", final=True),
        ToolCall("add_bgm"),
        Heartbeat(),
        ToolResult("add_bgm"),
        StreamFailure("no credits", 2001),
    ]


def test_half_a_surrogate_pair_becomes_valid_text() -> None:
    assert read(said("a\ud83db")) == [StreamText("a\ufffdb", final=True)]


@pytest.mark.parametrize(
    ("payloads", "open_"),
    [
        ([said("a", partial=True)], True),
        ([said("a", partial=True), said("a")], False),
        ([{"type": "tool_call", "name": "f"}], True),
        ([{"type": "tool_call", "name": "f"}, {"type": "tool_result", "name": "f"}], False),
        ([{"type": "text", "content": "a"}], False),
        ([{"content": {"parts": [{"functionCall": {"name": "f", "id": "1"}}]}}], True),
        (
            [
                {
                    "content": {"parts": [{"functionCall": {"name": "f", "id": "1"}}]},
                    "longRunningToolIds": ["1"],
                }
            ],
            False,
        ),
    ],
)
def test_what_is_still_open_tells_a_drop_from_the_end(payloads: list[dict[str, Any]], open_: bool) -> None:
    dialects = Dialects()
    for payload in payloads:
        list(dialects.read(payload))
    assert dialects.unfinished is open_
