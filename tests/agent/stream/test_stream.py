"""Bytes of a turn → events: heartbeats, garbage, limits, and what a recorded stream says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.stream import (
    Heartbeat,
    InlineImage,
    StreamEvent,
    StreamFailure,
    StreamReader,
    StreamText,
    StreamTooLarge,
    ToolCall,
    ToolResult,
)
from tests.agent.stream.cases import CUTS, cut

RECORDED = Path(__file__).parents[2] / "data" / "adk"


def read(pieces: list[bytes], reader: StreamReader | None = None) -> list[StreamEvent]:
    reader = reader or StreamReader()
    return [event for piece in pieces for event in reader.feed(piece)] + list(reader.close())


def shown(events: list[StreamEvent]) -> str:
    """The text a user reads, blocks apart."""
    return "".join(
        event.text + ("|" if event.final else "") for event in events if isinstance(event, StreamText)
    )


RECORDINGS = {
    "plain": "echo: plain|",
    "partial": "Hello world|",
    "partial_streaming_true": "Hello world|",
    "tool": "Adding music|Done.|",
    "thought": "answer|",
    "slow": "start|end|",
    "silent": "",
    "stateonly": "",
    "error_event": "",
    "boom": "about to fail|",
}


@pytest.mark.parametrize("how", CUTS)
@pytest.mark.parametrize("name", RECORDINGS)
def test_what_adk_s_own_server_said_is_read_however_it_is_cut(name: str, how: str) -> None:
    body = (RECORDED / f"{name}.sse").read_bytes()
    assert shown(read(cut(body, how))) == RECORDINGS[name]


def test_a_recorded_tool_call_and_its_result_are_told() -> None:
    events = read([(RECORDED / "tool.sse").read_bytes()])
    assert ToolCall("add_bgm", "call-1") in events
    assert ToolResult("add_bgm", "call-1") in events


def test_recorded_failures_are_told() -> None:
    assert StreamFailure("insufficient credits", "RESOURCE_EXHAUSTED") in read(
        [(RECORDED / "error_event.sse").read_bytes()]
    )
    assert StreamFailure("RuntimeError: kaboom: tool failed", None) in read(
        [(RECORDED / "boom.sse").read_bytes()]
    )


def test_a_recorded_picture_is_decoded() -> None:
    (picture,) = [
        event for event in read([(RECORDED / "inline.sse").read_bytes()]) if isinstance(event, InlineImage)
    ]
    assert picture.media_type == "image/png"
    assert picture.data == b"\x89PNG\xff\xfe>>"


def test_line_separators_inside_json_end_no_line() -> None:
    body = (RECORDED / "unicode.sse").read_bytes()
    text = json.loads(body.removeprefix(b"data: "))["content"]["parts"][0]["text"]
    assert shown(read(cut(body, "byte"))) == text + "|"


@pytest.mark.parametrize(
    "beat", [b": hb\n\n", b"data:\n\n", b"data: \n\n", b'data: {"type":"heartbeat"}\n\n']
)
def test_signs_of_life_are_heartbeats(beat: bytes) -> None:
    assert read([beat]) == [Heartbeat()]


@pytest.mark.parametrize(
    "garbage", ["[DONE]", "{not json", "[1]", "7", '"text"', "[" * 100_000, "1" * 5000], ids=range(7)
)
def test_what_is_no_json_object_is_ignored(garbage: str) -> None:
    events = read([f'data: {garbage}\n\ndata: {{"type":"text","content":"on"}}\n\n'.encode()])
    assert shown(events) == "on|"


def test_a_turn_above_the_limit_is_an_error() -> None:
    reader = StreamReader(max_turn_bytes=10_000)
    with pytest.raises(StreamTooLarge):
        for _ in range(20):
            list(reader.feed(b"data: " + b"x" * 1000 + b"\n\n"))


KEYS = st.sampled_from(
    ["type", "content", "parts", "text", "partial", "author", "error", "errorCode", "functionCall"],
) | st.sampled_from(
    ["function_response", "inlineData", "data", "mimeType", "name", "id", "longRunningToolIds"],
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            KEYS,
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(st.lists(JSON, max_size=4))
@settings(max_examples=300, deadline=None)
def test_no_payload_whatever_its_shape_breaks_the_reader(payloads: list[object]) -> None:
    read([f"data: {json.dumps(payload)}\n\n".encode() for payload in payloads])


@given(st.lists(st.text(min_size=1, max_size=6), min_size=1, max_size=8), st.integers(0, 8))
@settings(max_examples=200, deadline=None)
def test_increments_and_their_whole_say_everything_once(words: list[str], heard: int) -> None:
    """Whatever part of the increments came before the whole text, the text is shown once."""
    whole = "".join(words)
    said = [{"partial": True, "content": {"parts": [{"text": word}]}} for word in words[:heard]]
    said.append({"partial": False, "content": {"parts": [{"text": whole}]}})
    events = read([f"data: {json.dumps(payload)}\n\n".encode() for payload in said])
    assert shown(events) == whole + "|"
