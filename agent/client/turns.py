"""One turn over `/run_sse`: what is refused, what comes, and how the end is told from a drop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from typing import Any

import httpx

from agent.client.http import Transport
from agent.errors import Dropped, NotTheService, TimedOut
from agent.stream import Heartbeat, StreamEvent, StreamReader


async def run_stream(
    transport: Transport, path: str, body: Mapping[str, Any], *, total: float, idle: float
) -> AsyncGenerator[StreamEvent]:
    """Yield a turn's events; at most `total` seconds in all, `idle` seconds of nothing but heartbeats.

    Raises Unreachable when nothing was sent, an error of the table when the turn was refused before it began,
    Dropped and TimedOut when its outcome is unknown, StreamTooLarge.
    """
    clock = asyncio.get_running_loop().time
    end, idle_end = clock() + total, clock() + idle
    reader = StreamReader()
    async with transport.open(
        "POST",
        path,
        body=body,
        headers={"Accept": "text/event-stream", "Accept-Encoding": "identity", "Cache-Control": "no-store"},
        timeout=total,
        deadline=min(end, idle_end),
    ) as response:
        await _accepted(transport, response)
        framed = "content-length" in response.headers or "transfer-encoding" in response.headers
        chunks = response.aiter_bytes()
        try:
            while True:
                try:
                    async with asyncio.timeout_at(min(end, idle_end)):
                        chunk = await anext(chunks, None)
                except TimeoutError as error:
                    raise TimedOut(url=transport.base_url, detail="the turn took too long") from error
                except httpx.HTTPError as error:
                    raise Dropped("broke_off", url=transport.base_url, detail=str(error)) from error
                if chunk is None:
                    break
                for event in reader.feed(chunk):
                    if not isinstance(event, Heartbeat):
                        idle_end = clock() + idle
                    yield event
        finally:
            if isinstance(chunks, AsyncGenerator):
                await chunks.aclose()
    if reader.unfinished and not framed:
        raise Dropped("broke_off", url=transport.base_url, detail="the answer broke off in the middle")
    for event in reader.close():
        yield event


async def _accepted(transport: Transport, response: httpx.Response) -> None:
    """Raise unless this is an event stream; a JSON body says why the turn was refused."""
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if response.status_code == 200 and kind == "text/event-stream":
        return
    transport.checked(response, await transport.body(response), session_scoped=True)
    raise NotTheService(code=response.status_code, url=transport.base_url)
