"""The database's versions: a new one, an older one, a newer one, two that start at once."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import text

from studio import migrate as migration
from studio.db import Database
from studio.migrate import HEAD, NewerDatabaseError, migrate
from studio.tables import metadata
from tests.studio.serving import at_once


def revision(database: Database) -> str:
    with database.read() as connection:
        return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def backups(tmp_path: Path) -> list[Path]:
    return sorted(tmp_path.glob("*.bak"))


def through_alembic(database: Database, target: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migration.__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    with database.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, target)


def test_a_new_database_gets_its_tables_and_its_version(address: Path | str) -> None:
    database = Database(address)
    assert migrate(database) == ""
    assert revision(database) == HEAD
    assert migrate(database) == HEAD
    database.close()


def test_the_versions_end_in_the_tables_of_the_code(address: Path | str) -> None:
    database = Database(address)
    through_alembic(database, "head")
    with database.read() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []
    assert revision(database) == HEAD
    database.close()


def test_two_that_start_at_once_make_one(address: Path | str) -> None:
    databases = [Database(address) for _ in range(4)]
    at_once(4, lambda number: migrate(databases[number]))
    assert {revision(database) for database in databases} == {HEAD}
    for database in databases:
        database.close()


def test_data_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    database = Database(tmp_path / "studio.sqlite3")
    migrate(database)
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerDatabaseError, match="newer version"):
        migrate(database)
    assert revision(database) == "9999"
    database.close()


def test_a_file_is_copied_before_its_migration_and_few_copies_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "studio.sqlite3"
    for n in range(6):
        database = Database(path)
        migrate(database)
        with database.write() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :old"), {"old": f"old{n}"})
        with pytest.raises(NewerDatabaseError):
            migrate(database)
        with database.write() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :head"), {"head": HEAD})
        database.close()
    copies = backups(tmp_path)
    assert 1 <= len(copies) <= migration.KEPT_BACKUPS
    assert {copy.stat().st_mode & 0o777 for copy in copies} == {0o600}
    with closing(sqlite3.connect(copies[-1])) as copy:
        assert copy.execute("SELECT version_num FROM alembic_version").fetchone() == ("old5",)
