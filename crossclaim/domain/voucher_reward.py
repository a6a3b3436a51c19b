"""The reward that a use of vouchers may bring: told with the split, granted by the scheme alone."""

from __future__ import annotations

from crossclaim.domain.allocation import BillFacts, TraceStep
from crossclaim.domain.combination_sentences import CombinationReason
from crossclaim.domain.plan import Plan, PlanAt, RuleMissing
from crossclaim.domain.trace import traced
from crossclaim.domain.voucher import service_day
from crossclaim.domain.voucher_account import Spending, reward_of_year


def reward_steps(dated: Plan, plan: PlanAt, facts: BillFacts, dollars: int) -> list[TraceStep]:
    """A note when this use alone reaches the year's minimum; whether the service is designated
    primary care nobody has told us, so the note is marked as assumed."""
    day = service_day(facts)
    use = Spending(on=day, dollars=dollars, designated=True)
    try:
        reward = reward_of_year(dated, [use], day.year)
    except RuleMissing:
        return []
    if reward is None:
        return []
    keys = ["reward.minimum", "reward.amount", "reward.counts", "reward.usable_until"]
    step = traced(
        plan,
        keys,
        CombinationReason.VOUCHER_REWARD,
        reward.amount,
        words={"dollars": dollars, "amount": reward.amount, "until": reward.usable_until},
        assumed=True,
    )
    return [step]
