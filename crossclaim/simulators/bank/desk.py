"""The file desk: takes orders, decides on them, executes, reports, and answers inquiries."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from crossclaim.simulators.bank.folders import Folders
from crossclaim.simulators.bank.ledger import (
    CANCELLED,
    EXECUTED,
    HELD,
    LOST,
    REJECTED,
    RETURNED,
    Ledger,
    major,
    payment_of,
)
from crossclaim.simulators.bank.messages import INQUIRY_ANSWER, Messages, Status
from crossclaim.simulators.bank.orders import (
    Payment,
    Recall,
    StatusRequest,
    Unreadable,
    Verification,
    read,
)
from crossclaim.simulators.bank.recalls import Recalls
from crossclaim.simulators.bank.statements import Statements
from crossclaim.simulators.bank.verifications import Verifications
from crossclaim.simulators.faults import Fault
from crossclaim.simulators.party import Party

FAULTS = frozenset(
    {
        "reject",
        "silent",
        "late",
        "confirm_twice",
        "return_after_s",
        "garbage",
        "executes_anyway",
    }
)

_POLL_S = 0.1

log = logging.getLogger(__name__)

Faults = Mapping[str, Fault]


class Desk:
    """All that follows from one file commits in one transaction."""

    def __init__(
        self,
        party: Party,
        folders: Folders,
        *,
        latency_s: float,
        statement_every_s: float,
    ) -> None:
        self._party = party
        self._state = party.state
        self._folders = folders
        self._latency_s = latency_s
        self._statement_every_s = statement_every_s
        self._messages = Messages(party)
        self._ledger = Ledger(party)
        self._recalls = Recalls(party, self._ledger, self._messages)
        self._verifications = Verifications(party, self._messages)
        self.statements = Statements(party, self._ledger, self._messages)
        for task, decide in {
            "process": lambda task: self._process(task["name"]),
            "execute": self._execute_late,
            "confirm": self._confirm,
            "return": self._return,
            "statement": self._scheduled_statement,
        }.items():
            party.agenda.decide(task, decide)
        party.on_tables(self._load)
        party.on_reset(self._forget)

    @property
    def _profile(self) -> Mapping[str, Any]:
        profile: Mapping[str, Any] = self._party.tables["profile"]
        return profile

    def _load(self, rows: Mapping[str, Any]) -> None:
        self._ledger.load(rows)
        self.statements.open()
        if self._profile["statements"] == "by_schedule" and not self._party.agenda.has("statement"):
            self._party.agenda.add(self._statement_every_s, "statement")

    def _forget(self) -> None:
        for name in self._folders.all_taken():
            (self._folders.taken / name).unlink()

    async def watch(self) -> None:
        """Takes files and writes messages until cancelled."""
        known = {row["name"] for row in self._state.every("SELECT name FROM file")}
        for name in self._folders.all_taken():
            if name not in known:
                self._party.agenda.add(0.0, "process", name=name)
        while True:
            try:
                self._take_and_write()
            except Exception:
                log.exception("the folders could not be served and will be tried again")
            await asyncio.sleep(_POLL_S)

    def _take_and_write(self) -> None:
        for path in self._folders.arrived():
            name = self._folders.take(path)
            self._party.agenda.add(self._latency_s, "process", name=name)
        self._write_outbox()

    def _write_outbox(self) -> None:
        for row in self._state.every("SELECT * FROM outbox ORDER BY id"):
            self._folders.write(row["name"], row["content"])
            self._state.execute("DELETE FROM outbox WHERE id = ?", row["id"])

    def _process(self, name: str) -> None:
        with self._state.transaction():
            new = self._state.execute("INSERT OR IGNORE INTO file VALUES (?)", name).rowcount
            if not new:
                return
            content = (self._folders.taken / name).read_bytes()
            try:
                orders = read(content)
            except Unreadable as wrong:
                self._refuse_file(wrong)
                return
            for order in orders:
                if isinstance(order, Payment):
                    self._receive(order)
                elif isinstance(order, Recall):
                    self._recalls.receive(order)
                elif isinstance(order, Verification):
                    if self._profile["takes_account_checks"]:
                        self._verifications.receive(order)
                else:
                    self._answer(order)

    def _refuse_file(self, wrong: Unreadable) -> None:
        known = wrong.known
        self._party.journal.write(
            "file_refused", reason=wrong.code, detail=wrong.detail, message_id=known.message_id
        )
        if self._profile["accepts_with"]:
            self._messages.status(
                Status(
                    "RJCT",
                    wrong.code,
                    known.message_id,
                    known.message_type,
                    known.payment_id,
                    known.instruction_id,
                    known.end_to_end_id,
                    detail=wrong.detail[:105],
                )
            )

    def _receive(self, payment: Payment) -> None:
        about = {"reference": payment.reference, "amount": major(payment.amount_minor)}
        found = self._party.faults.take_all(
            operation="payment",
            account=payment.creditor_account,
            debtor_account=payment.debtor_account,
            **about,
        )
        faults = {fault.fault: fault for fault in found}
        self._party.journal.write(
            "received", message_id=payment.message_id, faults=sorted(faults), **about
        )
        if "garbage" in faults:
            self._messages.garbage()
        reason = self._ledger.objection(payment, self._profile["dedupes"])
        if "reject" in faults:
            reason = str(faults["reject"].detail("reason", "AC04"))
        if reason:
            number = self._ledger.record(payment, REJECTED)
            self._reject(number, payment, reason, silent="silent" in faults)
        elif "late" in faults:
            number = self._ledger.record(payment, HELD)
            later = {name: fault.model_dump() for name, fault in faults.items()}
            self._party.agenda.add(faults["late"].delay_s, "execute", number=number, faults=later)
        elif "silent" in faults and not faults["silent"].detail("executes", True):
            self._ledger.record(payment, LOST)
        else:
            self._execute(self._ledger.record(payment, HELD), payment, faults)

    def _reject(self, number: int, payment: Payment, reason: str, *, silent: bool) -> None:
        self._ledger.reject(number, reason)
        self._party.journal.write("rejected", reference=payment.reference, reason=reason)
        if self._profile["accepts_with"] and not silent:
            self._messages.status(Status.of(payment, "RJCT", reason))

    def _execute_late(self, task: dict[str, Any]) -> None:
        row = self._ledger.find(task["number"])
        if row is None or row["status"] != HELD:
            return
        payment = payment_of(row)
        faults = {name: Fault.model_validate(fault) for name, fault in task["faults"].items()}
        reason = self._ledger.objection(payment, dedupes=False)
        if reason:
            self._reject(task["number"], payment, reason, silent="silent" in faults)
        else:
            self._execute(task["number"], payment, faults)

    def _confirm_delay_s(self, payment: Payment) -> float:
        """The profile's, unless the debtor's account has one of its own."""
        rows = self._party.tables.get("accounts") or {}
        own = rows.get(payment.debtor_account, {}).get("confirm_delay_s")
        return float(self._profile["confirm_delay_s"] if own is None else own)

    def _execute(self, number: int, payment: Payment, faults: Faults) -> None:
        self._ledger.execute(number, payment)
        if "silent" not in faults:
            if self._profile["accepts_with"]:
                self._messages.status(Status.of(payment, self._profile["accepts_with"]))
            if self._profile["confirm"] != "none":
                times = 2 if "confirm_twice" in faults else 1
                delay_s = self._confirm_delay_s(payment)
                self._party.agenda.add(delay_s, "confirm", number=number, times=times)
        if "return_after_s" in faults:
            fault = faults["return_after_s"]
            self._party.agenda.add(
                float(fault.detail("return_after_s", fault.delay_s)),
                "return",
                number=number,
                reason=str(fault.detail("reason", "AC04")),
                version=str(fault.detail("version", self._profile["returns"])),
            )

    def _confirm(self, task: dict[str, Any]) -> None:
        row = self._ledger.find(task["number"])
        if row is None:
            return
        for _ in range(task["times"]):
            if self._profile["confirm"] == "accc":
                self._messages.status(Status.of(payment_of(row), "ACCC"))
            else:
                self._messages.credit_advice(row)

    def _return(self, task: dict[str, Any]) -> None:
        row = self._ledger.find(task["number"])
        if row is None or row["status"] != EXECUTED:
            return
        self._ledger.give_back(task["number"], payment_of(row), task["reason"])
        if task["version"]:
            self._messages.payment_return(row, task["reason"], task["version"])

    def _answer(self, asked: StatusRequest) -> None:
        silent = self._party.faults.take_all(
            "operation", operation="inquiry", reference=asked.reference
        )
        row = self._ledger.latest(asked.reference)
        self._party.journal.write(
            "asked",
            reference=asked.reference,
            message_id=asked.message_id,
            found=row is not None,
        )
        if silent or not self._profile["status_answers"]:
            return
        code, reason = (
            {
                EXECUTED: ("ACCC", ""),
                RETURNED: ("ACSC", ""),
                REJECTED: ("RJCT", row["reason"] if row else ""),
                CANCELLED: ("CANC", ""),
            }[row["status"]]
            if row
            else ("RJCT", "NOOR")
        )
        self._messages.status(
            Status(
                code=code,
                reason=reason,
                original_message_id=asked.original_message_id or asked.message_id,
                payment_id=asked.original_message_id or asked.message_id,
                instruction_id=asked.original_instruction_id,
                reference=asked.reference,
                status_id=asked.message_id,
                payment=payment_of(row) if row else None,
            ),
            INQUIRY_ANSWER,
        )

    def _scheduled_statement(self, task: dict[str, Any]) -> float:
        self.statements.write()
        return self._statement_every_s
