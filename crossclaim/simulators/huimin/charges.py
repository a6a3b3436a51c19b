"""What hospitals are paid out of an account: charged once a reference, refunded, in instalments."""

from __future__ import annotations

import json
import sqlite3
from datetime import date, datetime, timedelta
from typing import Any

from crossclaim.simulators.huimin.accounts import Accounts, Answer, cny, refusal
from crossclaim.simulators.huimin.requests import Charge, Instalments, Refund
from crossclaim.simulators.party import Party

GRACE_DAYS = 30


class Charges:
    """A charge is all or nothing: what one tender cannot pay, none pays."""

    def __init__(self, party: Party, accounts: Accounts) -> None:
        self._party = party
        self._state = party.state
        self._accounts = accounts

    def charge(self, asked: Charge, times: int = 1) -> Answer:
        return self._accounts.once(asked, asked.reference, lambda: self._charge(asked, times))

    def _charge(self, asked: Charge, times: int) -> Answer:
        account = self._accounts.account(asked.account_number)
        if account is None or account["status"] != "open":
            return refusal(404, "ACCOUNT_NOT_FOUND", "There is no such account.")
        refused = self._judge(account, asked)
        if refused is not None:
            self._party.journal.write(
                "charge_refused", reference=asked.reference, code=refused[1]["code"]
            )
            return refused
        numbers = [self._take(account, asked) for _ in range(times)]
        return 201, self.told(numbers[0])

    def _judge(self, account: sqlite3.Row, asked: Charge) -> Answer | None:
        parts, person = asked.parts(), self._accounts.person(account["id_number"])
        if sum(parts.values()) != asked.amount.fen() or len(parts) != len(asked.tenders):
            return refusal(422, "REQUEST_INVALID", "The tenders do not sum to the amount.")
        if person.get("insured_status", "ACTIVE") != "ACTIVE":
            return refusal(422, "INSURED_STATUS", "The insurance is suspended.")
        balance = person["balance"] or 0
        if parts.get("personal_account", 0) > balance:
            return refusal(
                409, "ACCOUNT_INSUFFICIENT", "The account holds less.", available=cny(balance)
            )
        if parts.get("credit", 0):
            if account["credit"] != "granted":
                return refusal(409, "CREDIT_WITHDRAWN", "The credit is not in force.")
            available = max(self._accounts.available(account), 0)
            if parts["credit"] > available:
                return refusal(
                    409, "CREDIT_INSUFFICIENT", "Less is available.", available=cny(available)
                )
        if parts.get("bank_card", 0) and not self._accounts.card_works(account):
            return self.declined()
        return None

    @staticmethod
    def declined() -> Answer:
        return refusal(409, "CARD_DECLINED", "The bank declined the card.")

    def _take(self, account: sqlite3.Row, asked: Charge) -> str:
        number = f"HC{self._state.next_number('charge'):010d}"
        parts = asked.parts()
        if parts.get("personal_account", 0):
            self._accounts.move_balance(account["id_number"], -parts["personal_account"])
        self._state.execute(
            "INSERT INTO charge VALUES (?, ?, ?, ?, ?, ?, 'charged', 0)",
            number,
            asked.reference,
            account["number"],
            asked.amount.fen(),
            json.dumps(parts),
            self._party.clock.now().isoformat(),
        )
        self._party.journal.write(
            "charged", reference=asked.reference, transaction_number=number, parts=parts
        )
        return number

    def _row(self, transaction_number: str) -> sqlite3.Row | None:
        return self._state.one(
            "SELECT * FROM charge WHERE transaction_number = ?", transaction_number
        )

    def told(self, transaction_number: str) -> dict[str, Any]:
        row = self._row(transaction_number)
        assert row is not None
        account = self._accounts.account(row["account"])
        assert account is not None
        balance = self._accounts.person(account["id_number"])["balance"]
        granted = account["credit"] == "granted"
        return {
            "reference": row["reference"],
            "transaction_number": transaction_number,
            "account_number": row["account"],
            "amount": cny(row["amount"]),
            "tenders": [
                {"tender": tender, "amount": cny(fen)}
                for tender, fen in json.loads(row["parts"]).items()
            ],
            "status": row["status"],
            "account_balance": None if balance is None else cny(balance),
            "credit_available": cny(max(self._accounts.available(account), 0)) if granted else None,
            "settled_on": self.settled_on(row),
        }

    def settled_on(self, row: sqlite3.Row) -> str | None:
        """The hospital has the money on the day after the charge."""
        day = datetime.fromisoformat(row["charged_at"]).date() + timedelta(days=1)
        return day.isoformat() if self._party.clock.now().date() >= day else None

    def find(self, reference: str) -> Answer:
        row = self._state.one(
            "SELECT * FROM charge WHERE reference = ? ORDER BY transaction_number LIMIT 1",
            reference,
        )
        self._party.journal.write("asked", reference=reference, found=row is not None)
        if row is None:
            return refusal(404, "CHARGE_NOT_FOUND", "No charge has this reference.")
        return 200, self.told(row["transaction_number"])

    def refund(self, transaction_number: str, asked: Refund) -> Answer:
        row = self._row(transaction_number)
        if row is None:
            return refusal(404, "CHARGE_NOT_FOUND", "No charge has this number.")
        if row["status"] == "charged":
            account = self._accounts.account(row["account"])
            assert account is not None
            back = json.loads(row["parts"]).get("personal_account", 0)
            if back:
                self._accounts.move_balance(account["id_number"], back)
            self._state.execute(
                "UPDATE charge SET status = 'refunded' WHERE transaction_number = ?",
                transaction_number,
            )
            self._give_back(account, asked)
            self._party.journal.write(
                "refunded", reference=asked.reference, transaction_number=transaction_number
            )
        return 200, self.told(transaction_number)

    def _give_back(self, account: sqlite3.Row, asked: Refund) -> None:
        """What was repaid of a draw that is no more goes back to what repaid it last."""
        excess = asked.repaid.fen()
        if excess <= 0:
            return
        last = self._state.one(
            "SELECT * FROM repayment WHERE account = ? ORDER BY number DESC LIMIT 1",
            account["number"],
        )
        if last is None:
            return
        if last["source"] == "personal_account":
            self._accounts.move_balance(account["id_number"], excess)
        self._state.execute(
            "INSERT INTO repayment VALUES (?, ?, ?, ?, ?)",
            f"{asked.reference}-back",
            f"HR{self._state.next_number('repayment'):010d}",
            account["number"],
            last["source"],
            -excess,
        )
        self._party.journal.write("given_back", reference=asked.reference, amount=excess)

    def instalments(self, transaction_number: str, asked: Instalments) -> Answer:
        return self._accounts.once(
            asked, asked.reference, lambda: self._split(transaction_number, asked)
        )

    def _split(self, transaction_number: str, asked: Instalments) -> Answer:
        row = self._row(transaction_number)
        if row is None:
            return refusal(404, "CHARGE_NOT_FOUND", "No charge has this number.")
        if row["plan"]:
            return refusal(409, "INSTALMENTS_CHOSEN", "Instalments were chosen before.")
        lent = json.loads(row["parts"]).get("credit", 0)
        left = min(lent, self._accounts.owed(row["account"])) if row["status"] == "charged" else 0
        if left <= 0:
            return refusal(409, "NOTHING_OWED", "Nothing of it is owed.")
        self._state.execute(
            "UPDATE charge SET plan = ? WHERE transaction_number = ?",
            asked.count,
            transaction_number,
        )
        self._party.journal.write(
            "instalments", reference=asked.reference, transaction_number=transaction_number
        )
        each = left // asked.count
        first = first_due(datetime.fromisoformat(row["charged_at"]).date())
        amounts = [each] * (asked.count - 1) + [left - each * (asked.count - 1)]
        return 200, {
            "reference": asked.reference,
            "transaction_number": transaction_number,
            "instalments": [
                {"due_on": month_after(first, n).isoformat(), "amount": cny(amount)}
                for n, amount in enumerate(amounts)
            ],
        }


def month_after(first: date, months: int) -> date:
    """The first of the month so many months later."""
    whole = first.year * 12 + first.month - 1 + months
    return date(whole // 12, whole % 12 + 1, 1)


def first_due(charged_on: date) -> date:
    """The bank's day: the first of a month, thirty days after the charge at the earliest."""
    day = charged_on + timedelta(days=GRACE_DAYS)
    return day if day.day == 1 else month_after(day.replace(day=1), 1)
