"""eHealth as its port describes it, with the answers that a test puts into its mouth."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime

from crossclaim.domain.errors import Final, Retryable
from crossclaim.domain.health_record import (
    ConsentReport,
    DeliveryReceipt,
    DepositOrder,
    HealthRecord,
    Notice,
    RecordAnswer,
    RecordEntry,
    RecordOrder,
    RecordPatient,
)
from crossclaim.domain.record_submission import RecordSection

NOTICE = Notice(number="N-1", means="sms", sent_at=datetime(2026, 4, 2, 6, 0, tzinfo=UTC))
DIAGNOSIS = "Pneumonia of a canary"
Change = Callable[[RecordAnswer], RecordAnswer]


def unchanged(answer: RecordAnswer) -> RecordAnswer:
    return answer


def answer_to(order: RecordOrder) -> RecordAnswer:
    """One encounter of this person, last year."""
    number = order.person.document.number
    entry = RecordEntry(
        section=RecordSection.ENCOUNTERS,
        id="enc-1",
        subject="p-1",
        begun_on=date(2025, 2, 11),
        text=DIAGNOSIS,
    )
    patient = RecordPatient(id="p-1", numbers=[number], birth_date=order.person.birth_date)
    return RecordAnswer(
        reference=order.reference,
        institution=order.institution,
        raw=json.dumps({"text": DIAGNOSIS}).encode(),
        record=HealthRecord(patients=[patient], entries=[entry]),
        notice=NOTICE,
    )


class Ehealth:
    """Remembers what it took by reference; ``change`` makes its next answers wrong."""

    def __init__(self) -> None:
        self.asked: list[RecordOrder] = []
        self.deposits: list[DepositOrder] = []
        self.reports: list[ConsentReport] = []
        self.inquiries: list[str] = []
        self.change: Change = unchanged
        self.fails: list[Exception] = []
        """Raised one after the other, before anything is taken."""
        self.loses: list[Exception] = []
        """Raised one after the other, after all is taken."""
        self.reached = threading.Event()
        self.go_on = threading.Event()
        self.go_on.set()
        self._given: dict[str, RecordAnswer] = {}
        self.taken: dict[str, DeliveryReceipt] = {}

    def _arrive(self) -> None:
        if self.fails:
            raise self.fails.pop(0)
        self.reached.set()
        assert self.go_on.wait(30)

    def _leave(self) -> None:
        if self.loses:
            raise self.loses.pop(0)

    def request(self, order: RecordOrder) -> RecordAnswer:
        self._arrive()
        self.asked.append(order)
        answer = self._given.setdefault(order.reference, self.change(answer_to(order)))
        self._leave()
        return answer

    def find_request(self, reference: str) -> RecordAnswer | None:
        self.inquiries.append(reference)
        return self._given.get(reference)

    def deposit(self, order: DepositOrder) -> DeliveryReceipt:
        self._arrive()
        self.deposits.append(order)
        receipt = DeliveryReceipt(reference=order.reference, number="D-1", sha256=order.sha256)
        kept = self.taken.setdefault(order.reference, receipt)
        self._leave()
        return kept

    def find_deposit(self, reference: str) -> DeliveryReceipt | None:
        self.inquiries.append(reference)
        return self.taken.get(reference)

    def report_consent(self, report: ConsentReport) -> DeliveryReceipt:
        self._arrive()
        self.reports.append(report)
        receipt = DeliveryReceipt(reference=report.reference, number="C-1", notice=NOTICE)
        kept = self.taken.setdefault(report.reference, receipt)
        self._leave()
        return kept

    def find_consent_report(self, reference: str) -> DeliveryReceipt | None:
        return self.find_deposit(reference)


class Shelf:
    """Documents in memory, where only rows are of interest."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.down = False

    def put(self, key: str, content: bytes, content_type: str) -> None:
        if self.down:
            raise Retryable("the document store is busy", code="DOCUMENT_STORE_BUSY")
        self.kept[key] = content

    def get(self, key: str) -> bytes:
        if key not in self.kept:
            raise Final("there is no such document", code="DOCUMENT_MISSING")
        return self.kept[key]
