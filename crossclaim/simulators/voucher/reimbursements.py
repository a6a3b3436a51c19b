"""What the Department of Health reimburses to an institution for a month, claim by claim."""

from __future__ import annotations

import calendar
import hashlib
import json
from datetime import date
from typing import Any

from crossclaim.simulators.faults import Fault
from crossclaim.simulators.party import Party
from crossclaim.simulators.voucher.accounts import Accounts
from crossclaim.simulators.voucher.answers import Answer, hkd, refusal


class Reimbursements:
    """Only claims that are confirmed on a validated account are paid."""

    def __init__(self, party: Party, accounts: Accounts) -> None:
        self._party = party
        self._state = party.state
        self._accounts = accounts

    def statement(self, institution: str, month: str) -> Answer:
        try:
            ends = _last_day(month)
        except ValueError:
            return refusal(422, "REQUEST_INVALID", "month: YYYY-MM")
        self._party.journal.write("statement_asked", institution=institution, month=month)
        if self._party.clock.now().date() <= ends:
            return refusal(404, "STATEMENT_NOT_READY", "The month is not over.")
        items = [item for item in self._items(institution, month) if item is not None]
        return 200, self._numbered(institution, month, ends, items)

    def _items(self, institution: str, month: str) -> list[dict[str, Any] | None]:
        found = self._state.every(
            "SELECT reference FROM stage WHERE institution = ? AND month = ? ORDER BY reference",
            institution,
            month,
        )
        return [self._item(row["reference"]) for row in found]

    def _item(self, reference: str) -> dict[str, Any] | None:
        answer = self._accounts.stages.refresh(reference)
        claim = self._state.one("SELECT * FROM claim WHERE reference = ?", reference)
        if answer is None or claim is None or answer["status"] in ("voided", "lapsed"):
            return None
        state = "paid" if answer["status"] == "confirmed" else "unconfirmed"
        if state == "paid" and answer["account_status"] != "validated":
            state = "unvalidated"
        return {
            "reference": reference,
            "transaction_number": claim["transaction_number"],
            "amount": hkd(claim["amount_hkd"]),
            "state": state,
        }

    def _numbered(
        self, institution: str, month: str, ends: date, items: list[dict[str, Any]]
    ) -> dict[str, Any]:
        """Another content has another number, so that no number ever says two things."""
        content = hashlib.sha256(json.dumps(items).encode()).hexdigest()[:6]
        year, following = (ends.year, ends.month + 1) if ends.month < 12 else (ends.year + 1, 1)
        return {
            "statement_number": f"RS-{institution}-{month}-{content}",
            "institution": institution,
            "month": month,
            "paid_on": date(year, following, self._party.tables["payment_day"]).isoformat(),
            "total": hkd(_paid(items)),
            "items": items,
        }

    def spoil(self, answer: Answer, fault: Fault) -> Answer:
        """A statement that is wrong in one way."""
        status, body = answer
        if status != 200 or not body["items"]:
            return answer
        items, first = list(body["items"]), dict(body["items"][0])
        if fault.fault == "foreign_claim":
            stranger = {**first, "reference": "CVFOREIGN-1", "transaction_number": "TX999999999"}
            items.append(stranger)
        elif fault.fault == "wrong_amount":
            items[0] = {**first, "amount": hkd(int(fault.detail("amount_hkd", 1)))}
        elif fault.fault == "listed_twice":
            items.append(first)
        total = hkd(_paid(items))
        if fault.fault == "wrong_total":
            total = hkd(_paid(items) + 1)
        number = f"{body['statement_number']}-{fault.fault}"
        return status, {**body, "items": items, "total": total, "statement_number": number}


def _paid(items: list[dict[str, Any]]) -> int:
    paid = [item for item in items if item["state"] == "paid"]
    return sum(int(item["amount"]["amount"].partition(".")[0]) for item in paid)


def _last_day(month: str) -> date:
    first = date.fromisoformat(f"{month}-01")
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])
