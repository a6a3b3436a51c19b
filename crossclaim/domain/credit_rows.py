"""The rows of one pay-after-care account as our database holds them. Amounts are fen."""

from __future__ import annotations

from datetime import date, datetime

from crossclaim.domain.allocation import Frozen


class CreditAccountRow(Frozen):
    """``number`` is the platform's; empty until the sign-up is through."""

    id: str
    organisation_id: str
    plan: str
    state: str
    """``signing_up``, ``open``, ``refused`` or ``closed``."""
    revision: int
    number: str = ""
    insured_status: str = ""
    card_tail: str = ""
    """Last digits of the bound card; empty: none is bound."""
    credit_state: str = "none"
    """``none``, ``in_review``, ``granted``, ``refused`` or ``withdrawn``."""
    limit_minor: int = 0
    code: str = ""
    """Why the sign-up or the credit was refused."""
    opened_at: datetime
    stated_at: datetime | None = None
    """When the platform's statement was last taken."""
    ended_at: datetime | None = None


class CreditOrderRow(Frozen):
    """One thing that the platform is asked to do, for ever under one reference."""

    reference: str
    kind: str
    """``sign_up``, ``card``, ``card_code``, ``application``, ``instalments``, ``repayment`` or
    ``closing``."""
    state: str
    """``due``, ``sent``, ``queued`` (the bank looks at it), ``taken`` or ``refused``."""
    about: str = ""
    """The charge whose draw is split, or the card order whose code this is."""
    amount_minor: int = 0
    count: int = 0
    source: str = ""
    number: str = ""
    code: str = ""
    requested_at: datetime
    sent_at: datetime | None = None
    asked_at: datetime | None = None
    inquiries: int = 0


class CreditChargeRow(Frozen):
    """What a hospital was paid out of the account; ``credit_minor`` of it is a draw."""

    reference: str
    episode_id: str
    claim_id: str
    hospital_id: str
    number: str
    account_minor: int
    credit_minor: int
    card_minor: int
    charged_on: date
    occurred_at: datetime
    refunded_minor: int | None = None
    """The draw's part of a refund; None: it was never refunded."""
    excess_minor: int = 0
    """What had been repaid of a refunded draw, and went back."""
    settled_on: date | None = None

    @property
    def total_minor(self) -> int:
        return self.account_minor + self.credit_minor + self.card_minor


class CreditInstalmentRow(Frozen):
    """One part of a draw by its plan number ``plan``: 1 at the draw, 2 once parts were chosen."""

    charge_reference: str
    plan: int
    number: int
    count: int
    due_on: date
    amount_minor: int
    """The fee included."""
    repaid_before_minor: int = 0
    """What had been repaid of the draw when this plan was chosen."""


class CreditRepaidRow(Frozen):
    """What of a repayment was laid on a draw."""

    reference: str
    charge_reference: str
    amount_minor: int
    occurred_at: datetime


class CreditEventRow(Frozen):
    """One line of the account's story. ``details`` hold codes, days and amounts."""

    code: str
    reference: str = ""
    amount_minor: int | None = None
    details: dict[str, str] = {}
    occurred_at: datetime


class CreditExceptionRow(Frozen):
    code: str
    reference: str = ""
    details: dict[str, str] = {}
    opened_at: datetime
    resolved_at: datetime | None = None


class CreditRows(Frozen):
    account: CreditAccountRow
    orders: list[CreditOrderRow] = []
    charges: list[CreditChargeRow] = []
    instalments: list[CreditInstalmentRow] = []
    repaid: list[CreditRepaidRow] = []
    events: list[CreditEventRow] = []
    exceptions: list[CreditExceptionRow] = []

    def order(self, reference: str) -> CreditOrderRow:
        """Raises ``KeyError``."""
        found = next((o for o in self.orders if o.reference == reference), None)
        if found is None:
            raise KeyError(reference)
        return found

    def charge(self, reference: str) -> CreditChargeRow | None:
        return next((c for c in self.charges if c.reference == reference), None)

    def told(self, code: str, reference: str) -> bool:
        """Whether the story has this line already."""
        return any(e.code == code and e.reference == reference for e in self.events)
