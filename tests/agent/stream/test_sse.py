"""Bytes → server-sent events, however they are cut."""

from __future__ import annotations

import pytest
from httpx_sse import ServerSentEvent
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.stream.sse import SseDecoder, StreamTooLarge
from tests.agent.stream.cases import CASES, CUTS, cut, reference

LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [b"", b":", b": hb", b"data", b"data:", b"id", b"id: 7", b"event: e", b"\xef\xbb\xbf"]
        ),
        st.binary(max_size=12).map(lambda tail: b"data: " + tail),
        st.text(max_size=8).map(lambda tail: f"data:{tail}".encode("utf-8", "replace")),
    ),
    max_size=12,
)
ENDS = st.sampled_from([b"\n", b"\r", b"\r\n"])


def decoded(pieces: list[bytes]) -> list[tuple[str, str, str]]:
    decoder = SseDecoder()
    events = [event for piece in pieces for event in decoder.feed(piece)]
    return [(event.event, event.data, event.id) for event in events]


@pytest.mark.parametrize("how", CUTS)
@pytest.mark.parametrize("name", CASES)
def test_every_stream_gives_its_events_however_it_is_cut(name: str, how: str) -> None:
    case = CASES[name]
    assert decoded(cut(case.body, how)) == case.events


@pytest.mark.parametrize("how", ["whole", "random 7", "1000"])
def test_an_event_of_ten_megabytes_is_whole(how: str) -> None:
    body = b"data: " + b"x" * 10_000_000 + b"\n\ndata: after\n\n"
    assert decoded(cut(body, how)) == [("message", "x" * 10_000_000, ""), ("message", "after", "")]


@given(lines=st.lists(st.tuples(LINES, ENDS), max_size=4), places=st.lists(st.integers(0, 200), max_size=20))
@settings(max_examples=300, deadline=None)
def test_random_streams_cut_anywhere_follow_the_standard(
    lines: list[tuple[list[bytes], bytes]], places: list[int]
) -> None:
    body = b"".join(line + end for some, end in lines for line in some)
    cuts = sorted({place for place in places if place <= len(body)})
    pieces = [body[a:b] for a, b in zip([0, *cuts], [*cuts, len(body)], strict=True)]
    assert decoded(pieces) == reference(body)


def test_a_carriage_return_ends_its_line_without_waiting_for_more() -> None:
    assert [event.data for event in SseDecoder().feed(b"data: now\r\r")] == ["now"]


def test_the_events_are_those_of_the_upstream_library() -> None:
    (event,) = SseDecoder().feed(b"event: e\nid: 4\nretry: 30\ndata: {}\n\n")
    assert isinstance(event, ServerSentEvent)
    assert (event.event, event.id, event.retry, event.json()) == ("e", "4", 30, {})


@pytest.mark.parametrize(
    "body", [b"data: " + b"x" * 2000, b"data: xx\n" * 300, b"x" * 2000], ids=["a line", "lines", "no field"]
)
def test_an_event_above_the_limit_is_an_error(body: bytes) -> None:
    decoder = SseDecoder(max_event_bytes=1000)
    with pytest.raises(StreamTooLarge):
        for piece in cut(body, "random 7"):
            decoder.feed(piece)


def test_events_below_the_limit_never_add_up_to_an_error() -> None:
    decoder = SseDecoder(max_event_bytes=1000)
    assert len(decoder.feed((b"data: " + b"x" * 900 + b"\n\n") * 50)) == 50
