"""Spouses who share their vouchers: who is paired with whom, since when, and until when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from crossclaim.simulators.party import Party
from crossclaim.simulators.voucher.answers import Answer, hkd, refusal
from crossclaim.simulators.voucher.requests import PairingSearch

if TYPE_CHECKING:
    from crossclaim.simulators.voucher.accounts import Accounts

PAIRING_TABLES = """
CREATE TABLE IF NOT EXISTS pairing (
  own_id TEXT NOT NULL, spouse_id TEXT NOT NULL, paired_on TEXT NOT NULL, ended_on TEXT,
  deceased_on TEXT, PRIMARY KEY (own_id, spouse_id));
"""


class Pairings:
    """Both directions of a pairing are one row each in the tables."""

    def __init__(self, party: Party, accounts: Accounts) -> None:
        self._party = party
        self._state = party.state
        self._accounts = accounts

    def load(self, rows: Mapping[str, Any]) -> None:
        for own, row in (rows.get("pairings") or {}).items():
            self._state.execute(
                "INSERT INTO pairing VALUES (?, ?, ?, ?, ?) ON CONFLICT (own_id, spouse_id)"
                " DO UPDATE SET paired_on = excluded.paired_on, ended_on = excluded.ended_on,"
                " deceased_on = excluded.deceased_on",
                own,
                row["spouse"],
                row["paired_on"],
                row.get("ended_on"),
                row.get("deceased_on"),
            )

    def search(self, search: PairingSearch) -> Answer:
        person = search.spouse
        account = self._accounts.find_person(
            person.document.type, person.document.number, person.birth_date.isoformat()
        )
        pairing = None
        if account is not None:
            pairing = self._state.one(
                "SELECT * FROM pairing WHERE own_id = ? AND spouse_id = ?",
                search.account_id,
                account["id"],
            )
        self._party.journal.write(
            "pairing_searched", account_id=search.account_id, found=pairing is not None
        )
        if pairing is None or account is None:
            return refusal(404, "PAIRING_NOT_FOUND", "These two are not paired.")
        stands = self._accounts.account(account["id"])
        assert stands is not None
        return 200, {
            "account_id": account["id"],
            "paired_on": pairing["paired_on"],
            "ended_on": pairing["ended_on"],
            "deceased_on": pairing["deceased_on"],
            "balance": hkd(stands["balance_hkd"]),
        }

    def judge(self, own_id: str, spouse_id: str) -> Answer | None:
        """Why the spouse's vouchers may not be used now; None when they may."""
        pairing = self._state.one(
            "SELECT * FROM pairing WHERE own_id = ? AND spouse_id = ?", own_id, spouse_id
        )
        today = self._party.clock.now().date()
        if pairing is None or _past(pairing["ended_on"], today):
            return refusal(409, "PAIRING_ENDED", "The pairing is not in force.")
        if _past(pairing["deceased_on"], today):
            return refusal(409, "PAIRING_ENDED", "The holder of the account has died.")
        own = self._accounts.account(own_id)
        if own is None or own["balance_hkd"] >= 1:
            return refusal(409, "SPOUSE_BEFORE_OWN", "The own vouchers are not used up.")
        return None

    def end(self, spouse_id: str) -> None:
        """On written request, from today."""
        today = self._party.clock.now().date().isoformat()
        self._state.execute("UPDATE pairing SET ended_on = ? WHERE spouse_id = ?", today, spouse_id)

    def tell(self, own_id: str, spouse_id: str) -> list[str]:
        """Both are told by text message of a use of the spouse's vouchers."""
        for who, account_id in (("own", own_id), ("spouse", spouse_id)):
            self._party.journal.write("text_message", to=who, account_id=account_id)
        return ["own", "spouse"]


def _past(day: str | None, today: date) -> bool:
    return day is not None and today >= date.fromisoformat(day)
