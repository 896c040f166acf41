"""Files of sessions: shared by content, removed with their last use, on both databases."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio import accounts, media, sessions
from studio.config import Prices
from studio.db import Database
from studio.files import Files
from studio.media import Media, from_probe, safe_filename
from tests.studio.serving import at_once


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "data")


def session(database: Database) -> tuple[str, str]:
    with database.write() as connection:
        account = accounts.issue(connection, "client", Prices()).account_id
        return account, sessions.create(connection, account, "project", "en").id


def place(database: Database, files: Files, session_id: str, content: bytes, filename: str = "a.jpg") -> str:
    path = files.temporary()
    path.write_bytes(content)
    item = Media(hashlib.sha256(content).hexdigest(), filename, "image", "image/jpeg", 3, 4, 0.0, 0.0, 5)
    with database.write() as connection:
        media.place(connection, files, session_id, [(item, path)], origin="upload")
    return item.sha256


def delete(database: Database, files: Files, owner: tuple[str, str]) -> None:
    with database.write() as connection:
        names = media.hashes(connection, owner[1])
        sessions.remove(connection, *owner)
        media.remove_unused(connection, files, names)


def test_files_come_back_in_the_order_they_came(database: Database, files: Files) -> None:
    _, session_id = session(database)
    for name in ("b.jpg", "a.jpg", "c.jpg"):
        place(database, files, session_id, name.encode(), name)
    with database.read() as connection:
        assert [one.filename for one in media.of_session(connection, session_id)] == [
            "b.jpg",
            "a.jpg",
            "c.jpg",
        ]


def test_a_file_goes_with_the_last_session_that_uses_it(database: Database, files: Files) -> None:
    first, second = session(database), session(database)
    name = place(database, files, first[1], b"same")
    assert place(database, files, second[1], b"same") == name
    delete(database, files, first)
    assert files.has(name)
    delete(database, files, second)
    assert not files.has(name)


def test_filing_and_removing_the_same_content_at_once_never_leaves_a_row_without_its_file(
    database: Database, files: Files
) -> None:
    owners = [session(database) for _ in range(12)]

    def work(number: int) -> None:
        place(database, files, owners[number][1], b"contended")
        if number % 2:
            delete(database, files, owners[number])

    at_once(12, work)
    with database.read() as connection:
        for _, session_id in owners[::2]:
            (item,) = media.of_session(connection, session_id)
            assert files.has(item.sha256)


def test_a_probe_becomes_what_the_contract_describes() -> None:
    told = {"file_type": "image", "media_type": "image/png", "width": 3, "height": 4, "duration": 0, "fps": 0}
    item = from_probe("a" * 64, "a.png", 9, {**told, "faces": [[0.1, 0.2, 0.3, 0.4]]})
    assert item.faces == ((0.1, 0.2, 0.3, 0.4),)
    assert item.as_json("http://h", "s")["cdn_url"] == f"http://h/api/media/s/{'a' * 64}"


@given(st.text())
def test_a_file_name_is_never_a_path_nor_unprintable(text: str) -> None:
    name = safe_filename(text)
    assert name
    assert len(name) <= media.FILENAME_CHARS
    assert name.isprintable()
    assert not set(name) & {"/", "\\"}
    assert name not in (".", "..")
    name.encode("utf-8")
