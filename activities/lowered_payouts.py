"""Pays less of what no bank has been told of, instead of paying it and asking it back.

All of it is done under the lock on the episode, under which a sender writes its attempt row before
a bank can see a file: one that has begun is seen here and wins, then a claw-back is ordered; one
that comes later finds the intent closed and sends nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from activities.payout_intent import TO_APPROVE, next_intent
from activities.payout_rails import MOOT
from activities.records import EpisodeTransaction
from activities.world import World
from crossclaim.domain.bill_chain import not_out, owed_fen, waits_unsent
from crossclaim.domain.payout_again import contradicted
from crossclaim.domain.records import ClaimRow, EpisodeRows, PayoutRow
from crossclaim.domain.redecision import supplements

LOWERED = "DECISION_LOWERED"
"""Reason of an intent that ended before it was sent."""


def close_unsent(
    tx: EpisodeTransaction, episode_id: str, payout: PayoutRow, reason: str, at: datetime
) -> None:
    """The intent is over and its entry reversed; nobody has to look at it."""
    assert waits_unsent(payout), "what the bank may have seen is for the bank to cancel"
    tx.change_intent(payout.reference, state="cancelled", reason=reason, closed_at=at)
    tx.reverse(episode_id, f"payout:{payout.reference}", at)
    tx.resolve_exceptions(episode_id, [TO_APPROVE, *MOOT], at, payout.reference)


def pay_less(
    tx: EpisodeTransaction,
    world: World,
    rows: EpisodeRows,
    claim: ClaimRow,
    less_fen: int,
    at: datetime,
) -> int:
    """Takes as much as it can off what is still to be paid, the newest difference first; fen that
    are left to be asked back."""
    left = less_fen
    for one in (*reversed(supplements(rows, claim.id)), claim):
        known = tx.rows(rows.episode.id)
        less = 0 if contradicted(known, one.id) else min(left, not_out(known, known.claim(one.id)))
        if less > 0:
            _lower(tx, world, known, known.claim(one.id), less, at)
            left -= less
    return left


def _lower(
    tx: EpisodeTransaction,
    world: World,
    rows: EpisodeRows,
    claim: ClaimRow,
    less: int,
    at: datetime,
) -> None:
    """An unsent intent gives way to one of the right amount; what came back goes out as it is
    then."""
    episode = rows.episode.id
    tx.change_claim(claim.id, lowered_fen=claim.lowered_fen + less)
    own = [p for p in rows.payouts if p.claim_id == claim.id]
    if not own or not waits_unsent(own[-1]):
        return
    reference = own[-1].reference
    close_unsent(tx, episode, own[-1], LOWERED, at)
    now = tx.rows(episode)
    if owed_fen(now, now.claim(claim.id)) > 0:
        closed = next(p for p in now.payouts if p.reference == reference)
        next_intent(tx, world, now, closed, tx.payee(reference), at)


def end_unsent(
    tx: EpisodeTransaction, rows: EpisodeRows, claims: Iterable[ClaimRow], at: datetime
) -> EpisodeRows:
    """Payouts of replaced claims that no bank has been told of: the claim in their place pays what
    is owed by a payout of its own. The rows as they are then."""
    replaced = {claim.id for claim in claims}
    for payout in rows.payouts:
        if payout.claim_id in replaced and waits_unsent(payout):
            close_unsent(tx, rows.episode.id, payout, LOWERED, at)
    return tx.rows(rows.episode.id)
