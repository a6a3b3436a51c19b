"""Where a payout stands, by its bank's habits: what is due, and when to look again. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.habits import Habits
from crossclaim.domain.records import PayoutRow


class PayoutStanding(Frozen):
    """One payout that is not finished: what to do about it, or when to look again."""

    reference: str
    bank: str
    state: str
    send_due: bool = False
    inquiry_due: bool = False
    recall_due: bool | None = None
    """Its payer wants it back: the bank is to be asked."""
    look_again_at: datetime | None = None

    @property
    def due(self) -> bool:
        """There is something to send or to ask."""
        return self.send_due or self.inquiry_due or bool(self.recall_due)


def payout_standing(payout: PayoutRow, habits: Habits, at: datetime) -> PayoutStanding | None:
    """None once nothing more can be done or awaited for this payout by itself."""
    make = PayoutStanding(reference=payout.reference, bank=payout.bank, state=payout.state)
    if payout.state in ("credited", "rejected", "returned", "cancelled"):
        return None
    if payout.state == "to_be_approved":
        return make
    if payout.state == "reserved":
        return make.model_copy(update={"send_due": True})
    recall_at = _recall_at(payout, habits)
    if recall_at is not None and at >= recall_at:
        return make.model_copy(update={"recall_due": True})
    found = _bank_standing(payout, habits, at, make)
    if found is None or recall_at is None:
        return found
    if found.look_again_at is not None:
        return found.model_copy(update={"look_again_at": min(recall_at, found.look_again_at)})
    # What its payer wants back is not ordered again.
    return found.model_copy(update={"send_due": False, "look_again_at": recall_at})


def _recall_at(payout: PayoutRow, habits: Habits) -> datetime | None:
    """When the bank is asked to cancel, or asked again; None where nobody wants it back."""
    if payout.settled_at is not None:
        return None
    if payout.recall == "asked":
        return payout.sent_at
    if payout.recall not in ("sent", "unknown") or payout.recall_sent_at is None:
        return None
    first = (payout.recall_messages or 1) <= 1
    wait_s = habits.bank_answer_within_s if first else habits.bank_inquire_every_s
    return payout.recall_sent_at + timedelta(seconds=wait_s)


def _bank_standing(
    payout: PayoutRow, habits: Habits, at: datetime, make: PayoutStanding
) -> PayoutStanding | None:
    settled = payout.settled_at is not None
    if settled and not habits.bank_credit_advice:
        return None
    last_word = max(t for t in (payout.sent_at, payout.last_inquiry_at) if t is not None)
    wait_s = habits.bank_answer_within_s if payout.inquiries == 0 else habits.bank_inquire_every_s
    due_at = last_word + timedelta(seconds=wait_s)
    fence = payout.fence_at or due_at
    if (
        payout.state == "unknown"
        and not settled
        and at >= fence
        and payout.absent_at is not None
        and payout.absent_at >= fence
    ):
        return make.model_copy(update={"send_due": True})
    if not habits.bank_status_request and payout.state == "unknown":
        due_at = max(due_at, fence)
    if at >= due_at:
        return make.model_copy(update={"inquiry_due": True})
    return make.model_copy(update={"look_again_at": due_at})


def urgency(payout: PayoutStanding) -> tuple[bool, datetime]:
    """What is due comes first, then what is to be looked at soonest; none waits behind another."""
    never = datetime.max.replace(tzinfo=UTC)
    return not payout.due, payout.look_again_at or never
