"""What a person may decide on a claim at most: line by line, in what its insurer counts in."""

from __future__ import annotations

from activities.paper_payout import rates_of_days
from activities.records import EpisodeTransaction
from activities.world import World
from crossclaim.domain.allocation import AllocationResult
from crossclaim.domain.examination import Decidable
from crossclaim.domain.insurer_turns import insurers_parts
from crossclaim.domain.money import ConversionRate, Currency, Money, fen, total
from crossclaim.domain.non_medical import medical_part
from crossclaim.domain.rates import RateMissing, Rates, charge_rate
from crossclaim.domain.records import ClaimRow, EpisodeRows
from crossclaim.domain.redecision import promised_by
from crossclaim.domain.submission import ChargeLine, FunderKind
from crossclaim.domain.tender_apart import paid_for_care


def decidable(
    tx: EpisodeTransaction, world: World, rows: EpisodeRows, claim: ClaimRow
) -> Decidable | None:
    """None where the claim's rate is not known: then only the rules can decide."""
    allocation = rows.allocation(claim.bill_id)
    result = None if allocation is None else allocation.result
    rate = None if result is None else result.rate_of(claim.organisation_id)
    if result is None or rate is None or rate.currency is not claim.benefit_currency:
        return None
    lines = medical_part(tx.bill_content(claim.bill_id)).lines
    if result.papers:
        return _of_papers(world, rows, claim, result, rate, lines)
    rooms = _rooms(result, claim, lines)
    limits = {number: rate.from_fen(room) for number, room in rooms.items()}
    most = total(limits.values(), claim.benefit_currency)
    if claim.kind == "reimbursement":
        most = min(most, rate.from_fen(fen(_paid(rows, claim))))
    return Decidable(currency=claim.benefit_currency, lines=limits, most=most)


def _rooms(result: AllocationResult, claim: ClaimRow, lines: list[ChargeLine]) -> dict[int, Money]:
    """CNY of each line that neither other funders nor insurers that pay before carry."""
    before = set()
    for part in insurers_parts(result):
        if part.organisation == claim.organisation_id:
            break
        before.add(part.organisation)
    direct = claim.kind == "direct"
    rooms = {line.number: fen(0) for line in lines}
    for share in result.shares:
        insurer = share.funder is FunderKind.INSURER
        open_ = insurer and direct and share.organisation not in before
        if share.line in rooms and (share.funder is FunderKind.PATIENT or open_):
            rooms[share.line] = rooms[share.line] + share.amount
    return rooms


def _paid(rows: EpisodeRows, claim: ClaimRow) -> int:
    """Fen that the patient paid and no other claim gives back."""
    others = [c for c in rows.claims_of(claim.bill_id, "reimbursement") if c.id != claim.id]
    given = promised_by(rows, others)
    return max(paid_for_care(rows, rows.bill(claim.bill_id)) - given, 0)


def _of_papers(
    world: World,
    rows: EpisodeRows,
    claim: ClaimRow,
    result: AllocationResult,
    rate: ConversionRate,
    lines: list[ChargeLine],
) -> Decidable:
    """Each paper's charges at the rate they were judged with, less what other insurers paid."""
    rates = _rates(world, rows, claim, rate, lines)
    limits = {line.number: rates[line.number].from_fen(line.amount) for line in lines}
    charged = total((line.amount for line in lines), Currency.CNY)
    elsewhere = charged - total((one.claimed for one in result.papers), Currency.CNY)
    most = total(limits.values(), claim.benefit_currency)
    if elsewhere.amount_minor:
        most = most - min(most, rate.from_fen(elsewhere))
    return Decidable(currency=claim.benefit_currency, lines=limits, most=most)


def _rates(
    world: World,
    rows: EpisodeRows,
    claim: ClaimRow,
    quote: ConversionRate,
    lines: list[ChargeLine],
) -> dict[int, ConversionRate]:
    coverage = rows.insured_with(claim.organisation_id)
    plan = world.plans.find((coverage and coverage.plan) or "")
    if plan is None:
        return {line.number: quote for line in lines}
    days = sorted({line.service_date for line in lines})
    by_day = rates_of_days(world, claim.organisation_id or "", days, plan.id).by_day
    known = Rates(quote=quote, by_day=by_day)
    found = {}
    for line in lines:
        try:
            found[line.number] = charge_rate(
                plan.on(line.service_date), known, line.service_date
            ).rate
        except RateMissing:
            found[line.number] = quote
    return found
