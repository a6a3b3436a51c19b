"""Payouts that a bank refused for a passing reason: sent again by themselves, so often. Pure.

The plan of the rails says which reasons pass, after how long and how often; all others wait for
a person. A new reference is used each time, and only the newest payout of a claim counts.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import takewhile

from crossclaim.domain.bill_chain import correction_waits, current_payouts, is_over, owed_again
from crossclaim.domain.payout_route import Next, after_refusal
from crossclaim.domain.plan import Plan
from crossclaim.domain.records import EpisodeRows, PayoutRow
from crossclaim.domain.stay import local_day

PROPOSED = "PAYEE_ACCOUNT_PROPOSED"
CONTRADICTED = ("PAYOUT_CREDITED_AFTER_CLOSE", "PAYOUT_SETTLED_AFTER_CLOSE")
"""The bank says both that it refused the payout and that it made it: nothing is paid meanwhile."""


def what_follows(payout: PayoutRow, plan: Plan | None) -> Next:
    """What the bank's reason for a closed payout leads to; without a rule, to a person."""
    if plan is None or payout.closed_at is None:
        return Next.PERSON
    return after_refusal(payout.reason, plan.on(local_day(payout.closed_at))).next


def again_standing(rows: EpisodeRows, plan: Plan | None, at: datetime) -> dict[str, object]:
    """``payout_again_due``: the closed payout to send again; ``payout_again_at``: the soonest to
    come."""
    found: dict[str, object] = {}
    times: list[datetime] = []
    for payout in newest_payouts(rows):
        due_at = again_at(rows, payout, plan)
        if due_at is None:
            continue
        if due_at <= at:
            found.setdefault("payout_again_due", payout.reference)
        else:
            times.append(due_at)
    return {**found, "payout_again_at": min(times)} if times else found


def again_at(rows: EpisodeRows, payout: PayoutRow, plan: Plan | None) -> datetime | None:
    """When this payout is sent again; None when it is not, or not any more, by itself.

    What the bank had settled before it refused it is a person's question, and so is what was
    ordered twice under its reference: the refusal may be about one of the orders alone.
    """
    if plan is None or payout.state != "rejected" or payout.closed_at is None:
        return None
    claim = rows.claim(payout.claim_id)
    if is_over(rows, claim) or not owed_again(rows, claim, payout):
        return None
    if correction_waits(rows, claim):
        # Its decision may pay less: then less of this goes out.
        return None
    doubtful = payout.settled_at is not None or payout.orders > 1
    if doubtful or contradicted(rows, payout.claim_id):
        return None
    if what_follows(payout, plan) is not Next.AGAIN or _proposed(rows, payout):
        return None
    rules = plan.on(local_day(payout.closed_at))
    if _refused_in_a_row(rows, payout) > rules.count("refusals.again_times"):
        return None
    return payout.closed_at + timedelta(hours=rules.count("refusals.again_after"))


def newest_payouts(rows: EpisodeRows) -> list[PayoutRow]:
    """The payout of each claim that counts: the one that was not replaced."""
    return list(current_payouts(rows).values())


def _refused_in_a_row(rows: EpisodeRows, payout: PayoutRow) -> int:
    """So often this account has refused the money without a break, this time included."""
    before = [p for p in rows.payouts if p.claim_id == payout.claim_id][::-1]
    same = takewhile(lambda p: p.payee_account_sha256 == payout.payee_account_sha256, before)
    return sum(1 for _ in takewhile(lambda p: p.state == "rejected", same))


def contradicted(rows: EpisodeRows, claim_id: str) -> bool:
    """The bank says of a payout of this claim, the newest or one before it, both that it refused it
    and that it made it: the payee may have the money already."""
    ours = {payout.reference for payout in rows.payouts if payout.claim_id == claim_id}
    return any(
        one.resolved_at is None and one.code in CONTRADICTED and one.reference in ours
        for one in rows.exceptions
    )


def _proposed(rows: EpisodeRows, payout: PayoutRow) -> bool:
    """A person has named another account."""
    return any(
        one.resolved_at is None and one.code == PROPOSED and one.reference == payout.reference
        for one in rows.exceptions
    )
