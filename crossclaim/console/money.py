"""What finance is handed: payouts and what people said of them, receivables by age, settlements,
and what exchange rates did."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Protocol

from crossclaim.domain.allocation import Frozen
from crossclaim.security.roles import Principal

PAYOUTS_SHOWN = 200
STATES = (
    "to_be_approved",
    "reserved",
    "sent",
    "accepted",
    "unknown",
    "rejected",
    "returned",
    "credited",
    "cancelled",
)
CAME_BACK = ("rejected", "returned", "cancelled")
_UNDER_WAY = ("to_be_approved", "reserved", "sent", "accepted", "unknown")


class PayoutSearch(Frozen):
    """Empty members narrow nothing."""

    states: list[str] = []
    insurer: str = ""
    hospital: str = ""


class PayoutListed(Frozen):
    reference: str
    episode_id: str
    claim: str
    payee: str
    hospital_id: str
    debtor: str
    bank: str
    amount_minor: int
    """Fen."""
    state: str
    reason: str = ""
    since: datetime
    credited_at: datetime | None = None
    proposed: bool = False
    """Another account waits for a second person."""
    recalled: bool = False


class Approval(Frozen):
    """The second person's word on a payout."""

    why: str
    made_by: str
    asked_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None
    approved: bool | None = None
    reason: str = ""


class Recall(Frozen):
    state: str
    reason: str
    asked_by: str
    asked_at: datetime
    ended_at: datetime | None = None


class AccountProposed(Frozen):
    """Another account for a payout that came back."""

    number: str
    proposed_by: str
    proposed_at: datetime
    holder: str
    ends: str
    """The last digits of its number."""
    bank_name: str
    decided_by: str | None = None
    decided_at: datetime | None = None
    approved: bool | None = None
    reason: str = ""


class PayoutTold(PayoutListed):
    reserved_at: datetime
    sent_at: datetime | None = None
    settled_at: datetime | None = None
    replaced: bool = False
    """Another payout has taken its place."""
    approval: Approval | None = None
    recall: Recall | None = None
    accounts: list[AccountProposed] = []
    """Newest first; told to the payer alone."""

    @property
    def can_be_approved(self) -> bool:
        return self.state == "to_be_approved"

    @property
    def can_be_recalled(self) -> bool:
        return self.recall is None and self.state in _UNDER_WAY

    @property
    def can_go_elsewhere(self) -> bool:
        return self.state in CAME_BACK and not self.replaced and self.proposal is None

    @property
    def proposal(self) -> AccountProposed | None:
        """The one that waits."""
        return next((one for one in self.accounts if one.approved is None), None)


class Receivable(Frozen):
    """What one funder still owes at one hospital, by how long it is owed."""

    funder: str
    """``insurer``, ``voucher``, ``basic_insurance``, ``pay_later`` or ``patient``."""
    organisation: str | None = None
    hospital: str
    currency: str
    episodes: int
    oldest: datetime
    total_minor: int
    days_30_minor: int
    days_60_minor: int
    days_90_minor: int
    older_minor: int


class Drift(Frozen):
    """What benefits became worth more (above zero) or less by the day of their payout."""

    month: str
    insurer: str
    currency: str
    """In which the benefit counts."""
    payouts: int
    more_minor: int
    less_minor: int
    drift_minor: int
    """Fen."""


class SettledDay(Frozen):
    day: date
    settlements: list[dict[str, Any]]
    """As the API tells them; ``lines`` is how many."""
    days: list[date]
    """Days near it on which anything was settled."""


class Money(Protocol):
    """Reads as the visitor may see."""

    async def payouts(self, principal: Principal, search: PayoutSearch) -> list[PayoutListed]:
        """One more than ``PAYOUTS_SHOWN`` where there are more; the longest waiting first."""
        ...

    async def payout(self, principal: Principal, reference: str) -> PayoutTold:
        """Raises ``NotFound``, for another's too."""
        ...

    async def receivables(self, principal: Principal) -> list[Receivable]: ...

    async def drift(self, principal: Principal) -> list[Drift]: ...

    async def settled(self, principal: Principal, day: date, language: str) -> SettledDay: ...

    async def advice(
        self,
        principal: Principal,
        hospital: str,
        funder: str,
        day: date,
        language: str,
        kind: str,
    ) -> tuple[str, bytes]:
        """Number and file of a remittance advice, ``pdf`` or ``csv``. Raises ``NotFound``."""
        ...
