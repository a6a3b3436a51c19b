"""Scenario E11's stay with two insurers, its steps taken by hand: A pays first, B on the rest."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from activities.claims import ClaimSteps
from activities.guarantees import GuaranteeSteps
from activities.orders import Subject
from activities.payouts import PayoutSteps
from activities.stock import standing_by
from crossclaim.domain.allocation import AllocationResult
from crossclaim.domain.money import hk_cents
from crossclaim.domain.party import (
    AnswerState,
    ClaimAnswer,
    ClaimOrder,
    EligibilityAnswer,
    GuaranteeAnswer,
    GuaranteeOrder,
)
from crossclaim.domain.records import ClaimRow, EpisodeRows
from crossclaim.domain.standing import Standing
from crossclaim.domain.submission import SubmissionKind
from crossclaim.plans.loader import load_plans
from tests.flows.flow_stack import flow_reference
from tests.flows.hospital import Body, cny, example, varied
from tests.steps.parties import SlowInsurer
from tests.steps.rig import AT, HARBOUR, MUTUAL, Answer, Rig, insured_by

PEARL = "pearl-assurance"
NETWORK, SCALE = "gba-network-hk", "hospital-scale-hk"
_numbers = itertools.count(1)
STAY = {
    "room": "3600.00",
    "surgeon": "25000.00",
    "theatre": "15000.00",
    "miscellaneous": "8400.00",
}
"""CNY 52,000.00 in all."""
YEARS = {1: "0.00", 2: "10980.00", 3: "21960.00", 4: "24550.00"}
"""What B pays by its policy year (CNY), after A's 27,450.00."""


class Examiner(SlowInsurer):
    """An insurer that guarantees HKD 90,000 and keeps every claim until somebody decides."""

    def __init__(self, *, in_force: bool = True) -> None:
        self.orders: list[ClaimOrder] = []
        self.in_force = in_force
        self.answers: dict[str, ClaimAnswer] = {}

    def check_eligibility(self, insured: object, at: object) -> EligibilityAnswer:
        return EligibilityAnswer(in_force=self.in_force, direct_billing=self.in_force)

    def request_guarantee(self, order: GuaranteeOrder) -> GuaranteeAnswer:
        return GuaranteeAnswer(
            reference=order.reference,
            state=AnswerState.APPROVED,
            guarantee_number=f"LG-{order.insured.insurer}",
            limit=hk_cents(9_000_000),
        )

    def submit_claim(self, order: ClaimOrder) -> ClaimAnswer:
        self.orders.append(order)
        return self.answers.get(
            order.reference, ClaimAnswer(reference=order.reference, state=AnswerState.QUEUED)
        )

    def find_claim(self, reference: str) -> ClaimAnswer:
        return self.answers.get(reference, super().find_claim(reference))


@dataclass(frozen=True)
class Insured:
    """One of the two: who, by which policy, what is stated of its cover."""

    organisation: str
    plan: str
    policy: str
    stated: Mapping[str, object] = field(default_factory=dict)

    def coverage(self) -> Body:
        return insured_by(self.organisation, self.policy) | {"plan": self.plan} | dict(self.stated)


def first_there(**stated: object) -> Insured:
    """A: HK$30,000 are left of its yearly limit, and it decides in a house of its own."""
    used = {"annual_benefit_used": {"amount": "970000.00", "currency": "HKD"}}
    known = {"order": 1, "covered_since": "2025-01-01"} | used | stated
    return Insured(HARBOUR, NETWORK, "HL-2025-E11A1", known)


def second_here(year: int, **stated: object) -> Insured:
    """B in a policy year of its, by our own book."""
    known = {"order": 2} | ({} if year == 4 else {"pre_existing": True}) | stated
    return Insured(MUTUAL, SCALE, f"KM-2025-E11B{year}-{next(_numbers)}", known)


def second_there(organisation: str = PEARL) -> Insured:
    """B in its third policy year, deciding in a house of its own."""
    known = {"order": 2, "covered_since": "2024-04-07", "pre_existing": True}
    return Insured(organisation, SCALE, "PA-2025-E11B1", known)


def bill_of_stay(**changes: object) -> Body:
    bill = example("episode-1-bill-final")
    lines = [
        {
            "number": number,
            "category": category,
            "code": f"X-{number}",
            "description": category,
            "service_date": "2026-04-08",
            "quantity": 1,
            "unit_price": cny(amount),
            "amount": cny(amount),
            **({"surgery_class": "major"} if category == "surgeon" else {}),
        }
        for number, (category, amount) in enumerate(STAY.items(), 1)
    ]
    return varied(
        bill,
        number=f"F-E11-{next(_numbers)}",
        issued_at="2026-04-10T10:30:00+08:00",
        service_completed_at=None,
        lines=lines,
        total=cny("52000.00"),
        documents=[],
        **changes,
    )


