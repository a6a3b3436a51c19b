"""A letter above the plan's amount is promised by two persons of the insurer."""

from __future__ import annotations

import pytest
from psycopg.errors import CheckViolation

from crossclaim.domain.submission import SubmissionKind
from tests.flows.hospital import Body
from tests.steps.guarantee_stay import Stay, hkd
from tests.steps.rig import Answer, Rig

ABOVE, MUCH, LESS = "300000.00", 25_000_000, 21_000_000


def decides(stay: Stay, key: str, limit: int | None = MUCH, **more: object) -> Answer:
    content: Body = {
        "request": stay.request().reference,
        "approved": limit is not None,
        "decided_at": stay.now.isoformat(),
        **more,
    }
    if limit is not None:
        content["limit"] = hkd(limit)
    kind, who = SubmissionKind.GUARANTEE_DECISION, stay.insurer
    return stay.rig.say(kind, content, stay.episode, organisation=who, key_id=key, at=stay.now)[1]


def proposed(rig: Rig) -> Stay:
    stay = Stay.opened(rig)
    stay.ask(ABOVE)
    first = decides(stay, "one")
    assert (first.status, first.body["status"]) == (202, "waiting"), first.body
    return stay


def test_above_the_plans_amount_nothing_is_promised_before_a_second_person_has_agreed(
    rig: Rig,
) -> None:
    stay = proposed(rig)
    before = stay.ledger()
    assert (stay.letter().limit_minor, stay.request().state) == (before[0], "at_desk")
    assert "GUARANTEE_TO_CONFIRM" in rig.exceptions(stay.episode)
    assert decides(stay, "two").codes == ["GUARANTEE_WAITS_FOR_SECOND"]
    assert decides(stay, "one", confirms=True).codes == ["GUARANTEE_SAME_PERSON"]
    more = decides(stay, "two", MUCH + 1, confirms=True)
    assert more.codes == ["GUARANTEE_ABOVE_PROPOSAL"]
    assert stay.ledger() == before
    assert decides(stay, "two", confirms=True).status == 200
    assert stay.ledger() == (MUCH, 0, -MUCH)
    assert rig.exceptions(stay.episode) == {}
    assert decides(stay, "three", confirms=True).codes == ["GUARANTEE_REQUEST_ANSWERED"]


def test_the_second_person_may_promise_less_or_refuse(rig: Rig) -> None:
    stay = proposed(rig)
    assert decides(stay, "two", LESS, confirms=True).status == 200
    assert stay.ledger() == (LESS, 0, -LESS)
    other = proposed(rig)
    before = other.ledger()
    refused = decides(other, "two", None, confirms=True, reason="NOT_PLAUSIBLE")
    assert (refused.status, other.ledger()) == (200, before)
    assert "GUARANTEE_TO_CONFIRM" not in rig.exceptions(other.episode)


def test_up_to_the_amount_one_person_decides_and_has_nothing_to_confirm(rig: Rig) -> None:
    stay = Stay.opened(rig)
    stay.ask(ABOVE)
    early = decides(stay, "two", 20_000_000, confirms=True)
    assert early.codes == ["GUARANTEE_NOTHING_TO_CONFIRM"]
    assert decides(stay, "one", 20_000_000).status == 200
    assert stay.ledger() == (20_000_000, 0, -20_000_000)


def test_the_database_itself_holds_that_they_are_two(rig: Rig) -> None:
    stay = proposed(rig)
    with pytest.raises(CheckViolation), rig.world.records.transaction() as tx:
        tx.change_guarantee_request(stay.request().id, decided_by="one")
