"""Accounts and tokens, on both databases, free and metered."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from studio import accounts
from studio.config import Prices
from studio.db import Database
from studio.replies import ApiError
from studio.tables import accounts as account_rows
from studio.tables import tokens
from tests.studio.serving import at_once

FREE, METERED = Prices(), Prices(metered=True)


def issue(database: Database, client: str = "client", prices: Prices = FREE) -> accounts.Issued:
    with database.write() as connection:
        return accounts.issue(connection, client, prices)


def account_of(database: Database, token: str) -> str | None:
    with database.read() as connection:
        return accounts.account_of(connection, token)


def expire(database: Database) -> None:
    with database.write() as connection:
        connection.execute(update(tokens).values(expires_at=1))


def test_a_token_speaks_for_its_account(database: Database) -> None:
    issued = issue(database)
    assert account_of(database, issued.token) == issued.account_id
    assert account_of(database, issued.token + "x") is None
    assert account_of(database, "") is None


def test_neither_tokens_nor_client_ids_are_stored(database: Database) -> None:
    issued = issue(database, "my-client-id")
    with database.read() as connection:
        stored = str(
            connection.execute(select(tokens)).all() + connection.execute(select(account_rows)).all()
        )
    assert issued.token not in stored
    assert "my-client-id" not in stored


def test_an_expired_token_is_unknown_and_another_comes_at_once(database: Database) -> None:
    for prices in (FREE, METERED):
        first = issue(database, f"client {prices.metered}", prices)
        expire(database)
        assert account_of(database, first.token) is None
        second = issue(database, f"client {prices.metered}", prices)
        assert second.account_id == first.account_id
        assert account_of(database, second.token) == first.account_id


def test_a_metered_studio_gives_one_token_in_its_life_time(database: Database) -> None:
    issue(database, prices=METERED)
    with pytest.raises(ApiError) as refused:
        issue(database, prices=METERED)
    assert (refused.value.status, refused.value.code) == (429, 429)
    assert 6 * 86400 < int(refused.value.headers["Retry-After"]) <= 7 * 86400
    assert issue(database, "another", METERED).token


def test_first_calls_at_once_are_one_account(database: Database) -> None:
    issued = at_once(8, lambda number: issue(database))
    assert len({one.account_id for one in issued}) == 1
    assert len({one.token for one in issued}) == 8


def test_a_claim_token_is_no_bearer_token(database: Database) -> None:
    issued = issue(database)
    with database.write() as connection:
        claim = accounts.issue_claim(connection, issued.account_id, "session")
    assert account_of(database, claim) is None


@pytest.mark.parametrize("client", ["", "x" * 65, "a\tb", "a\0b"])
def test_a_client_id_that_is_none_is_refused(database: Database, client: str) -> None:
    with pytest.raises(ApiError) as refused:
        issue(database, client)
    assert refused.value.status == 400
