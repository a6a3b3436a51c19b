"""Who signed up, with which card and which credit; kept in the party's state. Amounts are fen."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel

from crossclaim.simulators.huimin.requests import (
    Application,
    Card,
    CardConfirmation,
    Closing,
    SignUp,
)
from crossclaim.simulators.party import Party

TABLES = """
CREATE TABLE IF NOT EXISTS person (id_number TEXT PRIMARY KEY, balance INTEGER, row TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS account (
  number TEXT PRIMARY KEY, reference TEXT UNIQUE NOT NULL, id_number TEXT NOT NULL,
  status TEXT NOT NULL, card_tail TEXT, card_number TEXT, credit TEXT NOT NULL,
  credit_limit INTEGER);
CREATE TABLE IF NOT EXISTS card (
  reference TEXT PRIMARY KEY, account TEXT NOT NULL, number TEXT NOT NULL, status TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS application (
  reference TEXT PRIMARY KEY, account TEXT NOT NULL, status TEXT NOT NULL, credit_limit INTEGER,
  code TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS charge (
  transaction_number TEXT PRIMARY KEY, reference TEXT NOT NULL, account TEXT NOT NULL,
  amount INTEGER NOT NULL, parts TEXT NOT NULL, charged_at TEXT NOT NULL, status TEXT NOT NULL,
  plan INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS charge_account ON charge (account);
CREATE INDEX IF NOT EXISTS charge_reference ON charge (reference);
CREATE TABLE IF NOT EXISTS repayment (
  reference TEXT PRIMARY KEY, number TEXT NOT NULL, account TEXT NOT NULL, source TEXT NOT NULL,
  amount INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS taken (
  reference TEXT PRIMARY KEY, body_hash TEXT NOT NULL, answer TEXT NOT NULL);
"""

Answer = tuple[int, dict[str, Any]]
"""HTTP status and body."""


def cny(fen: int) -> dict[str, str]:
    return {"amount": f"{fen // 100}.{fen % 100:02d}", "currency": "CNY"}


def refusal(status: int, code: str, message: str, **members: Any) -> Answer:
    return status, {"code": code, "message": message, **members}


class Accounts:
    """Each call runs in one transaction together with its journal entry."""

    def __init__(self, party: Party) -> None:
        self._party = party
        self._state = party.state
        party.on_tables(self._load)
        party.agenda.decide("review", self._review)

    def _load(self, rows: Mapping[str, Any]) -> None:
        for number, patch in (rows.get("persons") or {}).items():
            old = self._state.one("SELECT * FROM person WHERE id_number = ?", number)
            row = {**(json.loads(old["row"]) if old else {}), **patch}
            moved = old is None or "balance_fen" in patch
            balance = row.get("balance_fen") if moved else old["balance"] if old else None
            self._state.execute(
                "INSERT OR REPLACE INTO person VALUES (?, ?, ?)", number, balance, json.dumps(row)
            )

    def once(self, asked: BaseModel, reference: str, act: Callable[[], Answer]) -> Answer:
        """The same reference and body is answered as before; only what was taken is kept."""
        body_hash = hashlib.sha256(asked.model_dump_json().encode()).hexdigest()
        known = self._state.one("SELECT * FROM taken WHERE reference = ?", reference)
        if known is not None:
            if known["body_hash"] != body_hash:
                return refusal(409, "REFERENCE_REUSED", "This reference has another content.")
            return 200, json.loads(known["answer"])
        status, body = act()
        if status < 300:
            self._state.execute(
                "INSERT INTO taken VALUES (?, ?, ?)", reference, body_hash, json.dumps(body)
            )
        return status, body

    def account(self, number: str) -> sqlite3.Row | None:
        return self._state.one("SELECT * FROM account WHERE number = ?", number)

    def person(self, id_number: str) -> dict[str, Any]:
        row = self._state.one("SELECT * FROM person WHERE id_number = ?", id_number)
        assert row is not None, "an account is of a known person"
        return {**json.loads(row["row"]), "balance": row["balance"]}

    def move_balance(self, id_number: str, fen: int) -> None:
        self._state.execute(
            "UPDATE person SET balance = balance + ? WHERE id_number = ?", fen, id_number
        )

    def sign_up(self, asked: SignUp) -> Answer:
        return self.once(asked, asked.reference, lambda: self._open(asked))

    def _open(self, asked: SignUp) -> Answer:
        holder = asked.holder
        row = self._state.one("SELECT * FROM person WHERE id_number = ?", holder.id_number)
        if row is None or json.loads(row["row"])["birth_date"] != holder.birth_date.isoformat():
            return refusal(422, "PERSON_UNKNOWN", "No insured person has these particulars.")
        if json.loads(row["row"]).get("face", "passes") != "passes":
            return refusal(422, "FACE_CHECK_FAILED", "The face is not this person's.")
        number = f"HM{self._state.next_number('account'):08d}"
        self._state.execute(
            "INSERT INTO account VALUES (?, ?, ?, 'open', NULL, NULL, 'none', NULL)",
            number,
            asked.reference,
            holder.id_number,
        )
        self._party.journal.write("signed_up", reference=asked.reference, account=number)
        return 201, self._told(number)

    def find(self, reference: str) -> Answer:
        row = self._state.one("SELECT number FROM account WHERE reference = ?", reference)
        self._party.journal.write("asked", reference=reference, found=row is not None)
        if row is None:
            return refusal(404, "ACCOUNT_NOT_FOUND", "No account has this reference.")
        return 200, self._told(row["number"])

    def look_up(self, number: str) -> Answer:
        if self.account(number) is None:
            return refusal(404, "ACCOUNT_NOT_FOUND", "There is no such account.")
        self._party.journal.write("looked_up", account=number)
        return 200, self._told(number)

    def _told(self, number: str) -> dict[str, Any]:
        account = self.account(number)
        assert account is not None
        person = self.person(account["id_number"])
        granted = account["credit"] == "granted"
        return {
            "reference": account["reference"],
            "account_number": number,
            "status": account["status"],
            "insured_status": person.get("insured_status", "ACTIVE"),
            "account_balance": None if person["balance"] is None else cny(person["balance"]),
            "card_tail": account["card_tail"],
            "credit": {
                "status": account["credit"],
                "limit": cny(account["credit_limit"]) if granted else None,
                "available": cny(max(self.available(account), 0)) if granted else None,
            },
        }

    def owed(self, number: str) -> int:
        """What the bank has lent and not got back."""
        charges = self._state.every("SELECT * FROM charge WHERE account = ?", number)
        lent = sum(
            json.loads(row["parts"]).get("credit", 0)
            for row in charges
            if row["status"] == "charged"
        )
        back = self._state.one(
            "SELECT COALESCE(SUM(amount), 0) AS sum FROM repayment WHERE account = ?", number
        )
        assert back is not None
        return int(lent - back["sum"])

    def available(self, account: sqlite3.Row) -> int:
        if account["credit"] != "granted":
            return 0
        return int(account["credit_limit"]) - max(self.owed(account["number"]), 0)

    def bind(self, number: str, asked: Card) -> Answer:
        return self.once(asked, asked.reference, lambda: self._send_sms(number, asked))

    def _send_sms(self, number: str, asked: Card) -> Answer:
        if self.account(number) is None:
            return refusal(404, "ACCOUNT_NOT_FOUND", "There is no such account.")
        if asked.card_number not in self._party.tables["cards"]:
            return refusal(422, "CARD_UNKNOWN", "The bank knows no such card.")
        self._state.execute(
            "INSERT INTO card VALUES (?, ?, ?, 'sms_sent')",
            asked.reference,
            number,
            asked.card_number,
        )
        self._party.journal.write("sms_sent", reference=asked.reference, account=number)
        return 201, self._card(asked.reference)

    def confirm_card(self, number: str, asked: CardConfirmation) -> Answer:
        card = self._state.one(
            "SELECT * FROM card WHERE reference = ? AND account = ?", asked.card_reference, number
        )
        if card is None:
            return refusal(404, "CARD_NOT_FOUND", "No card was begun under this reference.")
        if card["status"] == "bound":
            return 200, self._card(card["reference"])
        if self._party.tables["cards"][card["number"]]["sms_code"] != asked.sms_code:
            return refusal(422, "SMS_CODE_WRONG", "The code is not the one that was sent.")
        self._state.execute(
            "UPDATE card SET status = 'bound' WHERE reference = ?", card["reference"]
        )
        self._state.execute(
            "UPDATE account SET card_tail = ?, card_number = ? WHERE number = ?",
            card["number"][-4:],
            card["number"],
            number,
        )
        self._party.journal.write("card_bound", reference=card["reference"], account=number)
        return 200, self._card(card["reference"])

    def find_card(self, number: str, reference: str) -> Answer:
        card = self._state.one(
            "SELECT * FROM card WHERE reference = ? AND account = ?", reference, number
        )
        if card is None:
            return refusal(404, "CARD_NOT_FOUND", "No card was begun under this reference.")
        return 200, self._card(reference)

    def _card(self, reference: str) -> dict[str, Any]:
        card = self._state.one("SELECT * FROM card WHERE reference = ?", reference)
        assert card is not None
        return {
            "reference": reference,
            "account_number": card["account"],
            "status": card["status"],
            "card_tail": card["number"][-4:],
        }

    def card_works(self, account: sqlite3.Row) -> bool:
        number = account["card_number"]
        return number is not None and self._party.tables["cards"][number].get("works", True)

    def apply(self, number: str, asked: Application) -> Answer:
        return self.once(asked, asked.reference, lambda: self._take_application(number, asked))

    def _take_application(self, number: str, asked: Application) -> Answer:
        account = self.account(number)
        if account is None:
            return refusal(404, "ACCOUNT_NOT_FOUND", "There is no such account.")
        told = self.person(account["id_number"]).get("credit") or {}
        review_s = told.get("review_s", self._party.tables["review_s"])
        self._state.execute(
            "INSERT INTO application VALUES (?, ?, 'in_review', NULL, '')", asked.reference, number
        )
        self._state.execute("UPDATE account SET credit = 'in_review' WHERE number = ?", number)
        self._party.agenda.add(review_s, "review", reference=asked.reference)
        self._party.journal.write("credit_asked", reference=asked.reference, account=number)
        return 202, self._application(asked.reference)

    def _review(self, members: dict[str, Any]) -> None:
        """Decides by the person's row alone, whatever was asked for."""
        row = self._state.one("SELECT * FROM application WHERE reference = ?", members["reference"])
        assert row is not None
        account = self.account(row["account"])
        assert account is not None
        told = self.person(account["id_number"]).get("credit") or {"refuse": "SCORE"}
        limit, code = told.get("limit_fen"), told.get("refuse", "")
        status = "refused" if code else "granted"
        self._state.execute(
            "UPDATE application SET status = ?, credit_limit = ?, code = ? WHERE reference = ?",
            status,
            limit,
            code,
            row["reference"],
        )
        self._state.execute(
            "UPDATE account SET credit = ?, credit_limit = ? WHERE number = ?",
            status,
            limit,
            row["account"],
        )
        self._party.journal.write("credit_decided", reference=row["reference"], status=status)

    def find_application(self, number: str, reference: str) -> Answer:
        row = self._state.one(
            "SELECT * FROM application WHERE reference = ? AND account = ?", reference, number
        )
        if row is None:
            return refusal(404, "APPLICATION_NOT_FOUND", "No application has this reference.")
        return 200, self._application(reference)

    def _application(self, reference: str) -> dict[str, Any]:
        row = self._state.one("SELECT * FROM application WHERE reference = ?", reference)
        assert row is not None
        limit = row["credit_limit"]
        return {
            "reference": reference,
            "account_number": row["account"],
            "status": row["status"],
            "limit": None if limit is None else cny(limit),
            "code": row["code"],
        }

    def withdraw_credit(self, number: str) -> None:
        """The bank takes the credit back: nothing more can be drawn."""
        self._state.execute("UPDATE account SET credit = 'withdrawn' WHERE number = ?", number)

    def close(self, number: str, asked: Closing) -> Answer:
        account = self.account(number)
        if account is None:
            return refusal(404, "ACCOUNT_NOT_FOUND", "There is no such account.")
        if self.owed(number) > 0:
            return refusal(409, "CREDIT_OWED", "The credit is not repaid.")
        self._state.execute("UPDATE account SET status = 'closed' WHERE number = ?", number)
        self._party.journal.write("closed", reference=asked.reference, account=number)
        return 200, self._told(number)
