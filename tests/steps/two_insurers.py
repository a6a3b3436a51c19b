"""Scenario E11's stay with two insurers, its steps taken by hand: A pays first, B on the rest."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from activities.claims import ClaimSteps
from activities.claims_due import open_claims
from activities.guarantees import GuaranteeSteps
from activities.orders import Subject
from activities.payouts import PayoutSteps
from activities.stock import standing_by
from crossclaim.domain.allocation import AllocationResult
from crossclaim.domain.ledger import credit_entry, hospital_bills, reimbursements
from crossclaim.domain.plan import PlanSet
from crossclaim.domain.records import ClaimRow, EpisodeRows
from crossclaim.domain.standing import Standing
from crossclaim.domain.submission import SubmissionKind
from crossclaim.plans.loader import load_plans
from tests.flows.flow_stack import flow_reference
from tests.flows.hospital import Body, cny, example, tender_of, varied
from tests.steps.examiner import Examiner, decision
from tests.steps.rig import AT, HARBOUR, MUTUAL, Answer, Rig, bill_of, insured_by

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
CODES = {
    "room": "BED-INTL-S",
    "surgeon": "SUR-MJ-02",
    "theatre": "OT-L3",
    "miscellaneous": "MISC-IP-2",
}
"""As the hospital has filed them for international services."""
YEARS = {1: "0.00", 2: "10980.00", 3: "21960.00", 4: "24550.00"}
"""What B pays by its policy year (CNY), after A's 27,450.00."""


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
            "code": CODES[category],
            "description": category,
            "service_date": "2026-04-08",
            "quantity": 3 if category == "room" else 1,
            "unit_price": cny("1200.00" if category == "room" else amount),
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


