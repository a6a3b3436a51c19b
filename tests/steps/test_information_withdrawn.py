"""A withdrawn consent keeps an insurer from documents that it had asked for."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from crossclaim.domain.claim_review import Review
from crossclaim.domain.errors import NotFound
from crossclaim.domain.sentences_review import ReviewReason
from crossclaim.domain.submission import SubmissionKind
from crossclaim.security.roles import Principal, Role
from crossclaim.service.claim_reviews import StoredReviews
from crossclaim.service.information import StoredInformation
from crossclaim.stack import Stack
from crossclaim.wiring import api_house
from tests.steps.asked import uploaded, wanted
from tests.steps.rig import HARBOUR, HOSPITAL, Rig
from tests.steps.withdrawn_visit import WITHDRAWN_AT, WithdrawnVisit

HARBOURS = Principal(organisation=HARBOUR, role=Role.INSURER_EXAMINER, key_id="k")


class Kept:
    """Objects that are what they are called."""

    def get(self, key: str) -> bytes:
        return key.encode()


def read(stack: Stack, episode: str, request: str) -> bytes:
    house, kept = api_house(stack.settings), Kept()
    objects: Any = kept
    try:
        reads = StoredInformation(house.database, house.keyring, objects)
        return reads._document(HARBOURS, episode, request, 1)[1]
    finally:
        house.database.close()


def test_what_was_sent_is_read_no_more_once_the_consent_is_withdrawn(
    rig: Rig, stack: Stack
) -> None:
    visit = WithdrawnVisit.opened(rig)
    visit.billed()
    visit.submit()
    claim = visit.claim()
    content = {"claim": claim.id, **wanted("test_report", "referral", of="hospital")}
    kind, at = SubmissionKind.INFORMATION_REQUEST, WITHDRAWN_AT - timedelta(hours=1)
    asked = visit.rig.say(kind, content, visit.episode, organisation=HARBOUR, at=at)[1]
    assert asked.status == 201, asked.body
    request = asked.body["request"]

    def answers(item: int, at: datetime) -> list[str]:
        sha256 = uploaded(visit.rig, visit.episode, f"{visit.episode}-{item}", HOSPITAL)
        answer = {"request": request, "item": item, "sha256": sha256}
        return visit.rig.say(SubmissionKind.INFORMATION_ANSWER, answer, visit.episode, at=at)[
            1
        ].codes

    assert answers(1, at) == []
    assert read(stack, visit.episode, request).decode().startswith(visit.episode)
    visit.withdraw()
    with pytest.raises(NotFound):
        read(stack, visit.episode, request)
    assert answers(2, WITHDRAWN_AT) == ["INFORMATION_CONSENT_MISSING"]
    visit.give_again(WITHDRAWN_AT + timedelta(hours=1))
    assert visit.read_by(HARBOUR)["bills"], "it reads its bill again"
    assert read(stack, visit.episode, request).decode().startswith(visit.episode)
    visit.withdraw(WITHDRAWN_AT + timedelta(hours=2))
    with pytest.raises(NotFound):
        read(stack, visit.episode, request)
    later = {**content, **wanted("receipt", of="hospital")}
    again = visit.rig.say(kind, later, visit.episode, organisation=HARBOUR, at=WITHDRAWN_AT)[1]
    assert again.codes == ["INFORMATION_CLAIM_NOT_OPEN"]


def test_what_a_check_found_is_read_no_more_once_the_consent_is_withdrawn(
    rig: Rig, stack: Stack
) -> None:
    visit = WithdrawnVisit.opened(rig)
    visit.billed()
    visit.submit()
    claim, house = visit.claim(), api_house(stack.settings)
    with rig.world.records.transaction() as tx:
        tx.hold(visit.episode)
        found = Review(reasons=[ReviewReason.UNITS_UNLIKELY])
        tx.add_review(claim.id, visit.episode, HARBOUR, found, WITHDRAWN_AT)
    try:
        reads = StoredReviews(house.database, house.keyring)
        assert [c["id"] for c in reads._listed(HARBOUR, visit.episode)["claims"]] == [claim.id]
        visit.withdraw()
        assert reads._listed(HARBOUR, visit.episode)["claims"] == []
    finally:
        house.database.close()
