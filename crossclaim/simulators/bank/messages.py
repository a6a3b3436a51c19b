"""Writes the bank's messages from templates and puts them into the outbox."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from crossclaim.simulators.bank.ledger import major, payment_of
from crossclaim.simulators.bank.orders import PAIN_001, Payment
from crossclaim.simulators.party import Party

STATUS_REPORT = "pain.002.001.12"
INQUIRY_ANSWER = "pain.002.001.10"
CREDIT_ADVICE = "camt.054.001.08"
RESOLUTION = "camt.029.001.09"
STATEMENT = "camt.053.001.08"
VERIFICATION = "acmt.024.001.03"

GARBAGE = b'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:broken"><BkToCstmr\x00'


@dataclass(frozen=True)
class Status:
    """What a pain.002 says of one transaction; ``payment`` tells amount and payee's account."""

    code: str
    reason: str = ""
    original_message_id: str = "NOTPROVIDED"
    original_message_type: str = PAIN_001
    payment_id: str = ""
    instruction_id: str = ""
    reference: str = ""
    status_id: str = ""
    detail: str = ""
    payment: Payment | None = None

    @classmethod
    def of(cls, payment: Payment, code: str, reason: str = "") -> Status:
        return cls(
            code=code,
            reason=reason,
            original_message_id=payment.message_id,
            payment_id=payment.payment_id,
            instruction_id=payment.instruction_id,
            reference=payment.reference,
            payment=payment,
        )


class Messages:
    """An outbox row commits with the decision it tells of; the desk writes the files later."""

    def __init__(self, party: Party) -> None:
        self._party = party
        loader = PackageLoader("crossclaim.simulators.bank")
        self._templates = Environment(
            loader=loader,
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters["major"] = major

    def status(self, status: Status, version: str = STATUS_REPORT) -> None:
        self._send("pain.002.xml", version, status=status)

    def credit_advice(self, row: sqlite3.Row) -> None:
        self._send(
            "camt.054.xml",
            CREDIT_ADVICE,
            payment=payment_of(row),
            booked_at=row["executed_at"],
            number=row["id"],
        )

    def payment_return(self, row: sqlite3.Row, reason: str, version: str) -> None:
        self._send("pacs.004.xml", version, payment=payment_of(row), reason=reason)

    def statement(self, statements: list[dict[str, Any]]) -> str:
        return self._send("camt.053.xml", STATEMENT, statements=statements)

    def resolution(self, recall: dict[str, Any], asked: str) -> None:
        self._send("camt.029.xml", RESOLUTION, recall=recall, asked=asked)

    def verification(self, told: dict[str, Any]) -> None:
        self._send("acmt.024.xml", VERIFICATION, told=told)

    def garbage(self) -> None:
        self._put(f"{self._message_id()}.broken.xml", GARBAGE)

    def _send(self, template: str, message_type: str, **facts: Any) -> str:
        message_id = self._message_id()
        text = self._templates.get_template(template).render(
            message_id=message_id,
            message_type=message_type,
            now=self._party.clock.now().isoformat(timespec="seconds"),
            bank=self._party.tables["profile"]["prefix"],
            **facts,
        )
        name = f"{message_id}.{message_type[:8]}.xml"
        self._put(name, text.encode())
        self._party.journal.write("sent", message_id=message_id, message_type=message_type)
        return name

    def _put(self, name: str, content: bytes) -> None:
        self._party.state.execute("INSERT INTO outbox (name, content) VALUES (?, ?)", name, content)

    def _message_id(self) -> str:
        prefix = self._party.tables["profile"]["prefix"]
        number = self._party.state.next_number("message")
        return f"{prefix}{self._party.clock.now():%Y%m%d}{number:08d}"
