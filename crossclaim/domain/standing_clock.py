"""The clock of a payout to a patient: until when it runs, and whether a breach is to be told. Pure.

It runs from the approval, stands still while another account is awaited, and a breach is an alert:
the payout goes on (``payout_clock``).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import zip_longest

from crossclaim.domain.payout_again import what_follows
from crossclaim.domain.payout_clock import (
    NEEDS_ACCOUNT,
    ClockState,
    Pause,
    PayoutClock,
    payout_clock,
)
from crossclaim.domain.payout_route import Next
from crossclaim.domain.plan import Plan, Unknown
from crossclaim.domain.records import ClaimRow, EpisodeRows, PayoutRow
from crossclaim.domain.stay import local_day

BREACH = "PAYOUT_SLA_BREACH"
_CAME_BACK = ("rejected", "returned")


def clock_standing(rows: EpisodeRows, plan: Plan | None, at: datetime) -> dict[str, object]:
    """``clock_breach_due``: a claim whose breach nobody was told of; ``clock_due_at``: when to look
    at the running ones again."""
    found: dict[str, object] = {}
    dues: list[datetime] = []
    for claim in rows.claims:
        clock = clock_of(rows, claim, plan, at)
        if clock is None or clock.due_at is None:
            continue
        told = any(x.code == BREACH and x.reference == claim.reference for x in rows.exceptions)
        if clock.state is ClockState.BREACHED and not told:
            found.setdefault("clock_breach_due", claim.id)
        elif clock.state is ClockState.RUNNING:
            # A credit at the very moment is in time: the look is after it.
            dues.append(clock.due_at + timedelta(seconds=1))
    return {**found, "clock_due_at": min(dues)} if dues else found


def clock_of(
    rows: EpisodeRows, claim: ClaimRow, plan: Plan | None, at: datetime
) -> PayoutClock | None:
    """The clock of an approved claim that pays the patient; None where no clock runs."""
    paying = claim.state in ("approved", "partial") and claim.to_pay > 0
    if claim.kind != "reimbursement" or not paying or claim.decided_at is None or plan is None:
        return None
    rules = plan.on(local_day(claim.decided_at))
    due = rules.find("clock.due")
    if due is None or due.value is None or isinstance(due.value, Unknown):
        return None
    payouts = [p for p in rows.payouts if p.claim_id == claim.id]
    last = payouts[-1] if payouts else None
    credited = None if last is None or last.state in _CAME_BACK else _credited(last)
    pauses = list(_pauses(payouts, plan))
    return payout_clock(claim.decided_at, credited, pauses, rules, at)


def _credited(payout: PayoutRow) -> datetime | None:
    """Without a credit advice the clock stops when the bank has settled (design: assumed)."""
    return payout.credited_at or payout.settled_at


def _pauses(payouts: list[PayoutRow], plan: Plan) -> Iterator[Pause]:
    """From a payout's coming back until the next intent, with the account that was given.

    What is sent again by itself awaits no account, and its clock runs on.
    """
    for payout, after in zip_longest(payouts, payouts[1:]):
        if payout.state not in _CAME_BACK or payout.closed_at is None:
            continue
        if payout.state == "returned" or what_follows(payout, plan) is not Next.AGAIN:
            until = None if after is None else after.reserved_at
            yield Pause(cause=NEEDS_ACCOUNT, since=payout.closed_at, until=until)
