"""The control calls of a party, for tests and demonstrations, reachable from this machine only."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, HTTPException
from pydantic import AwareDatetime, BaseModel

from crossclaim.simulators.faults import Fault
from crossclaim.simulators.party import Party


class ClockSetting(BaseModel):
    now: AwareDatetime | None


class FaultSetting(BaseModel):
    faults: list[Fault]


class FaultEnd(BaseModel):
    match: dict[str, str | int | float]


def control_router(party: Party) -> APIRouter:
    """``/_control``: health, clock, faults, journal, tables, reset."""
    router = APIRouter(prefix="/_control")

    @router.get("/health")
    async def health() -> dict[str, str]:
        return {"status": "ready", "now": party.clock.now().isoformat()}

    @router.put("/clock")
    async def set_clock(setting: ClockSetting) -> dict[str, str]:
        party.clock.set(setting.now)
        return {"now": party.clock.now().isoformat()}

    @router.put("/faults")
    async def set_faults(setting: FaultSetting) -> dict[str, Any]:
        try:
            party.faults.replace(setting.faults)
        except ValueError as fault:
            raise HTTPException(422, str(fault)) from fault
        return {"faults": party.faults.script()}

    @router.post("/faults")
    async def add_faults(setting: FaultSetting) -> dict[str, Any]:
        try:
            party.faults.add(setting.faults)
        except ValueError as fault:
            raise HTTPException(422, str(fault)) from fault
        return {"faults": party.faults.script()}

    @router.post("/faults/end")
    async def end_faults(end: FaultEnd) -> dict[str, Any]:
        party.faults.end(end.match)
        return {"faults": party.faults.script()}

    @router.get("/journal")
    async def read_journal(kind: str | None = None) -> dict[str, Any]:
        return {"entries": party.journal.entries(kind)}

    @router.put("/tables")
    async def merge_tables(patch: dict[str, Any]) -> dict[str, Any]:
        party.merge_tables(patch)
        return {"tables": party.tables}

    @router.post("/reset")
    async def reset() -> dict[str, str]:
        party.reset()
        return {"status": "reset"}

    return router
