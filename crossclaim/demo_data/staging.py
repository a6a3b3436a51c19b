"""Turns a course into one staged row: ids, times, sealed contents and what a search compares."""

from __future__ import annotations

from datetime import datetime, timedelta

from ulid import ULID

from crossclaim.demo_data.bills import DecidedBill
from crossclaim.demo_data.courses import Course
from crossclaim.demo_data.templates import (
    BILL,
    BIRTH,
    DOCUMENT,
    NAME_EN,
    NAME_ZH,
    VISIT,
    Template,
)
from crossclaim.domain.reference import Reference
from crossclaim.domain.submission import DocumentType
from crossclaim.security.keyring import Keyring
from crossclaim.store.person_index import person_key

COLUMNS = (
    "number", "pool", "id", "visit", "status", "sealed", "opened_at", "admitted_at",
    "discharged_at", "closed_at", "key_id", "epoch", "wrapped", "document", "tokens", "bill",
    "bill_number", "bill_sealed", "billed_at", "claim", "claim_state", "decided_by", "decided_at",
    "payout", "payout_state", "payee_sealed", "reserved_at", "credited_at", "guarantee",
    "answered_at", "stages", "exception", "exception_at", "resolved_at",
)  # fmt: skip
_REQUEST_BEFORE = timedelta(hours=1)


class Stager:
    """Seals with keys of their own what a real episode would seal."""

    def __init__(
        self,
        keyring: Keyring,
        reference: Reference,
        pool: list[DecidedBill],
        templates: list[Template],
    ) -> None:
        self._keyring = keyring
        self._accounts = {
            hospital.id: hospital.account.model_dump_json().encode()
            for hospital in reference.hospitals
        }
        self._pool, self._templates = pool, templates
        self._tokens: dict[str, list[bytes]] = {}

    def row(self, course: Course) -> tuple[object, ...]:
        """The values of ``COLUMNS``."""
        template, bill = self._templates[course.pool], self._pool[course.pool]
        episode_id = f"ep_{_ulid(course.opened_at, course.number)}"
        suffix = _ulid(course.billed_at, course.number)
        visit, bill_number = visit_number(course.number), f"DEMO-B{course.number:08d}"
        key = self._keyring.new_key(episode_id)
        self._keyring.adopt(episode_id, key)
        person = course.patient

        def seal(text: str, field: str) -> bytes:
            return self._keyring.encrypt(episode_id, text.encode(), field)

        content = (
            template.episode_json.replace(NAME_ZH, person.name_zh)
            .replace(NAME_EN, person.name_en)
            .replace(DOCUMENT, person.hkid)
            .replace(VISIT, visit)
            .replace(BIRTH.isoformat(), person.birth_date.isoformat())
        )
        document = self._keyring.blind_index(
            person_key(DocumentType.HKID, person.hkid), DocumentType.HKID.value
        )
        tokens = {*self._named(person.name_zh), *self._named(person.name_en)}
        payee = None
        if course.payout:
            account = self._accounts[bill.claim.episode.hospital]
            payee = self._keyring.encrypt(episode_id, account, "payee")
        answered = course.guarantee_after_s
        requested = course.opened_at + _REQUEST_BEFORE
        return (
            course.number,
            course.pool,
            episode_id,
            visit,
            "closed" if course.closed_at else "open",
            seal(content, "episode"),
            course.opened_at,
            course.admitted_at,
            course.discharged_at,
            course.closed_at,
            key.key_id,
            key.epoch,
            key.wrapped,
            document,
            sorted(tokens),
            f"bl_{suffix}",
            bill_number,
            seal(template.bill_json.replace(BILL, bill_number), "bill"),
            course.billed_at,
            f"cl_{suffix}" if template.claim_kind else None,
            "approved" if course.decided_at else "submitted",
            _decided_by(template, course),
            course.decided_at,
            f"PO{suffix}" if course.payout else None,
            course.payout,
            payee,
            course.reserved_at,
            course.credited_at,
            f"gu_{suffix}" if answered is not None and template.insurer else None,
            None if answered is None else requested + timedelta(seconds=answered),
            _stages(template, course),
            course.exception,
            course.exception_at,
            course.resolved_at,
        )

    def _named(self, name: str) -> list[bytes]:
        known = self._tokens.get(name)
        if known is None:
            known = self._tokens[name] = self._keyring.name_tokens(name)
        return known


def visit_number(number: int) -> str:
    return f"DEMO-{number:08d}"


def _ulid(at: datetime, number: int) -> ULID:
    """Sorted by its time, as a real one; the rest is the number, so that it comes again."""
    stamp = int(at.timestamp() * 1000)
    return ULID.from_bytes(stamp.to_bytes(6, "big") + number.to_bytes(10, "big"))


def _decided_by(template: Template, course: Course) -> str:
    if template.claim_kind != "direct" or course.decided_at is None:
        return ""
    return "examiner" if course.by_examiner else "rules"


def _stages(template: Template, course: Course) -> list[str]:
    reached = {"bill", "tender", "voucher", "settlement"}
    if course.payout:
        reached.add("payout")
    if course.payout == "credited":
        reached.add("credit")
    if course.payout == "returned":
        reached.add("reversal")
    return [stage for stage in template.entries if stage in reached]
