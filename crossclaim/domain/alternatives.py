"""The legal ways to pay a bill that was refused as asked for, cheapest for the patient first.

Each choice of the episode's coverages is split by the same rules. A choice is listed when nothing
is wrong with it and no legal choice holds all of it and more; that the patient pays everything is
listed only when nothing else is legal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations

from crossclaim.domain.allocation import (
    AllocationResult,
    Alternative,
    BillFacts,
    Frozen,
    FunderTotal,
    Sentence,
)
from crossclaim.domain.money import Currency, Money, fen, total
from crossclaim.domain.story_phrase import Triple, filled, joined, sentence_of
from crossclaim.domain.story_words import FUNDERS
from crossclaim.domain.submission import FunderKind

COVERAGES_MAX = 6
"""Above so many coverages on a bill each is tried for itself only, so that the work stays small."""

_BORNE_BY_PATIENT = (FunderKind.PATIENT, FunderKind.PERSONAL_ACCOUNT, FunderKind.PAY_LATER)
"""Money that is the patient's or his family's, and credit that he repays."""

_CARRIES: Triple = ("{funder}: {amount}", "{funder}：{amount}", "{funder}：{amount}")
_SPOUSE: Triple = (
    "vouchers, the own and then the spouse's",
    "先用本人、再用配偶的醫療券",
    "先用本人、再用配偶的医疗券",
)
_PAYS: Triple = (
    "{carried}. The patient pays {amount}.",
    "{carried};病人支付{amount}。",
    "{carried};病人支付{amount}。",
)
_LATER: Triple = (
    "{carried}. The patient pays {amount} first and can claim {later} of it back.",
    "{carried};病人先付{amount},其後可索償其中{later}。",
    "{carried};病人先付{amount},其后可索偿其中{later}。",
)
_ALONE: Triple = (
    "No funder carries anything; the patient pays {amount}.",
    "沒有付款方承擔;病人支付{amount}。",
    "没有付款方承担;病人支付{amount}。",
)


class Choice(Frozen):
    """What a patient may choose: some of the episode's coverages, with or without the spouse."""

    coverages: tuple[int, ...]
    spouse: bool

    def within(self, other: Choice) -> bool:
        return set(self.coverages) <= set(other.coverages) and self.spouse <= other.spouse


def alternatives(
    facts: BillFacts, decide: Callable[[BillFacts], AllocationResult]
) -> list[Alternative]:
    """Every legal choice that no other legal choice holds, by what it costs the patient in the end:
    his cash, his or his family's account, and credit, less what he can claim back. Of equals the
    one that he pays less of at the window comes first."""
    legal: list[tuple[Choice, AllocationResult]] = []
    for choice in _choices(facts):
        if any(choice.within(other) for other, _ in legal):
            continue
        result = decide(_chosen(facts, choice))
        if not result.refused:
            legal.append((choice, result))
    found = [_alternative(choice, result) for choice, result in legal]
    return sorted(found, key=_rank)


def _choices(facts: BillFacts) -> Iterator[Choice]:
    """Larger choices first."""
    claimed = facts.claimed
    vouchers = {at for at, c in claimed if c.funder is FunderKind.VOUCHER}
    places = [at for at, c in claimed if c.funder is not FunderKind.PATIENT]
    sizes = range(len(places), -1, -1) if len(places) <= COVERAGES_MAX else (1, 0)
    for size in sizes:
        for chosen in combinations(places, size):
            if facts.spouse is not None and vouchers & set(chosen):
                yield Choice(coverages=chosen, spouse=True)
            yield Choice(coverages=chosen, spouse=False)


def _chosen(facts: BillFacts, choice: Choice) -> BillFacts:
    """The bill by that choice. What a paired claim asked of the own vouchers is taken off: they pay
    all that they may before the spouse's."""
    return facts.model_copy(
        update={
            "chosen": choice.coverages,
            "spouse": facts.spouse if choice.spouse else None,
            "own_dollars": facts.own_dollars if facts.spouse is None else None,
        }
    )


def _alternative(choice: Choice, result: AllocationResult) -> Alternative:
    owed = [result.later_reimbursement] if result.later_reimbursement else []
    owed += result.further_reimbursements
    later = total((one.amount for one in owed), Currency.CNY) if owed else None
    patient = result.of(FunderKind.PATIENT)
    borne = total((result.of(funder) for funder in _BORNE_BY_PATIENT), Currency.CNY)
    return Alternative(
        coverages=list(choice.coverages),
        spouse=choice.spouse,
        totals=result.totals,
        patient=patient,
        later_reimbursement=later,
        cost=borne - (later or fen(0)),
        rules=result.rules,
        text=_text(choice, result, patient, later),
    )


def _rank(one: Alternative) -> tuple[int, int, list[int]]:
    return one.cost.amount_minor, one.patient.amount_minor, one.coverages


def _text(
    choice: Choice, result: AllocationResult, patient: Money, later: Money | None
) -> Sentence:
    carried = [_carries(choice, t) for t in result.totals if t.funder is not FunderKind.PATIENT]
    if not carried:
        return filled(_ALONE, amount=patient)
    if later is not None:
        return filled(_LATER, carried=joined(carried), amount=patient, later=later)
    return filled(_PAYS, carried=joined(carried), amount=patient)


def _carries(choice: Choice, part: FunderTotal) -> Sentence:
    paired = choice.spouse and part.funder is FunderKind.VOUCHER
    name = sentence_of(_SPOUSE if paired else FUNDERS[part.funder.value])
    return filled(_CARRIES, funder=name, amount=part.amount)
