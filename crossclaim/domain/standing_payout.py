"""Where a payout stands, by its bank's habits: what is due, and when to look again. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.habits import Habits
from crossclaim.domain.records import PayoutRow

LONGEST_PAUSE = 8
"""Of an inquiry to the next, in pauses between the first two."""


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
    asked = (payout.recall_messages or 1) - 1
    wait_s = pause_s(asked, habits.bank_inquire_every_s) if asked else habits.bank_answer_within_s
    return payout.recall_sent_at + timedelta(seconds=wait_s)


def pause_s(asked: int, every_s: float) -> float:
    """Seconds to the next inquiry after ``asked`` of them (at least one): ``every_s``, then twice
    as long each time, up to eight times. A bank that is behind is not given ever more to answer."""
    return every_s * min(1 << (asked - 1), LONGEST_PAUSE)


def fence_while_waiting(
    asked: int, every_s: float, max_execution_s: float, at: datetime
) -> datetime:
    """After when an order never executes that lies uncollected at inquiry ``asked``: the bank may
    collect it at any moment until the next one, and has its longest time from then on."""
    return at + timedelta(seconds=pause_s(asked, every_s) + max_execution_s)


def fence_of_late_look(payout: PayoutRow, max_execution_s: float, at: datetime) -> datetime | None:
    """A later fence, where the order is gone at the first look since, and that look comes late:
    the bank may have collected it a moment ago. None where the fence stays."""
    if payout.fence_at is None or payout.sent_at is None:
        return None
    longest = timedelta(seconds=max_execution_s)
    looked_at = max(t for t in (payout.sent_at, payout.last_inquiry_at) if t is not None)
    counted_from = payout.fence_at - longest
    return at + longest if looked_at < counted_from < at else None


def _inquiry_at(payout: PayoutRow, habits: Habits) -> datetime:
    last_word = max(t for t in (payout.sent_at, payout.last_inquiry_at) if t is not None)
    if payout.inquiries == 0:
        return last_word + timedelta(seconds=habits.bank_answer_within_s)
    every_s = habits.bank_inquire_every_s
    due_at = last_word + timedelta(seconds=pause_s(payout.inquiries, every_s))
    if payout.fence_at is None or last_word >= payout.fence_at:
        return due_at
    # What is said after the fence decides about sending again, so that is asked without delay.
    return min(due_at, max(payout.fence_at, last_word + timedelta(seconds=every_s)))


def _bank_standing(
    payout: PayoutRow, habits: Habits, at: datetime, make: PayoutStanding
) -> PayoutStanding | None:
    settled = payout.settled_at is not None
    if settled and not habits.bank_credit_advice:
        return None
    due_at = _inquiry_at(payout, habits)
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
