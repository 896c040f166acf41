"""What happens in a session reaches who listens to it."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import Any

from studio import hub
from studio.hub import Hub
from tests.studio.serving import PORTRAIT, Caller, drawing, until


def test_what_is_told_reaches_every_listener_of_that_session_alone() -> None:
    board = Hub()
    with board.listening("a") as one, board.listening("a") as two, board.listening("b") as other:
        board.tell("a", {"n": 1})
        assert (one.get_nowait(), two.get_nowait(), other.qsize()) == ({"n": 1}, {"n": 1}, 0)
        assert board.count == 3
    assert board.count == 0
    board.tell("a", {"n": 2})


def test_a_slow_listener_misses_what_is_older() -> None:
    board = Hub()
    with board.listening("a") as queue:
        for n in range(hub.WAITING + 10):
            board.tell("a", {"n": n})
        assert queue.qsize() == hub.WAITING
        assert queue.get_nowait() == {"n": 10}


def test_the_end_reaches_everyone() -> None:
    async def run() -> None:
        board = Hub()
        with board.listening("a") as one, board.listening("b") as two:
            board.end()
            assert await one.get() is None
            assert await two.get() is None

    asyncio.run(run())


def test_a_page_sees_what_the_terminal_does(caller: Caller) -> None:
    session_id = caller.session()
    seen: list[dict[str, Any]] = []

    def listen() -> None:
        with caller.http.stream("GET", f"/api/events/{session_id}") as reply:
            for line in reply.iter_lines():
                if line.startswith("data: "):
                    seen.append(json.loads(line[6:]))

    thread = threading.Thread(target=listen)
    thread.start()
    until(lambda: seen)
    caller.upload(session_id, PORTRAIT)
    caller.say(session_id, "make a circular avatar")
    caller.http.post(f"/api/versions/{session_id}/undo")
    caller.submit(session_id, drawing(), {"format": "png"}, "render_seen")
    caller.finished("render_seen")
    caller.http.delete(f"/api/sessions/{session_id}")
    thread.join(10)
    assert [one["type"] for one in seen if one["type"] != "render"] == [
        "draft",
        "media",
        "draft",
        "draft",
        "deleted",
    ]
    assert {"type": "render", "id": "render_seen", "progress": 100} in seen
