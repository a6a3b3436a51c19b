"""An insurer's decision laid over our forecast: its answer binds, the patient has the rest."""

from __future__ import annotations

from crossclaim.domain.allocation import (
    AllocationResult,
    Frozen,
    FunderTotal,
    Share,
    TraceStep,
)
from crossclaim.domain.insurer_leg import Split, split_benefit
from crossclaim.domain.money import ConversionRate, Currency, Money, counted, fen, total
from crossclaim.domain.party import AnswerState, ClaimAnswer
from crossclaim.domain.sentences import Reason
from crossclaim.domain.spread import RULE as SPREAD_RULE
from crossclaim.domain.spread import fill
from crossclaim.domain.submission import FunderKind
from crossclaim.domain.trace import plain


class Reconciliation(Frozen):
    """``differs``: the insurer's whole benefit is not the one that we forecast."""

    result: AllocationResult
    differs: bool
    lines_differ: bool
    """The whole may agree while the insurer lays it on the lines in another way."""
    difference: Money
    """Decision − forecast, in what the insurer counts in."""


def reconcile_with_decision(result: AllocationResult, decision: ClaimAnswer) -> Reconciliation:
    """Re-allocates a bill by the insurer's decision, conserving every fen of every line.

    The benefit is cut at the direct limit as in the forecast and never pays more than the other
    funders leave. Its lines' benefits are the weights over the lines; without them the forecast's.
    Raises ValueError for a refused bill, one without an insurer, or an answer without a decision.
    """
    funder, rate = _insurer_of(result)
    benefit = _benefit(decision, rate.currency)
    rooms = _by_line(result, FunderKind.INSURER, FunderKind.PATIENT)
    room = total((fen(amount) for amount in rooms.values()), Currency.CNY)
    forecast = _forecast(result, rate.currency)
    payable = min(room, _forecast_fen(result)) if benefit <= forecast else room
    split = split_benefit(benefit, result.direct_limit, rate, payable)
    parts = fill(
        split.direct.amount_minor,
        _weights(result, decision, list(rooms)),
        list(rooms.values()),
    )
    shares = _shares(result, decision, funder, rooms, dict(zip(rooms, parts, strict=True)))
    decided = result.model_copy(
        update={
            "shares": shares,
            "totals": _totals(result, funder, split, room - split.direct),
            "later_reimbursement": _later(funder, split),
            "trace": result.trace + _steps(result, decision, rate, benefit, forecast, room),
        }
    )
    return Reconciliation(
        result=decided,
        differs=benefit != forecast,
        lines_differ=_amounts(shares) != _amounts(result.shares),
        difference=benefit - forecast,
    )


def _insurer_of(result: AllocationResult) -> tuple[FunderTotal, ConversionRate]:
    funder = next((t for t in result.totals if t.funder is FunderKind.INSURER), None)
    rate = None if funder is None else result.rate_of(funder.organisation)
    if result.refused or funder is None or rate is None:
        raise ValueError("only a split with an insurer's part can be reconciled with a decision")
    return funder, rate


def _benefit(decision: ClaimAnswer, currency: Currency) -> Money:
    nothing = counted(0, currency)
    if decision.state is AnswerState.DENIED:
        return nothing
    if decision.benefit is None or decision.benefit < nothing:
        raise ValueError(f"a {decision.state.value} answer states no benefit to allocate")
    return decision.benefit


def _forecast_fen(result: AllocationResult) -> Money:
    """The forecast in CNY, never above what is eligible; a decision of no more stays below too."""
    later = result.later_reimbursement.amount if result.later_reimbursement else fen(0)
    return result.of(FunderKind.INSURER) + later


def _forecast(result: AllocationResult, currency: Currency) -> Money:
    """What we expected the insurer to decide: direct and later part together."""
    later = [result.later_reimbursement] if result.later_reimbursement else []
    parts = [t for t in result.totals if t.funder is FunderKind.INSURER] + later
    own = [t.in_funder_currency for t in parts if t.in_funder_currency is not None]
    return total(own, currency)


def _by_line(result: AllocationResult, *funders: FunderKind) -> dict[int, int]:
    """Fen that these funders carry of each line."""
    carried = dict.fromkeys((share.line for share in result.shares), 0)
    for share in result.shares:
        if share.funder in funders:
            carried[share.line] += share.amount.amount_minor
    return carried


def _weights(result: AllocationResult, decision: ClaimAnswer, lines: list[int]) -> list[int]:
    stated = {line.line: max(0, line.benefit.amount_minor) for line in decision.lines}
    if any(stated.get(line) for line in lines):
        return [stated.get(line, 0) for line in lines]
    forecast = _by_line(result, FunderKind.INSURER)
    return [forecast[line] for line in lines]


def _shares(
    result: AllocationResult,
    decision: ClaimAnswer,
    funder: FunderTotal,
    rooms: dict[int, int],
    parts: dict[int, int],
) -> list[Share]:
    """Other funders' shares untouched, the insurer's by its decision, the patient's the rest."""
    stated = {line.line: line.reasons for line in decision.lines}
    shares: list[Share] = []
    for line, room in rooms.items():
        kept = [
            share
            for share in result.shares
            if share.line == line and share.funder not in (FunderKind.INSURER, FunderKind.PATIENT)
        ]
        insurer = Share(
            line=line,
            funder=FunderKind.INSURER,
            organisation=funder.organisation,
            amount=fen(parts[line]),
            reasons=[Reason.DECISION_BINDS.value, *stated.get(line, [])],
        )
        rest = room - parts[line]
        patient = Share(
            line=line,
            funder=FunderKind.PATIENT,
            amount=fen(rest),
            reasons=insurer.reasons if rest else [],
        )
        shares += [*kept, insurer, patient]
    return shares


def _totals(
    result: AllocationResult, funder: FunderTotal, split: Split, patient: Money
) -> list[FunderTotal]:
    insurer = funder.model_copy(
        update={"amount": split.direct, "in_funder_currency": split.direct_benefit}
    )
    kept = [t for t in result.totals if t.funder not in (FunderKind.INSURER, FunderKind.PATIENT)]
    return [*kept, insurer, FunderTotal(funder=FunderKind.PATIENT, amount=patient)]


def _later(funder: FunderTotal, split: Split) -> FunderTotal | None:
    if split.later == fen(0):
        return None
    update = {"amount": split.later, "in_funder_currency": split.later_benefit}
    return funder.model_copy(update=update)


def _amounts(shares: list[Share]) -> set[tuple[int, str, str, int]]:
    return {(s.line, s.funder.value, s.organisation or "", s.amount.amount_minor) for s in shares}


def _steps(
    result: AllocationResult,
    decision: ClaimAnswer,
    rate: ConversionRate,
    benefit: Money,
    forecast: Money,
    room: Money,
) -> list[TraceStep]:
    rule, on = "allocation:decision", result.trace[0].on
    inputs: dict[str, object] = {
        "claim": decision.claim_number,
        "forecast": forecast,
        "rate": rate.cny_per_hkd,
        "direct_limit": result.direct_limit or "none",
        "spread": SPREAD_RULE,
    }
    steps = [plain(rule, on, Reason.DECISION_BINDS, benefit, inputs, benefit=benefit)]
    gap = benefit - forecast
    if gap.amount_minor:
        steps.append(plain(rule, on, Reason.DECISION_DIFFERS, gap, inputs, difference=gap))
    if rate.to_fen(benefit) > room:
        words = {"benefit": rate.to_fen(benefit), "amount": room}
        steps.append(plain(rule, on, Reason.DECISION_ABOVE_BILL, room, inputs, **words))
    return steps
