"""What a hold, a cancellation and skipped steps leave of what would be due. Pure.

A held episode begins nothing new and sends no money. What was ordered before is followed to its
end, clocks of the law run on, and a withdrawn consent is told as ever.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.guarantee_standing import GuaranteeStanding
from crossclaim.domain.record_standing import record_standing
from crossclaim.domain.records import EpisodeRows
from crossclaim.domain.skippable import PRINT, REMIND
from crossclaim.domain.standing_payout import PayoutStanding, urgency
from crossclaim.domain.tender_standing import tender_standing

END_HOLD = "end_hold"
HELD_CODE = "EPISODE_HELD"
HELD, CANCELLING = "HELD", "CANCELLATION"
_RUNS_ON = frozenset(
    {
        "revision",
        "opened",
        "ready_for_bills",
        "quote_wanted",
        "guarantee_waiting",
        "claim_waiting",
        "settlement_waiting",
        "clock_breach_due",
        "clock_due_at",
        "withdrawal",
        "appeal",
        "information",
        "insurer",
    }
)
"""Members that a hold leaves alone: waits for answers, clocks, what a consent's end asks for."""
_BEGINS = frozenset(
    {
        "voucher_look_up_due",
        "voucher_account_due",
        "voucher_spouse_look_up_due",
        "pay_later_look_up_due",
        "bureau_look_up_due",
        "eligibility_due",
        "guarantee_due",
        "quote_wanted",
        "bureau_discharge_due",
    }
)
"""What prepares care and bills: needless once the episode is cancelled."""
_HOSPITALS_TURN = ("HOSPITAL_", "BUREAU_DISCHARGE", "PATIENT_PAYMENT")


_OF_CONSENTS = frozenset({"suspend", "resume", "cancel", "consent-report"})
"""Operations that tell of a consent: the law does not wait for us."""
_ANSWERS = frozenset({"hcx-answer", "hcx-notice"})
"""What we owe whoever has asked us, and what he asked to be told."""


def goes_on(party: str, operation: str, attempts: int) -> bool:
    """A send that a hold does not stop: of a consent, an answer that we owe, or about a payment
    that the patient may have made already."""
    if (party, operation) == ("acquirer", "payment"):
        return attempts > 0
    return party != "bureau" and operation in _OF_CONSENTS | _ANSWERS


class RepairStanding(Frozen):
    """``step`` about the hold ``subject`` is due now, or nothing before ``until``."""

    step: str = ""
    subject: str = ""
    until: datetime | None = None


def repair_standing(rows: EpisodeRows, at: datetime) -> RepairStanding | None:
    """None: the episode is not held."""
    hold = rows.hold
    if hold is None:
        return None
    if hold.until is None or hold.reminded_at is not None:
        return RepairStanding(subject=hold.number)
    step = END_HOLD if at >= hold.until else ""
    return RepairStanding(step=step, subject=hold.number, until=None if step else hold.until)


def repaired(
    rows: EpisodeRows,
    found: Mapping[str, object],
    payouts: Sequence[PayoutStanding],
    at: datetime,
) -> dict[str, object]:
    """Members of a standing: ``found`` without what may not be done now."""
    left = dict(found)
    if rows.cancelled:
        left = {name: value for name, value in left.items() if name not in _BEGINS}
        left["ready_for_bills"] = True
        if str(left.get("waiting_for", "")).startswith(_HOSPITALS_TURN):
            left["waiting_for"] = CANCELLING
    held = repair_standing(rows, at)
    return left if held is None else _held(rows, left, payouts, held, at)


def unskipped(rows: EpisodeRows, found: Mapping[str, object]) -> dict[str, object]:
    """Two persons have said that a reminder or a print is left out."""
    left = dict(found)
    for step, member in ((PRINT, "voucher_record_due"), (REMIND, "voucher_chase_due")):
        if rows.skipped(step, str(left.get(member) or "")):
            left.pop(member)
    return left


def _held(
    rows: EpisodeRows,
    found: Mapping[str, object],
    payouts: Sequence[PayoutStanding],
    held: RepairStanding,
    at: datetime,
) -> dict[str, object]:
    left = {name: value for name, value in found.items() if name in _RUNS_ON}
    # A bill that a quote is wanted for waits; one that is split from what we know does not.
    left["ready_for_bills"] = bool(found.get("ready_for_bills")) and not found.get("quote_wanted")
    letters = found.get("guarantee")
    if isinstance(letters, GuaranteeStanding) and not letters.outside:
        left["guarantee"] = letters
    ordered = [payout for payout in payouts if not payout.send_due]
    left["payout"] = min(ordered, key=urgency) if ordered else None
    left["tenders"] = tender_standing(_of_begun_payments(rows), at)
    reports = [d for d in rows.record_deliveries if d.reports_consent]
    urgent = [r for r in rows.record_requests if r.emergency]
    left["records"] = record_standing(urgent, reports, True, None, at)
    return {**left, "repair": held, "waiting_for": HELD}


def _of_begun_payments(rows: EpisodeRows) -> EpisodeRows:
    """A patient may have paid what the acquirer was asked for: that is followed, nothing else."""
    begun = [p for p in rows.payments if p.state != "due"]
    return rows.model_copy(update={"payments": begun, "refunds": [], "bills": []})
