"""Sessions, their messages and the versions of their drafts."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from studio.accounts import now
from studio.draft import empty_draft
from studio.replies import no_session, not_found
from studio.tables import messages, sessions, versions

Draft = dict[str, Any]
FIRST = 1


@dataclass(frozen=True, slots=True)
class Session:
    """One conversation and its timeline; `position` is the number of the draft version in force."""

    id: str
    task_id: str
    account_id: str
    task_name: str
    language: str
    position: int
    variants: tuple[Mapping[str, Any], ...]
    updated_at: int


@dataclass(frozen=True, slots=True)
class Version:
    """One state of a draft; `parent` is the version it was made from, None for the first."""

    n: int
    parent: int | None
    draft: Draft
    created_at: int


def create(connection: Connection, account_id: str, task_name: str, language: str) -> Session:
    """A session with an empty draft as its first version."""
    moment = now(connection)
    session_id, task_id = secrets.token_hex(16), secrets.token_hex(16)
    connection.execute(
        insert(sessions).values(
            id=session_id,
            task_id=task_id,
            account_id=account_id,
            task_name=task_name,
            language=language,
            position=FIRST,
            created_at=moment,
            updated_at=moment,
        )
    )
    _insert_version(connection, session_id, FIRST, None, empty_draft(), moment)
    return load(connection, account_id, session_id)


def load(connection: Connection, account_id: str, session_id: str, *, lock: bool = False) -> Session:
    """The account's session; raises ApiError 1002 for an unknown one and another's alike.

    `lock` keeps other writers of this session out until the transaction ends.
    """
    query = select(sessions).where(sessions.c.id == session_id, sessions.c.account_id == account_id)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise no_session()
    return _session(row)


def all_of(connection: Connection, account_id: str) -> list[Session]:
    """The account's sessions, the latest used first."""
    rows = connection.execute(
        select(sessions).where(sessions.c.account_id == account_id).order_by(sessions.c.updated_at.desc())
    )
    return [_session(row) for row in rows]


def remove(connection: Connection, account_id: str, session_id: str) -> None:
    """Delete a session with all rows that belong to it; raises ApiError 1002."""
    gone = connection.execute(
        delete(sessions).where(sessions.c.id == session_id, sessions.c.account_id == account_id)
    )
    if gone.rowcount == 0:
        raise no_session()


def say(connection: Connection, session_id: str, role: str, text: str) -> int:
    """Add a message to the transcript; its number."""
    moment = now(connection)
    added = connection.execute(
        insert(messages).values(session_id=session_id, role=role, text=text, created_at=moment)
    )
    connection.execute(update(sessions).where(sessions.c.id == session_id).values(updated_at=moment))
    key = added.inserted_primary_key
    assert key is not None
    return int(key[0])


def current(connection: Connection, session: Session) -> Version:
    """The version in force."""
    return version(connection, session.id, session.position)


def version(connection: Connection, session_id: str, n: int) -> Version:
    """One version; raises ApiError 404 when the session has no such number."""
    row = connection.execute(
        select(versions).where(versions.c.session_id == session_id, versions.c.n == n)
    ).one_or_none()
    if row is None:
        raise not_found(f"This session has no version {n}.")
    return Version(row.n, row.parent, json.loads(row.draft), row.created_at)


def all_versions(connection: Connection, session_id: str) -> list[Version]:
    """Every version of a session in the order they were made."""
    rows = connection.execute(
        select(versions).where(versions.c.session_id == session_id).order_by(versions.c.n)
    )
    return [Version(row.n, row.parent, json.loads(row.draft), row.created_at) for row in rows]


def commit(connection: Connection, session: Session, draft: Mapping[str, Any]) -> Version:
    """Make a draft the session's newest version and put it in force.

    A version made after an undo starts a branch of its own; the branch that was left stays in the history.
    """
    n = 1 + int(
        connection.execute(
            select(func.max(versions.c.n)).where(versions.c.session_id == session.id)
        ).scalar_one()
    )
    moment = now(connection)
    meta = draft.get("m")
    numbered = {**draft, "m": {**(meta if isinstance(meta, dict) else {}), "version": n}}
    _insert_version(connection, session.id, n, session.position, numbered, moment)
    move(connection, session.id, n)
    return Version(n, session.position, numbered, moment)


def undo(connection: Connection, session: Session) -> Version | None:
    """Put the version before in force; None when the first one is."""
    parent = current(connection, session).parent
    if parent is None:
        return None
    move(connection, session.id, parent)
    return version(connection, session.id, parent)


def redo(connection: Connection, session: Session) -> Version | None:
    """Put the latest version made from the one in force in force; None when there is none."""
    n = connection.execute(
        select(func.max(versions.c.n)).where(
            versions.c.session_id == session.id, versions.c.parent == session.position
        )
    ).scalar_one()
    if n is None:
        return None
    move(connection, session.id, n)
    return version(connection, session.id, n)


def reset(connection: Connection, session: Session) -> Version | None:
    """A new version equal to the first, so that it can be undone; None when nothing would change."""
    first, present = version(connection, session.id, FIRST), current(connection, session)
    if _content(first.draft) == _content(present.draft):
        return None
    return commit(connection, session, first.draft)


def move(connection: Connection, session_id: str, n: int) -> None:
    """Put version `n` in force."""
    connection.execute(
        update(sessions).where(sessions.c.id == session_id).values(position=n, updated_at=now(connection))
    )


def remember_variants(connection: Connection, session_id: str, variants: Sequence[Mapping[str, Any]]) -> None:
    """Keep the recipes that were shown, so that "the third one" can be taken later."""
    text = json.dumps(list(variants))
    connection.execute(update(sessions).where(sessions.c.id == session_id).values(variants=text))


def same_draft(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two drafts differ in nothing but their version number."""
    return _content(one) == _content(other)


def _content(draft: Mapping[str, Any]) -> dict[str, Any]:
    meta = draft.get("m")
    kept = {key: value for key, value in meta.items() if key != "version"} if isinstance(meta, dict) else meta
    return {**draft, "m": kept}


def _insert_version(
    connection: Connection, session_id: str, n: int, parent: int | None, draft: Mapping[str, Any], moment: int
) -> None:
    connection.execute(
        insert(versions).values(
            session_id=session_id, n=n, parent=parent, draft=json.dumps(draft), created_at=moment
        )
    )


def _session(row: Row[Any]) -> Session:
    return Session(
        row.id,
        row.task_id,
        row.account_id,
        row.task_name,
        row.language,
        row.position,
        tuple(json.loads(row.variants)),
        row.updated_at,
    )