def episode_of_stay(insured: list[Insured], number: str) -> Body:
    inpatient = example("episode-1-inpatient")
    consents = []
    for consent in inpatient["consents"]:
        if "recipient" not in consent:
            consents.append(consent)
            continue
        to = dict.fromkeys(one.organisation for one in insured)
        consents += [{**consent, "recipient": organisation} for organisation in to]
    return varied(
        inpatient,
        visit={
            "number": number,
            "planned_admission": "2026-04-07T09:00:00+08:00",
            "guarantee_requested_at": "2026-03-30T09:00:00+08:00",
        },
        coverages=[one.coverage() for one in insured],
        consents=consents,
        estimate=cny("52000.00"),
    )


@dataclass(frozen=True)
class DualStay:
    """One episode on its way, its steps taken by hand."""

    rig: Rig
    episode: str
    bill: Body
    examiners: Mapping[str, Examiner]

    @classmethod
    def opened(
        cls,
        rig: Rig,
        insured: list[Insured],
        *,
        refusing: frozenset[str] = frozenset(),
        **bill: object,
    ) -> DualStay:
        """Eligibility and guarantees asked, admitted and discharged; the bill is still to come."""
        there = [one.organisation for one in insured if one.organisation != MUTUAL]
        examiners = {name: Examiner(in_force=name not in refusing) for name in there}
        in_force = load_plans(demonstration=True)
        own_book = flow_reference()
        world = replace(
            rig.world, insurers=examiners, plan_shelf=lambda: in_force, reference=own_book
        )
        own = replace(rig, world=world)
        number = f"ZY-E11-{next(_numbers)}"
        episode, answer = own.say(SubmissionKind.EPISODE, episode_of_stay(insured, number))
        assert answer.status == 201, answer.body
        stay = cls(own, episode, bill_of_stay(**bill), examiners)
        stay.ask()
        own.say(SubmissionKind.ADMISSION, {"admitted_at": "2026-04-07T09:20:00+08:00"}, episode)
        own.say(SubmissionKind.DISCHARGE, {"discharged_at": "2026-04-10T10:00:00+08:00"}, episode)
        return stay

    def ask(self) -> None:
        """Every step about eligibility and guarantees that is due."""
        steps = GuaranteeSteps(self.rig.world)
        standing = self.standing()
        while standing.eligibility_due or standing.guarantee_due:
            if standing.eligibility_due:
                standing = steps.check_eligibility(self.about(standing.eligibility_due))
            elif standing.guarantee_due:
                standing = steps.request_guarantee(self.about(standing.guarantee_due))

    def billed(self) -> Answer:
        return self.rig.say(SubmissionKind.BILL, self.bill, self.episode)[1]

    def standing(self) -> Standing:
        return standing_by(self.rows(), self.rig.world, AT)

    def about(self, subject: str) -> Subject:
        return Subject(episode_id=self.episode, subject=subject, at=AT)

    def rows(self) -> EpisodeRows:
        return self.rig.rows(self.episode)

    def claim_on(self, organisation: str) -> ClaimRow:
        found = [c for c in self.rows().claims if c.organisation_id == organisation]
        assert len(found) == 1, found
        return found[0]

    def claims(self) -> dict[str, str]:
        """Insurer → state of the claim on it."""
        return {c.organisation_id or "": c.state for c in self.rows().claims}

    def submit(self, organisation: str) -> Standing:
        claim = self.claim_on(organisation)
        return ClaimSteps(self.rig.world).submit_claim(self.about(claim.id))

    def decide(self, organisation: str = MUTUAL) -> Standing:
        return ClaimSteps(self.rig.world).decide_claim(self.about(self.claim_on(organisation).id))

    def answered(self, organisation: str, hkd_cents: int) -> Standing:
        """The insurer has decided and is asked about it."""
        claim = self.claim_on(organisation)
        state = AnswerState.PARTIAL if hkd_cents else AnswerState.DENIED
        self.examiners[organisation].answers[claim.reference] = ClaimAnswer(
            reference=claim.reference,
            state=state,
            claim_number=f"N-{organisation}",
            benefit=hk_cents(hkd_cents),
            decided_at=AT,
        )
        return ClaimSteps(self.rig.world).inquire_claim(self.about(claim.id))

    def reserve(self) -> dict[str, int]:
        """Every payout that is due is reserved; debtor → fen."""
        standing = self.standing()
        while standing.payout_due:
            standing = PayoutSteps(self.rig.world).reserve_payout(self.about(standing.payout_due))
        return {p.debtor_organisation_id: p.amount_minor for p in self.rows().payouts}

    def split(self) -> AllocationResult:
        return self.rig.splits(self.episode)[-1]


def paid(split: AllocationResult) -> dict[str, str]:
    """Organisation, or funder → CNY."""
    return {t.organisation or t.funder.value: t.amount.decimal_text() for t in split.totals}
