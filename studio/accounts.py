"""Anonymous accounts and their tokens. Only hashes of tokens and client ids are stored."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from studio import ledger
from studio.config import Prices
from studio.db import Now, insert_once
from studio.replies import ApiError, bad_request
from studio.tables import accounts, tokens

DAY_MS = 86_400_000
CLAIM_SECONDS = 60
CLIENT_ID_CHARS = 64


@dataclass(frozen=True, slots=True)
class Issued:
    """A token as it leaves the studio; `expires_at` in ms since 1970."""

    token: str
    account_id: str
    expires_at: int


def now(connection: Connection) -> int:
    """The database's time in ms."""
    return int(connection.execute(select(Now())).scalar_one())


def issue(connection: Connection, client_id: str, prices: Prices) -> Issued:
    """A token for the account of this client, which is made at its first call.

    Where the studio is metered, a client gets a token once in its life time; raises ApiError 400 and 429.
    """
    if not client_id or len(client_id) > CLIENT_ID_CHARS or not client_id.isprintable():
        raise bad_request("The X-Client-Id header is missing or longer than 64 characters.")
    moment = now(connection)
    client_hash = _hash(client_id)
    new = insert_once(
        connection,
        accounts,
        id=f"anon_{secrets.token_hex(12)}",
        client_hash=client_hash,
        created_at=moment,
    )
    account = connection.execute(
        select(accounts.c.id).where(accounts.c.client_hash == client_hash).with_for_update()
    ).scalar_one()
    if new:
        ledger.grant(connection, account, f"welcome:{account}", prices.grant)
    elif prices.metered:
        _refuse_second(connection, account, moment)
    connection.execute(delete(tokens).where(tokens.c.expires_at < moment))
    token = f"nmv_usr_{secrets.token_urlsafe(32)}"
    expires = moment + prices.token_days * DAY_MS
    connection.execute(
        insert(tokens).values(
            hash=_hash(token), account_id=account, kind="bearer", created_at=moment, expires_at=expires
        )
    )
    return Issued(token, account, expires)


def account_of(connection: Connection, token: str) -> str | None:
    """The account a bearer token speaks for, None when it is unknown or expired.

    The look-up is by hash, so that its time tells nothing of how much of a guess was right.
    """
    return connection.execute(
        select(tokens.c.account_id).where(
            tokens.c.hash == _hash(token), tokens.c.kind == "bearer", tokens.c.expires_at > Now()
        )
    ).scalar_one_or_none()


def issue_claim(connection: Connection, account_id: str, session_id: str) -> str:
    """A claim token for one session, good once and for a minute."""
    claim = f"clm_{secrets.token_urlsafe(32)}"
    moment = now(connection)
    connection.execute(
        insert(tokens).values(
            hash=_hash(claim),
            account_id=account_id,
            kind="claim",
            session_id=session_id,
            created_at=moment,
            expires_at=moment + CLAIM_SECONDS * 1000,
        )
    )
    return claim


def _refuse_second(connection: Connection, account_id: str, moment: int) -> None:
    until = connection.execute(
        select(tokens.c.expires_at).where(
            tokens.c.account_id == account_id, tokens.c.kind == "bearer", tokens.c.expires_at > moment
        )
    ).scalar()
    if until is not None:
        wait = max(1, (until - moment) // 1000)
        raise ApiError(
            429,
            429,
            "This client has a token already; another one comes when it expires.",
            headers={"Retry-After": str(wait)},
        )


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
