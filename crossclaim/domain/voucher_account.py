"""A voucher account through the years: yearly allotment, accumulation limit, reward, optometry.

Pure functions of facts and of the scheme's plan; amounts in HKD. What nobody has stated is raised
as RuleMissing, so that a person decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.eligibility import birthday
from crossclaim.domain.money import Currency, Money, hk_cents, total
from crossclaim.domain.plan import Plan, PlanAt, RuleMissing, Unknown
from crossclaim.domain.voucher import capped_balance


class Allotment(Frozen):
    """One yearly amount: ``added`` to the account, ``lost`` above the accumulation limit."""

    on: date
    granted: Money
    added: Money
    lost: Money
    balance: Money
    """After it."""


class Spending(Frozen):
    """Vouchers used; a void takes the spending away, it is never a negative one."""

    on: date
    dollars: int
    designated: bool
    """On designated primary care."""


class Reward(Frozen):
    """Granted once a year for what was spent in it; usable for the same purposes."""

    amount: Money
    reached_on: date
    usable_until: date
    """Its last day."""


def allotments(
    plan: Plan, born: date, balance: Money, after: date, upto: date
) -> Iterator[Allotment]:
    """Each allotment after a day and up to another, the last day included; nothing is used between.

    ``balance`` is that of ``after``. Vouchers of a later day cannot be used before it.
    """
    for day in _days(plan, born, after, upto):
        at = plan.on(day)
        granted = at.amount("amounts.yearly")
        _known(at, "amounts.excess", "lost")
        balance_after, lost = capped_balance(balance, granted, at)
        added = balance_after - balance
        balance = balance_after
        yield Allotment(on=day, granted=granted, added=added, lost=lost, balance=balance)


def _days(plan: Plan, born: date, after: date, upto: date) -> Iterator[date]:
    """The allotment day of each year in which the age is reached before, and the first one's."""
    for year in range(after.year, upto.year + 1):
        at = plan.on(date(year, 12, 31))
        if at.find("amounts.yearly") is None:
            continue
        month, day = (int(part) for part in at.code("amounts.allotment_day").split("-"))
        usual, reached = date(year, month, day), birthday(born, at.count("eligibility.age"))
        on = usual
        if reached > usual:
            if reached.year > year or at.code("amounts.first_allotment") != "birthday":
                continue
            on = reached
        if after < on <= upto:
            yield on


def reward_of_year(plan: Plan, spent: Sequence[Spending], year: int) -> Reward | None:
    """The reward of one calendar year, once; None when too little was spent or there is no scheme.

    Only spending while the scheme runs counts.
    """
    summed = hk_cents(0)
    for one in sorted(spent, key=lambda s: s.on):
        at = plan.on(one.on)
        if one.on.year != year or not one.designated or at.find("reward.minimum") is None:
            continue
        _known(at, "reward.counts", "designated_primary_care")
        _known(at, "reward.usable_until", "end_of_next_year")
        summed = summed + hk_cents(100 * one.dollars)
        if at.amount("reward.minimum") <= summed:
            return Reward(
                amount=at.amount("reward.amount"),
                reached_on=one.on,
                usable_until=date(year + 1, 12, 31),
            )
    return None


def _known(at: PlanAt, key: str, word: str) -> None:
    """Raises RuleMissing when a plan states another rule than the one that stands here."""
    if at.code(key) != word:
        raise RuleMissing(f"{at.plan}:{key}", at.on, "is not known to the engine")


def with_reward(balance: Money, reward: Reward, at: PlanAt) -> Money:
    """The balance with a reward. Raises RuleUnknown when it would stand above the accumulation
    limit while nobody has stated whether a reward counts towards it."""
    raised = balance + reward.amount
    limit = at.amount("amounts.accumulation_limit")
    rule = at.find("reward.within_accumulation_limit")
    stated = None if rule is None or isinstance(rule.value, Unknown) else rule.value
    if raised <= limit or stated is False:
        return raised
    at.rule("reward.within_accumulation_limit")
    return max(limit, balance)


def optometry_left(at: PlanAt, spent: Sequence[Money]) -> Money:
    """What the limit of two years leaves for optometry (HKD); ``spent``: in those two years."""
    limit = at.amount("amounts.optometry_two_years")
    return max(limit - total(spent, Currency.HKD), hk_cents(0))
