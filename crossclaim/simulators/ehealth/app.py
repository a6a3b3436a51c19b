"""The patient's app, which tests and demonstrations hold in the hand: codes and consents."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel

from crossclaim.simulators.ehealth.persons import Persons
from crossclaim.simulators.party import Party


class Holder(BaseModel):
    person: str


class Switch(Holder):
    type: Literal["joining", "sharing"]
    given: bool


def app_router(party: Party, persons: Persons) -> APIRouter:
    router = APIRouter(prefix="/_control/app")

    def known(name: str) -> dict[str, Any]:
        person = persons.get(name)
        if person is None:
            raise HTTPException(404, f"nobody is called {name}")
        return person

    @router.post("/codes")
    async def codes(holder: Holder) -> dict[str, str]:
        known(holder.person)
        with party.state.transaction():
            return persons.issue_codes(holder.person)

    @router.put("/consents")
    async def consents(switch: Switch) -> dict[str, Any]:
        person = known(switch.person)
        with party.state.transaction():
            persons.consent(switch.person, switch.type, switch.given)
            notice = persons.notify(person, "consent", consent=switch.type, given=switch.given)
        return {"notice": notice}

    return router
