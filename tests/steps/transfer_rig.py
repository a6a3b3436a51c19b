"""Transfers by ambulance on PostgreSQL: the example episodes with numbers of their own."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from activities.orders import Subject
from activities.transfer_papers import TransferPapers
from activities.world import World
from crossclaim.documents.hand_over_record import PrintedHandOvers
from crossclaim.documents.voucher_use_record import PrintedRecords
from crossclaim.domain.reference import PolicyKnown
from crossclaim.domain.standing import Standing
from crossclaim.domain.submission import SubmissionKind
from tests.flows.hospital import Body, example, varied
from tests.steps.record_parties import Shelf
from tests.steps.rig import Answer, Rig

NOW = datetime(2026, 4, 14, 6, 0, tzinfo=UTC)
BEYOND = "example-hospital-hk"
PLUS = "gba-care-plus-example"
_numbers = itertools.count(1)


def _of_its_plan(policy: PolicyKnown) -> PolicyKnown:
    plus = policy.number.startswith("KM-2026-PLUS")
    return policy.model_copy(update={"plan": PLUS}) if plus else policy


@dataclass(frozen=True)
class TransferRig:
    rig: Rig
    shelf: Shelf

    @classmethod
    def of(cls, rig: Rig) -> TransferRig:
        shelf = Shelf()
        world = replace(
            rig.world,
            documents=shelf,
            use_records=PrintedRecords(),
            hand_over_printer=PrintedHandOvers(),
        )
        return cls(replace(rig, world=world).with_policies(_of_its_plan), shelf)

    @property
    def world(self) -> World:
        return self.rig.world

    def open(self, name: str = "ambulance-transfer", **changes: Any) -> Transfer:
        """The episode of an example file, with a visit and a policy that nobody else has."""
        content, number = example(name), next(_numbers)
        coverages = [
            {**c, "policy_number": f"KM-2026-PLUS-s{number}"}
            for c in content["episode"]["coverages"]
        ]
        visit = {"number": f"TR-STEPS-{number}"}
        submission = varied(content["episode"], visit=visit, coverages=coverages, **changes)
        episode, answer = self.rig.say(SubmissionKind.EPISODE, submission, at=NOW)
        assert answer.status == 201, answer.body
        return Transfer(self, episode, content)


@dataclass(frozen=True)
class Transfer:
    """One episode of an example file."""

    of: TransferRig
    id: str
    content: dict[str, Any]

    def say(self, kind: SubmissionKind, content: Body, at: datetime = NOW) -> Answer:
        return self.of.rig.say(kind, content, self.id, at=at)[1]

    def hand_over(self, part: str = "hand-over", at: datetime = NOW, **changes: Any) -> Answer:
        return self.say(SubmissionKind.HAND_OVER, varied(self.content[part], **changes), at)

    def bill(self, part: str = "bill") -> Answer:
        return self.say(SubmissionKind.BILL, self.content[part])

    def withdraw(self, consent: str) -> None:
        said = {"number": f"W-{next(_numbers)}", "withdrawn": consent}
        said["stated_at"] = NOW.isoformat()
        assert self.say(SubmissionKind.CONSENT, said).status == 200

    def sign(self, consent: str) -> None:
        given = next(c for c in self.content["episode"]["consents"] if c["type"] == consent)
        given = {**given, **({"recipient": BEYOND} if "recipient" in given else {})}
        said = {"number": f"G-{next(_numbers)}", "given": given, "stated_at": NOW.isoformat()}
        assert self.say(SubmissionKind.CONSENT, said).status == 200

    def standing(self) -> Standing:
        return self.of.rig.standing(self.id, NOW)

    def issue(self) -> Standing:
        """The step, about the hand-over that is recorded."""
        (known,) = self.of.rig.rows(self.id).hand_overs
        order = Subject(episode_id=self.id, subject=known.id, at=NOW)
        return TransferPapers(self.of.world).issue_hand_over_record(order)

    def state(self) -> str:
        (known,) = self.of.rig.rows(self.id).hand_overs
        return known.state

    def releases(self) -> list[dict[str, Any]]:
        found = "select * from hand_over_release where episode_id = %(id)s"
        return self.of.rig._select(found, id=self.id)

    def papers(self) -> dict[str, str]:
        """Language → the printed page, of those that can be read."""
        found = self.of.rig._select(
            "select language, object_key from hand_over_paper where episode_id = %(id)s",
            id=self.id,
        )
        return {row["language"]: self.of.shelf.kept[row["object_key"]].decode() for row in found}
