"""A bill of several insurers once one of them has decided: its word is locked, those that pay after
it are computed anew on what it leaves. What other funders carry stays as it is."""

from __future__ import annotations

from collections.abc import Sequence

from crossclaim.domain.allocation import (
    AllocationResult,
    BillFacts,
    CoverTerms,
    FunderTotal,
    Share,
    TraceStep,
    share_of,
)
from crossclaim.domain.chain import Left, LegAnswer
from crossclaim.domain.cover import Confirmed, Cover
from crossclaim.domain.covers_link import covers_link
from crossclaim.domain.insurer_leg import Split, split_benefit
from crossclaim.domain.money import ConversionRate, Currency, Money, counted, fen, total
from crossclaim.domain.party import AnswerState, ClaimAnswer
from crossclaim.domain.plan import PlanSet
from crossclaim.domain.sentences import Reason
from crossclaim.domain.submission import FunderKind
from crossclaim.domain.trace import plain

_OURS = (FunderKind.INSURER, FunderKind.PATIENT)
"""What a decision may move: the insurers' parts and, through them, the patient's."""


def as_split(result: AllocationResult, organisation: str | None) -> Confirmed:
    """An insurer's part as it stands in the split."""
    direct, later = _parts(result, organisation)
    return Confirmed(
        benefit=_own(direct) + _own(later),
        paid=direct.amount + later.amount,
        direct=direct.amount,
        direct_benefit=_own(direct),
        lines={
            share.line: share.amount.amount_minor
            for share in result.shares
            if share.funder is FunderKind.INSURER and share.organisation == organisation
        },
    )


def confirmed_by(
    result: AllocationResult, organisation: str | None, decision: ClaimAnswer
) -> Confirmed:
    """An insurer's word on its part, cut at its direct limit as the forecast was, and never above
    what those before it leave of the bill."""
    nothing = counted(0, result.counted_in(organisation))
    denied = decision.state is AnswerState.DENIED
    benefit = nothing if denied or decision.benefit is None else decision.benefit
    forecast, terms = as_split(result, organisation), _terms(result, organisation)
    rate = _rate(result, terms)
    room = _room(result, organisation)
    payable = min(room, forecast.paid) if benefit <= forecast.benefit else room
    split: Split = split_benefit(benefit, terms.direct_limit, rate, payable)
    return Confirmed(
        benefit=benefit,
        paid=split.direct + split.later,
        direct=split.direct,
        direct_benefit=split.direct_benefit,
        lines={line.line: max(0, line.benefit.amount_minor) for line in decision.lines},
    )


def redivided(
    result: AllocationResult, facts: BillFacts, covers: Sequence[Cover], plans: PlanSet
) -> AllocationResult:
    """The split with its insurers judged again; with ``faults`` the old one stands."""
    answer = covers_link(covers).carry(facts, plans, _rooms(result))
    if answer.faults:
        return result.model_copy(update={"faults": answer.faults})
    shares = _shares(result, answer)
    patient = total((s.amount for s in shares if s.funder is FunderKind.PATIENT), Currency.CNY)
    kept = [t for t in result.totals if t.funder not in _OURS]
    totals = [*kept, *(part.total for part in answer.parts)]
    totals.append(FunderTotal(funder=FunderKind.PATIENT, amount=patient))
    return result.model_copy(
        update={
            "shares": shares,
            "totals": totals,
            "later_reimbursement": answer.later[0] if answer.later else None,
            "further_reimbursements": answer.later[1:],
            "covers": [_as_before(result, terms) for terms in answer.covers],
            "trace": [*result.trace, *_told(result, answer, patient)],
        }
    )


def _parts(result: AllocationResult, organisation: str | None) -> tuple[FunderTotal, FunderTotal]:
    own = counted(0, result.counted_in(organisation))
    nothing = FunderTotal(funder=FunderKind.INSURER, amount=fen(0), in_funder_currency=own)
    return (
        result.insurer(organisation) or nothing,
        result.later_of(organisation) or nothing,
    )


def _own(part: FunderTotal) -> Money:
    assert part.in_funder_currency is not None, "an insurer's part is counted in its currency"
    return part.in_funder_currency


def _terms(result: AllocationResult, organisation: str | None) -> CoverTerms:
    return next(terms for terms in result.covers if terms.organisation == organisation)


def _rate(result: AllocationResult, terms: CoverTerms) -> ConversionRate:
    rate = terms.rate or result.rate
    assert rate is not None, "an insurer's part rests on a rate"
    return rate


def _rooms(result: AllocationResult) -> Left:
    """Line → CNY that no other funder than insurers and the patient carries."""
    rooms: Left = dict.fromkeys((share.line for share in result.shares), fen(0))
    for share in result.shares:
        if share.funder in _OURS:
            rooms[share.line] = rooms[share.line] + share.amount
    return rooms


def _room(result: AllocationResult, organisation: str | None) -> Money:
    """CNY that is left for an insurer: all that those before it do not pay, now or later."""
    room = total(_rooms(result).values(), Currency.CNY)
    for terms in result.covers:
        if terms.organisation == organisation:
            break
        direct, later = _parts(result, terms.organisation)
        room = room - direct.amount - later.amount
    return room


def _shares(result: AllocationResult, answer: LegAnswer) -> list[Share]:
    """Other funders' untouched, the insurers' as judged, the patient's the rest, line by line."""
    left = _rooms(result)
    judged = [share for part in answer.parts for share in part.shares]
    for share in judged:
        left[share.line] = left[share.line] - share.amount
    shares: list[Share] = []
    for line, rest in left.items():
        own = [share for share in judged if share.line == line]
        why = [reason for share in own for reason in share.reasons] if rest.amount_minor else []
        shares += [s for s in result.shares if s.line == line and s.funder not in _OURS]
        shares += [*own, share_of(line, FunderKind.PATIENT, rest, reasons=why)]
    return shares


def _as_before(result: AllocationResult, terms: CoverTerms) -> CoverTerms:
    """A locked amount is not judged, so its rate and limit are those that it was judged by."""
    if terms.rate is not None:
        return terms
    old = _terms(result, terms.organisation)
    return terms.model_copy(update={"rate": old.rate, "direct_limit": old.direct_limit})


def _told(result: AllocationResult, answer: LegAnswer, patient: Money) -> list[TraceStep]:
    steps = [step for part in answer.parts for step in part.trace]
    inputs: dict[str, object] = {"bill": result.total}
    rest = plain(
        "allocation:patient",
        result.trace[0].on,
        Reason.PATIENT_REST,
        patient,
        inputs,
        amount=patient,
    )
    return [*steps, rest]
