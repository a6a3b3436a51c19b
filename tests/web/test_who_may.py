"""The policy is told where people look: on a page, and in the API's description."""

from __future__ import annotations

from pathlib import Path

import httpx

from crossclaim.api.access import PUBLIC_ROUTES
from crossclaim.api.application import role_page
from crossclaim.security.conditions import CONDITIONS, Condition, asks
from crossclaim.security.roles import POLICY, Operation, Role

PAGE = Path(__file__).parents[2] / "docs" / "roles.md"


def test_the_page_of_roles_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == role_page(), "write it: crossclaim roles > docs/roles.md"


async def test_every_described_route_says_who_may_call_it(client: httpx.AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()
    told = document["paths"]["/v1/episodes/{episode_id}/payout-approvals"]["post"]
    assert told["x-operation"] == "approve_payout"
    assert told["x-roles"] == [r.value for r in Role if r in POLICY[Operation.APPROVE_PAYOUT]]
    assert told["x-conditions"] == ["second_person", "step_up"]
    assert "Who may: " in told["description"]
    silent = {
        path
        for path, methods in document["paths"].items()
        for one in methods.values()
        if "x-roles" not in one
    }
    assert silent <= PUBLIC_ROUTES


def test_conditions_are_asked_of_operations_that_exist_and_have_roles() -> None:
    assert set(CONDITIONS) <= set(Operation)
    assert all(POLICY[operation] for operation in CONDITIONS)
    assert asks("approve_payout", Condition.STEP_UP)
    assert not asks("read_episode", Condition.STEP_UP)
