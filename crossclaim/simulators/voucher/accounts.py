"""Voucher accounts and the claims on them, kept in the party's state."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from crossclaim.simulators.clock import REGION
from crossclaim.simulators.party import Party
from crossclaim.simulators.voucher.answers import Answer, hkd, refusal
from crossclaim.simulators.voucher.pairings import PAIRING_TABLES, Pairings
from crossclaim.simulators.voucher.requests import Claim, Search, Void
from crossclaim.simulators.voucher.stages import STAGE_TABLES, Stages
from crossclaim.simulators.voucher.years import YEAR_TABLES, Years

CLAIM_TABLES = """
CREATE TABLE IF NOT EXISTS account (
  id TEXT PRIMARY KEY, document TEXT, number TEXT, birth_date TEXT, balance_hkd INTEGER NOT NULL,
  row TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS account_document ON account (number, birth_date);
CREATE TABLE IF NOT EXISTS claim (
  reference TEXT PRIMARY KEY, transaction_number TEXT UNIQUE NOT NULL, account_id TEXT NOT NULL,
  amount_hkd INTEGER NOT NULL, body_hash TEXT NOT NULL, confirmed_at TEXT NOT NULL,
  answer TEXT NOT NULL);
"""
TABLES = CLAIM_TABLES + PAIRING_TABLES + STAGE_TABLES + YEAR_TABLES


class Accounts:
    """Each call runs in one transaction together with its journal entry."""

    def __init__(self, party: Party) -> None:
        self._party = party
        self._state = party.state
        self.years = Years(party, self)
        self.pairings = Pairings(party, self)
        self.stages = Stages(party, self)
        party.on_tables(self._load)

    def _load(self, rows: Mapping[str, Any]) -> None:
        for name, patch in (rows.get("accounts") or {}).items():
            old = self._state.one("SELECT row FROM account WHERE id = ?", name)
            row = {**(json.loads(old["row"]) if old else {}), **patch}
            values = (row["document"], row["number"], row["birth_date"], json.dumps(row))
            if old is None:
                self._state.execute(
                    "INSERT INTO account (document, number, birth_date, row, id, balance_hkd)"
                    " VALUES (?, ?, ?, ?, ?, ?)",
                    *values,
                    name,
                    row["balance_hkd"],
                )
                continue
            self._state.execute(
                "UPDATE account SET document = ?, number = ?, birth_date = ?, row = ? WHERE id = ?",
                *values,
                name,
            )
            if "balance_hkd" in patch:
                self.set_balance(name, patch["balance_hkd"])
        self.pairings.load(rows)

    def account(self, account_id: str) -> sqlite3.Row | None:
        """As it stands on this day of the party's clock."""
        self.years.bring_up_to_date(account_id)
        return self._state.one("SELECT * FROM account WHERE id = ?", account_id)

    def detail(self, account_id: str, name: str, default: Any = None) -> Any:
        account = self._state.one("SELECT row FROM account WHERE id = ?", account_id)
        return default if account is None else json.loads(account["row"]).get(name, default)

    def set_detail(self, account_id: str, **details: Any) -> None:
        account = self._state.one("SELECT row FROM account WHERE id = ?", account_id)
        assert account is not None
        row = {**json.loads(account["row"]), **details}
        self._state.execute("UPDATE account SET row = ? WHERE id = ?", json.dumps(row), account_id)

    def insert(self, account_id: str, row: dict[str, Any]) -> None:
        self._state.execute(
            "INSERT INTO account (id, document, number, birth_date, balance_hkd, row)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            account_id,
            row["document"],
            row["number"],
            row["birth_date"],
            row["balance_hkd"],
            json.dumps(row),
        )

    def status(self, account_id: str) -> str:
        """``temporary`` until its days of validation are over."""
        if self.detail(account_id, "status", "validated") == "validated":
            return "validated"
        opened = self.detail(account_id, "opened_at")
        days = self._party.tables["validation_days"]
        if opened is None or days is None:
            return "temporary"
        due = datetime.fromisoformat(opened) + timedelta(days=days)
        return "validated" if self._party.clock.now() >= due else "temporary"

    def find_person(self, kind: str, number: str, birth_date: str) -> sqlite3.Row | None:
        plain = "".join(sign for sign in number.upper() if sign.isalnum())
        return self._state.one(
            "SELECT * FROM account WHERE number = ? AND birth_date = ? AND document = ?",
            plain,
            birth_date,
            kind,
        )

    def set_balance(self, account_id: str, dollars: int) -> None:
        self._state.execute("UPDATE account SET balance_hkd = ? WHERE id = ?", dollars, account_id)

    def change_balance(self, account_id: str, dollars: int | None) -> None:
        """The balance moved meanwhile: to ``dollars``, else to what the account's row says."""
        account = self._state.one("SELECT row FROM account WHERE id = ?", account_id)
        if account is not None:
            told = json.loads(account["row"]).get("changed_balance_hkd", 0)
            self.set_balance(account_id, told if dollars is None else dollars)

    def search(self, search: Search) -> Answer:
        account = self.find_person(
            search.document.type, search.document.number, search.birth_date.isoformat()
        )
        self._party.journal.write(
            "searched",
            account_id=account["id"] if account else None,
            institution=search.institution,
        )
        if account is None:
            return refusal(404, "ACCOUNT_NOT_FOUND", "No voucher account has these particulars.")
        return 200, self.shown(account["id"])

    def shown(self, account_id: str) -> dict[str, Any]:
        """An account with what its rewards come to."""
        account = self.account(account_id)
        assert account is not None
        return {
            "account_id": account["id"],
            "status": self.status(account["id"]),
            "ehealth_joined": bool(self.detail(account["id"], "ehealth_joined", False)),
            "balance": hkd(account["balance_hkd"]),
            "rewards": self.years.rewards(account["id"]),
        }

    def rate(self) -> Answer:
        now = self._party.clock.now()
        return 200, {
            "rate_id": f"r-{now:%Y%m%d}",
            "cny_per_hkd": self._party.tables["rate"]["cny_per_hkd"],
            "as_of": now.isoformat(timespec="seconds"),
        }

    def claim(self, claim: Claim) -> Answer:
        body_hash = hashlib.sha256(claim.model_dump_json().encode()).hexdigest()
        known = self._state.one("SELECT * FROM claim WHERE reference = ?", claim.reference)
        if known is not None:
            if known["body_hash"] != body_hash:
                return refusal(409, "REFERENCE_REUSED", "This reference has another claim.")
            return 200, json.loads(known["answer"])
        status, body = self._judge(claim) or self._confirm(claim, body_hash)
        self._party.journal.write(
            "claimed" if status == 201 else "claim_refused",
            reference=claim.reference,
            account_id=claim.account_id,
            amount=claim.voucher_amount.amount,
            entered_by=claim.entered_by,
            **({"code": body["code"]} if "code" in body else {}),
        )
        return status, body

    def _judge(self, claim: Claim) -> Answer | None:
        account = self.account(claim.account_id)
        if account is None:
            return refusal(404, "ACCOUNT_NOT_FOUND", "There is no such account.")
        if claim.paired_with is not None:
            refused = self.pairings.judge(claim.paired_with, claim.account_id)
            if refused is not None:
                return refused
        joined = self.detail(claim.account_id, "ehealth_joined", False)
        if not joined and claim.ehealth_consent_signed_at is None and claim.paired_with is None:
            return refusal(422, "EHEALTH_NOT_JOINED", "The holder has not joined eHealth.")
        if claim.claimed_at < claim.service_completed_at:
            return refusal(422, "CLAIM_BEFORE_SERVICE", "A claim is made after the service.")
        if claim.voucher_amount.dollars() < 1:
            return refusal(422, "REQUEST_INVALID", "A claim is of one dollar at least.")
        if not self._rate_holds(claim.rate_id):
            return refusal(409, "RATE_EXPIRED", "The rate is not in force any more.")
        if account["balance_hkd"] < claim.voucher_amount.dollars():
            return refusal(
                409,
                "BALANCE_INSUFFICIENT",
                "The balance is lower than the claim.",
                balance=hkd(account["balance_hkd"]),
            )
        return None

    def _rate_holds(self, rate_id: str) -> bool:
        try:
            day = datetime.strptime(rate_id, "r-%Y%m%d").replace(tzinfo=REGION)
        except ValueError:
            return False
        age = self._party.clock.now() - day
        valid = timedelta(days=self._party.tables["rate"]["valid_days"] + 1)
        return timedelta(0) <= age < valid

    def _confirm(self, claim: Claim, body_hash: str) -> Answer:
        balance_hkd = self.move(claim.account_id, -claim.voucher_amount.dollars())
        transaction = f"TX{self._state.next_number('transaction'):09d}"
        answer: dict[str, Any] = {
            "reference": claim.reference,
            "transaction_number": transaction,
            "balance_after": hkd(balance_hkd),
            "status": "confirmed" if claim.entered_by == "provider" else "entered",
            "account_status": self.status(claim.account_id),
        }
        if claim.paired_with is not None:
            answer["notices"] = self.pairings.tell(claim.paired_with, claim.account_id)
        if claim.ehealth_consent_signed_at is not None:
            self.set_detail(claim.account_id, ehealth_joined=True)
            self._party.journal.write("joined_ehealth", account_id=claim.account_id)
        self._state.execute(
            "INSERT INTO claim VALUES (?, ?, ?, ?, ?, ?, ?)",
            claim.reference,
            transaction,
            claim.account_id,
            claim.voucher_amount.dollars(),
            body_hash,
            self._party.clock.now().isoformat(),
            json.dumps(answer),
        )
        self.stages.enter(claim)
        return 201, answer

    def move(self, account_id: str, dollars: int) -> int:
        """The balance afterwards: never above the cap, and as before if it is inexhaustible."""
        account = self._state.one("SELECT * FROM account WHERE id = ?", account_id)
        assert account is not None
        balance_hkd = int(account["balance_hkd"])
        if not json.loads(account["row"]).get("inexhaustible", False):
            balance_hkd = min(balance_hkd + dollars, self._party.tables["cap_hkd"])
            self.set_balance(account_id, balance_hkd)
        return balance_hkd

    def find(self, reference: str) -> Answer:
        self.stages.refresh(reference)
        known = self._state.one("SELECT answer FROM claim WHERE reference = ?", reference)
        self._party.journal.write("asked", reference=reference, found=known is not None)
        if known is None:
            return refusal(404, "CLAIM_NOT_FOUND", "No claim has this reference.")
        return 200, json.loads(known["answer"])

    def account_of_claim(self, reference: str) -> str:
        claim = self._state.one("SELECT account_id FROM claim WHERE reference = ?", reference)
        return "" if claim is None else str(claim["account_id"])

    def void(self, transaction_number: str, void: Void) -> Answer:
        claim = self._state.one(
            "SELECT * FROM claim WHERE transaction_number = ?", transaction_number
        )
        if claim is None:
            return refusal(404, "CLAIM_NOT_FOUND", "No claim has this transaction number.")
        answer = json.loads(claim["answer"])
        if answer["status"] == "voided":
            return 200, answer
        if answer["status"] == "lapsed":
            return refusal(409, "CLAIM_LAPSED", "The claim has lapsed.")
        confirmed_on = datetime.fromisoformat(claim["confirmed_at"]).date()
        last_day = confirmed_on + timedelta(days=self._party.tables["void_window_days"])
        if self._party.clock.now().date() > last_day:
            return refusal(409, "VOID_WINDOW_PASSED", "Only the Department can void it now.")
        balance_hkd = self.move(claim["account_id"], claim["amount_hkd"])
        answer |= {"status": "voided", "balance_after": hkd(balance_hkd)}
        self._state.execute(
            "UPDATE claim SET answer = ? WHERE reference = ?",
            json.dumps(answer),
            claim["reference"],
        )
        self._party.journal.write(
            "voided",
            reference=claim["reference"],
            void_reference=void.reference,
            transaction_number=transaction_number,
            amount=f"{claim['amount_hkd']}.00",
        )
        return 200, answer
