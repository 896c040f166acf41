"""Server-sent events, written by hand: a queue to the socket, and a comment now and then while it is empty.

The payloads are the contract's first dialect (Google ADK events).
"""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import Mapping
from typing import Any

from starlette.types import Receive, Scope, Send

END = None
HEARTBEAT = b": still working\n\n"
_HEADERS = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
)


class Events:
    """Builds the events of one turn, which share their invocation id."""

    def __init__(self) -> None:
        self._invocation = f"e-{secrets.token_hex(8)}"

    def text(self, text: str, *, partial: bool) -> dict[str, Any]:
        """A piece of the reply, or (not partial) all of it at the end."""
        event = self._event([{"text": text}])
        event["partial"] = partial
        if not partial:
            event["turnComplete"] = True
        return event

    def call(self, name: str, call_id: str, args: Mapping[str, Any]) -> dict[str, Any]:
        return self._event([{"functionCall": {"id": call_id, "name": name, "args": dict(args)}}])

    def result(self, name: str, call_id: str, response: Mapping[str, Any]) -> dict[str, Any]:
        return self._event([{"functionResponse": {"id": call_id, "name": name, "response": dict(response)}}])

    def _event(self, parts: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            "author": "nemo_agent",
            "content": {"role": "model", "parts": parts},
            "invocationId": self._invocation,
            "id": secrets.token_hex(8),
            "timestamp": time.time(),
        }


def failure(message: str, code: int | str = "") -> dict[str, Any]:
    """The last event of a turn that broke, as the ADK server writes it."""
    return {"error": message, "error_details": {"code": code}}


def encode(event: Mapping[str, Any]) -> bytes:
    return b"data: " + json.dumps(event, separators=(",", ":")).encode() + b"\n\n"


Queue = asyncio.Queue["Mapping[str, Any] | None"]


class EventStream:
    """An ASGI answer that sends what a queue yields until END, with heartbeats in between.

    It ends early when the listener hangs up. `first` is sent at once.
    """

    def __init__(self, queue: Queue, heartbeat: float, *, first: Mapping[str, Any] | None = None) -> None:
        self._queue = queue
        self._heartbeat = heartbeat
        self._first = first

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        if self._first is not None:
            await _chunk(send, encode(self._first))
        leaving = asyncio.ensure_future(_left(receive))
        coming = asyncio.ensure_future(self._queue.get())
        try:
            while True:
                await asyncio.wait(
                    (leaving, coming), timeout=self._heartbeat, return_when=asyncio.FIRST_COMPLETED
                )
                if leaving.done():
                    break
                if not coming.done():
                    await _chunk(send, HEARTBEAT)
                    continue
                event = coming.result()
                if event is END:
                    break
                await _chunk(send, encode(event))
                coming = asyncio.ensure_future(self._queue.get())
        finally:
            leaving.cancel()
            coming.cancel()
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _left(receive: Receive) -> None:
    """Wait until the listener has hung up."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _chunk(send: Send, data: bytes) -> None:
    await send({"type": "http.response.body", "body": data, "more_body": True})
