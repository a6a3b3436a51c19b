"""The split of a bill: charge line × funder → fen, each with its reasons.

``AllocationResult`` is the only answer that the rules give about a bill; workflow, ledger, API and
claim all read the same object.
"""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict

from crossclaim.domain.money import ConversionRate, Money
from crossclaim.domain.submission import BillSubmission, EpisodeSubmission, FunderKind


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Sentence(Frozen):
    """One statement in the three languages of the region's paperwork."""

    en: str
    zh_hant: str
    zh_hans: str


class TraceStep(Frozen):
    """Why a figure is what it is: the rule, the values it used, what came out."""

    rule: str
    """``plan id:key``, for instance ``vhis-standard-hk:benefits.room.per_day``."""
    on: date
    inputs: dict[str, str]
    result: str
    text: Sentence
    source: str = ""
    assumption: bool = False


class RuleUsed(Frozen):
    """The version of a plan that a result was computed with."""

    plan: str
    version: str
    """SHA-256 of the plan file's canonical content, first 16 hex digits."""
    on: date


class Fault(Frozen):
    """One thing wrong, with the place, a stable code and what to do."""

    code: str
    pointer: str
    """JSON pointer into the submission, for instance ``/lines/3/amount``."""
    text: Sentence


class Share(Frozen):
    """What one funder carries of one charge line."""

    line: int
    funder: FunderKind
    organisation: str | None = None
    amount: Money
    """CNY; never negative."""
    reasons: list[str] = []
    """Codes such as ``EXCLUDED_SPECIAL_DRUG`` or ``CAPPED``; each has a sentence in the trace."""


class FunderTotal(Frozen):
    funder: FunderKind
    organisation: str | None = None
    amount: Money
    """CNY."""
    in_funder_currency: Money | None = None
    """What the funder itself counts in (HKD), where that differs."""


class AllocationResult(Frozen):
    """Σ shares of a line = the line; Σ totals = the bill. With ``faults``: refused, no shares."""

    total: Money
    totals: list[FunderTotal] = []
    shares: list[Share] = []
    rate: ConversionRate | None = None
    rules: list[RuleUsed] = []
    trace: list[TraceStep] = []
    faults: list[Fault] = []
    later_reimbursement: FunderTotal | None = None
    """What the insurer owes the patient beyond the guarantee's limit (scenario E5, second part)."""
    direct_limit: Money | None = None
    """HKD; the most that the insurer pays the hospital directly: the guarantee's limit, nothing
    without a guarantee; None: not limited."""

    @property
    def refused(self) -> bool:
        return bool(self.faults)

    def of(self, funder: FunderKind) -> Money:
        """The funder's total; zero when it carries nothing."""
        zero = Money(amount_minor=0, currency=self.total.currency)
        return sum((t.amount for t in self.totals if t.funder is funder), zero)


class BillFacts(Frozen):
    """Everything the rules may look at for one bill; loaded before, never fetched inside."""

    episode: EpisodeSubmission
    bill: BillSubmission
    consents: list[str]
    """Consent types in force."""
    admitted_on: date | None = None
    discharged_on: date | None = None
    voucher_balance: Money | None = None
    """HKD; None when the patient does not use vouchers."""
    voucher_rate: ConversionRate | None = None
    guarantee_limit: Money | None = None
    """HKD; None when there is no guarantee."""
    insurer_rate: ConversionRate | None = None
    """Frozen at the quote (``fx_basis``)."""
    deductible_used: Money | None = None
    annual_benefit_used: Money | None = None
    """HKD of the annual limit used in this policy year before; None when nobody stated it."""
