"""Episodes page by page, in both orders: each once, none of another's."""

from __future__ import annotations

from crossclaim.api.services import EpisodeFilters
from crossclaim.security.roles import Principal, Role
from crossclaim.service.reads import SqlEpisodes
from crossclaim.stack import Stack
from crossclaim.wiring import api_house
from tests.steps.rig import HOSPITAL, Rig, policy_number


async def test_the_oldest_first_is_the_newest_first_backwards(rig: Rig, stack: Stack) -> None:
    made = [rig.visit(policy_number()).episode for _ in range(3)]
    house = api_house(stack.settings)
    reads = SqlEpisodes(house.database)
    window = Principal(organisation=HOSPITAL, role=Role.HOSPITAL_BILLING, key_id="k")
    found: dict[str, list[str]] = {"newest": [], "oldest": []}
    for order, ids in found.items():
        cursor: str | None = None
        while True:
            filters = EpisodeFilters(limit=2, order=order)
            page = await reads.episodes(window, filters, cursor)
            ids += [one["id"] for one in page["episodes"]]
            cursor = page["next"]
            if cursor is None:
                break
    house.database.close()
    assert found["newest"] == found["oldest"][::-1] and set(made) <= set(found["oldest"])
    assert len(set(found["newest"])) == len(found["newest"])
