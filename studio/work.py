"""A process that only renders: as many as one likes share a database and a folder."""

from __future__ import annotations

import asyncio
import signal

from studio.config import Config
from studio.db import Database
from studio.files import Files
from studio.jobs import Runner
from studio.migrate import migrate
from studio.pool import Lane


def work(config: Config) -> int:
    """Take renders from the queue until a signal comes, then give back what is under way."""
    asyncio.run(_work(config))
    return 0


async def _work(config: Config) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Windows' event loop has no such call; there the handler runs between two of its rounds.
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
    database = Database(config.database_url)
    await asyncio.to_thread(migrate, database)
    files = Files(config.data)
    lane = Lane(config.render_workers, files.scratch, config.limits, render=True)
    lane.open()
    runner = Runner(config, database, files, lane)
    runner.start()
    try:
        await stop.wait()
    finally:
        await runner.close()
        await lane.close()
        database.close()
