"""The most that a later decision on a claim may pay, line by line and in all."""

from __future__ import annotations

from activities.quotes import quoted_rate
from activities.records import EpisodeTransaction
from activities.world import World
from crossclaim.domain.allocation import AllocationResult
from crossclaim.domain.examination import Decidable
from crossclaim.domain.insurer_turns import insurers_parts
from crossclaim.domain.money import ConversionRate, Money, fen, total
from crossclaim.domain.non_medical import medical_part
from crossclaim.domain.records import ClaimRow
from crossclaim.domain.submission import ChargeLine, FunderKind


def redecidable(tx: EpisodeTransaction, world: World, claim: ClaimRow) -> Decidable | None:
    """Each line as it was billed, less what others carry that are not asked anew; None where the
    rate is not known."""
    old, bill = tx.split(claim.bill_id), medical_part(tx.bill_content(claim.bill_id))
    rooms = _rooms(old, claim, bill.lines)
    limits: dict[int, Money] = {}
    for line in bill.lines:
        rate = _rate(world, claim, old, line)
        if rate is None:
            return None
        limits[line.number] = rate.from_fen(rooms[line.number])
    return Decidable(
        currency=claim.benefit_currency,
        lines=limits,
        most=total(limits.values(), claim.benefit_currency),
    )


def _rooms(old: AllocationResult, claim: ClaimRow, lines: list[ChargeLine]) -> dict[int, Money]:
    """CNY of each line that no other funder, and no insurer that pays before, carries."""
    before: set[str | None] = set()
    for part in insurers_parts(old):
        if part.organisation == claim.organisation_id:
            break
        before.add(part.organisation)
    rooms = {line.number: line.amount for line in lines}
    for share in old.shares:
        insurer = share.funder is FunderKind.INSURER
        theirs = insurer and share.organisation in before
        theirs |= insurer and claim.kind == "reimbursement"
        other = not insurer and share.funder is not FunderKind.PATIENT
        if share.line in rooms and (theirs or other):
            rooms[share.line] = max(rooms[share.line] - share.amount, fen(0))
    return rooms


def _rate(
    world: World, claim: ClaimRow, old: AllocationResult, line: ChargeLine
) -> ConversionRate | None:
    """Papers are converted at the rate of each day."""
    if not old.papers:
        return old.rate_of(claim.organisation_id)
    day, insurer = line.service_date, claim.organisation_id
    return quoted_rate(world.reference, day, insurer, claim.benefit_currency)
