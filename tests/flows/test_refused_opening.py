"""An episode that is refused at its opening leaves nothing behind, no run that waits either."""

from __future__ import annotations

import asyncio

from temporalio.client import WorkflowExecution

from crossclaim.engine import connect
from crossclaim.security.codec import data_converter
from crossclaim.stack import Stack
from crossclaim.wiring import worker_house
from tests.flows.hospital import Hospital, example, next_number, varied
from tests.flows.patience import until

BEFORE_THE_PILOT = "2025-12-30T09:00:00+08:00"


async def _runs_of(stack: Stack, known: set[str]) -> list[WorkflowExecution]:
    house = worker_house(stack.settings)
    client = await connect(stack.settings, data_converter(house.keyring), None, lazy=False)
    listed = client.list_workflows("ExecutionStatus = 'Running'")
    found = [run async for run in listed if run.id not in known]
    house.database.close()
    return found


def test_an_international_episode_outside_the_pilot_is_refused_and_no_run_waits_for_it(
    flow_stack: Stack, shenzhen: Hospital
) -> None:
    before = {run.id for run in asyncio.run(_runs_of(flow_stack, set()))}
    early = varied(
        example("episode-1-inpatient"),
        visit={"number": f"IP-EARLY-{next_number()}", "planned_admission": BEFORE_THE_PILOT},
        coverages=[],
        estimate=None,
    )
    early["visit"].pop("guarantee_requested_at", None)
    assert shenzhen.refused("/v1/episodes", early) == ["INTERNATIONAL_NOT_DESIGNATED"]
    until(lambda: not asyncio.run(_runs_of(flow_stack, before)), "the refused run to end")
    in_time = varied(early, visit={"planned_admission": "2026-01-02T09:00:00+08:00"})
    assert shenzhen.open(in_time).rows()["episode"]["status"] == "open"
