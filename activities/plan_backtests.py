"""Splits the bills of a month twice, by the running and by a proposed plan; nothing is written."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

from temporalio import activity

from activities.apply_bill import Judged, judged_bill
from activities.looked_at import looked_at
from activities.orders import Subject
from activities.plan_backtest_port import PlanBacktests
from activities.resplits import case_of
from activities.world import World
from crossclaim.domain.backtest_sums import told_sums
from crossclaim.domain.backtest_tally import Tally
from crossclaim.domain.errors import CrossclaimError, Unavailable
from crossclaim.domain.plan import PlanSet
from crossclaim.domain.plan_proposal import AskedBacktest

TOLD_EVERY = 20
"""Bills between two words about how far it is."""
_log = logging.getLogger("crossclaim.backtest")


class PlanBacktestSteps:
    """A back-test may be begun anew at any time: it only reads."""

    def __init__(self, world: World) -> None:
        self._world = world

    @activity.defn(name="backtest_plan")
    def backtest_plan(self, backtest_id: str) -> int:
        """How many bills were compared; the sums stand in the back-test's row."""
        rows = self._rows()
        try:
            asked = rows.asked(backtest_id)
        except Unavailable:
            raise
        except CrossclaimError as error:
            rows.fail(backtest_id, error.code)
            return 0
        if asked is None:
            return 0
        running = self._world.plans
        worlds = [
            replace(self._world, plan_shelf=lambda plans=plans: plans)  # type: ignore[misc]
            for plans in (running, running.replacing([asked.plan]))
        ]
        tally, left_out = self._compared(asked, running, worlds)
        rows.finish(backtest_id, told_sums(tally, asked.plan.id, left_out, own=asked.insurer))
        return tally.claims

    def _compared(
        self, asked: AskedBacktest, running: PlanSet, worlds: list[World]
    ) -> tuple[Tally, dict[str, int]]:
        rows, tally, left_out = self._rows(), Tally(), Counter[str]()
        bills = rows.bills(asked)
        for done, (episode_id, bill_id) in enumerate(bills):
            if done % TOLD_EVERY == 0:
                rows.note(asked.id, len(bills), done)
                activity.heartbeat(done)
            try:
                now, then = (self._judged(world, episode_id, bill_id) for world in worlds)
                tally.count(now.facts, now.result, then.result, running)
            except Unavailable:
                raise
            except (CrossclaimError, LookupError) as error:
                left_out[type(error).__name__] += 1
                _log.info("a bill is left out of a back-test: %s", type(error).__name__)
        rows.note(asked.id, len(bills), len(bills))
        return tally, dict(left_out)

    def _judged(self, world: World, episode_id: str, bill_id: str) -> Judged:
        """As if the bill came today: by what is known of its covers and accounts now."""
        with looked_at(self._world.records) as tx:
            rows = tx.rows(episode_id)
            order = Subject(episode_id=episode_id, subject=bill_id, at=datetime.now(UTC))
            case = case_of(tx, world, order, rows, bill_id)
            return judged_bill(case, tx.bill_content(bill_id), bill_id)

    def _rows(self) -> PlanBacktests:
        rows = self._world.plan_backtests
        assert rows is not None, "a worker has the rows of back-tests"
        return rows
