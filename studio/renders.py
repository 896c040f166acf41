"""Renders as rows: accepted once for each (session, id), claimed under a lease, published by its holder.

The row is the job. A claim writes a fresh attempt token and a lease on the database's own clock; the lease is
renewed while the work goes on. When a process dies, its lease runs out and another attempt begins. A process
that was only frozen wakes without its token, and its result is not published.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, and_, func, or_, select, update

from studio.accounts import now
from studio.db import Now, insert_once
from studio.replies import bad_request, not_found
from studio.tables import renders

PENDING, PROCESSING, COMPLETED, FAILED = "pending", "processing", "completed", "failed"
ID_CHARS = 64
# Pictures go before films: they take a second, and somebody usually waits for them.
QUICK = 1
_STILLS = frozenset(("png", "jpg", "avif", "ico", "otio"))


@dataclass(frozen=True, slots=True)
class Render:
    """One render; `progress` is 0 to 100, `duration` in seconds, `size` in bytes."""

    session_id: str
    id: str
    account_id: str
    status: str
    progress: float
    sha256: str
    size: int
    duration: float
    format: str
    error: str


@dataclass(frozen=True, slots=True)
class Job:
    """A claimed render with all that is needed to do it; `attempt` counts from 1.

    An attempt that ended with the death of a whole process says nothing about the render, and is not counted.
    """

    session_id: str
    id: str
    token: str
    attempt: int
    draft: Mapping[str, Any]
    output: Mapping[str, Any]


def submit(
    connection: Connection, account_id: str, session_id: str, render_id: str, draft: Any, output: Any
) -> Render:
    """Accept a render; the same id with the same body is the same render, with another body ApiError 400."""
    body = _digest({"draft": draft, "output": output})
    insert_once(
        connection,
        renders,
        session_id=session_id,
        id=render_id,
        account_id=account_id,
        body_hash=body,
        draft=json.dumps(draft),
        output=json.dumps(output),
        status=PENDING,
        priority=QUICK if output["format"] in _STILLS else 0,
        format=str(output["format"]),
        created_at=Now(),
    )
    row = _find(connection, session_id, render_id)
    assert row is not None
    if row.body_hash != body:
        raise bad_request(f"The render id {render_id} was used for something else in this session.")
    return _render(row)


def load(connection: Connection, account_id: str, render_id: str) -> Render:
    """The account's latest render of this id; raises ApiError 404."""
    row = connection.execute(
        select(renders)
        .where(renders.c.id == render_id, renders.c.account_id == account_id)
        .order_by(renders.c.created_at.desc())
    ).first()
    if row is None:
        raise not_found("There is no render with this id.")
    return _render(row)


