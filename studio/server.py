"""Runs one studio in this process: takes the port first, answers soon, stops in order."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from logging.handlers import RotatingFileHandler
from types import FrameType

import uvicorn

from studio import runtime
from studio.app import create_app
from studio.config import Config
from studio.core import Studio

log = logging.getLogger("studio")
EXIT_DONE, EXIT_FAILED, EXIT_PORT, EXIT_DISK = 0, 1, 6, 8
IDLE_LOOK_SECONDS = 5.0
GRACE_SECONDS = 3
OPEN_FILES = 65_536
LOG_BYTES, LOG_FILES = 1_000_000, 3


class StartError(RuntimeError):
    """The server cannot go on; `code` is the process' exit code."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


def serve(config: Config) -> int:
    """Serve until a signal, the owner or idleness ends it; the exit code. Failures are told on stderr."""
    try:
        _prepare(config)
        with _listen(config) as listener, runtime.sole(config.data / "serve.lock") as ours:
            if not ours:
                told = runtime.read(config.runtime) or {}
                raise StartError(
                    f"A studio already runs on this data, at {told.get('url', 'an unknown address')}.", 0
                )
            return _serve(replace(config, port=listener.getsockname()[1]), listener)
    except StartError as error:
        sys.stderr.write(f"{error}\n")
        return error.code
    except OSError as error:
        sys.stderr.write(f"{error.filename or config.data}: {error.strerror or error}\n")
        return EXIT_DISK


def _serve(config: Config, listener: socket.socket) -> int:
    studio = Studio(config, runtime.new_secret())
    url = f"http://{config.host}:{config.port}"

    def listening() -> None:
        told = {"url": url, "port": config.port, "pid": os.getpid(), runtime.SECRET_FIELD: studio.secret}
        try:
            runtime.write(config.runtime, {**told, "version": studio.version, "started": time.time()})
        except OSError as error:
            studio.stop(f"{config.runtime} cannot be written: {error.strerror or error}")
            return
        sys.stdout.write(f"The studio listens on {url}\n")
        sys.stdout.flush()

    app = create_app(studio, listening)
    server = _Server(
        uvicorn.Config(
            app,
            loop="asyncio",
            http="h11",
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=30,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    )
    reasons: list[str] = []

    def stop(reason: str) -> None:
        reasons.append(reason)
        server.should_exit = True

    studio.stop = stop
    try:
        asyncio.run(_until_stopped(server, studio, listener))
    finally:
        runtime.remove(config.runtime, os.getpid())
    failed = next((reason for reason in reasons if reason), "")
    if failed or not server.started:
        raise StartError(
            failed or "The studio could not start; its log says more.", EXIT_DISK if failed else EXIT_FAILED
        )
    return EXIT_DONE


async def _until_stopped(server: uvicorn.Server, studio: Studio, listener: socket.socket) -> None:
    watch = asyncio.create_task(_stop_when_idle(studio))
    try:
        await server.serve(sockets=[listener])
    finally:
        watch.cancel()


async def _stop_when_idle(studio: Studio) -> None:
    """Stop when nobody asked for anything for a while; never while a render waits or runs."""
    limit = studio.config.idle_seconds
    while limit > 0:
        await asyncio.sleep(min(IDLE_LOOK_SECONDS, limit / 4))
        if studio.open_requests or studio.busy or time.monotonic() - studio.last_used < limit:
            continue
        with suppress(OSError):
            if not (await studio.measure())["busy"]:
                studio.stop("")
                return


class _Server(uvicorn.Server):
    """uvicorn raises the signal again after it has stopped, which would skip our own tidying up."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        def stop(number: int, frame: FrameType | None) -> None:
            self.should_exit = True

        before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _prepare(config: Config) -> None:
    """Folders and the log, before anything is promised."""
    # Whatever this process and its workers write is their user's alone.
    os.umask(0o077)
    config.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    # A folder that was there before, or was copied, may be open to others.
    config.data.chmod(0o700)
    _allow_many_connections()
    logs = config.data / "logs"
    logs.mkdir(exist_ok=True, mode=0o700)
    handler = RotatingFileHandler(
        logs / "studio.log", maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8"
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    # A full disk is no reason to fill stderr.
    logging.raiseExceptions = False
    # Its warnings quote what was sent.
    logging.getLogger("python_multipart").setLevel(logging.ERROR)


def _allow_many_connections() -> None:
    """As many open files as the system lets this user have; a stream to a page is one."""
    if os.name == "posix":
        import resource

        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, OPEN_FILES), hard))


def _listen(config: Config) -> socket.socket:
    """A listening socket; raises StartError with exit code 6 when the port is taken."""
    # asyncio turns Nagle's algorithm off only where the protocol is named: else 40 ms for every reply.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((config.host, config.port))
        listener.listen(1024)
    except OSError as error:
        listener.close()
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            raise StartError(
                f"Port {config.port} is taken or not allowed. Choose another with --port (0: any free one).",
                EXIT_PORT,
            ) from error
        raise
    listener.set_inheritable(False)
    return listener
