"""A turn over a real socket: nasty streams in every framing, drops told from ends, limits, refusals."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import Callable
from typing import Any

import pytest

from agent import errors
from agent.client import Client
from agent.client.errors import ServerError
from agent.stream import Heartbeat, StreamEvent, StreamText, StreamTooLarge
from tests.agent.stream.cases import CASES, CUTS, cut
from tests.agent.stream.test_stream import read
from tests.scripted_http import Reply, json_reply
from tests.scripted_server import ScriptedServer

WithClient = Callable[..., Any]
PARTIAL = b'data: {"content":{"parts":[{"text":"Hel"}]},"partial":true}\n\n'
CLOSING = b'data: {"content":{"parts":[{"text":"Hello"}]}}\n\n'
CALL = b'data: {"type":"tool_call","name":"add_bgm"}\n\n'


async def turn(client: Client) -> list[StreamEvent]:
    session = await client.create_session("en")
    return [event async for event in client.run_sse(session.session_id, "hi")]


def stream(*body: bytes | float, framing: str = "chunked", **how: Any) -> Reply:
    return Reply(body=body, content_type="text/event-stream", framing=framing, **how)


def encoded(pieces: list[bytes], encoding: str) -> list[bytes | float]:
    if not encoding:
        return list(pieces)
    packer = zlib.compressobj(9, zlib.DEFLATED, 31 if encoding == "gzip" else 15)
    return [packer.compress(piece) + packer.flush(zlib.Z_SYNC_FLUSH) for piece in pieces] + [packer.flush()]


# One cut each by default; every cut in every framing takes minutes.
ALL_CUTS = [pytest.param(how, marks=[] if how == "random 7" else [pytest.mark.slow]) for how in CUTS]


@pytest.mark.parametrize("how", ALL_CUTS)
@pytest.mark.parametrize("framing", ["chunked", "close", "length"])
@pytest.mark.parametrize("name", [name for name, case in CASES.items() if not case.cut])
def test_every_stream_is_read_in_every_framing(
    backend: ScriptedServer, with_client: WithClient, name: str, framing: str, how: str
) -> None:
    case = CASES[name]
    backend.answer(
        Reply(
            case.status,
            encoded(cut(case.body, how), case.encoding),
            {"content-encoding": case.encoding} if case.encoding else {},
            case.content_type or "",
            framing,
        )
    )
    if case.refused:
        with pytest.raises(errors.AvatarError) as raised:
            with_client(turn)
        assert not isinstance(raised.value, errors.Dropped)
        return
    said = [event for event in with_client(turn) if not isinstance(event, Heartbeat)]
    assert said == [event for event in read([case.body]) if not isinstance(event, Heartbeat)]


@pytest.mark.parametrize("reset", [False, True])
@pytest.mark.parametrize("framing", ["chunked", "length"])
@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.cut])
def test_a_body_that_breaks_off_is_a_drop(
    backend: ScriptedServer, with_client: WithClient, name: str, framing: str, reset: bool
) -> None:
    body = CASES[name].body
    backend.answer(stream(body, b"more that never comes", framing=framing, cut=len(body), reset=reset))
    with pytest.raises(errors.Dropped):
        with_client(turn)


@pytest.mark.parametrize(
    ("body", "dropped"),
    [(PARTIAL, True), (PARTIAL + CLOSING, False), (CALL, True), (b"", False), (CLOSING, False)],
)
def test_without_a_framing_an_open_block_tells_a_drop_from_the_end(
    backend: ScriptedServer, with_client: WithClient, body: bytes, dropped: bool
) -> None:
    backend.answer(stream(body, framing="close"))
    if dropped:
        with pytest.raises(errors.Dropped):
            with_client(turn)
    else:
        with_client(turn)


@pytest.mark.parametrize("body", [PARTIAL, CALL])
def test_a_body_that_says_it_is_whole_has_ended(
    backend: ScriptedServer, with_client: WithClient, body: bytes
) -> None:
    backend.answer(stream(body))
    assert with_client(turn)


def test_what_came_before_a_drop_was_shown(backend: ScriptedServer, with_client: WithClient) -> None:
    backend.answer(stream(PARTIAL, b"x", cut=len(PARTIAL)))
    heard: list[StreamEvent] = []

    async def scenario(client: Client) -> None:
        session = await client.create_session("en")
        async for event in client.run_sse(session.session_id, "hi"):
            heard.append(event)

    with pytest.raises(errors.Dropped):
        with_client(scenario)
    assert heard == [StreamText("Hel")]


def test_nothing_but_heartbeats_is_given_up(backend: ScriptedServer, with_client: WithClient) -> None:
    backend.answer(stream(*[b": hb\n\n", 0.05] * 100))
    with pytest.raises(errors.TimedOut):
        with_client(turn, idle_timeout=0.3)


def test_silence_is_given_up(backend: ScriptedServer, with_client: WithClient) -> None:
    backend.answer(stream(b": hb\n\n", 30.0))
    with pytest.raises(errors.TimedOut):
        with_client(turn, idle_timeout=0.2)


def test_text_keeps_a_turn_going_past_the_idle_limit(
    backend: ScriptedServer, with_client: WithClient
) -> None:
    backend.answer(stream(*[b'data: {"type":"text","content":"x"}\n\n', 0.2] * 6))
    assert len(with_client(turn, idle_timeout=0.6)) == 7


def test_a_turn_that_talks_without_end_is_given_up(backend: ScriptedServer, with_client: WithClient) -> None:
    backend.answer(stream(*[b'data: {"type":"text","content":"x"}\n\n', 0.05] * 100))
    with pytest.raises(errors.TimedOut):
        with_client(turn, stream_timeout=0.4)


def test_a_connection_closed_without_an_answer_is_a_drop(
    backend: ScriptedServer, with_client: WithClient
) -> None:
    backend.fail("run_sse", Reply(status=0))
    with pytest.raises(errors.Dropped):
        with_client(turn)


@pytest.mark.parametrize("idle", [0.2])
def test_a_head_that_never_comes_is_a_time_out(with_client: WithClient, idle: float) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"

        async def scenario(client: Client) -> None:
            async for _ in client.run_sse("s1", "hi"):
                pass

        with pytest.raises(errors.TimedOut):
            with_client(scenario, signed=False, url=url, idle_timeout=idle)


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (json_reply({"code": 1001, "message": "no"}, 401), errors.NotSignedIn),
        (json_reply({"code": 1002, "message": "no"}, 404), errors.SessionGone),
        (json_reply({"detail": "Session not found: nope"}, 404), errors.SessionGone),
        (json_reply({"code": 2001, "message": "no"}), errors.CreditsExhausted),
        (json_reply({"code": 429, "message": "no"}, 429), errors.RateLimited),
        (json_reply({"code": 500, "message": "no"}, 500), ServerError),
        (json_reply({"code": 0, "data": {}}), errors.NotTheService),
        (Reply(200, b"<html>", content_type="text/html"), errors.NotTheService),
        (Reply(503, b"busy", content_type="text/plain"), ServerError),
    ],
)
def test_a_turn_refused_before_it_began_says_why(
    backend: ScriptedServer, with_client: WithClient, reply: Reply, error: type
) -> None:
    backend.answer(reply)
    with pytest.raises(error):
        with_client(turn)
    assert len(backend.seen("run_sse")) == 1


def test_an_event_of_ten_megabytes_comes_whole(backend: ScriptedServer, with_client: WithClient) -> None:
    text = "x" * 10_000_000
    backend.say({"type": "text", "content": text})
    assert with_client(turn) == [StreamText(text), StreamText("", final=True)]


def test_an_event_above_the_limit_is_an_error(backend: ScriptedServer, with_client: WithClient) -> None:
    backend.say(*[b"data: " + b"x" * 1024 * 1024 + b"\n"] * 17)
    with pytest.raises(StreamTooLarge):
        with_client(turn)


def test_a_small_body_that_unpacks_to_a_huge_one_is_an_error(
    backend: ScriptedServer, with_client: WithClient
) -> None:
    bomb = gzip.compress(b"data: " + b"x" * 80 * 1024 * 1024)
    backend.answer(Reply(200, bomb, {"content-encoding": "gzip"}, "text/event-stream"))
    with pytest.raises(StreamTooLarge):
        with_client(turn)


def test_cancelling_a_turn_closes_the_connection_at_once(
    backend: ScriptedServer, with_client: WithClient
) -> None:
    backend.answer(stream(CLOSING, 60.0, CLOSING))

    async def scenario(client: Client) -> bool:
        session = await client.create_session("en")
        heard = asyncio.Event()

        async def listen() -> None:
            async for _ in client.run_sse(session.session_id, "hi"):
                heard.set()

        task = asyncio.create_task(listen())
        await heard.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        # The pool holds no connection of the cancelled turn.
        pool = client._transport.http._transport._pool  # type: ignore[attr-defined]
        return all(connection.is_idle() for connection in pool.connections)

    assert with_client(scenario)
