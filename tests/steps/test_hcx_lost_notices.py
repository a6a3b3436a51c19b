"""What the exchange may never have heard is told again, and what was decided before anybody asked
is told once he has."""

from __future__ import annotations

import pytest
from temporalio.exceptions import ApplicationError

from crossclaim.domain.errors import OutcomeUnknown
from crossclaim.domain.hcx_topics import Topic
from tests.steps.rig import Visit
from tests.steps.test_hcx_notices import (
    Desk,
    changed,
    decided,
    desk,
    told_until_quiet,
)

__all__ = ["desk"]


def kept(desk: Desk, visit: Visit) -> list[int]:
    """Notices about the visit that have not ended, whether or not a sweep would begin them."""
    statement = "select number from hcx_notice where episode_id = %(e)s and ended_at is null"
    return sorted(row["number"] for row in desk.rig._select(statement, e=visit.episode))


@pytest.mark.parametrize("topic", [False, True])
def test_what_was_said_and_never_arrived_is_said_again_by_the_next_notice(
    desk: Desk, topic: bool
) -> None:
    visit, _ = decided(desk)
    if topic:
        desk.wishes(Topic.CLAIM_STATUS)
    changed(desk, visit, "denied")
    lost = desk.waiting(visit)
    assert len(lost) == 1 + topic
    for number in lost:
        desk.there.failures.append(OutcomeUnknown("lost", code="TIMED_OUT"))
        with pytest.raises(ApplicationError):
            desk.tell(number)
    never_arrived = desk.there.sent[-len(lost) :]
    for state in ("pended", "denied"):
        changed(desk, visit, state)
    assert [desk.tell(number) for number in lost] == ["superseded"] * len(lost)
    desk.there.sent.clear()
    assert told_until_quiet(desk, visit) == ["told"] * len(lost)
    assert [told["resourceType"] for _, _, told in desk.there.sent if "resourceType" in told] == [
        "ClaimResponse"
    ]
    if not topic:
        assert desk.there.sent[0][2] == never_arrived[0][2]
    # The first may have arrived after all: it is another message, so that nothing is taken for it.
    ids = [headers.api_call_id for _, headers, _ in (*never_arrived, *desk.there.sent)]
    assert len(set(ids)) == len(ids)
