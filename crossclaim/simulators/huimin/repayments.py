"""What is paid back of the credit, and the statement of it all."""

from __future__ import annotations

import json
from typing import Any

from crossclaim.simulators.huimin.accounts import Accounts, Answer, cny, refusal
from crossclaim.simulators.huimin.charges import Charges
from crossclaim.simulators.huimin.requests import Repayment
from crossclaim.simulators.party import Party


class Repayments:
    def __init__(self, party: Party, accounts: Accounts, charges: Charges) -> None:
        self._party = party
        self._state = party.state
        self._accounts = accounts
        self._charges = charges

    def repay(self, asked: Repayment) -> Answer:
        return self._accounts.once(asked, asked.reference, lambda: self._repay(asked))

    def _repay(self, asked: Repayment) -> Answer:
        account = self._accounts.account(asked.account_number)
        if account is None:
            return refusal(404, "ACCOUNT_NOT_FOUND", "There is no such account.")
        amount, owed = asked.amount.fen(), self._accounts.owed(account["number"])
        if not 0 < amount <= owed:
            return refusal(409, "ABOVE_OWED", "Less is owed.", owed=cny(max(owed, 0)))
        if asked.source == "bank_card":
            if not self._accounts.card_works(account):
                return self._charges.declined()
        else:
            balance = self._accounts.person(account["id_number"])["balance"] or 0
            if amount > balance:
                return refusal(
                    409, "ACCOUNT_INSUFFICIENT", "The account holds less.", available=cny(balance)
                )
            self._accounts.move_balance(account["id_number"], -amount)
        number = f"HR{self._state.next_number('repayment'):010d}"
        self._state.execute(
            "INSERT INTO repayment VALUES (?, ?, ?, ?, ?)",
            asked.reference,
            number,
            account["number"],
            asked.source,
            amount,
        )
        self._party.journal.write("repaid", reference=asked.reference, amount=amount)
        return 201, self._told(asked.reference)

    def find(self, reference: str) -> Answer:
        row = self._state.one("SELECT 1 FROM repayment WHERE reference = ?", reference)
        self._party.journal.write("asked", reference=reference, found=row is not None)
        if row is None:
            return refusal(404, "REPAYMENT_NOT_FOUND", "No repayment has this reference.")
        return 200, self._told(reference)

    def _told(self, reference: str) -> dict[str, Any]:
        row = self._state.one("SELECT * FROM repayment WHERE reference = ?", reference)
        assert row is not None
        account = self._accounts.account(row["account"])
        assert account is not None
        granted = account["credit"] == "granted"
        return {
            "reference": reference,
            "repayment_number": row["number"],
            "account_number": row["account"],
            "amount": cny(row["amount"]),
            "credit_available": cny(max(self._accounts.available(account), 0)) if granted else None,
        }

    def statement(self, account_number: str) -> Answer:
        if self._accounts.account(account_number) is None:
            return refusal(404, "ACCOUNT_NOT_FOUND", "There is no such account.")
        charges = self._state.every(
            "SELECT * FROM charge WHERE account = ? ORDER BY transaction_number", account_number
        )
        repaid = self._state.one(
            "SELECT COALESCE(SUM(amount), 0) AS sum FROM repayment WHERE account = ?",
            account_number,
        )
        assert repaid is not None
        self._party.journal.write("stated", account=account_number)
        return 200, {
            "account_number": account_number,
            "charges": [
                {
                    "reference": row["reference"],
                    "transaction_number": row["transaction_number"],
                    "credit": cny(json.loads(row["parts"]).get("credit", 0)),
                    "status": row["status"],
                    "settled_on": self._charges.settled_on(row),
                }
                for row in charges
            ],
            "repaid": cny(repaid["sum"]),
            "credit_owed": cny(max(self._accounts.owed(account_number), 0)),
        }
