"""What a decision may not say: other lines, another currency, more than the bill."""

from __future__ import annotations

from collections.abc import Sequence

from activities.quotes import quoted_rate
from activities.records import EpisodeTransaction
from activities.world import World
from crossclaim.domain.allocation import AllocationResult, Fault
from crossclaim.domain.appeal import LineDecided
from crossclaim.domain.money import ConversionRate, Money
from crossclaim.domain.non_medical import medical_part
from crossclaim.domain.records import ClaimRow
from crossclaim.domain.step_faults import step_fault
from crossclaim.domain.submission import ChargeLine


def lines_faults(
    tx: EpisodeTransaction, world: World, claim: ClaimRow, lines: Sequence[LineDecided]
) -> list[Fault]:
    """All at once, each at its line."""
    old, bill = tx.split(claim.bill_id), medical_part(tx.bill_content(claim.bill_id))
    charged = {line.number: line for line in bill.lines}
    faults: list[Fault] = []
    for at, one in enumerate(lines):
        line, where = charged.get(one.line), f"/lines/{at}"
        if line is None:
            faults.append(step_fault("CHARGE_LINE_UNKNOWN", f"{where}/line", line=one.line))
        elif any(one.line == other.line for other in lines[:at]):
            faults.append(step_fault("CHARGE_LINE_TWICE", f"{where}/line", line=one.line))
        else:
            rate = _rate(world, claim, old, line)
            faults += _above(claim, one.benefit, line.amount, rate, f"{where}/benefit")
    return faults


def whole_faults(tx: EpisodeTransaction, claim: ClaimRow, benefit: Money) -> list[Fault]:
    """Of a decision that names no lines."""
    old, bill = tx.split(claim.bill_id), medical_part(tx.bill_content(claim.bill_id))
    rate = old.rate_of(claim.organisation_id)
    return _above(claim, benefit, bill.total, rate, "/benefit")


def _rate(
    world: World, claim: ClaimRow, old: AllocationResult, line: ChargeLine
) -> ConversionRate | None:
    """Papers are converted at the rate of each day."""
    if not old.papers:
        return old.rate_of(claim.organisation_id)
    day, insurer = line.service_date, claim.organisation_id
    return quoted_rate(world.reference, day, insurer, claim.benefit_currency)


def _above(
    claim: ClaimRow, benefit: Money, billed: Money, rate: ConversionRate | None, where: str
) -> list[Fault]:
    if benefit.currency is not claim.benefit_currency:
        words = {"currency": claim.benefit_currency.value}
        return [step_fault("DECISION_OTHER_CURRENCY", where, **words)]
    if rate is None:
        return [step_fault("DECISION_RATE_MISSING", where)]
    if benefit > rate.from_fen(billed):
        words = {"benefit": str(benefit), "billed": str(billed)}
        return [step_fault("DECISION_ABOVE_BILLED", where, **words)]
    return []
