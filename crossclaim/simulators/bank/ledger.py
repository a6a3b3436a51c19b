"""The bank's books: accounts, entries, and what became of each payment order."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from crossclaim.simulators.bank.orders import Payment
from crossclaim.simulators.party import Party

TABLES = """
CREATE TABLE IF NOT EXISTS account (
  number TEXT PRIMARY KEY, name TEXT NOT NULL, currency TEXT NOT NULL,
  balance_minor INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS entry (
  id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, at TEXT NOT NULL,
  amount_minor INTEGER NOT NULL, payment INTEGER NOT NULL, reason TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS entry_account ON entry (account, id);
CREATE TABLE IF NOT EXISTS payment (
  id INTEGER PRIMARY KEY AUTOINCREMENT, reference TEXT NOT NULL, status TEXT NOT NULL,
  reason TEXT NOT NULL, executed_at TEXT, members TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS payment_reference ON payment (reference);
CREATE TABLE IF NOT EXISTS file (name TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, content BLOB NOT NULL);
"""

REJECTED, HELD, LOST, EXECUTED, RETURNED = "rejected", "held", "lost", "executed", "returned"
"""``held`` is executed later and not told of before; ``lost`` is never executed."""
CANCELLED = "cancelled"


def minor(decimal_text: str) -> int:
    return int(Decimal(decimal_text).scaleb(2))


def major(amount_minor: int) -> str:
    return f"{Decimal(amount_minor).scaleb(-2):.2f}"


def payment_of(row: sqlite3.Row) -> Payment:
    return Payment(**json.loads(row["members"]))


class Ledger:
    """Every call belongs into the caller's transaction. Amounts count fen."""

    def __init__(self, party: Party) -> None:
        self._party = party
        self._state = party.state

    def load(self, rows: Mapping[str, Any]) -> None:
        """Opens the accounts of the table rows, and sets the balances that they state."""
        for number, row in (rows.get("accounts") or {}).items():
            if "balance" not in row:
                continue
            self._state.execute(
                "INSERT INTO account VALUES (?, ?, ?, ?)"
                " ON CONFLICT (number) DO UPDATE SET balance_minor = excluded.balance_minor",
                number,
                row.get("name", ""),
                row.get("currency", "CNY"),
                minor(row["balance"]),
            )

    def objection(self, payment: Payment, dedupes: bool) -> str:
        """The ISO reason why this payment cannot be executed, or nothing."""
        debtor = self._account(payment.debtor_account)
        if debtor is None or debtor["currency"] != payment.currency:
            return "AC01" if debtor is None else "AM03"
        rows = self._party.tables.get("accounts") or {}
        rejects = str(rows.get(payment.creditor_account, {}).get("rejects", ""))
        if rejects:
            return rejects
        if dedupes and self._seen(payment.reference):
            return "AM05"
        return "AM04" if debtor["balance_minor"] < payment.amount_minor else ""

    def _account(self, number: str) -> sqlite3.Row | None:
        return self._state.one("SELECT * FROM account WHERE number = ?", number)

    def _seen(self, reference: str) -> bool:
        row = self._state.one(
            "SELECT 1 FROM payment WHERE reference = ? AND status IN (?, ?, ?)",
            reference,
            HELD,
            EXECUTED,
            RETURNED,
        )
        return row is not None

    def record(self, payment: Payment, status: str, reason: str = "") -> int:
        cursor = self._state.execute(
            "INSERT INTO payment (reference, status, reason, members) VALUES (?, ?, ?, ?)",
            payment.reference,
            status,
            reason,
            json.dumps(asdict(payment)),
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def find(self, number: int) -> sqlite3.Row | None:
        return self._state.one("SELECT * FROM payment WHERE id = ?", number)

    def latest(self, reference: str) -> sqlite3.Row | None:
        """What the bank would tell of a reference: an execution before a rejection."""
        return self._state.one(
            "SELECT * FROM payment WHERE reference = ? AND status IN (?, ?, ?, ?)"
            " ORDER BY status IN (?, ?), id DESC LIMIT 1",
            reference,
            EXECUTED,
            RETURNED,
            REJECTED,
            CANCELLED,
            REJECTED,
            CANCELLED,
        )

    def execute(self, number: int, payment: Payment) -> None:
        """Moves the money and journals it."""
        self._book(number, payment.debtor_account, -payment.amount_minor)
        self._book(number, payment.creditor_account, payment.amount_minor)
        self._set_status(number, EXECUTED)
        self._journal("executed", payment)

    def reject(self, number: int, reason: str) -> None:
        self._set_status(number, REJECTED, reason)

    def cancel(self, number: int) -> None:
        self._set_status(number, CANCELLED)

    def give_back(self, number: int, payment: Payment, reason: str) -> None:
        """The payee's bank returned the money."""
        self._book(number, payment.creditor_account, -payment.amount_minor, reason)
        self._book(number, payment.debtor_account, payment.amount_minor, reason)
        self._set_status(number, RETURNED, reason)
        self._journal("returned", payment, reason=reason)

    def _book(self, number: int, account: str, amount_minor: int, reason: str = "") -> None:
        self._state.execute(
            "UPDATE account SET balance_minor = balance_minor + ? WHERE number = ?",
            amount_minor,
            account,
        )
        self._state.execute(
            "INSERT INTO entry (account, at, amount_minor, payment, reason) VALUES (?, ?, ?, ?, ?)",
            account,
            self._party.clock.now().isoformat(timespec="seconds"),
            amount_minor,
            number,
            reason,
        )

    def _set_status(self, number: int, status: str, reason: str = "") -> None:
        self._state.execute(
            "UPDATE payment SET status = ?, reason = ?, executed_at = coalesce(executed_at, ?)"
            " WHERE id = ?",
            status,
            reason,
            self._party.clock.now().isoformat(timespec="seconds") if status == EXECUTED else None,
            number,
        )

    def _journal(self, kind: str, payment: Payment, **more: str) -> None:
        self._party.journal.write(
            kind,
            reference=payment.reference,
            amount=major(payment.amount_minor),
            currency=payment.currency,
            debtor_account=payment.debtor_account,
            creditor_account=payment.creditor_account,
            message_id=payment.message_id,
            **more,
        )

    def accounts(self) -> list[sqlite3.Row]:
        return self._state.every("SELECT * FROM account ORDER BY number")

    def entries_after(self, account: str, entry: int) -> list[sqlite3.Row]:
        return self._state.every(
            "SELECT entry.*, payment.reference, payment.members FROM entry"
            " JOIN payment ON payment.id = entry.payment"
            " WHERE account = ? AND entry.id > ? ORDER BY entry.id",
            account,
            entry,
        )
