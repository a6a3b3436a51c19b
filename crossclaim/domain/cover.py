"""What is known of one patient's right against one insurer when a bill is judged."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from crossclaim.domain.accumulators import Accumulators, deductible_of, paid_in
from crossclaim.domain.allocation import BillFacts
from crossclaim.domain.eligibility import birthday
from crossclaim.domain.guarantee_terms import GuaranteeTerms
from crossclaim.domain.money import ConversionRate, Money
from crossclaim.domain.rates import Rates


class Claiming(StrEnum):
    """Who asks the insurer: the hospital for direct payment, or the patient with papers."""

    DIRECT = "direct"
    REIMBURSEMENT = "reimbursement"


class Confirmed(BaseModel):
    """An insurer's word on a bill: its amount is locked, only the rest is computed anew."""

    model_config = ConfigDict(frozen=True)

    benefit: Money
    """HKD, direct and later part together."""
    paid: Money
    """CNY of the whole benefit at the rate that was locked with it."""
    direct: Money
    """CNY of it that the hospital gets."""
    direct_benefit: Money
    """HKD of the direct part."""
    lines: dict[int, int] = {}
    """Line number → weight, as the insurer laid its benefit on the lines; empty: not stated."""


class Statement(BaseModel):
    """What another insurer says that it paid of a bill (CNY)."""

    model_config = ConfigDict(frozen=True)

    organisation: str
    bill: str
    paid: Money


class Cover(BaseModel):
    """One insurer's cover. What nobody stated is None; a rule that needs it asks for it."""

    model_config = ConfigDict(frozen=True)

    plan: str
    organisation: str | None = None
    rank: int | None = None
    """1: this insurer pays first; the next pays on what it left."""
    claiming: Claiming = Claiming.DIRECT
    since: date | None = None
    """First day of unbroken cover: policy years and waiting periods count from it."""
    until: date | None = None
    """Last day of cover; None: it goes on."""
    accident: bool | None = None
    """The treatment follows an accident, not an illness."""
    pre_existing: bool | None = None
    """The insurer found a condition from before the cover that the member did not know of."""
    used: Accumulators | None = None
    guarantee_limit: Money | None = None
    """HKD; None: there is no guarantee."""
    guarantee_terms: GuaranteeTerms | None = None
    rates: Rates = Rates()
    confirmed: Confirmed | None = None
    other_insurers: tuple[str, ...] = ()
    """Organisations that pay before this one, for a claim with papers."""
    statements: tuple[Statement, ...] = ()

    def counters(self) -> Accumulators:
        """What is known to be used before. What it means that nobody stated a counter is the plan's
        word (``unstated_use``), which a rule asks for before it counts on this."""
        return self.used or Accumulators()

    def stated(self, counter: str) -> bool:
        """False for a counter that nobody stated."""
        return self.used is not None and self.used.stated(counter)

    def year_on(self, day: date) -> int:
        """The policy year of a day, 1 for the first; 0 when the begin of cover is not stated."""
        return 0 if self.since is None else policy_year(self.since, day)


def policy_year(since: date, day: date) -> int:
    """Anniversaries passed, plus one; a policy of 29 February has its on 1 March of other years."""
    years = day.year - since.year
    return years + (1 if day >= birthday(since, years) else 0)


def months_after(day: date, months: int) -> date:
    """The same day so many months on, or the last of a month that is too short."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first_of_next = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    last = first_of_next - timedelta(days=1)
    return last if day.day > last.day else last.replace(day=day.day)


def cover_of(facts: BillFacts, plan: str, rate: ConversionRate) -> Cover:
    """The cover of a bill's only insurer, as far as the bill's facts tell it."""
    if facts.counters is not None:
        return Cover(
            plan=plan,
            since=facts.cover_since,
            used=Accumulators(used=facts.counters),
            guarantee_limit=facts.guarantee_limit,
            rates=Rates(quote=rate),
        )
    told = {deductible_of(0): facts.deductible_used, paid_in(0): facts.annual_benefit_used}
    return Cover(
        plan=plan,
        used=Accumulators(
            used={name: amount.amount_minor for name, amount in told.items() if amount},
            only=tuple(name for name, amount in told.items() if amount is not None),
        ),
        guarantee_limit=facts.guarantee_limit,
        rates=Rates(quote=rate),
    )
