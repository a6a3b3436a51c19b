"""Who pays what of a bill: each funder in its order on what those before leave, then the patient.

``allocate`` is a pure function of facts and plans: the same facts and plan versions give the same
result, byte for byte. Every fault of the bill comes back at once, and then nothing is allocated;
what would be legal instead comes with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import attrgetter

from crossclaim.domain.allocation import (
    AllocationResult,
    BillFacts,
    Fault,
    FunderTotal,
    share_of,
)
from crossclaim.domain.alternatives import alternatives
from crossclaim.domain.bundles import bundle_faults
from crossclaim.domain.chain import Left, LegAnswer, Link, Part, carried
from crossclaim.domain.combination import (
    coverage_faults,
    first_day,
    ordered,
    remarks,
)
from crossclaim.domain.connect_items import bill_flags
from crossclaim.domain.insurer_link import carry_insurer
from crossclaim.domain.money import ConversionRate, Currency, total
from crossclaim.domain.non_medical import with_non_medical
from crossclaim.domain.plan import PlanSet
from crossclaim.domain.reconcile import Reconciliation, reconcile_with_decision
from crossclaim.domain.sentences import Reason
from crossclaim.domain.services import service_faults
from crossclaim.domain.submission import FunderKind
from crossclaim.domain.trace import fault, plain
from crossclaim.domain.voucher_link import carry_voucher

__all__ = ["LINKS", "Reconciliation", "allocate", "reconcile_with_decision", "split"]

LINKS: tuple[Link, ...] = (
    Link(FunderKind.VOUCHER, carry_voucher),
    Link(FunderKind.INSURER, carry_insurer),
)
"""Every funder that has rules; in which order they pay is data (``funder-order.yaml``)."""


def allocate(facts: BillFacts, plans: PlanSet, links: Sequence[Link] = LINKS) -> AllocationResult:
    """The split of a bill, interim (a forecast) or final.

    Faults, never exceptions, tell what is wrong with the bill or what a person must decide; the
    answer then lists the legal ways to pay it. Flags tell of its charges and change no split.
    """
    result = split(facts, plans, links)
    more: dict[str, object] = {}
    if flags := bill_flags(facts, plans):
        more["flags"] = flags
    if result.refused:
        more["alternatives"] = alternatives(facts, lambda other: split(other, plans, links))
    return result.model_copy(update=more) if more else result


def split(facts: BillFacts, plans: PlanSet, links: Sequence[Link] = LINKS) -> AllocationResult:
    """The split as it was asked for, without looking for alternatives."""
    faults = [*_bill_faults(facts), *bundle_faults(facts, plans)]
    if faults:
        return AllocationResult(total=facts.bill.total, faults=faults)
    return with_non_medical(facts, lambda medical: _medical_split(medical, plans, links))


def _medical_split(facts: BillFacts, plans: PlanSet, links: Sequence[Link]) -> AllocationResult:
    order = ordered(facts, plans, links)
    answers, left = carried(facts, plans, order.links)
    faults = [*coverage_faults(facts, links), *order.faults]
    faults += [one for answer in answers for one in answer.faults]
    faults += service_faults(facts, plans)
    barred, steps = remarks(facts, plans)
    rules = [*(used for answer in answers for used in answer.rules), *order.rules, *barred]
    if faults:
        return AllocationResult(total=facts.bill.total, rules=rules, trace=steps, faults=faults)
    parts = [part for answer in answers for part in answer.parts]
    parts.append(_patient_part(facts, parts, left))
    told = [*(step for part in parts for step in part.trace), *order.steps, *steps]
    return _assembled(facts, parts, order.links, answers).model_copy(
        update={"rules": rules, "trace": told}
    )


def _assembled(
    facts: BillFacts, parts: Sequence[Part], links: Sequence[Link], answers: Sequence[LegAnswer]
) -> AllocationResult:
    """Rate, later part and direct limit are the first insurer's, which decides on the claim."""
    later = [owed for answer in answers for owed in answer.later]
    limits = [answer.direct_limit for answer in answers if answer.direct_limit is not None]
    return AllocationResult(
        total=facts.bill.total,
        totals=[part.total for part in parts],
        shares=sorted(
            (share for part in parts for share in part.shares),
            key=attrgetter("line"),
        ),
        rate=_rate(links, answers),
        later_reimbursement=later[0] if later else None,
        direct_limit=limits[0] if limits else None,
        further_reimbursements=later[1:],
        voucher_uses=[use for answer in answers for use in answer.voucher_uses],
        covers=[terms for answer in answers for terms in answer.covers],
        cover_use=next((answer.cover_use for answer in answers if answer.cover_use), {}),
    )


def _rate(links: Sequence[Link], answers: Sequence[LegAnswer]) -> ConversionRate | None:
    """The first insurer's rate, else that of whichever funder has one."""
    rates = [(a.rate, k.funder) for a, k in zip(answers, links, strict=True) if a.rate is not None]
    insurers = (rate for rate, funder in rates if funder is FunderKind.INSURER)
    return next(insurers, rates[0][0] if rates else None)


def _bill_faults(facts: BillFacts) -> Iterator[Fault]:
    """What would make any split meaningless; the same is judged when a submission comes in."""
    bill = facts.bill
    seen: set[int] = set()
    for index, line in enumerate(bill.lines):
        if line.number in seen:
            yield fault(Reason.BILL_LINE_TWICE, f"/lines/{index}/number", line=line.number)
        seen.add(line.number)
        if line.amount.amount_minor < 0:
            yield fault(Reason.AMOUNT_NEGATIVE, f"/lines/{index}/amount", line=line.number)
        if line.amount.currency is not Currency.CNY:
            where = {"line": line.number, "currency": line.amount.currency.value}
            yield fault(Reason.CURRENCY_NOT_CNY, f"/lines/{index}/amount", **where)
    if all(line.amount.currency is Currency.CNY for line in bill.lines):
        summed = total([line.amount for line in bill.lines], Currency.CNY)
        if summed != bill.total:
            words = {"stated": bill.total, "summed": summed}
            yield fault(Reason.BILL_TOTAL_DIFFERS, "/total", **words)


def _patient_part(facts: BillFacts, parts: Sequence[Part], left: Left) -> Part:
    why: dict[int, list[str]] = {}
    for share in (share for part in parts for share in part.shares):
        why[share.line] = why.get(share.line, []) + share.reasons
    shares = [
        share_of(
            number,
            FunderKind.PATIENT,
            amount,
            reasons=why.get(number) if amount.amount_minor else None,
        )
        for number, amount in left.items()
    ]
    amount = total(left.values(), Currency.CNY)
    amounts: dict[str, object] = {}
    for part in parts:
        name = part.total.funder.value
        name = name if name not in amounts else f"{name}_{len(amounts)}"
        amounts[name] = part.total.amount
    step = plain(
        "allocation:patient",
        first_day(facts),
        Reason.PATIENT_REST,
        amount,
        {"bill": facts.bill.total, **amounts},
        amount=amount,
    )
    summed = FunderTotal(funder=FunderKind.PATIENT, amount=amount)
    return Part(total=summed, shares=shares, trace=[step])
