"""Worker processes: started warm, given one request at a time, killed to cancel, replaced when they die."""

from __future__ import annotations

import asyncio
import json
import logging
import mmap
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.config import MEBIBYTE, Limits, child_environment

log = logging.getLogger("studio.pool")
WATCH_SECONDS = 0.2
ADDRESS_SPACE = 16 * 1024 * MEBIBYTE
FILE_BYTES = 2 * 1024 * MEBIBYTE
LINE_BYTES = 1 * MEBIBYTE
_PAGE = mmap.PAGESIZE


class WorkError(RuntimeError):
    """The worker answered that it could not; `kind` as in the worker's answer."""

    def __init__(self, kind: str, message: str, errno: int | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.errno = errno


class WorkerDiedError(RuntimeError):
    """The worker's process ended, or was ended for taking too much time or memory."""


class Worker:
    """One child process; `ask` may be called by one task at a time."""

    def __init__(self, process: asyncio.subprocess.Process, limits: Limits) -> None:
        self._process = process
        self._limits = limits
        self._reason = ""

    @classmethod
    async def start(cls, scratch: Path, limits: Limits) -> Worker:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            "studio.worker",
            str(ADDRESS_SPACE),
            str(FILE_BYTES),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            limit=LINE_BYTES,
            cwd=scratch,
            env=child_environment(scratch),
        )
        return cls(process, limits)

    @property
    def alive(self) -> bool:
        return self._process.returncode is None

    @property
    def pid(self) -> int:
        return self._process.pid

    async def ask(
        self, request: Mapping[str, Any], *, seconds: float, progress: Callable[[float], None] | None = None
    ) -> dict[str, Any]:
        """Send one request and wait for its answer; raises WorkError or WorkerDiedError.

        Left before the answer (cancelled), the process is killed: it is in the middle of something.
        """
        watch = asyncio.create_task(self._watch())
        try:
            async with asyncio.timeout(seconds):
                reply = await self._exchange({**request, "seconds": seconds * 2}, progress)
        except TimeoutError:
            await self._end(f"It took more than {seconds:.0f} seconds.")
            raise WorkerDiedError(self._reason) from None
        except BaseException:
            await self._end("stopped")
            raise
        finally:
            watch.cancel()
        if not reply.get("ok"):
            raise WorkError(str(reply.get("kind")), str(reply.get("message")), reply.get("errno"))
        return reply

    def kill(self, reason: str = "") -> None:
        """End the process at once."""
        self._reason = self._reason or reason
        if self.alive:
            with suppress(ProcessLookupError):
                self._process.kill()

    async def close(self) -> None:
        await self._end("closed")

    async def _end(self, reason: str) -> None:
        """Kill and wait: afterwards nothing writes into the request's files any more."""
        self.kill(reason)
        await asyncio.shield(self._process.wait())

    async def _exchange(
        self, request: Mapping[str, Any], progress: Callable[[float], None] | None
    ) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            await self._process.stdin.drain()
            while line := await self._process.stdout.readline():
                message = json.loads(line)
                if "ok" in message:
                    return dict(message)
                if progress is not None:
                    progress(float(message.get("progress", 0)))
        except (ConnectionError, ValueError) as error:
            self.kill(f"Its pipe broke: {error}")
        await self._process.wait()
        raise WorkerDiedError(self._reason or f"It ended with code {self._process.returncode}.")

    async def _watch(self) -> None:
        """Hold the process to its memory, and end it when it hangs.

        A limit on address space would count mapped files and stacks; a process that is stopped or waits for
        itself uses no processor time.
        """
        loop = asyncio.get_running_loop()
        moved, used = loop.time(), -1
        while self.alive:
            seen = _usage(self.pid)
            if seen.resident > self._limits.worker_bytes:
                self.kill("It took more memory than a job may.")
            if seen.ticks != used or not seen.known:
                moved, used = loop.time(), seen.ticks
            elif loop.time() - moved > self._limits.stall_seconds:
                self.kill(f"It did nothing for {self._limits.stall_seconds:.0f} seconds.")
            await asyncio.sleep(WATCH_SECONDS)


class Lane:
    """A few interchangeable workers for one kind of work, each warmed as it starts."""

    def __init__(self, size: int, scratch: Path, limits: Limits, *, render: bool) -> None:
        self._size = size
        self._scratch = scratch
        self._limits = limits
        self._render = render
        self._free: asyncio.Queue[asyncio.Task[Worker]] = asyncio.Queue()
        self._closed = False
        self._started: set[Worker] = set()

    def open(self) -> None:
        """Start the workers; they warm up on their own."""
        for _ in range(self._size):
            self._free.put_nowait(asyncio.create_task(self._fresh()))

    @property
    def free(self) -> bool:
        """Whether a worker waits for something to do."""
        return not self._free.empty()

    @asynccontextmanager
    async def worker(self) -> AsyncIterator[Worker]:
        """Lend a worker; a dead one is replaced at once so that the next job finds a warm one."""
        task = await self._free.get()
        try:
            worker = await asyncio.shield(task)
            if not worker.alive:
                worker = await asyncio.shield(task := asyncio.create_task(self._fresh()))
            yield worker
        finally:
            if task.done() and not self._closed and (task.exception() or not task.result().alive):
                task = asyncio.create_task(self._fresh())
            self._free.put_nowait(task)

    async def close(self) -> None:
        """End every worker, those that are still warming up too."""
        self._closed = True
        for worker in self._started:
            worker.kill("closed")
        tasks = [self._free.get_nowait() for _ in range(self._free.qsize())]
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.gather(*(worker.close() for worker in self._started))

    async def _fresh(self) -> Worker:
        worker = await Worker.start(self._scratch, self._limits)
        self._started = {one for one in self._started if one.alive} | {worker}
        if self._closed:
            worker.kill("closed")
        try:
            await worker.ask({"op": "warm", "render": self._render}, seconds=self._limits.probe_seconds)
        except WorkError as error:
            # It can still do its work, only its first request will be slow, or tell what is missing.
            log.warning("a worker could not be warmed: %s", error)
        return worker


@dataclass(frozen=True, slots=True)
class _Usage:
    """What a process uses: resident memory in bytes, processor time in ticks; not `known` off Linux."""

    known: bool = False
    resident: int = 0
    ticks: int = 0


def _usage(pid: int) -> _Usage:
    try:
        # The second field, the program's name, may hold anything; what follows it is plain numbers.
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
        return _Usage(True, int(fields[21]) * _PAGE, int(fields[11]) + int(fields[12]))
    except (OSError, IndexError, ValueError):
        return _Usage()
