"""How a contradiction of a bank ends: what a finding of two keys makes of a payout. Pure.

Nothing here sends money: found as paid, it is booked and what was to follow is cancelled; found as
not paid, the payout is closed and a new one is the matter of two keys again.
"""

from __future__ import annotations

from datetime import datetime

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.bill_chain import DEAD, REPLACED, owed_fen, stands_for, waits_unsent
from crossclaim.domain.claw_back_excess import given_for
from crossclaim.domain.records import EpisodeRows, PayoutRow

CONTRADICTIONS = (
    "PAYOUT_CREDITED_AFTER_CLOSE",
    "PAYOUT_SETTLED_AFTER_CLOSE",
    "PAYOUT_REJECTED_AFTER_CREDIT",
    "PAYOUT_CONTRADICTED",
)
"""The bank says both that it made a payment and that it did not."""
FOUND = "PAYOUT_FINDING_PROPOSED"


class Found(Frozen):
    """``code``: why the finding cannot be taken; then nothing else is set."""

    code: str = ""
    state: str = ""
    book_credit: bool = False
    """A closed payout was paid: its reservation and credit are booked anew."""
    credit: bool = False
    """A payout under way was paid."""
    take_back: bool = False
    """It was booked as paid, or reserved: that is reversed."""
    overpaid: bool = False
    """Another payout of the claim has been paid as well, or its payee had given this one back."""
    cancel: list[str] = []
    """Payouts of the claim that were to follow and have not been sent."""


def contradicted_payout(rows: EpisodeRows, reference: str) -> bool:
    return any(
        one.resolved_at is None and one.code in CONTRADICTIONS and one.reference == reference
        for one in rows.exceptions
    )


def found(rows: EpisodeRows, payout: PayoutRow, outcome: str, at: datetime) -> Found:
    """What a finding makes of the payout, or the code of what stands against it."""
    return _paid(rows, payout) if outcome == "paid" else _not_paid(payout, at)


def _paid(rows: EpisodeRows, payout: PayoutRow) -> Found:
    others = [p for p in rows.payouts if p.claim_id == payout.claim_id and p is not payout]
    others = [p for p in others if p.reference != payout.reference and _counts(rows, p)]
    unsent = [p for p in others if waits_unsent(p)]
    sent = [p for p in others if not waits_unsent(p)]
    if any(p.state != "credited" and p.settled_at is None for p in sent):
        return Found(code="PAYOUT_FOLLOWED")
    instead = _paid_instead(rows, payout)
    if any(p.state != "credited" and p.settled_at is None for p in instead):
        return Found(code="PAYOUT_FOLLOWED")
    effect = Found(
        state="credited",
        cancel=[p.reference for p in unsent],
        overpaid=bool(sent) or bool(instead) or given_for(rows, payout) > 0,
    )
    if payout.state == "credited":
        return effect
    if payout.state in DEAD:
        return effect.model_copy(update={"book_credit": True})
    return effect.model_copy(update={"credit": True})


def _paid_instead(rows: EpisodeRows, payout: PayoutRow) -> list[PayoutRow]:
    """What a later version of the bill pays whole, since this payout had been cancelled."""
    replaced = (c for c in rows.claims if c.id == payout.claim_id and c.state == REPLACED)
    claim = next(replaced, None)
    if claim is None or payout.state != "cancelled":
        return []
    if owed_fen(rows, claim) >= payout.amount_minor:
        return []
    heirs = {c.id for c in rows.claims if stands_for(rows, c, claim)}
    return [p for p in rows.payouts if p.claim_id in heirs and _counts(rows, p)]


def _counts(rows: EpisodeRows, payout: PayoutRow) -> bool:
    """It is under way, or its payee has it: not what was paid twice, once he has given it back."""
    if payout.state in DEAD:
        return False
    return not payout.paid_twice or given_for(rows, payout) < payout.amount_minor


def _not_paid(payout: PayoutRow, at: datetime) -> Found:
    if payout.fence_at is not None and at < payout.fence_at:
        return Found(code="PAYOUT_FENCE_STANDS")
    if payout.state in DEAD:
        return Found(state=payout.state)
    state = "returned" if payout.state == "credited" else "rejected"
    return Found(state=state, take_back=True)
