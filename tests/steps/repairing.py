"""Orders about an episode as a whole, as the hospital and staff of the platform give them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crossclaim.domain.episode_cancellation import CancellationPlan, cancellation_plan
from crossclaim.domain.submission import SubmissionKind
from crossclaim.store.intake_tables import SqlIntake
from tests.flows.hospital import Body
from tests.steps.rig import AT, HOSPITAL, Answer, Rig

STAFF = "crossclaim"
LATER = AT + timedelta(days=20)
_numbers = itertools.count(1)


def hold(**more: object) -> Body:
    return {
        "number": f"H-{next(_numbers)}",
        "reason": "check",
        "note": "Is this Chan Siu Ming's bill at all?",
        "asked_at": "2026-04-14T11:00:00+08:00",
        **more,
    }


@dataclass(frozen=True)
class Repairer:
    """``organisation`` with a key of its own."""

    rig: Rig
    episode: str
    organisation: str = HOSPITAL
    key: str = "desk"

    def _desk(self) -> Rig:
        """Staff of the platform come in by the intake that sees every episode."""
        own = self.rig.intake
        every = SqlIntake(own._database, own._keyring, every=self.rig.database)
        return replace(self.rig, intake=every) if self.organisation == STAFF else self.rig

    def say(self, kind: SubmissionKind, body: Body, at: datetime = LATER) -> Answer:
        return self._desk().say(
            kind, body, self.episode, organisation=self.organisation, key_id=self.key, at=at
        )[1]

    def holds(self, at: datetime = LATER, **more: object) -> str:
        body = hold(**more)
        answer = self.say(SubmissionKind.HOLD, body, at)
        assert answer.status == 200, answer.body
        return str(body["number"])

    def releases(self, number: str, at: datetime = LATER) -> Answer:
        body = {"hold": number, "note": "It is his.", "asked_at": "2026-04-14T12:00:00+08:00"}
        return self.say(SubmissionKind.RELEASE, body, at)

    def plan(self) -> CancellationPlan:
        return cancellation_plan(self.rig.rows(self.episode))

    def cancels(self, effect: str | None = None) -> Answer:
        body = {
            "number": f"EC-{next(_numbers)}",
            "effect": effect or self.plan().effect,
            "reason": "billed_wrongly",
            "note": "The wrong patient was billed.",
            "asked_at": "2026-04-20T10:00:00+08:00",
        }
        return self.say(SubmissionKind.EPISODE_CANCELLATION, body)
