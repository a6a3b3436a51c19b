"""What a credit account's workflow orders of an activity and gets back: ids, times, standings."""

from __future__ import annotations

from datetime import datetime

from activities.orders import Receipt
from crossclaim.domain.allocation import Frozen
from crossclaim.domain.credit_standing import CreditStanding


class CreditApply(Frozen):
    account_id: str
    submission_id: str
    at: datetime


class CreditApplied(Frozen):
    receipt: Receipt
    standing: CreditStanding


class CreditSubject(Frozen):
    """One step about one order (or one run) of an account, at business time."""

    account_id: str
    subject: str = ""
    at: datetime
