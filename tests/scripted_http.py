"""An HTTP/1.1 server on a real socket whose every byte a test decides: cuts, stalls, framings, resets."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


@dataclass(frozen=True)
class Request:
    """What came; header names in lower case, `body` whole."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> dict[str, Any]:
        value = json.loads(self.body)
        assert isinstance(value, dict)
        return value


@dataclass(frozen=True)
class Reply:
    """What goes: the body in pieces, each written by itself; a number among them is a pause in seconds.

    `framing` is length, chunked or close; `cut` ends the connection after that many body bytes, by a reset
    where `reset`; `status` 0 answers nothing at all.
    """

    status: int = 200
    body: bytes | Sequence[bytes | float] = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"
    framing: str = "length"
    cut: int | None = None
    reset: bool = False

    def pieces(self) -> list[bytes | float]:
        return [self.body] if isinstance(self.body, bytes) else list(self.body)


def json_reply(value: object, status: int = 200, **headers: str) -> Reply:
    return Reply(
        status, json.dumps(value).encode(), {name.replace("_", "-"): v for name, v in headers.items()}
    )


Handler = Callable[[Request], Reply]


class HttpServer:
    """Serves `handler` from a thread of its own until `close`; `requests` keeps what came, in order."""

    def __init__(self, handler: Handler) -> None:
        self.requests: list[Request] = []
        self._handler = handler
        self._loop = asyncio.new_event_loop()
        self._tasks: set[asyncio.Task[None]] = set()
        listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = listening.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, args=(listening, ready), daemon=True)
        self._thread.start()
        ready.wait()

    def close(self) -> None:
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()

    def __enter__(self) -> HttpServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _serve(self, listening: socket.socket, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(
            asyncio.start_server(self._connected, sock=listening, limit=1 << 20)
        )
        ready.set()
        try:
            self._loop.run_forever()
        finally:
            server.close()
            for task in self._tasks:
                task.cancel()
            self._loop.run_until_complete(asyncio.gather(*self._tasks, return_exceptions=True))
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.close()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        # asyncio leaves Nagle's algorithm on for sockets that were made elsewhere: 40 ms for every reply.
        writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                while await self._exchange(reader, writer):
                    pass
        finally:
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One request and its reply; whether the connection goes on."""
        request = await _read(reader)
        self.requests.append(request)
        reply = self._handler(request)
        if reply.status == 0:
            _drop(writer, reset=reply.reset)
            return False
        pieces = reply.pieces()
        size = sum(len(piece) for piece in pieces if isinstance(piece, bytes))
        lines = [f"HTTP/1.1 {reply.status} Scripted"]
        if reply.content_type:
            lines.append(f"content-type: {reply.content_type}")
        lines += [f"{name}: {value}" for name, value in reply.headers.items()]
        lines.append(
            {
                "length": f"content-length: {size}",
                "chunked": "transfer-encoding: chunked",
                "close": "connection: close",
            }[reply.framing]
        )
        writer.write("\r\n".join([*lines, "", ""]).encode())
        await writer.drain()
        if not await _write(writer, reply, pieces):
            _drop(writer, reset=reply.reset)
            return False
        return reply.framing != "close"


async def _read(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *rest = head.strip().split("\r\n")
    method, target, _ = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in rest)}
    if headers.get("transfer-encoding") == "chunked":
        body = b""
        while size := int(await reader.readline(), 16):
            body += await reader.readexactly(size)
            await reader.readline()
        await reader.readline()
    else:
        body = await reader.readexactly(int(headers.get("content-length", "0")))
    parts = urlsplit(target)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    return Request(method, unquote(parts.path), query, headers, body)


async def _write(writer: asyncio.StreamWriter, reply: Reply, pieces: Sequence[bytes | float]) -> bool:
    """Write the body; whether it was written to its end."""
    sent = 0
    for piece in pieces:
        if not isinstance(piece, bytes):
            await asyncio.sleep(piece)
            continue
        if reply.cut is not None and sent + len(piece) >= reply.cut:
            piece = piece[: reply.cut - sent]
        if piece:
            writer.write(b"%x\r\n%b\r\n" % (len(piece), piece) if reply.framing == "chunked" else piece)
            await writer.drain()
        sent += len(piece)
        if reply.cut is not None and sent >= reply.cut:
            return False
    if reply.framing == "chunked":
        writer.write(b"0\r\n\r\n")
        await writer.drain()
    return True


def _drop(writer: asyncio.StreamWriter, *, reset: bool) -> None:
    if reset:
        # SO_LINGER 0 turns the close into a TCP reset.
        raw = writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()
    else:
        writer.close()


@contextlib.contextmanager
def serving(handler: Handler) -> Iterator[HttpServer]:
    with HttpServer(handler) as server:
        yield server
