"""What keeps an insurer's cover from carrying a bill, beside the rules of its plan: the book of
policies, the insurer's word, another insurer that pays first; and where a question is answered.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from activities.covers import KnownCover
from crossclaim.domain.allocation import AllocationResult, BillFacts, Fault
from crossclaim.domain.combination import first_day
from crossclaim.domain.sentences import Reason
from crossclaim.domain.sentences_insurer import InsurerReason
from crossclaim.domain.step_faults import step_fault
from crossclaim.domain.submission import BillSubmission
from crossclaim.domain.trace import fault

NOT_IN_FORCE = "NOT_IN_FORCE"
"""What an insurer's eligibility answer says of a cover that does not exist, or no longer."""
_ANSWERS: dict[str, str] = {
    InsurerReason.COVER_START_NOT_STATED.value: "covered_since",
    InsurerReason.PRE_EXISTING_NOT_STATED.value: "pre_existing",
    InsurerReason.DEDUCTIBLE_USED_NOT_STATED.value: "deductible_used",
    InsurerReason.BENEFIT_USED_NOT_STATED.value: "annual_benefit_used",
}
"""Question of the rules → the member of ``cover_facts`` that answers it."""


def judged_with_covers(
    result: AllocationResult, facts: BillFacts, covers: Sequence[KnownCover]
) -> AllocationResult:
    """The rules' answer with all that keeps the bill's covers from it, questions at their place."""
    chosen = [k for k in covers if facts.chosen is None or k.place in facts.chosen]
    asked = [one for found in result.faults for one in _at_its_answer(found, chosen)]
    faults = [*asked, *_faults(facts, covers, chosen, result)]
    return result.model_copy(update={"faults": faults})


def place_faults(bill: BillSubmission, covers: Sequence[KnownCover]) -> list[Fault]:
    """Facts are stated of insurers' coverages only."""
    known = {str(cover.place) for cover in covers}
    return [
        step_fault("NO_INSURERS_COVERAGE", f"/cover_facts/{place}")
        for place in bill.cover_facts
        if place not in known
    ]


def _at_its_answer(found: Fault, chosen: Sequence[KnownCover]) -> Iterator[Fault]:
    """A question points at the member that answers it; the order is asked of each insurer."""
    if found.code == InsurerReason.CAUSE_NOT_STATED.value:
        yield found.model_copy(update={"pointer": "/accident"})
    elif found.code == Reason.DUAL_COVER_NEEDS_PERSON.value:
        yield from _order_questions(chosen)
    elif found.code in _ANSWERS:
        place = found.pointer.rpartition("/")[2]
        pointer = f"/cover_facts/{place}/{_ANSWERS[found.code]}"
        yield found.model_copy(update={"pointer": pointer})
    else:
        yield found


def _order_questions(chosen: Sequence[KnownCover]) -> Iterator[Fault]:
    ranks = [known.cover.rank for known in chosen]
    for known in chosen:
        rank = known.cover.rank
        if rank is None or ranks.count(rank) > 1:
            yield fault(Reason.DUAL_COVER_NEEDS_PERSON, f"/cover_facts/{known.place}/order")


def _faults(
    facts: BillFacts,
    covers: Sequence[KnownCover],
    chosen: Sequence[KnownCover],
    result: AllocationResult,
) -> Iterator[Fault]:
    organisations = [known.organisation for known in covers]
    for known in chosen:
        if organisations.count(known.organisation) > 1:
            yield step_fault("INSURER_TWICE", f"/episode/coverages/{known.place}")
        yield from _contradictions(facts.bill, known)
        yield from _other_currency(facts.bill, known)
        yield from _not_in_force(facts, known, result)
        yield from _not_first(facts, known, covers, chosen)


def _contradictions(bill: BillSubmission, known: KnownCover) -> Iterator[Fault]:
    """Our own book of policies and counters is right; who says otherwise must look again."""
    if known.policy is None:
        return
    year = known.cover.year_on(known.day)
    used, currency = known.cover.counters(), known.policy.guarantee_limit.currency
    book = {
        "covered_since": known.policy.since,
        "covered_until": known.policy.in_force_until,
        "deductible_used": used.amount(f"year.{year}.deductible", currency),
        "annual_benefit_used": used.amount(f"year.{year}.paid", currency),
    }
    told = bill.cover_facts.get(str(known.place))
    for member, value in book.items():
        if getattr(known.stated, member) not in (None, value):
            said = told is not None and getattr(told, member) is not None
            where = "/cover_facts" if said else "/episode/coverages"
            yield step_fault("COVER_FACT_CONTRADICTED", f"{where}/{known.place}/{member}")


def _other_currency(bill: BillSubmission, known: KnownCover) -> Iterator[Fault]:
    """What was used of a cover is stated in what its plan counts in."""
    told = bill.cover_facts.get(str(known.place))
    for member in ("deductible_used", "annual_benefit_used"):
        used = getattr(known.stated, member)
        if used is not None and used.currency is not known.counts_in:
            said = told is not None and getattr(told, member) is not None
            where = "/cover_facts" if said else "/episode/coverages"
            yield step_fault(
                "COVER_COUNTED_OTHERWISE",
                f"{where}/{known.place}/{member}/currency",
                currency=known.counts_in.value,
            )


def in_force(known: KnownCover, facts: BillFacts) -> bool:
    """By our book where it is ours, else unless the insurer has said that it is not."""
    if known.key is None:
        return known.row.disposition != NOT_IN_FORCE
    policy = known.policy
    if policy is None or policy.plan != known.claimed.plan:
        return False
    return policy.in_force(first_day(facts))


def _not_in_force(facts: BillFacts, known: KnownCover, result: AllocationResult) -> Iterator[Fault]:
    """An insurer that decides here owes nothing by a policy that its book does not hold: a claim
    would be granted as it was forecast, and nobody else looks."""
    if in_force(known, facts):
        return
    pointer, organisation = f"/episode/coverages/{known.place}", known.claimed.organisation
    if known.key is None:
        yield step_fault("INSURER_SAYS_NOT_IN_FORCE", pointer, insurer=organisation)
        return
    part = result.insurer(organisation)
    unheld = known.policy is None or known.policy.plan != known.claimed.plan
    if unheld or (part is not None and part.amount.amount_minor) or result.later_of(organisation):
        yield step_fault("POLICY_NOT_IN_FORCE", pointer, on=first_day(facts))


def _not_first(
    facts: BillFacts,
    known: KnownCover,
    covers: Sequence[KnownCover],
    chosen: Sequence[KnownCover],
) -> Iterator[Fault]:
    """A bill laid on the second insurer alone is a full claim without the first's statement."""
    places = {other.place for other in chosen}
    for other in covers:
        if other.place in places or not in_force(other, facts):
            continue
        rank, own = other.cover.rank, known.cover.rank
        if rank is None or own is None or rank == own:
            yield from _order_questions([other, known])
        elif rank < own:
            reason, name = InsurerReason.OTHER_INSURER_STATEMENT_MISSING, other.organisation
            yield fault(reason, "/coverages", organisation=name)
