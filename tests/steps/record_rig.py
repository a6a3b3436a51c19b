"""Episodes whose patients have records: a person, a number and a clock of their own each."""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from ulid import ULID

from activities.orders import Apply, Subject
from activities.record_deliveries import RecordDeliverySteps
from activities.record_requests import RecordRequestSteps
from activities.submissions import SubmissionSteps
from activities.world import World
from crossclaim.domain.health_record import RecordOrder
from crossclaim.domain.record_rows import RecordDeliveryRow, RecordRequestRow
from crossclaim.domain.records import EpisodeRows
from crossclaim.domain.standing import Standing
from crossclaim.domain.submission import SubmissionKind
from tests.flows.hospital import Body, example, varied
from tests.steps.record_parties import Ehealth, Shelf
from tests.steps.rig import HOSPITAL, Answer, Rig

NOW = datetime(2026, 4, 2, 6, 0, tzinfo=UTC)
APPLICATION, PASSWORD = "APPLICATION-CODE-OF-CANARY", "PASSWORD-CODE-OF-CANARY-01"
STAFF = "DR-1024"
_numbers = itertools.count(1)


def signed(type_: str, at: datetime = NOW - timedelta(hours=1), **more: Any) -> Body:
    version = "2025-01" if type_.startswith("EHEALTH") else "2026-01"
    return {
        "type": type_,
        "text_version": version,
        "signed_at": at.isoformat(),
        "channel": "paper",
        **more,
    }


def to_authority(type_: str) -> Body:
    return signed(type_, recipient="hospital-authority")


JOIN, SHARE = signed("EHEALTH_JOIN"), signed("EHEALTH_SHARE")
DIRECT = [signed("PI_SENSITIVE"), to_authority("PI_PROVIDE"), to_authority("PI_CROSS_BORDER")]


@dataclass(frozen=True)
class RecordRig:
    rig: Rig
    world: World
    ehealth: Ehealth
    authority: Ehealth
    shelf: Shelf

    @classmethod
    def of(cls, rig: Rig) -> RecordRig:
        ehealth, authority, shelf = Ehealth(), Ehealth(), Shelf()
        world = replace(
            rig.world,
            record_systems={"ehealth": ehealth, "hospital-authority": authority},
            documents=shelf,
            record_again_s=10,
        )
        return cls(rig, world, ehealth, authority, shelf)

    def person(self) -> str:
        """The identity number of somebody who is nobody else."""
        return f"K{next(_numbers):06d}0"

    def open(
        self, consents: list[Body], *, number: str = "", hospital: str = HOSPITAL, **changes: Any
    ) -> RecordVisit:
        patient = {"documents": [{"type": "hkid", "number": number or self.person()}]}
        submission = varied(
            example("episode-2-voucher"),
            hospital=hospital,
            visit={"number": f"MZ-REC-{next(_numbers)}"},
            patient={**patient, **changes.pop("patient", {})},
            coverages=[],
            consents=consents,
            **changes,
        )
        episode, answer = self.say(SubmissionKind.EPISODE, submission, hospital=hospital)
        assert answer.status == 201, answer.body
        return RecordVisit(self, episode)

    def say(
        self,
        kind: SubmissionKind,
        content: Body,
        episode: str = "",
        *,
        at: datetime = NOW,
        hospital: str = HOSPITAL,
    ) -> tuple[str, Answer]:
        received = self.rig.intake.receive(
            hospital,
            kind,
            submission_id=f"sb_{ULID()}",
            episode_id=episode or f"ep_{ULID()}",
            business_key=f"records-{next(_numbers)}",
            content=content,
            idempotency_key=None,
        )
        order = Apply(episode_id=received.episode_id, submission_id=received.id, at=at)
        SubmissionSteps(self.world).apply_submission(order)
        found = self.select("select outcome from submission where id = %(id)s", id=received.id)
        outcome = found[0]["outcome"]
        return received.episode_id, Answer(outcome["status"], outcome["body"])

    def select(self, statement: str, **values: object) -> list[dict[str, Any]]:
        with self.rig.database.begin() as connection:
            return [dict(row) for row in connection.execute(statement, values).mappings()]


