"""The event stream: one JSON object a line, heartbeats while nothing comes, an end."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from studio.sse import END, HEARTBEAT, Events, EventStream, Queue, encode, failure
from studio.turns import pieces


def run(heartbeat: float, *steps: Any) -> list[bytes]:
    """What is sent while `steps` are queued; a number among them is a pause in seconds."""
    sent: list[bytes] = []

    async def send(message: Any) -> None:
        sent.append(message.get("body", b""))

    async def receive() -> Any:
        await asyncio.sleep(60)

    async def feed(queue: Queue) -> None:
        for step in steps:
            if isinstance(step, float):
                await asyncio.sleep(step)
            else:
                queue.put_nowait(step)
        queue.put_nowait(END)

    async def main() -> None:
        queue: Queue = asyncio.Queue()
        feeding = asyncio.create_task(feed(queue))
        await EventStream(queue, heartbeat)({}, receive, send)
        await feeding

    asyncio.run(main())
    return sent


def test_events_come_in_order_and_the_stream_ends() -> None:
    sent = run(5.0, {"n": 1}, {"n": 2})
    assert b"".join(sent) == b'data: {"n":1}\n\ndata: {"n":2}\n\n'


def test_heartbeats_come_while_nothing_else_does() -> None:
    sent = run(0.02, 0.15, {"n": 1})
    assert sent.count(HEARTBEAT) >= 2
    assert sent[-2] == encode({"n": 1})
    assert HEARTBEAT.startswith(b":")


def test_a_listener_that_hangs_up_ends_the_stream() -> None:
    async def main() -> int:
        sent = 0

        async def send(message: Any) -> None:
            nonlocal sent
            sent += 1

        async def receive() -> Any:
            await asyncio.sleep(0.05)
            return {"type": "http.disconnect"}

        await asyncio.wait_for(EventStream(asyncio.Queue(), 10)({}, receive, send), 5)
        return sent

    assert asyncio.run(main()) == 2, "the head and the end"


@given(st.text())
def test_an_event_is_one_line_whatever_is_in_it(text: str) -> None:
    data = encode(Events().text(text, partial=False))
    assert data.endswith(b"\n\n")
    assert data.count(b"\n") == 2
    assert b"\r" not in data
    assert data.isascii()
    assert json.loads(data[6:])["content"]["parts"] == [{"text": text}]


@given(st.text())
def test_the_increments_of_a_reply_add_up_to_it(text: str) -> None:
    assert "".join(pieces(text)) == text


def test_a_reply_comes_in_sentences() -> None:
    assert pieces("Done. A ring (3.5%) was added! 好了。再来？") == [
        "Done. ",
        "A ring (3.5%) was added! ",
        "好了。",
        "再来？",
    ]


def test_the_events_of_a_turn_share_their_invocation_and_differ_in_their_id() -> None:
    events = Events()
    made = [events.text("a", partial=True), events.call("f", "1", {}), events.result("f", "1", {})]
    assert len({event["invocationId"] for event in made}) == 1
    assert len({event["id"] for event in made}) == 3


def test_a_failure_has_words_and_a_code() -> None:
    assert failure("no", 500) == {"error": "no", "error_details": {"code": 500}}
