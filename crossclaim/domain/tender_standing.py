"""What is due about the patient's payments and refunds: one step, or when to look again. Pure.

They go beside the rest of the episode: a patient at the window never waits for a funder's system.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.records import EpisodeRows
from crossclaim.domain.tender_refunds import refund_wanted
from crossclaim.domain.tender_rows import PaymentRow, RefundRow

TAKE = "take_payment"
REFUND = "refund_tender"
ORDER = "order_refunds"

PAYMENT_WAIT, REFUND_WAIT, CASHIER_WAIT = "ACQUIRER_PAYMENT", "ACQUIRER_REFUND", "CASHIER_REFUND"


class TenderStanding(Frozen):
    """``step`` about ``subject`` is due now, or nothing before ``look_again_at``."""

    step: str = ""
    subject: str = ""
    look_again_at: datetime | None = None
    waiting_for: str = ""


def tender_standing(rows: EpisodeRows, at: datetime) -> TenderStanding | None:
    """None: nothing is open. A payment at the window comes before every refund."""
    found = list(_open(rows, at))
    if not found:
        return None
    due = next((one for one in found if one.step), None)
    if due is not None:
        return due
    times = [one.look_again_at for one in found if one.look_again_at is not None]
    return TenderStanding(look_again_at=min(times, default=None), waiting_for=found[0].waiting_for)


def _open(rows: EpisodeRows, at: datetime) -> Iterator[TenderStanding]:
    for payment in rows.payments:
        if payment.open:
            yield _turn(TAKE, PAYMENT_WAIT, payment, at)
    bill = refund_wanted(rows)
    if bill is not None:
        yield TenderStanding(step=ORDER, subject=bill.id)
    for refund in rows.refunds:
        if not refund.open:
            continue
        if refund.route == "cashier":
            yield TenderStanding(waiting_for=CASHIER_WAIT)
        else:
            yield _turn(REFUND, REFUND_WAIT, refund, at)


def _turn(step: str, waits: str, row: PaymentRow | RefundRow, at: datetime) -> TenderStanding:
    if row.again_at is None or at >= row.again_at:
        return TenderStanding(step=step, subject=row.reference)
    return TenderStanding(look_again_at=row.again_at, waiting_for=waits)