@dataclass(frozen=True)
class RecordVisit:
    """One episode and what is due about its records."""

    of: RecordRig
    id: str

    def ask(self, at: datetime = NOW, **changes: Any) -> Answer:
        request = {
            "number": f"RR-{next(_numbers)}",
            "requested_at": at.isoformat(),
            "requested_by": STAFF,
            "application_code": APPLICATION,
            "password_code": PASSWORD,
            **changes,
        }
        asked = {name: value for name, value in request.items() if value is not None}
        return self.of.say(SubmissionKind.RECORD_REQUEST, asked, self.id, at=at)[1]

    def asked(self, at: datetime = NOW, **changes: Any) -> RecordRequestRow:
        answer = self.ask(at, **changes)
        assert answer.status == 201, answer.body
        return self.request()

    def upload(self, content: bytes) -> str:
        """As the API keeps it: the object, then its row."""
        sha256 = hashlib.sha256(content).hexdigest()
        key = f"{self.id}/documents/{sha256}"
        self.of.shelf.kept[key] = content
        with self.of.rig.database.begin() as connection:
            connection.execute(
                "insert into document (episode_id, sha256, organisation_id, object_key,"
                " content_type, size_bytes) values (%(id)s, %(sha256)s, %(organisation)s, %(key)s,"
                " 'application/pdf', %(size)s) on conflict do nothing",
                {
                    "id": self.id,
                    "sha256": sha256,
                    "organisation": HOSPITAL,
                    "key": key,
                    "size": len(content),
                },
            )
        return sha256

    def hand_in(self, *contents: bytes, at: datetime = NOW, kind: str = "visit_summary") -> Answer:
        items = [
            {"kind": kind, "sha256": self.upload(content), "made_on": "2026-04-02"}
            for content in contents
        ]
        deposit = {
            "number": f"RD-{next(_numbers)}",
            "stated_at": at.isoformat(),
            "items": items,
        }
        return self.of.say(SubmissionKind.RECORD_DEPOSIT, deposit, self.id, at=at)[1]

    def consent(self, at: datetime = NOW, **what: Any) -> Answer:
        said = {"number": f"C-{next(_numbers)}", "stated_at": at.isoformat(), **what}
        return self.of.say(SubmissionKind.CONSENT, said, self.id, at=at)[1]

    def withdraw(self, type_: str, at: datetime = NOW) -> None:
        answer = self.consent(at, withdrawn=type_)
        assert answer.status == 200, answer.body

    def fetch(self, at: datetime = NOW, steps: RecordRequestSteps | None = None) -> Standing:
        found = steps or RecordRequestSteps(self.of.world)
        return found.fetch_records(self._about(self.request().id, at))

    def deliver(self, at: datetime = NOW, steps: RecordDeliverySteps | None = None) -> Standing:
        found = steps or RecordDeliverySteps(self.of.world)
        return found.deliver_record(self._about(self.delivery().id, at))

    def give_up(self, subject: str, at: datetime) -> Standing:
        return RecordDeliverySteps(self.of.world).give_up_record(self._about(subject, at))

    def stock(self, at: datetime = NOW) -> Standing:
        return SubmissionSteps(self.of.world).take_stock(self._about("", at))

    def rows(self) -> EpisodeRows:
        with self.of.world.records.transaction() as tx:
            return tx.rows(self.id)

    def request(self) -> RecordRequestRow:
        return self.rows().record_requests[-1]

    def delivery(self) -> RecordDeliveryRow:
        return self.rows().record_deliveries[-1]

    def exceptions(self) -> dict[str, str]:
        return self.of.rig.exceptions(self.id)

    def attempts(self) -> list[dict[str, Any]]:
        return self.of.select(
            "select * from outbound_attempt where episode_id = %(id)s order by id", id=self.id
        )

    def _about(self, subject: str, at: datetime) -> Subject:
        return Subject(episode_id=self.id, subject=subject, at=at)


def codes_sent(order: RecordOrder) -> tuple[str, str]:
    return order.application_code, order.password_code
