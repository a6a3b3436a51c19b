"""What is due after a withdrawn consent, and until when a claim stays suspended. Pure."""

from __future__ import annotations

from datetime import datetime

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.records import EpisodeRows
from crossclaim.domain.withdrawal_rows import SUSPENDED

END_SUSPENSION, CANCEL_GUARANTEE = "end_suspension", "cancel_guarantee"
TELL_WITHDRAWAL = "tell_withdrawal"


class WithdrawalStanding(Frozen):
    """The one step that is due; without a step only a suspension runs."""

    step: str = ""
    subject: str = ""
    """Id of the withdrawal, or of the guarantee."""
    until: datetime | None = None


def withdrawal_standing(rows: EpisodeRows, at: datetime) -> WithdrawalStanding | None:
    """What is over is ended first, then the insurers hear of it; None: nothing is open."""
    running = [w for w in rows.withdrawals if w.state == SUSPENDED and w.suspended_until]
    for one in running:
        assert one.suspended_until is not None
        if at >= one.suspended_until:
            return WithdrawalStanding(step=END_SUSPENSION, subject=one.id)
    until = min((w.suspended_until for w in running if w.suspended_until), default=None)
    for guarantee in rows.guarantees:
        if guarantee.state == "cancelling":
            subject = guarantee.id
            return WithdrawalStanding(step=CANCEL_GUARANTEE, subject=subject, until=until)
    # Of one claim only the newest withdrawal is told of: what went before it is no news any more.
    newest = {w.claim_id: w for w in rows.withdrawals if w.claim_id is not None}
    for one in newest.values():
        if one.to_tell() and _there(rows, one.organisation_id):
            return WithdrawalStanding(step=TELL_WITHDRAWAL, subject=one.id, until=until)
    return None if until is None else WithdrawalStanding(until=until)


def _there(rows: EpisodeRows, organisation: str) -> bool:
    """An insurer that decides here has nobody to be told."""
    coverage = rows.insured_with(organisation)
    return coverage is not None and coverage.decides == "there"


def awaits_new_consent(rows: EpisodeRows) -> str | None:
    """The insurer whose claim is suspended."""
    running = (w.organisation_id for w in rows.withdrawals if w.state == SUSPENDED)
    return next(running, None)
