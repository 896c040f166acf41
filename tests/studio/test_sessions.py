"""Sessions and the versions of their drafts, on both databases."""

from __future__ import annotations

import pytest

from studio import accounts, sessions
from studio.config import Prices
from studio.db import Database
from studio.replies import ApiError
from studio.sessions import Session
from tests.studio.serving import at_once


def draft(title: str) -> dict[str, object]:
    return {"t": [], "d": 0, "m": {"title": title}}


def account(database: Database, client: str = "client") -> str:
    with database.write() as connection:
        return accounts.issue(connection, client, Prices()).account_id


def session(database: Database) -> Session:
    who = account(database)
    with database.write() as connection:
        return sessions.create(connection, who, "project", "en")


def commit(database: Database, of: Session, title: str) -> int:
    with database.write() as connection:
        present = sessions.load(connection, of.account_id, of.id, lock=True)
        return sessions.commit(connection, present, draft(title)).n


def walk(database: Database, of: Session, step: str) -> int | None:
    with database.write() as connection:
        present = sessions.load(connection, of.account_id, of.id, lock=True)
        found = getattr(sessions, step)(connection, present)
        return None if found is None else found.n


def title(database: Database, of: Session) -> object:
    with database.read() as connection:
        present = sessions.load(connection, of.account_id, of.id)
        return sessions.current(connection, present).draft["m"]["title"]


def test_every_change_is_a_version_that_knows_its_number(database: Database) -> None:
    of = session(database)
    assert [commit(database, of, name) for name in "abc"] == [2, 3, 4]
    with database.read() as connection:
        kept = sessions.all_versions(connection, of.id)
    assert [one.draft["m"]["version"] for one in kept] == [1, 2, 3, 4]
    assert [one.parent for one in kept] == [None, 1, 2, 3]


def test_undo_and_redo_walk_to_the_ends_and_no_further(database: Database) -> None:
    of = session(database)
    commit(database, of, "a")
    commit(database, of, "b")
    assert [walk(database, of, "undo") for _ in range(3)] == [2, 1, None]
    assert [walk(database, of, "redo") for _ in range(3)] == [2, 3, None]
    assert title(database, of) == "b"


def test_a_change_after_an_undo_is_what_redo_finds_and_nothing_is_lost(database: Database) -> None:
    of = session(database)
    commit(database, of, "a")
    commit(database, of, "b")
    walk(database, of, "undo")
    commit(database, of, "c")
    assert walk(database, of, "redo") is None
    walk(database, of, "undo")
    assert walk(database, of, "redo") == 4
    with database.read() as connection:
        assert sessions.version(connection, of.id, 3).draft["m"]["title"] == "b"


def test_starting_over_can_be_undone(database: Database) -> None:
    of = session(database)
    assert walk(database, of, "reset") is None
    commit(database, of, "a")
    assert walk(database, of, "reset") == 3
    assert walk(database, of, "reset") is None
    walk(database, of, "undo")
    assert title(database, of) == "a"


def test_changes_at_once_follow_each_other(database: Database) -> None:
    of = session(database)
    at_once(8, lambda number: commit(database, of, str(number)))
    with database.read() as connection:
        kept = sessions.all_versions(connection, of.id)
    assert [one.parent for one in kept] == [None, *range(1, 9)]


def test_a_session_is_its_accounts_alone(database: Database) -> None:
    of, stranger = session(database), account(database, "stranger")
    with database.write() as connection:
        for work in (sessions.load, sessions.remove):
            with pytest.raises(ApiError) as refused:
                work(connection, stranger, of.id)
            assert (refused.value.status, refused.value.code) == (404, 1002)
        assert sessions.all_of(connection, stranger) == []


def test_a_removed_session_leaves_no_rows(database: Database) -> None:
    of = session(database)
    commit(database, of, "a")
    with database.write() as connection:
        sessions.say(connection, of.id, "user", "你好 🙂")
        sessions.remove(connection, of.account_id, of.id)
    with database.read() as connection:
        assert sessions.all_versions(connection, of.id) == []
        for table in ("versions", "messages", "media", "renders", "sessions"):
            assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() == 0


def test_drafts_differ_by_more_than_their_number() -> None:
    one, other = draft("a"), draft("a")
    other["m"] = {"title": "a", "version": 9}
    assert sessions.same_draft(one, other)
    assert not sessions.same_draft(one, draft("b"))
