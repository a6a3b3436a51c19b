"""Rows of payments and refunds that a story is told from."""

from __future__ import annotations

from datetime import datetime

from crossclaim.domain.tender_rows import PaymentRow, RefundRow


class PaymentFact(PaymentRow):
    recorded_at: datetime
    changed_at: datetime


class RefundFact(RefundRow):
    recorded_at: datetime
    changed_at: datetime