def claim(connection: Connection, lease_seconds: float, claims: int, least: int = 0) -> Job | None:
    """Take the next render that waits, or whose holder died; None when there is nothing to do.

    One that was claimed `claims` times and never came to an end is reported as failed.
    Higher priority comes first (at `least` this much), then accounts with fewer renders under way, then age.
    """
    moment = now(connection)
    _give_up(connection, moment, claims)
    busy = renders.alias("busy")
    under_way = (
        select(func.count())
        .where(busy.c.account_id == renders.c.account_id, busy.c.status == PROCESSING)
        .where(busy.c.lease_until > moment)
        .scalar_subquery()
    )
    lapsed = and_(renders.c.status == PROCESSING, renders.c.lease_until < moment)
    row = connection.execute(
        select(renders)
        .where(or_(renders.c.status == PENDING, lapsed), renders.c.priority >= least)
        .order_by(renders.c.priority.desc(), under_way, renders.c.created_at, renders.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    if row is None:
        return None
    token = secrets.token_hex(16)
    connection.execute(
        update(renders)
        .where(_is(row.session_id, row.id))
        .values(
            status=PROCESSING,
            claims=row.claims + 1,
            attempt_token=token,
            lease_until=moment + int(lease_seconds * 1000),
            progress=0,
        )
    )
    return Job(row.session_id, row.id, token, row.failures + 1, json.loads(row.draft), json.loads(row.output))


def release_all(connection: Connection) -> None:
    """End every lease: for a process that knows that it is the only one and has just begun."""
    connection.execute(update(renders).where(renders.c.status == PROCESSING).values(lease_until=0))


def extend(connection: Connection, tokens: Collection[str], lease_seconds: float) -> None:
    """Prolong the leases of these attempts where nobody else has taken the job meanwhile."""
    if tokens:
        connection.execute(
            update(renders)
            .where(renders.c.status == PROCESSING, renders.c.attempt_token.in_(tokens))
            .values(lease_until=Now() + int(lease_seconds * 1000))
        )


def renew(connection: Connection, job: Job, lease_seconds: float, progress: float) -> bool:
    """Keep the lease and write the progress (0 to 100); False when the job is no longer ours."""
    renewed = connection.execute(
        update(renders)
        .where(_held(job))
        .values(lease_until=Now() + int(lease_seconds * 1000), progress=min(99.0, max(0.0, progress)))
    )
    return renewed.rowcount == 1


def publish(connection: Connection, job: Job, sha256: str, size: int, duration: float) -> bool:
    """Complete the render with its object; False, and nothing changed, when the job is no longer ours."""
    done = connection.execute(
        update(renders)
        .where(_held(job))
        .values(
            status=COMPLETED,
            progress=100,
            sha256=sha256,
            size=size,
            duration=duration,
            attempt_token="",
            finished_at=Now(),
        )
    )
    return done.rowcount == 1


def fail(connection: Connection, job: Job, error: str) -> bool:
    """End the render with its reason; False when the job is no longer ours."""
    done = connection.execute(
        update(renders)
        .where(_held(job))
        .values(status=FAILED, error=error, attempt_token="", finished_at=Now())
    )
    return done.rowcount == 1


def give_back(connection: Connection, job: Job, *, counted: bool) -> bool:
    """Let the job be claimed again; an attempt that failed is `counted`, one that we stopped is not."""
    failures = job.attempt if counted else job.attempt - 1
    claims = renders.c.claims if counted else renders.c.claims - 1
    done = connection.execute(
        update(renders)
        .where(_held(job))
        .values(status=PENDING, failures=failures, claims=claims, attempt_token="", lease_until=0, progress=0)
    )
    return done.rowcount == 1


def cancel(connection: Connection, render: Render) -> Render:
    """End a render that is not done yet; one that is done stays as it is."""
    connection.execute(
        update(renders)
        .where(_is(render.session_id, render.id), renders.c.status.in_((PENDING, PROCESSING)))
        .values(status=FAILED, error="Cancelled.", attempt_token="", finished_at=Now())
    )
    row = _find(connection, render.session_id, render.id)
    assert row is not None
    return _render(row)


def under_way(connection: Connection, session_id: str = "") -> list[Render]:
    """Renders that are neither completed nor failed, of one session or of all."""
    wanted = renders.c.status.in_((PENDING, PROCESSING))
    query = select(renders).where(wanted, renders.c.session_id == session_id if session_id else wanted)
    return [_render(row) for row in connection.execute(query)]


def _give_up(connection: Connection, moment: int, claims: int) -> None:
    """Report those as failed whose every attempt ended with the death of its process."""
    connection.execute(
        update(renders)
        .where(renders.c.claims >= claims, renders.c.lease_until < moment)
        .where(renders.c.status.in_((PENDING, PROCESSING)))
        .values(
            status=FAILED,
            error=f"The studio stopped {claims} times while working on this.",
            attempt_token="",
            finished_at=moment,
        )
    )


def _is(session_id: str, render_id: str) -> Any:
    return and_(renders.c.session_id == session_id, renders.c.id == render_id)


def _held(job: Job) -> Any:
    """The row while it is still this attempt's."""
    return and_(
        _is(job.session_id, job.id), renders.c.status == PROCESSING, renders.c.attempt_token == job.token
    )


def _find(connection: Connection, session_id: str, render_id: str) -> Row[Any] | None:
    return connection.execute(select(renders).where(_is(session_id, render_id))).one_or_none()


def _digest(body: Mapping[str, Any]) -> str:
    text = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _render(row: Row[Any]) -> Render:
    return Render(
        row.session_id,
        row.id,
        row.account_id,
        row.status,
        row.progress,
        row.sha256,
        row.size,
        row.duration,
        row.format,
        row.error,
    )
