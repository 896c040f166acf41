"""Brings a database to this version's tables: one at a time, and after a copy of the file is made.

A new database gets its tables at once; Alembic is loaded only where an older one has to be brought forward.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect, text

from studio.db import Database
from studio.tables import metadata

log = logging.getLogger("studio.migrate")
HEAD = "0001"
KEPT_BACKUPS = 3
# Any number does, as long as every studio takes the same.
_ADVISORY_LOCK = 5_318_008


class NewerDatabaseError(RuntimeError):
    """The database was written by a newer version than this one."""


def migrate(database: Database) -> str:
    """Bring the database to HEAD; the revision it had, empty when it was new. Safe when two start at once.

    Raises NewerDatabaseError, and what the database raises.
    """
    with database.read() as connection:
        before = _revision(connection)
    if before == HEAD:
        return before
    if before:
        _back_up(database, before)
    with database.write() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
        # Another may have done it between the look and the lock.
        present = _revision(connection)
        if not present:
            _create(connection)
        elif present != HEAD:
            _upgrade(connection)
    return before


def _revision(connection: Connection) -> str:
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")


def _create(connection: Connection) -> None:
    metadata.create_all(connection)
    connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
    connection.execute(text("INSERT INTO alembic_version (version_num) VALUES (:head)"), {"head": HEAD})


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    attributes: dict[str, Any] = config.attributes
    attributes["connection"] = connection
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD
    try:
        command.upgrade(config, HEAD)
    except CommandError as error:
        raise NewerDatabaseError(
            f"The data was written by a newer version of the studio ({_revision(connection)}): install that."
        ) from error


def _back_up(database: Database, revision: str) -> None:
    """Copy the SQLite file beside itself, whole although others read and write it."""
    name = database.engine.url.database
    if not database.is_sqlite or not name:
        return
    path = Path(name)
    target = path.with_name(f"{path.name}.{revision}-{int(time.time())}.bak")
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
    target.chmod(0o600)
    log.info("the database was copied before its migration")
    old = sorted(path.parent.glob(f"{path.name}.*.bak"), key=lambda one: one.stat().st_mtime)
    for one in old[:-KEPT_BACKUPS]:
        one.unlink(missing_ok=True)
