"""A voucher account through the years: 1 January, and the reward of the year's primary care."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from crossclaim.simulators.party import Party

if TYPE_CHECKING:
    from crossclaim.simulators.voucher.accounts import Accounts

YEAR_TABLES = """
CREATE TABLE IF NOT EXISTS allotted (account_id TEXT PRIMARY KEY, year INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS reward (
  account_id TEXT NOT NULL, year INTEGER NOT NULL, amount_hkd INTEGER NOT NULL,
  usable_until TEXT NOT NULL, PRIMARY KEY (account_id, year));
"""


class Years:
    """What a day of the calendar brings is given when somebody next looks at the account."""

    def __init__(self, party: Party, accounts: Accounts) -> None:
        self._party = party
        self._state = party.state
        self._accounts = accounts

    def bring_up_to_date(self, account_id: str) -> None:
        if self._state.one("SELECT 1 FROM account WHERE id = ?", account_id) is None:
            return
        now = self._party.clock.now()
        known = self._state.one("SELECT year FROM allotted WHERE account_id = ?", account_id)
        # An account is known since it was first looked at, and time may be turned back.
        if known is None or known["year"] > now.year:
            self._note(account_id, now.year)
        else:
            for year in range(known["year"] + 1, now.year + 1):
                self._allot(account_id, year)
        self._reward(account_id, now)

    def _note(self, account_id: str, year: int) -> None:
        self._state.execute(
            "INSERT INTO allotted VALUES (?, ?) ON CONFLICT (account_id) DO UPDATE SET year = ?",
            account_id,
            year,
            year,
        )

    def _allot(self, account_id: str, year: int) -> None:
        """Never above the highest balance that an account can have."""
        self._accounts.move(account_id, self._party.tables["allotment_hkd"])
        self._note(account_id, year)
        self._party.journal.write("allotted", account_id=account_id, year=year)

    def _reward(self, account_id: str, now: datetime) -> None:
        """Once a year, on a day after enough of it went to designated primary care."""
        terms = self._party.tables["reward"]
        for year in (now.year - 1, now.year):
            if not terms["first_year"] <= year <= terms["last_year"]:
                continue
            given = self._state.one(
                "SELECT 1 FROM reward WHERE account_id = ? AND year = ?", account_id, year
            )
            if (
                given is not None
                or self._spent(account_id, year, now.date()) < terms["minimum_hkd"]
            ):
                continue
            self._state.execute(
                "INSERT INTO reward VALUES (?, ?, ?, ?)",
                account_id,
                year,
                terms["amount_hkd"],
                date(year + 1, 12, 31).isoformat(),
            )
            self._accounts.move(account_id, terms["amount_hkd"])
            self._party.journal.write("rewarded", account_id=account_id, year=year)

    def _spent(self, account_id: str, year: int, today: date) -> int:
        departments = self._party.tables["reward"]["departments"]
        found = self._state.every(
            "SELECT c.amount_hkd, c.answer, s.department, s.entered_at FROM claim c"
            " JOIN stage s ON s.reference = c.reference WHERE c.account_id = ?",
            account_id,
        )
        return sum(
            row["amount_hkd"]
            for row in found
            if row["department"] in departments
            and json.loads(row["answer"])["status"] == "confirmed"
            and datetime.fromisoformat(row["entered_at"]).year == year
            and datetime.fromisoformat(row["entered_at"]).date() <= today - timedelta(days=1)
        )

    def rewards(self, account_id: str) -> list[dict[str, Any]]:
        found = self._state.every(
            "SELECT * FROM reward WHERE account_id = ? ORDER BY year", account_id
        )
        return [
            {
                "year": row["year"],
                "amount": {"amount": f"{row['amount_hkd']}.00", "currency": "HKD"},
                "usable_until": row["usable_until"],
            }
            for row in found
        ]
