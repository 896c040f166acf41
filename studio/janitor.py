"""What is tidied up now and then: leftovers of processes that died, and old media where it is metered."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, select
from sqlalchemy.exc import SQLAlchemyError

from studio import media, sessions, turns
from studio.accounts import DAY_MS, now
from studio.config import Config
from studio.files import Files
from studio.tables import sessions as session_rows
from studio.tables import tokens

if TYPE_CHECKING:
    from studio.db import Database

log = logging.getLogger("studio.janitor")
EVERY_SECONDS = 3_600.0


async def run(config: Config, database: Database, files: Files) -> None:
    """Tidy up at once and every hour from then on."""
    while True:
        try:
            await asyncio.to_thread(tidy, config, database, files)
        except (SQLAlchemyError, OSError):
            log.exception("tidying up failed")
        await asyncio.sleep(EVERY_SECONDS)


def tidy(config: Config, database: Database, files: Files) -> None:
    """Settle abandoned turns, forget expired tokens and sessions, remove files that nobody owns."""
    with database.write() as connection:
        turns.settle_abandoned(connection, config)
        connection.execute(delete(tokens).where(tokens.c.expires_at < now(connection)))
        if config.prices.metered:
            _expire(connection, config, files)
    with database.read() as connection:
        orphans = media.orphans(connection, files)
    if orphans:
        with database.write() as connection:
            media.remove_unused(connection, files, orphans)


def _expire(connection: Connection, config: Config, files: Files) -> None:
    """Delete the sessions that were not used for as long as media are kept."""
    limit = now(connection) - config.prices.media_days * DAY_MS
    old = select(session_rows.c.id, session_rows.c.account_id).where(session_rows.c.updated_at < limit)
    for session_id, account_id in connection.execute(old).all():
        names = media.hashes(connection, session_id)
        sessions.remove(connection, account_id, session_id)
        media.remove_unused(connection, files, names)
