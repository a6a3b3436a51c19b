"""Payouts that came back and wait for another account of their payee. Pure, from the rows."""

from __future__ import annotations

from crossclaim.domain.bill_chain import current_payout, is_over, owed_again
from crossclaim.domain.records import EpisodeRows, PayoutRow

_NOT_MADE = ("rejected", "returned", "cancelled")


def wait_for_account(rows: EpisodeRows) -> list[PayoutRow]:
    """Those that are still owed and that no later payout of their claim has taken the place of."""
    return [payout for payout in rows.payouts if _waits(rows, payout)]


def _waits(rows: EpisodeRows, payout: PayoutRow) -> bool:
    if payout.state not in _NOT_MADE:
        return False
    claim = rows.claim(payout.claim_id)
    if is_over(rows, claim) or not owed_again(rows, claim, payout):
        return False
    current = current_payout(rows, payout.claim_id)
    return current is not None and current.reference == payout.reference
