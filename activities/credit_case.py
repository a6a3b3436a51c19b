"""One submission about a credit account that is about to be applied."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from activities.records import EpisodeTransaction
from activities.world import World
from crossclaim.domain.credit_rows import CreditRows
from crossclaim.domain.errors import CrossclaimError
from crossclaim.domain.plan import PlanAt, PlanSet
from crossclaim.domain.records import StoredSubmission
from crossclaim.domain.stay import local_day
from crossclaim.domain.submission import FunderKind


def pay_later_plan(plans: PlanSet, name: str, on: date) -> PlanAt | None:
    """The pay-after-care plan of this name on a day; None when there is none."""
    plan = plans.find(name)
    return plan.on(on) if plan is not None and plan.funder is FunderKind.PAY_LATER else None


@dataclass(frozen=True)
class CreditCase:
    """``known`` is None only for the submission that opens the account."""

    transaction: EpisodeTransaction
    stored: StoredSubmission
    world: World
    at: datetime
    known: CreditRows | None

    @property
    def account_id(self) -> str:
        return self.stored.episode_id

    @property
    def rows(self) -> CreditRows:
        if self.known is None:
            raise CrossclaimError("the account has not been opened", code="ACCOUNT_NOT_OPENED")
        return self.known

    @property
    def today(self) -> date:
        return local_day(self.at)

    @property
    def plan(self) -> PlanAt:
        found = pay_later_plan(self.world.plans, self.rows.account.plan, self.today)
        assert found is not None, "an account was opened under a plan"
        return found

    def reference(self, prefix: str) -> str:
        """Ours for what this submission asks of the platform: the same however often applied."""
        return f"{prefix}{self.stored.id.partition('_')[2]}"
