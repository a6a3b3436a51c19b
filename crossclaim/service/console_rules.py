"""Rule files for the console: what runs and ran, proposals, their two persons, their back-tests."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Protocol

from crossclaim.console.rules import (
    Backtest,
    Judgement,
    ListedPlan,
    PlanVersion,
    ToldProposal,
)
from crossclaim.domain.backtest_sums import BacktestResult
from crossclaim.domain.errors import NotAllowed, NotFound, Unavailable
from crossclaim.domain.plan import Plan, PlanSet
from crossclaim.domain.plan_proposal import PlanProposal, in_force
from crossclaim.domain.reference import Reference
from crossclaim.plans.fault import PlanFault, PlanInvalid
from crossclaim.plans.fitting import misfits
from crossclaim.plans.loader import load_plans, read_plan, read_stored, shipped_text
from crossclaim.security.roles import INSURER_ROLES, Principal
from crossclaim.store.plan_proposals import (
    BacktestRow,
    NewProposal,
    SqlPlanProposals,
    WordRefused,
)
from crossclaim.store.plan_tables import Activation, SqlPlans
from crossclaim.store.session import Database

_ID = re.compile(r"^id:[ \t]*([A-Za-z0-9][A-Za-z0-9-]{0,80})[ \t]*$", re.MULTILINE)
_SAID = {
    "confirmed": "plan_confirmed",
    "refused": "plan_refused",
    "taken_back": "plan_taken_back",
}
_TOO_LATE = {
    "PLAN_PROPOSAL_OVER": "plan_over",
    "PLAN_PROPOSAL_CONFIRMED": "plan_confirmed_before",
    "PLAN_IN_FORCE": "plan_in_force_already",
    "PLAN_SECOND_PERSON": "plan_second_person",
}


class BacktestStarter(Protocol):
    async def backtest_plan(self, backtest_id: str) -> None: ...


class SqlRulesDesk:
    """Implements ``crossclaim.console.rules.RulesDesk``."""

    def __init__(
        self,
        own: Database,
        every: Database,
        running: Callable[[], PlanSet],
        reference: Reference,
        engine: BacktestStarter,
        operates: Callable[[Principal], bool],
        *,
        demonstration: bool,
    ) -> None:
        """``every`` is the reader's role, for people of the platform (``operates``)."""
        self._activations = SqlPlans(own)
        self._own, self._every = SqlPlanProposals(own), SqlPlanProposals(every)
        self._running = running
        self._reference = reference
        self._engine = engine
        self._operates = operates
        self._demonstration = demonstration

    async def plans(self, principal: Principal) -> list[ListedPlan]:
        return await asyncio.to_thread(self._plans, principal)

    def _plans(self, principal: Principal) -> list[ListedPlan]:
        seen = self._seen(principal)
        history = self._activations.history(None)
        running = self._running()
        return [
            self._listed(plan, [one for one in history if one.plan_id == plan.id])
            for plan in running.plans
            if seen is None or plan.id in seen
        ]

    async def plan(self, principal: Principal, plan_id: str) -> ListedPlan:
        return await asyncio.to_thread(self._plan, principal, plan_id)

    def _plan(self, principal: Principal, plan_id: str) -> ListedPlan:
        seen = self._seen(principal)
        plan = self._running().find(plan_id)
        if plan is None or (seen is not None and plan_id not in seen):
            raise NotFound("there is no such plan")
        return self._listed(plan, self._activations.history(plan_id))

    def _listed(self, plan: Plan, history: list[Activation]) -> ListedPlan:
        """Its versions by when they came into force, the program's own file last."""
        now = datetime.now(UTC)
        runs = in_force(history, now)
        ordered = sorted(history, key=lambda one: (one.in_force_from, one.id))
        counted = [one for one in ordered if not one.undone]
        ends = {one.id: following.in_force_from for one, following in pairwise(counted)}
        versions = [
            PlanVersion(
                version=one.version,
                since=one.in_force_from,
                until=ends.get(one.id),
                by=one.activated_by,
                reason=one.reason,
                runs=runs is not None and one.id == runs.id,
                ahead=one.in_force_from > now and not one.undone,
                undone=one.undone,
                proposal_id=one.proposal_id,
            )
            for one in reversed(ordered)
        ]
        shipped = self._shipped().find(plan.id)
        if shipped is not None:
            first = counted[0].in_force_from if counted else None
            versions.append(PlanVersion(version=shipped.version, until=first, runs=runs is None))
        return ListedPlan(plan, versions)

    async def version(self, principal: Principal, plan_id: str, version: str) -> Plan:
        return await asyncio.to_thread(self._version, principal, plan_id, version)

    def _version(self, principal: Principal, plan_id: str, version: str) -> Plan:
        running = self._plan(principal, plan_id).plan
        if version in ("", running.version):
            return running
        shipped = self._shipped().find(plan_id)
        if shipped is not None and shipped.version == version:
            return shipped
        for one in self._activations.of_version(plan_id, version):
            if one.version == version and (plan := self._read(one.content or "", plan_id)):
                return plan
        raise NotFound("there is no such version of this plan")

    async def text(self, principal: Principal, plan_id: str) -> str:
        return await asyncio.to_thread(self._text, principal, plan_id)

    def _text(self, principal: Principal, plan_id: str) -> str:
        self._plan(principal, plan_id)
        runs = in_force(self._activations.history(plan_id), datetime.now(UTC))
        if runs is not None and runs.content is not None:
            return runs.content
        return shipped_text(plan_id, demonstration=self._demonstration) or ""

    async def judge(self, principal: Principal, text: str) -> Judgement:
        return await asyncio.to_thread(self._judge, principal, text)

    def _judge(self, principal: Principal, text: str) -> Judgement:
        seen = self._seen(principal)
        stated = _ID.search(text)
        name = f"{stated.group(1) if stated else 'plan'}.yaml"
        running = self._running()
        try:
            plan = read_plan(text, name, demonstration=self._demonstration)
        except PlanInvalid as invalid:
            return Judgement(None, None, invalid.faults)
        known = running.find(plan.id)
        faults = misfits(plan, running, seen)
        if known is not None and known.version == plan.version:
            why = "says the same as the running file; change a value, a source or a date"
            faults.append(PlanFault(file=name, line=1, key="", reason=why))
        return Judgement(plan, known, faults)

    async def propose(
        self, principal: Principal, text: str, wanted_from: date | None, reason: str
    ) -> str:
        return await asyncio.to_thread(self._propose, principal, text, wanted_from, reason)

    def _propose(
        self, principal: Principal, text: str, wanted_from: date | None, reason: str
    ) -> str:
        judged = self._judge(principal, text)
        if judged.faults or judged.plan is None:
            raise PlanInvalid(judged.faults)
        new = NewProposal(
            plan_id=judged.plan.id,
            version=judged.plan.version,
            content=text,
            follows=judged.running.version if judged.running else "",
            wanted_from=wanted_from,
            reason=reason,
        )
        return self._own.add(principal.organisation, principal.actor, new)

    async def proposals(self, principal: Principal, plan_id: str | None) -> list[PlanProposal]:
        self._seen(principal)
        return await asyncio.to_thread(
            self._rows(principal).found, principal.organisation, plan_id=plan_id
        )

    async def proposal(self, principal: Principal, proposal_id: str) -> ToldProposal:
        told = await asyncio.to_thread(self._proposal, principal, proposal_id)
        for one in told.backtests:
            if one.state == "asked":
                # Without an engine the row is there all the same: the next look starts the work.
                with suppress(Unavailable):
                    await self._engine.backtest_plan(one.id)
        return told

    def _proposal(self, principal: Principal, proposal_id: str) -> ToldProposal:
        self._seen(principal)
        rows, organisation = self._rows(principal), principal.organisation
        found = rows.found(organisation, proposal_id=proposal_id)
        if not found:
            raise NotFound("there is no such proposal")
        proposal = found[0]
        plan = self._read(rows.content(organisation, proposal_id), proposal.plan_id)
        before = self._followed(proposal)
        tests = rows.backtests(organisation, proposal_id=proposal_id)
        return ToldProposal(proposal, plan, before, [_backtest(row) for row in tests])

    def _followed(self, proposal: PlanProposal) -> Plan | None:
        """The file that ran when it was proposed."""
        for plans in (self._running(), self._shipped()):
            known = plans.find(proposal.plan_id)
            if known is not None and known.version == proposal.follows:
                return known
        for one in self._activations.of_version(proposal.plan_id, proposal.follows):
            return self._read(one.content or "", proposal.plan_id)
        return None

    async def say(self, principal: Principal, proposal_id: str, kind: str, reason: str) -> str:
        return await asyncio.to_thread(self._say, principal, proposal_id, kind, reason)

    def _say(self, principal: Principal, proposal_id: str, kind: str, reason: str) -> str:
        told = self._proposal(principal, proposal_id)
        if kind == "confirmed" and self._misfit_now(principal, told.proposal):
            return "plan_no_longer_fits"
        try:
            said = self._own.say(principal.organisation, principal.actor, proposal_id, kind, reason)
        except WordRefused as refused:
            return _TOO_LATE.get(refused.code, "plan_over")
        return _SAID[kind] if said else "plan_said_before"

    def _misfit_now(self, principal: Principal, proposal: PlanProposal) -> bool:
        """What fitted when it was proposed may not fit what runs, or must be said, by now."""
        content = self._rows(principal).content(principal.organisation, proposal.id)
        file = f"{proposal.plan_id}.yaml"
        try:
            plan = read_plan(content, file, demonstration=self._demonstration)
        except PlanInvalid:
            return True
        return bool(misfits(plan, self._running()))

    async def ask_backtest(self, principal: Principal, proposal_id: str, month: str) -> None:
        await asyncio.to_thread(self._proposal, principal, proposal_id)
        backtest_id = await asyncio.to_thread(
            self._own.ask_backtest, principal.organisation, principal.actor, proposal_id, month
        )
        with suppress(Unavailable):
            await self._engine.backtest_plan(backtest_id)

    def _seen(self, principal: Principal) -> frozenset[str] | None:
        """Plans that these people see; None: all."""
        if self._operates(principal):
            return None
        insurer = self._reference.insurer(principal.organisation)
        if principal.role not in INSURER_ROLES or insurer is None:
            raise NotAllowed("rules are the platform's and each insurer's own")
        return frozenset(insurer.plans)

    def _rows(self, principal: Principal) -> SqlPlanProposals:
        return self._every if self._operates(principal) else self._own

    def _shipped(self) -> PlanSet:
        return load_plans(demonstration=self._demonstration)

    def _read(self, content: str, plan_id: str) -> Plan | None:
        try:
            return read_stored(content, f"{plan_id}.yaml", demonstration=self._demonstration)
        except PlanInvalid:
            return None


def _backtest(row: BacktestRow) -> Backtest:
    kept = row.model_dump(exclude={"proposal_id", "result"})
    return Backtest(
        **kept, result=BacktestResult.model_validate(row.result) if row.result else None
    )
