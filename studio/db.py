"""One database, two kinds: SQLite in a file on one's own machine, PostgreSQL where there are many.

Writers on SQLite begin IMMEDIATE: a deferred transaction that reads first and writes later fails with
"database is locked" under load, for it cannot be upgraded while another writes.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import URL, BigInteger, Connection, Table, create_engine, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Engine
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

BUSY_SECONDS = 30.0
# Any number does, as long as every studio takes the same and no other lock has it.
_OBJECTS_LOCK = 5_318_009


class Now(FunctionElement[int]):
    """The database's own clock in milliseconds, so that machines need not agree on the time."""

    type = BigInteger()
    inherit_cache = True


@compiles(Now, "sqlite")
def _now_sqlite(element: Now, compiler: Any, **options: Any) -> str:
    return "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"


@compiles(Now, "postgresql")
def _now_postgresql(element: Now, compiler: Any, **options: Any) -> str:
    return "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)"


def insert_once(connection: Connection, table: Table, **values: Any) -> bool:
    """Insert a row unless one with the same unique key is there; whether it was inserted.

    Two that ask at the same moment both get an answer; a look before the insert would let one of them fail.
    """
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    key = next(iter(table.primary_key.columns))
    statement = make(table).values(**values).on_conflict_do_nothing().returning(key)
    return connection.execute(statement).first() is not None


def hold_objects(connection: Connection) -> None:
    """Until the transaction ends, nobody else files or removes objects.

    A writer on SQLite is alone anyway; elsewhere a row that is not yet committed would not protect its file.
    """
    if connection.dialect.name != "sqlite":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _OBJECTS_LOCK})


class Database:
    """Opens transactions; `read()` never blocks a writer, `write()` is alone and commits at its end."""

    def __init__(self, address: str | Path) -> None:
        """`address` is the path of a SQLite file, or a database URL."""
        url = _url(address)
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self.engine = _sqlite(url) if self.is_sqlite else _postgresql(url)
        self._writers = self.engine.execution_options(immediate=True)
        # SQLite lets waiting writers poll; a lock of our own within the process hands over at once.
        self._turn: AbstractContextManager[Any] = threading.Lock() if self.is_sqlite else nullcontext()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with self.engine.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        with self._turn, self._writers.begin() as connection:
            yield connection

    def close(self) -> None:
        self.engine.dispose()


def _url(address: str | Path) -> URL:
    # A path may hold any character, a URL may not.
    return URL.create("sqlite", database=str(address)) if isinstance(address, Path) else make_url(address)


def _sqlite(url: URL) -> Engine:
    # Parameters in error messages would carry what people wrote into the log.
    engine = create_engine(
        url,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        pool_size=8,
        max_overflow=40,
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, record: Any) -> None:
        # The driver's own transaction handling would begin DEFERRED, and only at the first write.
        connection.isolation_level = None
        cursor = connection.cursor()
        _write_ahead(cursor)
        for pragma in ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get("immediate", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine


def _write_ahead(cursor: sqlite3.Cursor) -> None:
    """Switch to the write-ahead log, for which SQLite does not wait when another is switching too."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def _postgresql(url: URL) -> Engine:
    return create_engine(url, pool_size=8, max_overflow=24, pool_pre_ping=True, hide_parameters=True)
