"""What is tidied up, and what is left alone, on both databases."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from studio import accounts, ledger, media, sessions
from studio.config import Config, Prices
from studio.db import Database
from studio.files import Files
from studio.janitor import tidy
from studio.media import Media
from studio.tables import sessions as session_rows
from studio.tables import tokens

FREE, METERED = Prices(), Prices(metered=True)


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "data")


def config(tmp_path: Path, prices: Prices) -> Config:
    return Config(data=tmp_path / "data", runtime=tmp_path / "runtime.json", prices=prices)


def stored(files: Files, content: bytes) -> tuple[Media, Path]:
    path = files.temporary()
    path.write_bytes(content)
    name = hashlib.sha256(content).hexdigest()
    return Media(name, "a.jpg", "image", "image/jpeg", 1, 1, 0.0, 0.0, len(content)), path


def session(database: Database, files: Files, content: bytes, client: str = "client") -> tuple[str, str]:
    with database.write() as connection:
        account = accounts.issue(connection, client, FREE).account_id
        made = sessions.create(connection, account, "project", "en")
        media.place(connection, files, made.id, [stored(files, content)], origin="upload")
    return account, made.id


def count(database: Database) -> int:
    with database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(session_rows)).scalar_one())


def test_a_file_without_a_row_is_removed_and_one_with_a_row_stays(
    database: Database, files: Files, tmp_path: Path
) -> None:
    session(database, files, b"kept")
    item, path = stored(files, b"orphan")
    files.keep(path, item.sha256)
    assert len(files.names()) == 2
    tidy(config(tmp_path, FREE), database, files)
    assert files.names() == [hashlib.sha256(b"kept").hexdigest()]


def test_nothing_expires_on_ones_own_machine_and_unused_sessions_where_it_is_metered(
    database: Database, files: Files, tmp_path: Path
) -> None:
    _, old = session(database, files, b"old")
    session(database, files, b"new")
    with database.write() as connection:
        connection.execute(update(session_rows).where(session_rows.c.id == old).values(updated_at=1))
    tidy(config(tmp_path, FREE), database, files)
    assert count(database) == 2
    tidy(config(tmp_path, METERED), database, files)
    assert count(database) == 1
    assert files.names() == [hashlib.sha256(b"new").hexdigest()]


def test_what_an_interrupted_turn_reserved_comes_back(
    database: Database, files: Files, tmp_path: Path
) -> None:
    account, _ = session(database, files, b"x")
    with database.write() as connection:
        ledger.reserve(connection, account, "turn:dead", 5)
        assert ledger.balance(connection, account).frozen == 5
    tidy(config(tmp_path, METERED), database, files)
    with database.read() as connection:
        found = ledger.balance(connection, account)
    assert (found.available, found.frozen) == (100, 0)


def test_expired_tokens_are_forgotten(database: Database, files: Files, tmp_path: Path) -> None:
    session(database, files, b"x")
    with database.write() as connection:
        connection.execute(update(tokens).values(expires_at=1))
    tidy(config(tmp_path, FREE), database, files)
    with database.read() as connection:
        assert connection.execute(select(tokens)).all() == []


def test_the_bytes_of_an_account_are_counted(database: Database, files: Files) -> None:
    account, _ = session(database, files, b"12345")
    session(database, files, b"123")
    session(database, files, b"1234567", client="another")
    with database.read() as connection:
        assert media.account_bytes(connection, account) == 8
