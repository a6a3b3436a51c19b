"""The bare workflow: the round trips of an episode with empty steps, as a measure of the engine."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from crossclaim.bench.bare_messages import (
        QUEUES,
        BareApplied,
        BareNews,
        BareOrder,
        BareReport,
        BareStanding,
        BareStart,
    )
    from workflows.policies import BANK_FILES, BUREAU, INSURER, OUTSIDE, OWN_ROWS, RECORDS, VOUCHER

NEWS, TIMED_NEWS, OWN, OUT, READY = "news", "timed-news", "own", "out", "ready"
TIMER = timedelta(minutes=15)

Step = tuple[str, Any]
"""``news`` n: until n messages came; ``timed-news``: with a deadline; ``own``: so many local steps;
``out``: a party's queue; ``ready``: bills are let in."""


def _basic(bills: int) -> tuple[Step, ...]:
    """Opened, looked up, bills that are quoted each in their own update, settlement, the end."""
    seen = ((NEWS, 1), (OUT, BUREAU), (READY, None), (NEWS, 1 + bills))
    return (*seen, (OUT, BUREAU), (OWN, 1), (OUT, RECORDS))


STORIES: dict[str, tuple[Step, ...]] = {
    "basic": _basic(2),
    "basic-at-once": _basic(1),
    "outpatient": (
        (NEWS, 1),
        (OUT, VOUCHER),
        (READY, None),
        (NEWS, 3),
        (OUT, VOUCHER),
        (OWN, 1),
        (OUT, RECORDS),
    ),
    # Opened, then eligibility, guarantee and its answer; admission, interim bill, discharge, final
    # bill; claim, with the tender meanwhile, and decision; payout and report; release; the end.
    "inpatient": (
        (NEWS, 1),
        (OUT, INSURER),
        (OUT, INSURER),
        (TIMED_NEWS, 2),
        (READY, None),
        (NEWS, 6),
        (OUT, INSURER),
        (TIMED_NEWS, 8),
        (OWN, 1),
        (OUT, BANK_FILES),
        (TIMED_NEWS, 9),
        (OWN, 1),
        (OUT, INSURER),
        (OWN, 1),
        (OUT, RECORDS),
    ),
}


@workflow.defn(name="BareWorkflow")
class BareWorkflow:
    """Takes messages as an episode does: each is applied by one local step, then counted."""

    @workflow.init
    def __init__(self, start: BareStart) -> None:
        self._id = start.episode_id
        self._loaded = False
        self._ready = False
        self._news = 0

    @workflow.run
    async def run(self, start: BareStart) -> BareStanding:
        await self._own()
        self._loaded = True
        for step, about in STORIES[start.story]:
            if step in (NEWS, TIMED_NEWS):
                await self._until(about, TIMER if step == TIMED_NEWS else None)
            elif step == OUT:
                await self._outside(about)
            elif step == OWN:
                await self._own()
            else:
                self._ready = True
        await workflow.wait_condition(workflow.all_handlers_finished)
        return BareStanding()

    async def _until(self, count: int, within: timedelta | None) -> None:
        workflow.set_current_details("Waiting for the next event")
        await workflow.wait_condition(lambda: self._news >= count, timeout=within)

    def _order(self) -> BareOrder:
        return BareOrder(episode_id=self._id, at=workflow.now())

    async def _outside(self, party: str) -> None:
        await workflow.execute_activity(
            "bare_outside",
            self._order(),
            result_type=BareStanding,
            task_queue=QUEUES[party],
            **OUTSIDE,
        )

    async def _own(self) -> None:
        await workflow.execute_local_activity(
            "bare_own", self._order(), result_type=BareStanding, **OWN_ROWS
        )

    async def _apply(self, message: BareNews) -> str:
        await workflow.wait_condition(lambda: self._loaded)
        applied = await workflow.execute_local_activity(
            "bare_apply",
            self._order(),
            result_type=BareApplied,
            **OWN_ROWS,
        )
        self._news += 1
        return str(applied.receipt)

    @workflow.update(name="submit")
    async def submit(self, message: BareNews) -> str:
        return await self._apply(message)

    @workflow.update(name="submit_bill")
    async def submit_bill(self, message: BareNews) -> str:
        await workflow.wait_condition(lambda: self._loaded and self._ready)
        return await self._apply(message)

    @workflow.update(name="submit_quoted_bill")
    async def submit_quoted_bill(self, message: BareNews) -> str:
        await workflow.wait_condition(lambda: self._loaded and self._ready)
        await self._outside(BUREAU)
        return await self._apply(message)

    @workflow.signal(name="reported")
    def reported(self, message: BareReport) -> None:
        self._news += 1
