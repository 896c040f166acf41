"""The runner: claims renders, has them made in worker processes, publishes each once.

Whatever dies, an accepted render is finished or reported failed: the rows in `renders` carry everything that
another attempt needs, in this process or the next.
"""

from __future__ import annotations

import asyncio
import errno
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from studio import media, renders
from studio.config import Config
from studio.db import Database, hold_objects
from studio.files import Files, digest
from studio.pool import Lane, WorkerDiedError, WorkError
from studio.renders import Job

log = logging.getLogger("studio.jobs")
POLL_SECONDS = 1.0
LOOK_SECONDS = 0.25
RETRY_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class _Working:
    """A job that this process works on, where, and under which token."""

    task: asyncio.Task[None]
    lane: Lane
    token: str


class Runner:
    """Works on the queue until it is stopped; several may share one database.

    While videos hold every place, one more is kept for pictures, so that an icon never waits for a film.
    """

    def __init__(
        self, config: Config, database: Database, files: Files, lane: Lane, quick: Lane | None = None
    ) -> None:
        self._config = config
        self._database = database
        self._files = files
        self._lane = lane
        self._quick = quick
        self._wake = asyncio.Event()
        self._working: dict[tuple[str, str], _Working] = {}
        self._loop: asyncio.Task[None] | None = None
        self.changed: Callable[[str, str, float], None] = lambda session_id, render_id, progress: None

    @property
    def busy(self) -> bool:
        return bool(self._working)

    def start(self) -> None:
        self._loop = asyncio.create_task(self._run())

    def wake(self) -> None:
        """There is something new in the queue."""
        self._wake.set()

    def stop_job(self, session_id: str, render_id: str) -> None:
        """Kill the work on a render that was cancelled, where it is done here; elsewhere its lease tells."""
        if (session_id, render_id) in self._working:
            self._working[session_id, render_id].task.cancel()

    async def close(self) -> None:
        """Stop claiming, and give back what is under way without counting the attempt."""
        tasks = [one.task for one in self._working.values()]
        if self._loop is not None:
            tasks.append(self._loop)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            lane, least = self._place()
            job = await self._claim(least) if lane is not None else None
            if lane is None or job is None:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), POLL_SECONDS)
                self._wake.clear()
                continue
            key = (job.session_id, job.id)
            task = asyncio.create_task(self._work(job, lane))
            self._working[key] = _Working(task, lane, job.token)
            task.add_done_callback(lambda done, key=key: self._finished(key))  # type: ignore[misc]

    def _place(self) -> tuple[Lane | None, int]:
        """Where the next job may run, and the least priority it must have."""
        lanes = [one.lane for one in self._working.values()]
        if lanes.count(self._lane) < self._config.render_workers:
            return self._lane, 0
        if self._quick is not None and self._quick not in lanes:
            return self._quick, renders.QUICK
        return None, 0

    def _finished(self, key: tuple[str, str]) -> None:
        self._working.pop(key, None)
        self._wake.set()
        self.changed(*key, 100)

    async def _claim(self, least: int) -> Job | None:
        own = [one.token for one in self._working.values()]

        def take() -> Job | None:
            lease = self._config.lease_seconds
            with self._database.write() as connection:
                # A machine that slept wakes with every lease lapsed; our own work is not to be taken from us.
                renders.extend(connection, own, lease)
                return renders.claim(connection, lease, self._config.limits.claims, least)

        try:
            return await asyncio.to_thread(take)
        except SQLAlchemyError:
            log.exception("the queue could not be read")
            return None

    async def _work(self, job: Job, lane: Lane) -> None:
        """One attempt; when even its end cannot be written, another is made as soon as that can be."""
        try:
            await self._attempt(job, lane)
        except SQLAlchemyError as error:
            log.error("render %s: the database cannot be written: %s", job.id, error)
            await self._give_back(job)

    async def _give_back(self, job: Job) -> None:
        while True:
            await asyncio.sleep(RETRY_SECONDS)
            with suppress(SQLAlchemyError):
                await self._write(renders.give_back, job, counted=False)
                return

    async def _attempt(self, job: Job, lane: Lane) -> None:
        """Work with the lease kept; every way it can end leaves a row that says so."""
        progress = [0.0]
        making = asyncio.create_task(self._make(job, lane, progress))
        keeping = asyncio.create_task(self._keep(job, progress, making))
        try:
            await making
        except asyncio.CancelledError:
            making.cancel()
            await asyncio.wait([making])
            await self._write(renders.give_back, job, counted=False)
        except WorkerDiedError as error:
            await self._again(job, str(error))
        except WorkError as error:
            if error.kind in ("crashed", "disk") and error.errno != errno.ENOSPC:
                await self._again(job, error.message)
            else:
                await self._write(renders.fail, job, _sentence(error))
        except OSError as error:
            await self._write(renders.fail, job, _os_sentence(error))
        finally:
            keeping.cancel()

    async def _make(self, job: Job, lane: Lane, progress: list[float]) -> None:
        def note(part: float) -> None:
            progress[0] = part * 100

        assets = await asyncio.to_thread(self._assets, job.session_id)
        with self._files.workspace() as folder:
            out = folder / f"render.{job.output['format']}"
            request = {
                "op": "render",
                "draft": job.draft,
                "out": str(out),
                "output": job.output,
                "assets": assets,
                "cache": str(self._files.cache),
            }
            async with lane.worker() as worker:
                done = await worker.ask(request, seconds=self._config.limits.render_seconds, progress=note)
            await asyncio.to_thread(self._publish, job, out, float(done["duration"]))

    def _publish(self, job: Job, out: Path, duration: float) -> None:
        """Object and row in one transaction: no reader sees a completed render without its file."""
        size, sha256 = out.stat().st_size, digest(out)
        with self._database.write() as connection:
            hold_objects(connection)
            if renders.publish(connection, job, sha256, size, duration):
                self._files.keep(out, sha256)

    def _assets(self, session_id: str) -> dict[str, str]:
        with self._database.read() as connection:
            names = {item.sha256 for item in media.of_session(connection, session_id)}
        return {name: str(self._files.path(name)) for name in names if self._files.has(name)}

    async def _keep(self, job: Job, progress: list[float], making: asyncio.Task[None]) -> None:
        """Renew the lease; when it is lost (cancelled elsewhere, or taken over), stop the work."""
        while True:
            await asyncio.sleep(min(LOOK_SECONDS * 2, self._config.lease_seconds / 4))
            try:
                held = await self._write(renders.renew, job, self._config.lease_seconds, progress[0])
            except SQLAlchemyError:
                log.exception("a lease could not be renewed")
                continue
            if not held:
                making.cancel()
                return
            self.changed(job.session_id, job.id, progress[0])

    async def _again(self, job: Job, reason: str) -> None:
        """Another attempt where there is one left, else the reason."""
        log.warning("render %s, attempt %d: %s", job.id, job.attempt, reason)
        if job.attempt >= self._config.limits.attempts:
            await self._write(renders.fail, job, f"The renderer failed {job.attempt} times: {reason}")
            return
        await asyncio.sleep(RETRY_SECONDS)
        await self._write(renders.give_back, job, counted=True)

    async def _write(self, change: Callable[..., bool], *arguments: Any, **options: Any) -> bool:
        def run() -> bool:
            with self._database.write() as connection:
                return change(connection, *arguments, **options)

        return await asyncio.to_thread(run)


def _sentence(error: WorkError) -> str:
    if error.errno == errno.ENOSPC:
        return "The studio's disk is full. Free some space and export again."
    return error.message


def _os_sentence(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "The studio's disk is full. Free some space and export again."
    return f"The result could not be stored: {error.strerror or error}."
