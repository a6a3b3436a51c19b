"""A limited rail counts the day on which money is sent: an intent of an earlier day is written
anew, with that day's use and, above its limit, by the next rail."""

from __future__ import annotations

from datetime import datetime

from activities.lowered_payouts import close_unsent
from activities.payout_intent import next_intent
from activities.records import EpisodeTransaction
from activities.world import World
from crossclaim.domain.bill_chain import owed_fen, waits_unsent
from crossclaim.domain.payout_rail import Payee, Payer, limited_rails
from crossclaim.domain.records import EpisodeRows, PayoutRow
from crossclaim.domain.stay import local_day

PASSED = "RAIL_DAY_PASSED"
"""Reason of an intent that ended before it was sent."""


def written_anew(
    tx: EpisodeTransaction, world: World, rows: EpisodeRows, payout: PayoutRow, at: datetime
) -> bool:
    """Whether the intent gave way to one of today, since it waited beyond the day it counts on."""
    if not waits_unsent(payout) or not _counts_on_another_day(tx, world, payout, at):
        return False
    close_unsent(tx, rows.episode.id, payout, PASSED, at)
    now = tx.rows(rows.episode.id)
    closed = next(p for p in now.payouts if p.reference == payout.reference)
    if owed_fen(now, now.claim(payout.claim_id)) > 0:
        next_intent(tx, world, now, closed, tx.payee(payout.reference), at)
    return True


def _counts_on_another_day(
    tx: EpisodeTransaction, world: World, payout: PayoutRow, at: datetime
) -> bool:
    plan, today = world.payout_plan, local_day(at)
    day = tx.rail_day(payout.reference)
    if plan is None or day is None or day == today:
        return False
    payee = Payee.ORGANISATION if payout.payee == "hospital" else Payee.PERSON
    limited = limited_rails(plan.on(today), Payer.INSURER, payee)
    return payout.rail in {rail.value for rail in limited}
