"""One running studio: its database, files, workers and queue, opened after the server already answers."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from studio.config import Config, package_version
from studio.files import Files
from studio.pool import Lane

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from studio.db import Database
    from studio.jobs import Runner

P = ParamSpec("P")
T = TypeVar("T")
log = logging.getLogger("studio")
STALE_SCRATCH_SECONDS = 6 * 3600.0
STOP_SECONDS = 5.0


class Studio:
    """What the routes work with. `open()` returns at once; whoever needs the data waits in `ready()`."""

    def __init__(self, config: Config, secret: str) -> None:
        self.config = config
        self.secret = secret
        self.version = package_version()
        self.started = time.time()
        self.last_used = time.monotonic()
        self.open_requests = 0
        self.files = Files(config.data)
        self.media_lane = Lane(1, self.files.scratch, config.limits, render=False)
        self.render_lane = Lane(config.render_workers, self.files.scratch, config.limits, render=True)
        self.turn_locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self.previews: dict[str, bytes] = {}
        self.stop: Callable[[str], None] = lambda reason: None
        self._database: Database | None = None
        self._runner: Runner | None = None
        self._opening: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def open(self) -> None:
        self._opening = asyncio.create_task(self._open())

    async def ready(self) -> None:
        """Wait until the data can be read; raises what kept it from opening."""
        assert self._opening is not None
        await asyncio.shield(self._opening)

    @property
    def runner(self) -> Runner:
        assert self._runner is not None
        return self._runner

    @property
    def busy(self) -> bool:
        """Whether a turn, an upload or a render is under way in this process."""
        return bool(self._tasks) or (self._runner is not None and self._runner.busy)

    @property
    def is_open(self) -> bool:
        return self._runner is not None

    def keep_running(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something that goes on when the request that began it is gone."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def measure(self) -> dict[str, object]:
        """Queue and disk use, for whoever asks how the studio is."""
        from studio import renders

        waiting = await self.read(renders.under_way)
        used = await asyncio.to_thread(self.files.used_bytes)
        return {"renders": len(waiting), "busy": self.busy or bool(waiting), "media_bytes": used}

    async def read(
        self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `work(connection, …)` in a thread, in a transaction that reads."""
        await self.ready()
        return await asyncio.to_thread(self._run, False, lambda c: work(c, *args, **kwargs))

    async def write(
        self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `work(connection, …)` in a thread, in a transaction of its own that commits at its end."""
        await self.ready()
        return await asyncio.to_thread(self._run, True, lambda c: work(c, *args, **kwargs))

    async def close(self) -> None:
        """Give back what is under way and end the workers; everything is on the disk already."""
        if self._opening is not None:
            await asyncio.wait([self._opening])
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=STOP_SECONDS)
        if self._runner is not None:
            await self._runner.close()
        await asyncio.gather(self.media_lane.close(), self.render_lane.close())
        if self._database is not None:
            self._database.close()

    def _run(self, write: bool, work: Callable[[Connection], T]) -> T:
        assert self._database is not None
        with self._database.write() if write else self._database.read() as connection:
            return work(connection)

    async def _open(self) -> None:
        self.media_lane.open()
        self.render_lane.open()
        try:
            self._database = await asyncio.to_thread(self._open_database)
        except Exception as error:
            log.exception("the database could not be opened")
            self.stop(f"the studio's data in {self.config.data} cannot be opened: {error}")
            raise
        from studio.jobs import Runner

        self._runner = Runner(self.config, self._database, self.files, self.render_lane)
        self._runner.start()
        await asyncio.to_thread(self._preload)

    def _open_database(self) -> Database:
        from studio.db import Database

        path = self.config.data / "studio.sqlite3"
        database = Database(self.config.database_url or path)
        database.create()
        if not self.config.database_url:
            path.chmod(0o600)
        self.files.sweep(STALE_SCRATCH_SECONDS)
        return database

    def _preload(self) -> None:
        """The brain is read before the first utterance needs it."""
        from studio.brain import Context, respond

        assert Context
        assert respond
