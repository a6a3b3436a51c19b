"""Where a pay-after-care account stands: what is due next, and when to look again. Pure.

Activities compute it in the transaction that changed the rows; the workflow only branches on it.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.credit_position import InstalmentPosition, open_instalments
from crossclaim.domain.credit_rows import CreditOrderRow, CreditRows
from crossclaim.domain.stay import REGION_ZONE, local_day

REMIND_AT = time(9, 0, tzinfo=REGION_ZONE)
LOOK_AT = time(1, 0, tzinfo=REGION_ZONE)
"""When the platform's books of the day before are looked into."""
ASK_AT_MOST_EVERY = timedelta(hours=6)


class CreditHabits(Frozen):
    """What is configured about the platform and about reminding."""

    answer_within_s: float = 60
    """After so long the bank is asked what it decided; then after twice as long, and so on."""
    remind_days: int = 3


class CreditNotice(Frozen):
    """A reminder or the finding that a part is overdue; becomes a line of the account's story."""

    code: str
    """``DUE_SOON`` or ``OVERDUE``."""
    reference: str
    due_on: date
    amount_minor: int
    at: datetime


class CreditStanding(Frozen):
    """The next step; the workflow takes the first that is due."""

    revision: int = 0
    opened: bool = False
    order_due: str | None = None
    """Reference of an order that the platform is to be sent."""
    inquiry_due: str | None = None
    """Reference of an order that the bank still looks at."""
    statement_due: bool = False
    notices_due: bool = False
    look_again_at: datetime | None = None
    closed: bool = False
    waiting_for: str = ""
    """A code, for instance ``REPAYMENT``."""


def standing_of(rows: CreditRows, habits: CreditHabits, at: datetime) -> CreditStanding:
    order = next((o for o in rows.orders if o.state in ("due", "sent")), None)
    queued = next((o for o in rows.orders if o.state == "queued"), None)
    ask_at = None if queued is None else _ask_at(queued, habits)
    notices = list(_notices(rows, habits))
    ripe = [notice for notice in notices if notice.at <= at]
    state_at = _statement_at(rows)
    ended = rows.account.state in ("refused", "closed") and order is None
    moments = [ask_at, state_at, *(n.at for n in notices if n.at > at)]
    later = [moment for moment in moments if moment is not None and moment > at]
    return CreditStanding(
        revision=rows.account.revision,
        opened=True,
        order_due=order.reference if order else None,
        inquiry_due=queued.reference if queued and ask_at and ask_at <= at else None,
        statement_due=state_at is not None and state_at <= at,
        notices_due=bool(ripe),
        look_again_at=min(later) if later else None,
        closed=ended and state_at is None,
        waiting_for=_waiting_for(rows, order, queued),
    )


def due_notices(rows: CreditRows, habits: CreditHabits, at: datetime) -> list[CreditNotice]:
    """What is to be written into the story now."""
    return [notice for notice in _notices(rows, habits) if notice.at <= at]


def _notices(rows: CreditRows, habits: CreditHabits) -> list[CreditNotice]:
    """Those of open parts that have not been written yet; a missed reminder is left out."""
    found: list[CreditNotice] = []
    for part in open_instalments(rows):
        late_at = datetime.combine(part.due_on + timedelta(days=1), time(0), REGION_ZONE)
        remind_on = part.due_on - timedelta(days=habits.remind_days)
        remind_at = datetime.combine(remind_on, REMIND_AT)
        if not rows.told("OVERDUE", part.name):
            if not rows.told("DUE_SOON", part.name):
                found.append(_notice("DUE_SOON", part, remind_at))
            found.append(_notice("OVERDUE", part, late_at))
    return found


def _notice(code: str, part: InstalmentPosition, at: datetime) -> CreditNotice:
    return CreditNotice(
        code=code, reference=part.name, due_on=part.due_on, amount_minor=part.left_minor, at=at
    )


def _ask_at(order: CreditOrderRow, habits: CreditHabits) -> datetime:
    since = order.asked_at or order.sent_at or order.requested_at
    pause = timedelta(seconds=habits.answer_within_s * 2 ** min(order.inquiries, 16))
    return since + min(pause, ASK_AT_MOST_EVERY)


def _statement_at(rows: CreditRows) -> datetime | None:
    """The day after a charge, then daily until the hospital has its money; None: all settled."""
    unsettled = [c for c in rows.charges if c.settled_on is None and c.refunded_minor is None]
    if not unsettled:
        return None
    first = min(c.charged_on for c in unsettled) + timedelta(days=1)
    stated = rows.account.stated_at
    if stated is not None:
        first = max(first, local_day(stated) + timedelta(days=1))
    return datetime.combine(first, LOOK_AT)


def _waiting_for(
    rows: CreditRows, order: CreditOrderRow | None, queued: CreditOrderRow | None
) -> str:
    if order is not None:
        return "PLATFORM"
    if queued is not None:
        return "CREDIT_DECISION"
    if any(o.kind == "card" and o.state == "taken" for o in rows.orders) and _code_missing(rows):
        return "CARD_CODE"
    if open_instalments(rows):
        return "REPAYMENT"
    return "NEXT_CHARGE" if rows.account.state == "open" else ""


def _code_missing(rows: CreditRows) -> bool:
    """The newest card order waits for the code that its holder was sent."""
    card = [o for o in rows.orders if o.kind == "card" and o.state == "taken"][-1]
    codes = (o for o in rows.orders if o.kind == "card_code" and o.about == card.reference)
    return not any(o.state == "taken" for o in codes)
