"""Family bindings as a worker makes them: rows on PostgreSQL, and the office's own process."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from temporalio.exceptions import ApplicationError
from ulid import ULID

from activities.binding_orders import BindingApplied, BindingSubject, FamilyApply
from activities.family_bindings import FamilyBindingSteps
from activities.world import World
from crossclaim.api.family_examples import FAMILY_EXAMPLES
from crossclaim.domain.family_binding import BindingRow, BindingStanding
from crossclaim.domain.family_sight import SharingInForce
from crossclaim.domain.family_submission import FamilyBindingSubmission, FamilyCodeLinkSubmission
from crossclaim.domain.identity import document_defect
from crossclaim.domain.submission import DocumentType, IdentityDocument, SubmissionKind
from crossclaim.gateways.family_office import FamilyOfficeGateway
from crossclaim.store.binding_rows import read_binding, sharings_in_force
from crossclaim.store.binding_tables import SqlBindings
from crossclaim.store.intake_tables import SqlIntake
from crossclaim.store.person_index import document_index
from crossclaim.store.session import Database
from crossclaim.wiring import House
from tests.flows.hospital import Body, varied
from tests.gateways.simulated_party import SimulatedParty
from tests.steps.rig import Answer, Rig

DESK = "jiangmen-central"
AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
ON = date(2026, 3, 2)
_numbers = itertools.count(100)
"""Lower ones stand in the office's own table."""


def citizen(number: int, born: str = "19580315") -> str:
    """A mainland identity number of an invented person of Jiangmen, with its check digit."""
    digits = f"440703{born}{number % 1000:03d}"
    fits = (
        f"{digits}{check}"
        for check in "0123456789X"
        if document_defect(DocumentType.MAINLAND_ID, f"{digits}{check}", ON) is None
    )
    return next(fits)


def people() -> tuple[str, str]:
    """Authoriser and user: two document numbers that nobody else in the tests has."""
    number = next(_numbers)
    return citizen(number, f"1985{1 + number // 1000:02d}01"), citizen(number)


def application(pair: tuple[str, str] | None = None, **changes: Any) -> Body:
    authoriser, user = pair or people()
    raw = varied(FAMILY_EXAMPLES[FamilyBindingSubmission], **changes)
    raw["number"] = changes.get("number", f"QQ-{next(_numbers)}")
    raw["authoriser"]["document"] = {"type": "mainland_id", "number": authoriser}
    raw["user"]["document"] = {"type": "mainland_id", "number": user}
    return raw


def code_link(pair: tuple[str, str]) -> Body:
    raw = varied(FAMILY_EXAMPLES[FamilyCodeLinkSubmission], number=f"QQM-{next(_numbers)}")
    for side, number in zip(("shower", "relative"), pair, strict=True):
        raw[side]["document"] = {"type": "mainland_id", "number": number}
    return raw


