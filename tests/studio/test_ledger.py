"""Credits: reserved, settled once, never overspent, on both databases."""

from __future__ import annotations

import random
import secrets

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from studio import accounts, ledger
from studio.config import Prices
from studio.db import Database
from studio.replies import ApiError
from studio.tables import ledger as entries
from tests.studio.serving import at_once


def account(database: Database, client: str = "client", grant: int = 100) -> str:
    with database.write() as connection:
        return accounts.issue(connection, client, Prices(grant=grant)).account_id


def balance(database: Database, who: str) -> tuple[int, int, int]:
    with database.read() as connection:
        found = ledger.balance(connection, who)
    return found.available, found.frozen, found.total


def reserve(database: Database, who: str, ref: str, amount: int) -> None:
    with database.write() as connection:
        ledger.reserve(connection, who, ref, amount)


def settle(database: Database, who: str, ref: str, cost: int) -> None:
    with database.write() as connection:
        ledger.settle(connection, who, ref, cost)


def test_what_is_reserved_is_frozen_until_it_is_settled(database: Database) -> None:
    who = account(database)
    assert balance(database, who) == (100, 0, 100)
    reserve(database, who, "turn:1", 30)
    assert balance(database, who) == (70, 30, 100)
    settle(database, who, "turn:1", 30)
    assert balance(database, who) == (70, 0, 70)


def test_what_was_not_used_comes_back(database: Database) -> None:
    who = account(database)
    reserve(database, who, "turn:1", 30)
    settle(database, who, "turn:1", 10)
    assert balance(database, who) == (90, 0, 90)
    reserve(database, who, "turn:2", 30)
    settle(database, who, "turn:2", 0)
    assert balance(database, who) == (90, 0, 90)


def test_a_reference_is_reserved_and_settled_once(database: Database) -> None:
    who = account(database)
    for _ in range(3):
        reserve(database, who, "turn:1", 30)
    assert balance(database, who) == (70, 30, 100)
    for cost in (30, 0, 10):
        settle(database, who, "turn:1", cost)
    assert balance(database, who) == (70, 0, 70)


def test_more_than_there_is_cannot_be_reserved(database: Database) -> None:
    who = account(database, grant=10)
    with pytest.raises(ApiError) as refused:
        reserve(database, who, "turn:1", 11)
    assert (refused.value.status, refused.value.code) == (402, 2001)
    reserve(database, who, "turn:2", 10)
    with pytest.raises(ApiError):
        reserve(database, who, "turn:3", 1)
    assert balance(database, who) == (0, 10, 10)


def test_a_settlement_beyond_the_reservation_is_refused(database: Database) -> None:
    who = account(database)
    reserve(database, who, "turn:1", 5)
    for cost in (6, -1):
        with pytest.raises(ValueError, match="between 0 and"):
            settle(database, who, "turn:1", cost)
    settle(database, who, "turn:unknown", 5)
    assert balance(database, who) == (95, 5, 100)


def test_open_reservations_can_be_found_by_their_start(database: Database) -> None:
    who = account(database)
    for ref in ("turn:1", "turn:2", "other:1"):
        reserve(database, who, ref, 1)
    settle(database, who, "turn:2", 1)
    with database.read() as connection:
        assert ledger.open_reservations(connection, "turn:") == [(who, "turn:1")]


def storm(database: Database, clients: int, rounds: int) -> None:
    """Many at once reserve more than there is, settle twice, and meet on the same references."""
    grant = clients * rounds // 2
    who = account(database, grant=grant)

    def client(number: int) -> None:
        chance = random.Random(number)
        for n in range(rounds):
            ref = f"turn:{number // 2}:{n}"
            try:
                reserve(database, who, ref, chance.randint(1, 3))
            except ApiError:
                continue
            assert balance(database, who)[0] >= 0
            settle(database, who, ref, chance.randint(0, 1))
            settle(database, who, ref, 1)

    at_once(clients, client)
    available, frozen, total = balance(database, who)
    with database.read() as connection:
        entered = connection.execute(select(func.sum(entries.c.amount))).scalar_one()
        doubles = connection.execute(
            select(entries.c.ref).group_by(entries.c.ref, entries.c.op).having(func.count() > 1)
        ).all()
    assert doubles == []
    assert frozen == 0
    assert available == total == entered >= 0


def test_many_at_once_never_overspend(database: Database) -> None:
    storm(database, clients=10, rounds=6)


@pytest.mark.slow
def test_fifty_at_once_and_ten_thousand_operations_never_overspend(database: Database) -> None:
    storm(database, clients=50, rounds=50)


operations = st.lists(
    st.tuples(st.sampled_from(["reserve", "settle"]), st.integers(0, 4), st.integers(0, 40)), max_size=25
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(operations)
def test_the_books_agree_with_a_plain_count(database: Database, steps: list[tuple[str, int, int]]) -> None:
    mark = secrets.token_hex(6)
    who = account(database, f"client-{mark}")
    available, held, closed = 100, dict[int, int](), set[int]()
    for operation, n, amount in steps:
        ref = f"{mark}:{n}"
        if operation == "reserve":
            try:
                reserve(database, who, ref, amount)
            except ApiError:
                assert amount > available
                assert n not in held
            else:
                if n not in held:
                    held[n] = amount
                    available -= amount
        elif n in held and n not in closed and amount <= held[n]:
            settle(database, who, ref, amount)
            available += held[n] - amount
            closed.add(n)
    frozen = sum(amount for n, amount in held.items() if n not in closed)
    assert balance(database, who) == (available, frozen, available + frozen)
