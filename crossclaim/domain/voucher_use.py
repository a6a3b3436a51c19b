"""The record on use of vouchers (《医疗券使用记录》): what is printed of one use."""

from __future__ import annotations

from datetime import datetime

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.money import ConversionRate, Money
from crossclaim.domain.reference import Names


class VoucherUseRecord(Frozen):
    """It names nobody: the account's holder is told by the paper that he is handed."""

    transaction_number: str
    reference: str
    account: str
    """``own`` or ``spouse``."""
    hospital: Names
    department: Names
    served_at: datetime
    claimed_at: datetime
    bill_number: str
    net_fee: Money
    used: Money
    """HKD."""
    worth: Money
    """CNY."""
    rate: ConversionRate
    balance: Money
    """HKD, as the system stated it for this use."""
    void: bool = False
    """The use was taken back."""