@dataclass(frozen=True)
class FamilyRig:
    """One worker's world over the folder's database, with the office's process at its other end."""

    world: World
    house: House
    intake: SqlIntake
    database: Database
    office: SimulatedParty

    @classmethod
    def of(cls, rig: Rig, worker: House, office: SimulatedParty) -> FamilyRig:
        world = replace(
            rig.world,
            bindings=SqlBindings(worker.database, worker.keyring),
            family_office=FamilyOfficeGateway(office.http()),
        )
        return cls(world, worker, rig.intake, worker.database, office)

    @property
    def steps(self) -> FamilyBindingSteps:
        return FamilyBindingSteps(self.world)

    def say(
        self,
        kind: SubmissionKind,
        content: Body,
        subject: str = "",
        *,
        desk: str = DESK,
        at: datetime = AT,
    ) -> tuple[str, Answer]:
        """The binding's or link's id, and what the step answered."""
        prefix = "fc" if kind is SubmissionKind.FAMILY_CODE_LINK else "fb"
        received = self.intake.receive(
            desk,
            kind,
            submission_id=f"sb_{ULID()}",
            episode_id=subject or f"{prefix}_{ULID()}",
            business_key=f"family-steps-{next(_numbers)}",
            content=content,
            idempotency_key=None,
        )
        self.apply(received.episode_id, received.id, at)
        outcome = self.select("select outcome from submission where id = %(id)s", id=received.id)[
            0
        ]["outcome"]
        return received.episode_id, Answer(outcome["status"], outcome["body"])

    def apply(self, subject: str, submission: str, at: datetime = AT) -> BindingApplied:
        order = FamilyApply(subject_id=subject, submission_id=submission, at=at)
        return self.steps.apply_family_submission(order)

    def applied(self, pair: tuple[str, str] | None = None, **changes: Any) -> str:
        binding, answer = self.say(SubmissionKind.FAMILY_BINDING, application(pair, **changes))
        assert answer.status == 201, answer.body
        return binding

    def unbind(self, binding: str, at: datetime = AT) -> Answer:
        asked = {"asked_by": "user", "asked_at": at.isoformat()}
        return self.say(SubmissionKind.FAMILY_UNBIND, asked, binding, at=at)[1]

    def office_says(self, binding: str, status: str, **members: Any) -> Answer:
        """A decision as it comes by callback."""
        reference = binding.replace("_", "").upper()
        message = {"reference": reference, "application_number": "JM1", "status": status}
        content = {"message": json.dumps({**message, **members})}
        return self.say(SubmissionKind.OFFICE_ANSWER, content, binding, at=later(2))[1]

    def bound(self, pair: tuple[str, str] | None = None, on: date = ON, **changes: Any) -> str:
        binding = self.applied(pair, **changes)
        self.send(binding)
        self.office_says(binding, "approved", decided_on=on.isoformat())
        return binding

    def send(self, binding: str, at: datetime = AT) -> BindingStanding:
        return self.steps.apply_for_binding(BindingSubject(binding_id=binding, at=at))

    def ask(self, binding: str, at: datetime) -> BindingStanding:
        return self.steps.ask_about_binding(BindingSubject(binding_id=binding, at=at))

    def tell(self, binding: str, at: datetime) -> BindingStanding:
        return self.steps.tell_binding_ended(BindingSubject(binding_id=binding, at=at))

    def stock(self, binding: str, at: datetime) -> BindingStanding:
        return self.steps.take_binding_stock(BindingSubject(binding_id=binding, at=at))

    def retried(self, binding: str) -> BindingStanding:
        """As the engine calls it: again after a lost answer."""
        with suppress(ApplicationError):
            return self.send(binding)
        return self.send(binding)

    def row(self, binding: str) -> BindingRow:
        with self.database.begin() as connection:
            row = read_binding(connection, binding)
        assert row is not None, binding
        return row

    def sharings(self, user: str, on: date) -> list[SharingInForce]:
        document = IdentityDocument(type=DocumentType.MAINLAND_ID, number=user)
        index = document_index(self.house.keyring, document)
        with self.database.begin() as connection:
            return sharings_in_force(connection, self.house.keyring, [index], on)

    def exceptions(self, binding: str) -> list[str]:
        found = self.select(
            "select code from family_binding_exception"
            " where binding_id = %(id)s and resolved_at is null order by id",
            id=binding,
        )
        return [row["code"] for row in found]

    def states(self, binding: str) -> list[str]:
        found = self.select(
            "select state from family_binding_state where binding_id = %(id)s order by ordinal",
            id=binding,
        )
        return [row["state"] for row in found]

    def taken(self, binding: str) -> Sequence[dict[str, Any]]:
        """What the office has taken under the binding's reference, or under one that begins so."""
        reference = binding.replace("_", "").upper()
        return [e for e in self.office.journal("taken") if e["reference"].startswith(reference)]

    def select(self, statement: str, **values: object) -> list[dict[str, Any]]:
        with self.database.begin() as connection:
            return [dict(row) for row in connection.execute(statement, values).mappings()]


def later(days: float) -> datetime:
    return AT + timedelta(days=days)
