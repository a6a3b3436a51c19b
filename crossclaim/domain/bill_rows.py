"""A bill's versions as our database holds them, and what has to be given back of payouts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from crossclaim.domain.allocation import Frozen

DRAFT, REOPENED = "draft", "reopened"
DECISION = "DECISION"
"""Cause of what a later decision on the same claim takes back."""
TWICE = "PAID_TWICE"
"""Cause of what a payee has beside what is owed, since a second payout was made as well."""
COUNTS = "current"


class BillRow(Frozen):
    """``state``: a ``draft`` moves nothing; one version of a number at most is ``current``."""

    id: str
    number: str
    version: int
    status: str
    state: str
    total_minor: int
    correction: str = ""
    """What kind of correction of an earlier version it is."""
    corrects: str | None = None
    """Id of the version that it takes the place of, with all that was paid for it."""
    sent_by: str = ""
    """The key that sent it."""
    occurred_at: datetime | None = None

    @property
    def payable(self) -> bool:
        return self.status == "final" and self.state == COUNTS


class ClawBackRow(Frozen):
    """Money of a payout that its payee has to give back to the funder."""

    reference: str
    claim_id: str
    bill_id: str
    organisation_id: str
    """The funder whose money it is."""
    payee: str
    """``hospital`` or ``patient``: who gives back."""
    amount_minor: int
    cause: str
    """``CORRECTION``, ``CANCELLATION``, ``DECISION`` or ``PAID_TWICE``."""
    state: str
    """``due``, ``received``, ``needless`` or ``written_off``."""
    ordered_at: datetime
    received_at: datetime | None = None
    ended_at: datetime | None = None
    """When it became needless, or was written off."""
    payout_reference: str | None = None
    """The second payout, of what was paid twice."""
    undone_minor: int = 0
    """Of what was received: fen that its owner had twice, and has sent back or never got."""

    @property
    def open(self) -> bool:
        return self.state == "due"

    @property
    def kept_minor(self) -> int:
        """Fen that its owner was given back and has kept."""
        return 0 if self.received_at is None else self.amount_minor - self.undone_minor

    @property
    def counts(self) -> bool:
        """Not ``needless``: of that payout nothing was paid after all."""
        return self.state != "needless"


def line_of(bills: Sequence[BillRow], bill_id: str) -> list[str]:
    """Ids of a version and of those that it corrects, the newest first: one bill for all that was
    paid and claimed."""
    by_id, found = {bill.id: bill for bill in bills}, [bill_id]
    while (bill := by_id.get(found[-1])) is not None and bill.corrects is not None:
        found.append(bill.corrects)
    return found
