"""What is configured about the parties and bears on waiting: how long, and what they can say."""

from __future__ import annotations

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.plan import Plan


class Habits(Frozen):
    """Seconds, where a member ends in ``_s``."""

    answer_within_s: float = 900
    insurer_within_s: dict[str, float] = {}
    """Of insurers with a time of their own."""
    bank_answer_within_s: float = 600
    bank_inquire_every_s: float = 3600
    bank_status_request: bool = True
    bank_credit_advice: bool = True
    voucher_records: bool = False
    """Records on use of vouchers, and of hand-overs, are printed and kept."""
    bureau: bool = False
    """A healthcare security bureau is connected."""
    bureau_answer_within_s: float = 900
    payout_plan: Plan | None = None
    """Rails and clocks of payouts."""
