"""Server-sent events, written by hand: a queue to the socket, and a comment now and then while it is empty.

The payloads are the contract's first dialect (Google ADK events).
"""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import AsyncIterator, Mapping
from typing import Any

from starlette.types import Receive, Scope, Send

END = None
HEARTBEAT = b": still working\n\n"


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
    """An ASGI answer that sends what a queue yields until END, with heartbeats in between."""

    def __init__(self, queue: Queue, heartbeat: float) -> None:
        self._queue = queue
        self._heartbeat = heartbeat

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [
            (b"content-type", b"text/event-stream; charset=utf-8"),
            (b"cache-control", b"no-store"),
            (b"x-accel-buffering", b"no"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        async for chunk in self._chunks():
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _chunks(self) -> AsyncIterator[bytes]:
        while True:
            try:
                event = await asyncio.wait_for(self._queue.get(), self._heartbeat)
            except TimeoutError:
                yield HEARTBEAT
                continue
            if event is END:
                return
            yield encode(event)
