"""The spouse's vouchers: when a pairing may pay, and what it pays after the own account.

The own part is rounded to fen first; the spouse's whole dollars are floored on what it leaves. The
spouse's account opens only when the own is used up.
"""

from __future__ import annotations

from collections.abc import Iterator

from crossclaim.domain.allocation import (
    BillFacts,
    Fault,
    SpouseVouchers,
    TraceStep,
    VoucherUse,
)
from crossclaim.domain.combination_sentences import CombinationReason
from crossclaim.domain.money import ConversionRate, Money, fen, hk_cents
from crossclaim.domain.plan import PlanAt, RuleMissing
from crossclaim.domain.sentences import Reason
from crossclaim.domain.trace import fault, traced
from crossclaim.domain.voucher import VoucherLeg, service_day, voucher_leg

_PLACE = "/episode/coverages"
_DOLLAR = hk_cents(100)


def own_leg(amount: Money, balance: Money, rate: ConversionRate, asked: int | None) -> VoucherLeg:
    """The own account's part of an amount (CNY): all that balance and amount allow, or the whole
    dollars that were asked of it, when these are fewer. ``asked`` has passed ``asked_faults``."""
    allowed = voucher_leg(amount, balance, rate)
    if asked is None or asked >= allowed.dollars:
        return allowed
    used = hk_cents(100 * asked)
    return voucher_leg(amount, used, rate).model_copy(update={"balance_after": balance - used})


def spouse_leg(amount: Money, own: VoucherLeg, balance: Money, rate: ConversionRate) -> VoucherLeg:
    """The spouse's part of what the own account leaves; nothing while that has a dollar left."""
    if own.balance_after >= _DOLLAR:
        return VoucherLeg(dollars=0, amount=fen(0), balance_after=balance)
    return voucher_leg(amount - own.amount, balance, rate)


def voucher_uses(own: VoucherLeg, spouse: VoucherLeg) -> list[VoucherUse]:
    """Both accounts' parts, own first."""
    return [
        VoucherUse(account="own", **own.model_dump()),
        VoucherUse(account="spouse", **spouse.model_dump()),
    ]


def asked_faults(
    facts: BillFacts, amount: Money, balance: Money, rate: ConversionRate
) -> Iterator[Fault]:
    """Judges the dollars that were asked for: too many, or the spouse's before the own."""
    asked = facts.own_dollars
    if asked is None:
        return
    allowed = voucher_leg(amount, balance, rate)
    if asked > allowed.dollars or asked < 0:
        words = {"asked": asked, "allowed": allowed.dollars}
        yield fault(CombinationReason.VOUCHER_ASKED_ABOVE_ALLOWED, _PLACE, **words)
    elif asked < allowed.dollars and facts.spouse is not None:
        left = balance - hk_cents(100 * asked)
        yield fault(CombinationReason.SPOUSE_BEFORE_OWN, _PLACE, left=left)


def spouse_faults(facts: BillFacts, plan: PlanAt) -> list[Fault]:
    """Every reason why the spouse's vouchers may not be asked for; empty without a spouse."""
    spouse = facts.spouse
    if spouse is None:
        return []
    try:
        return list(_spouse_faults(spouse, facts, plan))
    except RuleMissing as missing:
        words = {"rule": missing.rule, "on": missing.on}
        return [fault(Reason.RULE_NEEDS_PERSON, _PLACE, **words)]


def _spouse_faults(spouse: SpouseVouchers, facts: BillFacts, plan: PlanAt) -> Iterator[Fault]:
    on = service_day(facts)
    ends, wanted = plan.codes("spouse.ends"), plan.codes("spouse.papers")
    plan.rule("spouse.own_first")
    ended = spouse.ended_on is not None and on >= spouse.ended_on and "written_request" in ends
    if spouse.paired_on is None or on < spouse.paired_on or ended:
        yield fault(CombinationReason.SPOUSE_NOT_PAIRED, _PLACE, on=on)
    if spouse.made_with is not None:
        needs = plan.codes("spouse.pairing_needs")
        lacking = ", ".join(need for need in needs if need not in spouse.made_with)
        if lacking:
            yield fault(CombinationReason.SPOUSE_PAIRING_INCOMPLETE, _PLACE, missing=lacking)
    if spouse.deceased_on is not None and on >= spouse.deceased_on and "death" in ends:
        yield fault(CombinationReason.SPOUSE_DECEASED, _PLACE, died=spouse.deceased_on)
    missing = [paper for paper in wanted if paper not in spouse.papers]
    if missing:
        yield fault(CombinationReason.SPOUSE_PAPER_MISSING, _PLACE, papers=", ".join(missing))
    if spouse.balance is None:
        yield fault(CombinationReason.SPOUSE_BALANCE_NOT_STATED, _PLACE)


def spouse_steps(
    amount: Money, plan: PlanAt, rate: ConversionRate, own: VoucherLeg, leg: VoucherLeg
) -> list[TraceStep]:
    """What the spouse's account pays and why, and that both are told."""
    keys = ["spouse.own_first", "spouse.papers", "rounding.dollars", "rounding.fen"]
    step = traced(
        plan,
        keys,
        CombinationReason.SPOUSE_LEG,
        leg.amount,
        inputs={
            "left_by_own": amount - own.amount,
            "own_balance_after": own.balance_after,
            "rate": rate.cny_per_hkd,
            "balance_after": leg.balance_after,
        },
        words={"dollars": leg.dollars, "amount": leg.amount},
    )
    if not leg.dollars:
        return [step]
    notice = traced(plan, ["spouse.notice"], CombinationReason.SPOUSE_NOTICE, "")
    return [step, notice]
