"""A stay whose letter of guarantee is asked for, raised, used and ended, step by step by hand."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from datetime import datetime

from activities.claims import ClaimSteps
from activities.guarantee_changes import GuaranteeChangeSteps
from activities.guarantee_clocks import GuaranteeClocks
from activities.guarantees import GuaranteeSteps
from activities.orders import Subject
from activities.ports import Insurer
from activities.submissions import SubmissionSteps
from crossclaim.domain.guarantee_book import Book, book_of
from crossclaim.domain.guarantee_rows import GuaranteeRequestRow
from crossclaim.domain.guarantee_standing import GuaranteeStanding
from crossclaim.domain.money import hk_cents
from crossclaim.domain.records import EpisodeRows, GuaranteeRow
from crossclaim.domain.standing import Standing
from crossclaim.domain.submission import SubmissionKind
from crossclaim.plans.loader import load_plans
from tests.flows.flow_stack import flow_reference
from tests.flows.hospital import Body, cny, example, varied
from tests.steps.rig import HARBOUR, MUTUAL, Answer, Rig, policy_number

LIMIT = 4_000_000
"""HK cents: what the book of policies lets the rules promise."""
INTERIM_PART, FINAL_PART = 1_244_508, 3_392_386
_numbers = itertools.count(1)


def at(text: str) -> datetime:
    """A moment of 2026 in the region: ``03-11 09:00``."""
    return datetime.fromisoformat(f"2026-{text}:00+08:00".replace(" ", "T"))


def hkd(cents: int) -> Body:
    return hk_cents(cents).model_dump()


@dataclass
class Stay:
    rig: Rig
    episode: str
    number: str
    insurer: str
    now: datetime
    policy: str

    @classmethod
    def opened(
        cls,
        rig: Rig,
        insurer: str = MUTUAL,
        *,
        asked_at: str = "03-09 09:00",
        visit: Body | None = None,
        estimate: Body | None = None,
        policy: str = "",
        party: Insurer | None = None,
    ) -> Stay:
        rules = load_plans(demonstration=True)
        world = replace(rig.world, reference=flow_reference(), plan_shelf=lambda: rules)
        if party is not None:
            world = replace(world, insurers={HARBOUR: party})
        rig = replace(rig, world=world)
        number, asked, held = next(_numbers), at(asked_at), policy or policy_number()
        whole = example("episode-1-inpatient")
        consents = [
            {**c, "recipient": insurer} if "recipient" in c else c for c in whole["consents"]
        ]
        content = varied(
            whole,
            visit={
                "number": f"ZY-GU-{number}",
                "guarantee_requested_at": asked.isoformat(),
                **(visit or {}),
            },
            coverages=[{**whole["coverages"][0], "organisation": insurer, "policy_number": held}],
            consents=consents,
        )
        if estimate is not None:
            content["estimate"] = estimate or None
        content = {name: value for name, value in content.items() if value is not None}
        content["visit"] = {n: v for n, v in content["visit"].items() if v is not None}
        episode, answer = rig.say(SubmissionKind.EPISODE, content, at=asked)
        assert answer.status == 201, answer.body
        stay = cls(rig, episode, f"F-GU-{number}", insurer, asked, held)
        stay.ask_insurer()
        return stay

    def ask_insurer(self) -> None:
        steps, standing = GuaranteeSteps(self.rig.world), self.standing()
        while standing.eligibility_due or standing.guarantee_due:
            if standing.eligibility_due:
                standing = steps.check_eligibility(self.about(standing.eligibility_due))
            elif standing.guarantee_due:
                standing = steps.request_guarantee(self.about(standing.guarantee_due))

    def say(self, kind: SubmissionKind, content: Body, sender: str = "") -> Answer:
        organisation = {"organisation": sender} if sender else {}
        return self.rig.say(kind, content, self.episode, at=self.now, **organisation)[1]

    def ask(self, planned: str = "", until: str = "", **more: object) -> Answer:
        """The hospital asks for more money, more time, or a first letter."""
        content: Body = {
            "number": f"GR-{next(_numbers)}",
            "insurer": self.insurer,
            "requested_at": self.now.isoformat(),
            **more,
        }
        if planned:
            content["planned_amount"] = cny(planned)
        if until:
            content["valid_until"] = until
        return self.say(SubmissionKind.GUARANTEE_REQUEST, content)

    def decide(self, limit: int | Body | None = None, **more: object) -> Answer:
        """A person at the insurer answers the open request, or the newest one."""
        content: Body = {
            "request": self.request().reference,
            "approved": True,
            "decided_at": self.now.isoformat(),
            **more,
        }
        if limit is not None:
            content["limit"] = limit if isinstance(limit, dict) else hkd(limit)
        return self.say(SubmissionKind.GUARANTEE_DECISION, content, self.insurer)

    def withdraw(self, sender: str = "") -> Answer:
        content = {
            "guarantee": self.letter().reference,
            "reason": "NOT_NEEDED",
            "withdrawn_at": self.now.isoformat(),
        }
        return self.say(SubmissionKind.GUARANTEE_WITHDRAWAL, content, sender)

    def admit(self, moment: str = "03-11 09:20") -> None:
        self.now = max(self.now, at(moment))
        content = {"admitted_at": at(moment).isoformat()}
        assert self.say(SubmissionKind.ADMISSION, content).status == 200

    def bill(self, which: str = "final", **changes: object) -> Answer:
        """``interim`` is HKD 12,445.08 of the insurer, ``final`` HKD 33,923.86, by its plan."""
        named = {"number": self.number, "version": 1 if which == "interim" else 2, **changes}
        content = varied(example(f"episode-1-bill-{which}"), **named)
        return self.say(SubmissionKind.BILL, content)

    def void(self, version: int = 2) -> Answer:
        content = {
            "bill_number": self.number,
            "bill_version": version,
            "voided_at": self.now.isoformat(),
            "reason": "Another bill comes.",
        }
        return self.say(SubmissionKind.VOID, content)

    def follow(self) -> Standing:
        """Takes every step about letters that is due now, as the workflow would."""
        changes, clocks = GuaranteeChangeSteps(self.rig.world), GuaranteeClocks(self.rig.world)
        standing = self.standing()
        while (due := standing.guarantee) is not None and due.step:
            step = getattr(changes, due.step, None) or getattr(clocks, due.step)
            standing = step(self.about(due.subject))
        return standing

    def release(self) -> Standing:
        steps = GuaranteeSteps(self.rig.world)
        return steps.release_guarantee(self.about(self.letter().id))

    def claimed(self) -> None:
        claim = self.rows().claims[-1]
        ClaimSteps(self.rig.world).submit_claim(self.about(claim.id))

    def decided_here(self) -> None:
        claim = self.rows().claims[-1]
        ClaimSteps(self.rig.world).decide_claim(self.about(claim.id))

    def close(self) -> Standing:
        return SubmissionSteps(self.rig.world).close_episode(self.about(""))

    def about(self, subject: str) -> Subject:
        return Subject(episode_id=self.episode, subject=subject, at=self.now)

    def standing(self) -> Standing:
        return self.rig.standing(self.episode, self.now)

    def clock(self) -> GuaranteeStanding:
        found = self.standing().guarantee
        assert found is not None
        return found

    def rows(self) -> EpisodeRows:
        return self.rig.rows(self.episode)

    def letter(self) -> GuaranteeRow:
        return self.rows().guarantees[-1]

    def request(self) -> GuaranteeRequestRow:
        return self.rows().guarantee_requests[-1]

    def book(self) -> Book:
        return book_of(self.letter())

    def ledger(self) -> tuple[int, int, int]:
        """Reserved, used and committed cents of this episode's own entries."""
        left = self.rig.balances(self.episode)
        sides = ("reserved", "used", "committed")
        found = [left.get(f"guarantee:{self.insurer}:{side}", 0) for side in sides]
        return found[0], found[1], found[2]
