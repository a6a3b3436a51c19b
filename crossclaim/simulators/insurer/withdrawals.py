"""An insurer's own decision to take a letter of guarantee back, ordered by a test or a person."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from crossclaim.simulators.insurer.answers import Answers
from crossclaim.simulators.insurer.outcome import FhirFault
from crossclaim.simulators.party import Party


def withdrawal_router(party: Party, answers: Answers) -> APIRouter:
    """``POST /_control/withdraw {"reference": "…"}``: told by callback, as any answer."""
    router = APIRouter(prefix="/_control")

    @router.post("/withdraw")
    async def withdraw(order: dict[str, str]) -> dict[str, Any]:
        with party.state.transaction():
            try:
                answers.withdraw(order["reference"])
            except FhirFault:
                return {"withdrawn": False}
        return {"withdrawn": True}

    return router
