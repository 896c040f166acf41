"""One running studio: its database, files, workers and queue, opened after the server already answers."""

from __future__ import annotations

import asyncio
import importlib
import logging
import shutil
import time
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar
from weakref import WeakValueDictionary

from studio.config import Config, package_version
from studio.files import Files
from studio.hub import Hub
from studio.pool import Lane
from studio.rates import Rate

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from studio.db import Database
    from studio.jobs import Runner

P = ParamSpec("P")
T = TypeVar("T")
log = logging.getLogger("studio")
STALE_SCRATCH_SECONDS = 6 * 3600.0
STOP_SECONDS = 5.0
HEAD_START = 0.03


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
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        prices = config.prices
        self.request_rate = Rate(prices.requests_per_minute, round(prices.requests_per_minute / 4))
        self.token_rate = Rate(prices.tokens_per_minute, round(prices.tokens_per_minute))
        self.hub = Hub()
        self.previews: dict[str, bytes] = {}
        self.stop: Callable[[str], None] = lambda reason: None
        self._database: Database | None = None
        self._runner: Runner | None = None
        self._opening: asyncio.Task[None] | None = None
        self._janitor: asyncio.Task[None] | None = None
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

    def _render_changed(self, session_id: str, render_id: str, progress: float) -> None:
        self.hub.tell(session_id, {"type": "render", "id": render_id, "progress": round(progress)})

    def preview_lane(self) -> Lane:
        """A render worker where one is free, for it may know the photo's matte; else the media worker."""
        return self.render_lane if self.render_lane.free else self.media_lane

    def turn_lock(self, session_id: str) -> asyncio.Lock:
        """Held while something changes this session, so that its changes follow each other."""
        return self._turns.setdefault(session_id, asyncio.Lock())

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
        return {
            "renders": len(waiting),
            "busy": self.busy or bool(waiting),
            "media_bytes": used,
            "free_bytes": shutil.disk_usage(self.config.data).free,
        }

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
        self.hub.end()
        if self._janitor is not None:
            self._janitor.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=STOP_SECONDS)
        if self._runner is not None:
            await self._runner.close()
        await asyncio.gather(self.media_lane.close(), self.render_lane.close())
        if self._database is not None:
            self._database.close()

    def _run(self, write: bool, work: Callable[[Connection], T]) -> T:
        database = self._database_now
        with database.write() if write else database.read() as connection:
            return work(connection)

    async def _open(self) -> None:
        # Imports in a thread and two starting processes would hold up the very first answer.
        await asyncio.sleep(HEAD_START)
        self.media_lane.open()
        self.render_lane.open()
        try:
            self._database = await asyncio.to_thread(self._open_database)
        except Exception as error:
            log.exception("the database could not be opened")
            self.stop(f"the studio's data in {self.config.data} cannot be opened: {error}")
            raise
        from studio import janitor
        from studio.jobs import Runner

        self._runner = Runner(self.config, self._database, self.files, self.render_lane, self.media_lane)
        self._runner.changed = self._render_changed
        self._runner.start()
        self.keep_running(asyncio.to_thread(_preload))
        self._janitor = asyncio.create_task(janitor.run(self.config, self._database, self.files))

    def _open_database(self) -> Database:
        from studio import renders
        from studio.db import Database
        from studio.migrate import migrate

        path = self.config.data / "studio.sqlite3"
        database = Database(self.config.database_url or path)
        migrate(database)
        if not self.config.database_url:
            path.chmod(0o600)
        if self.config.database_url:
            # Others may be working on the same database and folder at this moment.
            self.files.sweep(STALE_SCRATCH_SECONDS)
        else:
            self.files.sweep(0)
            with database.write() as connection:
                renders.release_all(connection)
        return database

    @property
    def _database_now(self) -> Database:
        assert self._database is not None
        return self._database


def _preload() -> None:
    """Read the brain before the first utterance needs it."""
    importlib.import_module("studio.brain")
