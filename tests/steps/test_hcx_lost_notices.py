"""What the exchange may never have heard is told again, and what was decided before anybody asked
is told once he has."""

from __future__ import annotations

import pytest
from temporalio.exceptions import ApplicationError

from crossclaim.domain.errors import OutcomeUnknown
from crossclaim.domain.hcx_topics import Topic
from crossclaim.store import hcx_notices
from tests.steps.rig import HOSPITAL, Visit
from tests.steps.test_hcx_notices import (
    OURS,
    Desk,
    changed,
    decided,
    desk,
    told_until_quiet,
    visited,
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


def test_a_decision_that_was_there_before_its_request_was_kept_is_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = visited(desk)
    visit.accepted()
    visit.decide()
    assert kept(desk, visit) == []
    request = desk.asked(visit)
    numbers = kept(desk, visit)
    assert desk.waiting(visit) == [], "what is being written meanwhile is not there to be read"
    monkeypatch.setattr(hcx_notices, "LOOKED_AT_AFTER_S", 0)
    assert desk.waiting(visit) == numbers
    assert [desk.tell(number) for number in numbers] == ["told"]
    ((action, headers, told),) = desk.there.sent
    assert (action, told["outcome"]) == ("claim/on_submit", "partial")
    assert headers.correlation_id == request.correlation_id


def test_a_request_that_was_answered_with_its_decision_is_not_told_it_again(desk: Desk) -> None:
    visit = visited(desk)
    desk.asked(visit)
    visit.accepted()
    visit.decide()
    content = desk.news.content(desk.rows.due(desk.waiting(visit)[0]))
    assert content is not None
    told_until_quiet(desk, visit)
    desk.there.sent.clear()
    desk.asked(visit, content=content.decode())
    assert [desk.tell(number) for number in kept(desk, visit)] == ["undecided"]
    assert desk.there.sent == []


def test_recipients_that_nothing_was_tried_with_come_before_those_that_are_away(
    desk: Desk,
) -> None:
    add = (
        "insert into hcx_notice (organisation_id, sender, recipient, topic, subject, said_sha256,"
        " recorded_at) values (%(who)s, %(ours)s, %(to)s, %(topic)s, %(to)s, %(said)s,"
        " now() - make_interval(mins => %(age)s))"
    )
    known = {"who": HOSPITAL, "ours": OURS, "topic": Topic.DOWNTIME.value}
    gone = [f"gone-{number}@hcx" for number in range(3)]
    for recipient in gone:
        desk.rig.change(add, **known, to=recipient, said="a" * 64, age=9)
    desk.rig.change(add, **known, to="new@hcx", said="", age=0)
    waiting = [desk.rows.due(number) for number in desk.rows.waiting(1000)]
    mine = [one for one in waiting if one.recipient in (*gone, "new@hcx")]
    assert [one.recipient for one in mine] == ["new@hcx", *gone]
    for one in mine:
        desk.rows.end(one.number, "refused")
