"""What the pages of rules need of the house, and what they show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.backtest_sums import BacktestResult
from crossclaim.domain.plan import Plan
from crossclaim.domain.plan_proposal import PlanProposal
from crossclaim.plans.fault import PlanFault
from crossclaim.security.roles import Principal


class PlanVersion(Frozen):
    """One file that a plan had, has or will have in force."""

    version: str
    since: datetime | None = None
    """None: it came with the program."""
    until: datetime | None = None
    by: str = ""
    reason: str = ""
    runs: bool = False
    ahead: bool = False
    undone: bool = False
    proposal_id: str | None = None


@dataclass(frozen=True)
class ListedPlan:
    """``versions``: newest first; what is ahead stands before what runs."""

    plan: Plan
    versions: list[PlanVersion]

    @property
    def ahead(self) -> list[PlanVersion]:
        return [one for one in self.versions if one.ahead]


@dataclass(frozen=True)
class Judgement:
    """A file that was sent: the plan in it, or all that is wrong with it."""

    plan: Plan | None
    running: Plan | None
    faults: list[PlanFault]


class Backtest(Frozen):
    id: str
    month: str
    asked_by: str
    asked_at: datetime
    state: str
    claims: int
    done: int
    result: BacktestResult | None = None
    fault: str = ""
    finished_at: datetime | None = None

    @property
    def thousandths(self) -> int:
        return self.done * 1000 // self.claims if self.claims else 0


@dataclass(frozen=True)
class ToldProposal:
    """``plan``: None where this program can no longer read the file."""

    proposal: PlanProposal
    plan: Plan | None
    before: Plan | None
    backtests: list[Backtest]


class RulesDesk(Protocol):
    """Reads and proposals of rule files; an insurer's people see and propose their own plans."""

    async def plans(self, principal: Principal) -> list[ListedPlan]:
        """Raises ``NotAllowed`` for people of neither the platform nor an insurer."""
        ...

    async def plan(self, principal: Principal, plan_id: str) -> ListedPlan:
        """Raises ``NotFound``."""
        ...

    async def version(self, principal: Principal, plan_id: str, version: str) -> Plan:
        """Of a file that is or was kept. Raises ``NotFound``."""
        ...

    async def text(self, principal: Principal, plan_id: str) -> str:
        """The running rule file as it is written, to be changed. Raises ``NotFound``."""
        ...

    async def judge(self, principal: Principal, text: str) -> Judgement:
        """Changes nothing."""
        ...

    async def propose(
        self, principal: Principal, text: str, wanted_from: date | None, reason: str
    ) -> str:
        """The proposal's id. Raises ``PlanInvalid``."""
        ...

    async def proposals(self, principal: Principal, plan_id: str | None) -> list[PlanProposal]: ...

    async def proposal(self, principal: Principal, proposal_id: str) -> ToldProposal:
        """Raises ``NotFound``."""
        ...

    async def say(self, principal: Principal, proposal_id: str, kind: str, reason: str) -> str:
        """A word of the page: what became of it."""
        ...

    async def ask_backtest(self, principal: Principal, proposal_id: str, month: str) -> None:
        """The row first, then the engine. Raises ``NotFound``."""
        ...
