"""Claims in two stages: entered, then confirmed by the provider, else lapsed; new accounts."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from crossclaim.simulators.clock import REGION
from crossclaim.simulators.party import Party
from crossclaim.simulators.voucher.answers import Answer, hkd, refusal
from crossclaim.simulators.voucher.requests import Claim, Confirmation, NewAccount

if TYPE_CHECKING:
    from crossclaim.simulators.voucher.accounts import Accounts

STAGE_TABLES = """
CREATE TABLE IF NOT EXISTS stage (
  reference TEXT PRIMARY KEY, account_id TEXT NOT NULL, institution TEXT NOT NULL,
  department TEXT NOT NULL, month TEXT NOT NULL, entered_at TEXT NOT NULL, confirmed_by TEXT);
CREATE TABLE IF NOT EXISTS opened (
  reference TEXT PRIMARY KEY, account_id TEXT NOT NULL, body_hash TEXT NOT NULL);
"""


class Stages:
    """What a claim still lacks is looked at whenever somebody asks about it."""

    def __init__(self, party: Party, accounts: Accounts) -> None:
        self._party = party
        self._state = party.state
        self._accounts = accounts

    def enter(self, claim: Claim) -> None:
        self._state.execute(
            "INSERT INTO stage VALUES (?, ?, ?, ?, ?, ?, ?)",
            claim.reference,
            claim.account_id,
            claim.institution,
            claim.department,
            f"{claim.claimed_at.astimezone(REGION):%Y-%m}",
            self._party.clock.now().isoformat(),
            None,
        )

    def refresh(self, reference: str) -> dict[str, Any] | None:
        """The claim's answer as it stands now: its account may be validated, its time over."""
        stage = self._state.one("SELECT * FROM stage WHERE reference = ?", reference)
        claim = self._state.one("SELECT * FROM claim WHERE reference = ?", reference)
        if stage is None or claim is None:
            return None
        answer: dict[str, Any] = json.loads(claim["answer"])
        if answer["status"] in ("voided", "lapsed"):
            return answer
        answer["account_status"] = self._accounts.status(stage["account_id"])
        complete = (answer["status"], answer["account_status"]) == ("confirmed", "validated")
        ends = datetime.fromisoformat(stage["entered_at"]) + timedelta(
            days=self._party.tables["lapse_days"]
        )
        if not complete and self._party.clock.now() >= ends:
            balance = self._accounts.move(stage["account_id"], claim["amount_hkd"])
            answer |= {"status": "lapsed", "balance_after": hkd(balance)}
            self._party.journal.write("lapsed", reference=reference)
        self._keep(reference, answer)
        return answer

    def _keep(self, reference: str, answer: dict[str, Any]) -> None:
        self._state.execute(
            "UPDATE claim SET answer = ? WHERE reference = ?", json.dumps(answer), reference
        )

    def confirm(self, transaction_number: str, said: Confirmation) -> Answer:
        claim = self._state.one(
            "SELECT reference FROM claim WHERE transaction_number = ?", transaction_number
        )
        answer = None if claim is None else self.refresh(claim["reference"])
        if claim is None or answer is None:
            return refusal(404, "CLAIM_NOT_FOUND", "No claim has this transaction number.")
        if answer["status"] == "lapsed":
            return refusal(409, "CLAIM_LAPSED", "The claim has lapsed.")
        if answer["status"] == "voided":
            return refusal(409, "CLAIM_VOIDED", "The claim was taken back.")
        if answer["status"] == "entered":
            answer["status"] = "confirmed"
            self._keep(claim["reference"], answer)
            self._state.execute(
                "UPDATE stage SET confirmed_by = ? WHERE reference = ?",
                said.confirmed_by,
                claim["reference"],
            )
            self._party.journal.write(
                "confirmed", reference=claim["reference"], confirmed_by=said.confirmed_by
            )
        return 200, answer

    def open_account(self, new: NewAccount) -> Answer:
        body_hash = hashlib.sha256(new.model_dump_json().encode()).hexdigest()
        known = self._state.one("SELECT * FROM opened WHERE reference = ?", new.reference)
        if known is not None:
            if known["body_hash"] != body_hash:
                return refusal(409, "REFERENCE_REUSED", "This reference opened another account.")
            return 200, self._accounts.shown(known["account_id"])
        number = "".join(sign for sign in new.document.number.upper() if sign.isalnum())
        born = new.birth_date.isoformat()
        if self._accounts.find_person(new.document.type, number, born) is not None:
            return refusal(409, "ACCOUNT_EXISTS", "This person has an account.")
        first = self._party.tables["first_allotment_hkd"].get(number)
        if first is None:
            return refusal(422, "PERSON_NOT_ELIGIBLE", "This person is not in the register.")
        account_id = f"va-t{self._state.next_number('account'):06d}"
        row = {
            "document": new.document.type,
            "number": number,
            "birth_date": born,
            "balance_hkd": first,
            "ehealth_joined": True,
            "status": "temporary",
            "opened_at": self._party.clock.now().isoformat(),
        }
        self._accounts.insert(account_id, row)
        self._state.execute(
            "INSERT INTO opened VALUES (?, ?, ?)", new.reference, account_id, body_hash
        )
        self._party.journal.write("account_opened", account_id=account_id, reference=new.reference)
        return 201, self._accounts.shown(account_id)
