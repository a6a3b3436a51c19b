"""An estimate for a patient: what is known of his covers, and the split that a bill would have."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from activities.quotes import counts_in, quoted_rate
from crossclaim.domain.accumulators import Accumulators
from crossclaim.domain.allocate import LINKS, split
from crossclaim.domain.allocation import AllocationResult
from crossclaim.domain.cover import Cover
from crossclaim.domain.covers_link import covers_link
from crossclaim.domain.estimate import assumed, planned_bill, planned_facts
from crossclaim.domain.guarantee_book import left_for, terms_of
from crossclaim.domain.money import Money
from crossclaim.domain.plan import PlanSet
from crossclaim.domain.rates import Rates
from crossclaim.domain.records import EpisodeRows
from crossclaim.domain.reference import Reference
from crossclaim.domain.submission import BillSubmission, EpisodeSubmission, FunderKind
from crossclaim.patient.services import Estimated, OwnPart


def estimated(
    content: EpisodeSubmission,
    rows: EpisodeRows,
    planned: Money,
    plans: PlanSet,
    reference: Reference,
    at: datetime,
) -> Estimated:
    """By the rules of today; where they ask what nobody has said, a person has to work it out."""
    bill = planned_bill(content, planned, at)
    covers = list(_covers(content, rows, bill, plans, reference))
    own = covers_link(covers)
    links = [own if link.funder is FunderKind.INSURER and covers else link for link in LINKS]
    result = split(planned_facts(content, rows, bill, at), plans, links)
    return Estimated(
        planned=planned,
        parts=[] if result.refused else _parts(result),
        later=[] if result.refused else _later(result),
        faults=result.faults,
        assumes=assumed(content, bill),
    )


def _covers(
    content: EpisodeSubmission,
    rows: EpisodeRows,
    bill: BillSubmission,
    plans: PlanSet,
    reference: Reference,
) -> Iterator[Cover]:
    day = bill.lines[0].service_date
    for claimed in content.coverages:
        if claimed.funder is not FunderKind.INSURER:
            continue
        insurer = claimed.organisation
        policy = reference.policy(insurer or "", claimed.policy_number or "")
        currency = counts_in(plans, claimed.plan)
        letter = rows.guarantee_of(insurer)
        rate = quoted_rate(reference, day, insurer, currency)
        yield Cover(
            plan=claimed.plan or "",
            organisation=insurer,
            rank=claimed.order,
            since=policy.since if policy is not None else claimed.covered_since,
            until=claimed.covered_until if policy is None else None,
            pre_existing=claimed.pre_existing,
            used=Accumulators(),
            guarantee_limit=left_for(rows, insurer, bill.number),
            guarantee_terms=terms_of(rows, insurer),
            rates=Rates(
                quote=(letter.rate if letter is not None else None)
                or quoted_rate(reference, bill.issued_at, insurer, currency),
                by_day={} if rate is None else {day: rate},
            ),
        )


def _parts(result: AllocationResult) -> list[OwnPart]:
    return [
        OwnPart(funder=t.funder.value, organisation=t.organisation, amount=t.amount)
        for t in result.totals
        if t.amount.amount_minor or t.funder is FunderKind.PATIENT
    ]


def _later(result: AllocationResult) -> list[OwnPart]:
    """What would come back to the patient after he has paid."""
    return [
        OwnPart(funder=t.funder.value, organisation=t.organisation, amount=t.amount)
        for t in result.later
        if t.amount.amount_minor
    ]
