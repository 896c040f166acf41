"""Row 4: an utterance in, a stream of events out."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from studio import turns
from studio.core import Studio
from studio.replies import bad_request
from studio.routes.caller import studio_of
from studio.routes.common import json_object, signed_in, storable, text_field
from studio.sse import END, EventStream, Queue
from studio.turns import Turn


class RunSse:
    """Accepts the turn or refuses it in JSON; from then on the turn goes on whoever listens."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        studio = studio_of(request)
        account = await signed_in(request)
        body = await json_object(request)
        session_id = text_field(body, "session_id")
        text = _utterance(body, studio.config.limits.utterance_chars)
        turn = await studio.write(turns.accept, studio, account, session_id, text)
        queue: Queue = asyncio.Queue()
        studio.keep_running(_run(studio, turn, queue))
        await EventStream(queue, studio.config.heartbeat_seconds)(scope, receive, send)


async def _run(studio: Studio, turn: Turn, queue: Queue) -> None:
    try:
        await turns.take(studio, turn, queue.put_nowait)
    finally:
        queue.put_nowait(END)


def _utterance(body: dict[str, Any], longest: int) -> str:
    """The text parts of the message; raises ApiError 400."""
    message = body.get("new_message", body.get("newMessage"))
    parts = message.get("parts") if isinstance(message, dict) else None
    if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
        raise bad_request("“new_message.parts” must be a list of objects.")
    texts = [part["text"] for part in parts if isinstance(part.get("text"), str)]
    text = storable("\n".join(texts)).strip()
    if not text:
        raise bad_request("The message holds no text.")
    if len(text) > longest:
        raise bad_request(f"The message is longer than {longest} characters.")
    return text


routes = [Route("/run_sse", RunSse(), methods=["POST"])]
