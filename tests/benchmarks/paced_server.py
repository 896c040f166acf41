"""A backend in a process of its own that streams one turn: sentences at a steady pace, or a very long reply.

A sentence ends with the moment its last byte was sent (CLOCK_MONOTONIC, the same in every process).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PER_SECOND = 1000
WORDS = ("I ", "made ", "the ", "portrait ", "rounder, ", "with ", "a ", "teal ", "ring ")
SENTENCES = 300
LETTERS = 10_000_000
LINE = "The portrait is round now and stands in front of a teal background, as was asked for. "


def chunk(body: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(body), body)


def token(text: str) -> bytes:
    payload = {
        "content": {"parts": [{"text": text}], "role": "model"},
        "partial": True,
        "author": "nemo_agent",
        "invocationId": "e-2ea4de1c-5440-4145-98c4-2fc775932992",
    }
    return b"data: " + json.dumps(payload).encode() + b"\n\n"


async def paced(writer: asyncio.StreamWriter) -> None:
    """`PER_SECOND` events a second, one of ten of them the end of a sentence."""
    begun, sent = time.monotonic(), 0
    for _ in range(SENTENCES):
        for word in (*WORDS, ""):
            await asyncio.sleep(max(0.0, begun + sent / PER_SECOND - time.monotonic()))
            writer.write(chunk(token(word or f"at#{time.monotonic_ns()}#. ")))
            sent += 1
    await writer.drain()


async def long(writer: asyncio.StreamWriter) -> None:
    """Ten megabytes of text, and the heartbeats of far more than fifteen minutes among them."""
    for _ in range(LETTERS // len(LINE)):
        writer.write(chunk(token(LINE) + b": heartbeat\n\n"))
        await writer.drain()


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One request and its answer; the connection closes after it."""
    with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = head.partition("content-length:")[2].split("\r\n")[0].strip()
        body = await reader.readexactly(int(length or 0))
        path = head.split(" ")[1]
        if path == "/run_sse":
            kind = b"content-type: text/event-stream\r\ntransfer-encoding: chunked"
            writer.write(b"HTTP/1.1 200 OK\r\n%b\r\nconnection: close\r\n\r\n" % kind)
            await (long if b"long" in body else paced)(writer)
            writer.write(b"0\r\n\r\n")
        else:
            found = json.dumps({"code": 0, "data": data(path)}).encode() if data(path) else b"{}"
            status = b"200 OK" if data(path) else b"404 Not Found"
            kind = b"content-type: application/json\r\ncontent-length: %d" % len(found)
            writer.write(b"HTTP/1.1 %b\r\n%b\r\nconnection: close\r\n\r\n%b" % (status, kind, found))
        await writer.drain()
    writer.close()


def data(path: str) -> dict[str, object]:
    if path.endswith("/anonymous-token"):
        return {"token": "nmv_usr_benchmark", "user_id": "anon_1", "credits": 100}
    if "/with-session/" in path:
        return {"task_id": "t1", "session_id": "s1", "user_id": "anon_1"}
    return {"session_id": "s1", "state": {"draft": {}}} if "/api/state/" in path else {}


async def serve() -> None:
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextlib.contextmanager
def serving() -> Iterator[str]:
    """The server's base URL, while it runs."""
    command = [sys.executable, "-m", "tests.benchmarks.paced_server"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


if __name__ == "__main__":
    asyncio.run(serve())
