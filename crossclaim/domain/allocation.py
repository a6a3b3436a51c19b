"""The split of a bill: charge line × funder → fen, each with its reasons.

``AllocationResult`` is the only answer that the rules give about a bill; workflow, ledger, API and
claim all read the same object.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

from crossclaim.domain.money import ConversionRate, Currency, Money
from crossclaim.domain.submission import (
    BillSubmission,
    CoverageClaimed,
    EpisodeSubmission,
    FunderKind,
)
from crossclaim.domain.trusted import trusted


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


_SHARE = set(Share.model_fields)


def share_of(
    line: int,
    funder: FunderKind,
    amount: Money,
    organisation: str | None = None,
    reasons: list[str] | None = None,
) -> Share:
    """A share that our own rules have just computed: a decision makes a hundred of them."""
    values: dict[str, object] = {
        "line": line,
        "funder": funder,
        "organisation": organisation,
        "amount": amount,
        "reasons": reasons or [],
    }
    return trusted(Share, _SHARE, values)


class FunderTotal(Frozen):
    funder: FunderKind
    organisation: str | None = None
    amount: Money
    """CNY."""
    in_funder_currency: Money | None = None
    """What the funder itself counts in (HKD, MOP), where that differs."""


class VoucherUse(Frozen):
    """What one voucher account pays of a bill, when more than one does."""

    account: Literal["own", "spouse"]
    dollars: int
    amount: Money
    """CNY."""
    balance_after: Money
    """HKD."""


class CoverTerms(Frozen):
    """One of a bill's insurers: what its decision is cut by, and what the bill uses of it."""

    organisation: str | None = None
    plan: str
    rate: ConversionRate | None = None
    direct_limit: Money | None = None
    """HKD; None: not limited."""
    use: dict[str, int] = {}
    """What the bill adds to the cover's counters."""


class BillBenefit(Frozen):
    """What an insurer pays of one paper of a claim with papers."""

    bill: str
    claimed: Money
    """CNY that other insurers left of the bill."""
    eligible: Money
    """CNY of the lines that the plan pays anything of."""
    benefit: Money
    """HKD."""
    forecast: Money
    """CNY of the benefit at the rates that the charges were converted with."""
    reasons: list[str]


class Alternative(Frozen):
    """A legal way to pay a bill that was refused as it was asked for."""

    coverages: list[int]
    """Places in the episode's coverages that carry the bill; none: the patient pays it all."""
    spouse: bool = False
    """The spouse's vouchers are used too, after the own."""
    totals: list[FunderTotal]
    patient: Money
    """CNY that the patient pays at the window."""
    later_reimbursement: Money | None = None
    """CNY of it that the insurer owes the patient afterwards."""
    cost: Money
    """CNY that the patient bears in the end: cash, accounts and credit, less what comes back."""
    rules: list[RuleUsed] = []
    text: Sentence


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
    further_reimbursements: list[FunderTotal] = []
    """What other insurers than the first owe the patient later."""
    voucher_uses: list[VoucherUse] = []
    """Own account and spouse's, when both were asked for; else the total says it all."""
    cover_use: dict[str, int] = {}
    """What the bill adds to the counters of its only insurer's cover."""
    covers: list[CoverTerms] = []
    """Of insurers that were judged on what is known of each cover, in the order they pay in."""
    alternatives: list[Alternative] = []
    """Of a refused bill: what would be legal, cheapest for the patient first."""
    papers: list[BillBenefit] = []
    """Of a claim with papers: what the insurer pays of each."""
    non_medical: Money | None = None
    """CNY of lines that are no medical care, within the patient's total; no funder pays of it."""
    flags: list[Fault] = []
    """What is wrong with the charges, or what a person must look at; they change no split."""

    @property
    def refused(self) -> bool:
        return bool(self.faults)

    def of(self, funder: FunderKind) -> Money:
        """The funder's total; zero when it carries nothing."""
        zero = Money(amount_minor=0, currency=self.total.currency)
        return sum((t.amount for t in self.totals if t.funder is funder), zero)

    def insurer(self, organisation: str | None) -> FunderTotal | None:
        """The direct part of one of the bill's insurers."""
        parts = (t for t in self.totals if t.funder is FunderKind.INSURER)
        return next((t for t in parts if t.organisation == organisation), None)

    @property
    def later(self) -> list[FunderTotal]:
        """What each insurer owes the patient afterwards."""
        first = [self.later_reimbursement] if self.later_reimbursement else []
        return [*first, *self.further_reimbursements]

    def rate_of(self, organisation: str | None) -> ConversionRate | None:
        """The rate that one of the insurers' parts rests on."""
        known = (c.rate for c in self.covers if c.organisation == organisation)
        return next(known, None) or self.rate

    def counted_in(self, organisation: str | None) -> Currency:
        """What one of the bill's insurers counts in."""
        part = self.insurer(organisation) or self.later_of(organisation)
        if part is not None and part.in_funder_currency is not None:
            return part.in_funder_currency.currency
        rate = self.rate_of(organisation)
        return Currency.HKD if rate is None else rate.currency

    def later_of(self, organisation: str | None) -> FunderTotal | None:
        """What one of the insurers owes the patient afterwards."""
        return next((t for t in self.later if t.organisation == organisation), None)


class SpouseVouchers(Frozen):
    """The spouse's account in a pairing, as the window and the voucher system state it."""

    balance: Money | None = None
    """HKD; None when nobody looked it up."""
    paired_on: date | None = None
    """The day the pairing was made; None when there is none."""
    made_with: list[str] | None = None
    """What the pairing was made with; None: the voucher system keeps it and vouches for it."""
    ended_on: date | None = None
    """The first day on which the pairing no longer holds, by written request."""
    deceased_on: date | None = None
    papers: list[str] = []
    """What was shown at this use, for instance ``spouse_id_copy``."""


class BillFacts(Frozen):
    """Everything the rules may look at for one bill; loaded before, never fetched inside."""

    episode: EpisodeSubmission
    bill: BillSubmission
    consents: list[str]
    """Consent types in force."""
    opened_on: date | None = None
    """The day on which the episode began here; None before it was opened."""
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
    counters: dict[str, int] | None = None
    """What the member has used of the only insurer's plan before, by counter (see
    ``accumulators``); None: nobody keeps them but the insurer."""
    cover_since: date | None = None
    """First day of the only insurer's cover, where we keep its policies."""
    chosen: tuple[int, ...] | None = None
    """Places in the episode's coverages that the patient uses for this bill; None: all of them."""
    own_dollars: int | None = None
    """Whole dollars that are asked of the own vouchers; None: all that the rules allow."""
    spouse: SpouseVouchers | None = None
    """None: the spouse's vouchers are not asked for."""

    @property
    def claimed(self) -> list[tuple[int, CoverageClaimed]]:
        """The coverages that this bill is laid on, each with its place in the episode."""
        places = enumerate(self.episode.coverages)
        return [(at, c) for at, c in places if self.chosen is None or at in self.chosen]