def episode_of_stay(insured: list[Insured], number: str, estimate: str | None) -> Body:
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
        estimate=cny(estimate) if estimate else None,
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
        limit_hkd: int = 90_000,
        estimate: str | None = "52000.00",
        beside: Sequence[Body] = (),
        **bill: object,
    ) -> DualStay:
        """Eligibility and guarantees asked, admitted and discharged; the bill is still to come."""
        there = [one.organisation for one in insured if one.organisation != MUTUAL]
        examiners = {
            name: Examiner(in_force=name not in refusing, limit_hkd=limit_hkd) for name in there
        }
        in_force = delivered_plans()
        own_book = flow_reference()
        world = replace(
            rig.world, insurers=examiners, plan_shelf=lambda: in_force, reference=own_book
        )
        own = replace(rig, world=world)
        number = f"ZY-E11-{next(_numbers)}"
        submission = episode_of_stay(insured, number, estimate)
        submission["coverages"] += beside
        episode, answer = own.say(SubmissionKind.EPISODE, submission)
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
        self.will_answer(organisation, hkd_cents)
        return ClaimSteps(self.rig.world).inquire_claim(self.about(self.claim_on(organisation).id))

    def will_answer(self, organisation: str, hkd_cents: int) -> None:
        reference = self.claim_on(organisation).reference
        decided = decision(organisation, reference, hkd_cents)
        self.examiners[organisation].answers[reference] = decided

    def callback(self, organisation: str, hkd_cents: int, reference: str = "") -> Answer:
        """The insurer calls back by itself."""
        about = reference or self.claim_on(organisation).reference
        resource = decision(organisation, about, hkd_cents).model_dump_json()
        kind, content = SubmissionKind.INSURER_ANSWER, {"resource": resource}
        return self.rig.say(kind, content, self.episode, organisation=organisation)[1]

    def dying_at(self, point: str) -> DualStay:
        """The same episode in the hands of a worker that dies there."""

        def strike(reached: str) -> None:
            if reached == point:
                raise KilledHere(point)

        world = replace(self.rig.world, fault_point=strike)
        return replace(self, rig=replace(self.rig, world=world))

    def without_plan(self, name: str) -> DualStay:
        """The same episode under plans that lack one."""
        known = delivered_plans()
        plans = PlanSet(plans=tuple(plan for plan in known.plans if plan.id != name))
        world = replace(self.rig.world, plan_shelf=lambda: plans)
        return replace(self, rig=replace(self.rig, world=world))

    def withdraw_from(self, organisation: str) -> None:
        """The consent that one insurer be told anything at all."""
        self.rig.change(
            "update consent set withdrawn_at = now() where episode_id = %(episode)s"
            " and recipient = %(organisation)s",
            episode=self.episode,
            organisation=organisation,
        )

    def claim_by_hand(self, organisation: str) -> None:
        """A claim that nothing of ours would open yet."""
        (bill,) = self.rows().bills
        with self.rig.world.records.transaction() as tx:
            tx.add_claim(
                "cl_by-hand",
                self.episode,
                bill.id,
                "direct",
                organisation_id=organisation,
                sequence=2,
                reference="CLbyhand",
                state="due",
                decides="there",
                forecast_minor=1,
                occurred_at=AT,
            )

    def look_again(self) -> None:
        """Whatever claim is wanted now is opened."""
        with self.rig.world.records.transaction() as tx:
            open_claims(tx, self.episode, AT)

    def credited(self) -> None:
        """The bank has paid every payout."""
        self.reserve()
        for payout in self.rows().payouts:
            hospital = hospital_bills(self.rows().episode.hospital_id)
            payee = hospital if payout.payee == "hospital" else reimbursements()
            who, bank, amount = payout.debtor_organisation_id, payout.bank, payout.amount_minor
            with self.rig.world.records.transaction() as tx:
                tx.change_intent(payout.reference, state="credited", credited_at=AT, closed_at=AT)
                entry = credit_entry(f"credit:{payout.reference}", payee, who, bank, amount)
                tx.post(self.episode, entry, AT)
                tx.change_episode(self.episode)

    def released(self) -> list[str]:
        """Guarantees are let go one after the other; whose."""
        standing, steps, found = self.standing(), GuaranteeSteps(self.rig.world), []
        while standing.guarantee_release_due:
            due = standing.guarantee_release_due
            found += [g.insurer_id for g in self.rows().guarantees if g.id == due]
            standing = steps.release_guarantee(self.about(due))
        return found

    def reimbursement(self) -> Body:
        return {
            "bill_number": self.bill["number"],
            "bill_version": self.bill["version"],
            "requested_at": "2026-04-20T10:00:00+08:00",
            "account": example("episode-1-reimbursement")["account"],
        }

    def reimburse(self) -> dict[str, int]:
        """The patient asks; insurer → fen that he gets."""
        asked = self.reimbursement()
        _, answer = self.rig.say(SubmissionKind.REIMBURSEMENT, asked, self.episode)
        assert answer.status == 202, answer.body
        steps = ClaimSteps(self.rig.world)
        for claim in self.rows().claims:
            if claim.kind == "reimbursement":
                insurer = claim.organisation_id or ""
                decided = decision(insurer, claim.reference, claim.forecast_minor or 0)
                self.examiners[insurer].answers[claim.reference] = decided
                steps.submit_claim(self.about(claim.id))
        self.reserve()
        payouts = [p for p in self.rows().payouts if p.payee == "patient"]
        return {p.debtor_organisation_id: p.amount_minor for p in payouts}

    def tender(self, amount: str) -> None:
        tendered = tender_of(self.bill, amount, "2026-04-10T10:50:00+08:00")
        _, answer = self.rig.say(SubmissionKind.TENDER, tendered, self.episode)
        assert answer.status == 200, answer.body

    def reserve(self) -> dict[str, int]:
        """Every payout that is due is reserved; debtor → fen."""
        standing = self.standing()
        while standing.payout_due:
            standing = PayoutSteps(self.rig.world).reserve_payout(self.about(standing.payout_due))
        return {p.debtor_organisation_id: p.amount_minor for p in self.rows().payouts}

    def split(self) -> AllocationResult:
        return self.rig.splits(self.episode)[-1]


@cache
def delivered_plans() -> PlanSet:
    return load_plans(demonstration=True)


class KilledHere(Exception):
    """Stands for the death of a worker."""


def first_here(rig: Rig) -> Insured:
    """A, decided by our rules; an earlier bill left HK$30,000 of its yearly limit."""
    policy = f"KM-2025-E11A-{next(_numbers)}"
    earlier = rig.open([insured_by(MUTUAL, policy)])
    bill = bill_of(f"F-E11-{next(_numbers)}", "887568.30")
    answer = rig.say(SubmissionKind.BILL, bill, earlier)[1]
    assert answer.status == 200, answer.body
    assert rig.used(policy) == 97_000_000
    return Insured(MUTUAL, NETWORK, policy, {"order": 1})


def paid(split: AllocationResult) -> dict[str, str]:
    """Organisation, or funder → CNY."""
    return {t.organisation or t.funder.value: t.amount.decimal_text() for t in split.totals}
