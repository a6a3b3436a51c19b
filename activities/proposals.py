"""What an insurer's other answer would move, for the person who asks it which of them holds."""

from __future__ import annotations

from activities.decided_bill import NotDivided
from activities.records import EpisodeTransaction
from activities.redivided import redivided_by
from activities.world import World
from crossclaim.domain.money import Money, fen
from crossclaim.domain.records import ClaimRow, EpisodeRows
from crossclaim.domain.redecision import answer_of, is_decided, promised


def proposal(
    tx: EpisodeTransaction, world: World, rows: EpisodeRows, claim: ClaimRow, benefit: Money
) -> dict[str, str]:
    """An exception's detail: CNY that this insurer alone would pay more, or get back. Nothing where
    it cannot be computed; another insurer's part is not this one's business."""
    if claim.kind != "direct" or not is_decided(claim):
        return {}
    if benefit.currency is not claim.benefit_currency:
        return {}
    try:
        found = redivided_by(tx, world, rows, claim, answer_of(claim, benefit, []))
    except (NotDivided, ValueError):
        return {}
    part = found.result.insurer(claim.organisation_id)
    now = 0 if part is None else part.amount.amount_minor
    return {"proposed_cny": fen(now - promised(rows, claim)).decimal_text()}
