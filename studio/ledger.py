"""Credits: grants, reservations and their settlement, each written once for each reference.

A balance is never stored: it is the sum of the entries; what is frozen is the sum of the open reservations.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select
from sqlalchemy.sql import ColumnElement

from studio.db import Now, insert_once
from studio.replies import no_credits
from studio.tables import accounts, ledger


@dataclass(frozen=True, slots=True)
class Balance:
    """Whole credits; total = available + frozen."""

    available: int
    frozen: int

    @property
    def total(self) -> int:
        return self.available + self.frozen


def grant(connection: Connection, account_id: str, ref: str, amount: int) -> None:
    """Give credits; the same reference gives once."""
    _write(connection, account_id, ref, "grant", amount)


def reserve(connection: Connection, account_id: str, ref: str, amount: int) -> None:
    """Set credits aside for work under way; raises ApiError 2001 when there are not enough.

    Needs a write transaction. The account's row is locked, so that two reservations never see one balance.
    """
    connection.execute(select(accounts.c.id).where(accounts.c.id == account_id).with_for_update())
    if _has(connection, ref, "reserve"):
        return
    if balance(connection, account_id).available < amount:
        raise no_credits()
    _write(connection, account_id, ref, "reserve", -amount)


def settle(connection: Connection, account_id: str, ref: str, cost: int) -> None:
    """Close a reservation: `cost` is kept (0 gives all of it back); a second settlement changes nothing."""
    connection.execute(select(accounts.c.id).where(accounts.c.id == account_id).with_for_update())
    reserved = connection.execute(
        select(ledger.c.amount).where(
            ledger.c.ref == ref, ledger.c.op == "reserve", ledger.c.account_id == account_id
        )
    ).scalar_one_or_none()
    if reserved is None or _has(connection, ref, "settle"):
        return
    if not 0 <= cost <= -reserved:
        raise ValueError(f"a settlement lies between 0 and what was reserved ({-reserved}), not {cost}")
    _write(connection, account_id, ref, "settle", -reserved - cost)


def balance(connection: Connection, account_id: str) -> Balance:
    """What the account may spend and what is frozen."""
    available = connection.execute(
        select(func.coalesce(func.sum(ledger.c.amount), 0)).where(ledger.c.account_id == account_id)
    ).scalar_one()
    frozen = connection.execute(
        select(func.coalesce(-func.sum(ledger.c.amount), 0)).where(
            ledger.c.account_id == account_id, ledger.c.op == "reserve", _unsettled()
        )
    ).scalar_one()
    return Balance(int(available), int(frozen))


def open_reservations(connection: Connection, prefix: str, older_than: int = 0) -> list[tuple[str, str]]:
    """(account, reference) of what was reserved `older_than` ms ago and never settled, by its start."""
    rows = connection.execute(
        select(ledger.c.account_id, ledger.c.ref).where(
            ledger.c.op == "reserve",
            ledger.c.ref.startswith(prefix, autoescape=True),
            ledger.c.created_at <= Now() - older_than,
            _unsettled(),
        )
    )
    return [(row.account_id, row.ref) for row in rows]


def _unsettled() -> ColumnElement[bool]:
    settled = ledger.alias("settled")
    return ~select(settled.c.id).where(settled.c.ref == ledger.c.ref, settled.c.op == "settle").exists()


def _has(connection: Connection, ref: str, op: str) -> bool:
    found = connection.execute(select(ledger.c.id).where(ledger.c.ref == ref, ledger.c.op == op))
    return found.first() is not None


def _write(connection: Connection, account_id: str, ref: str, op: str, amount: int) -> None:
    insert_once(connection, ledger, account_id=account_id, ref=ref, op=op, amount=amount, created_at=Now())
