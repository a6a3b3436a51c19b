"""A story of a claim that a check asked about: told in order, its reasons to its insurer alone."""

from __future__ import annotations

from typing import Any

from crossclaim.domain.story_facts import StoryFacts
from crossclaim.service.party_story import own_facts
from tests.unit.story_scene import INSURER, minute, rows_of, split, story_from, texts

REASON = "the same charges were claimed before"
REFERENCE = "CL1"


def facts(**claim: Any) -> dict[str, Any]:
    bill = {"id": "bl_1", "number": "F1", "version": 1, "total_minor": 5185050}
    bill |= {"status": "final", "state": "current", "recorded_at": minute(30)}
    one = {
        "id": "cl_1",
        "bill_id": "bl_1",
        "organisation_id": INSURER,
        "kind": "direct",
        "reference": REFERENCE,
        "decides": "here",
        "state": "pended",
        "occurred_at": minute(31),
        "submitted_at": minute(32),
        **claim,
    }
    laid = {"bill_id": "bl_1", "version": 1, "result": split("27450.00", "0.00")}
    laid |= {"reason": "BILL", "recorded_at": minute(30)}
    opened = {"id": 1, "code": "CLAIM_TO_EXAMINE", "reference": REFERENCE, "opened_at": minute(32)}
    found = {"claim_id": "cl_1", "reasons": ["LINES_CLAIMED_BEFORE"], "occurred_at": minute(32)}
    rows = {"bills": [bill], "claims": [one], "splits": [laid], "exceptions": [opened]}
    return rows_of(**rows, reviews=[found])


def told_to(organisation: str) -> list[str]:
    heard = own_facts(organisation, StoryFacts.model_validate(facts()))
    return texts(story_from(heard.model_dump(mode="json")))


def test_the_insurer_hears_why_its_examiner_is_asked_and_no_other_does() -> None:
    assert any(REASON in text for text in told_to(INSURER))
    assert not any(REASON in text for text in told_to("kowloon-mutual"))
    unread = texts(story_from({**facts(), "reviews": []}))
    assert not any(REASON in text for text in unread)
    assert any("a claim waits for the insurer's examiner" in text for text in unread)


def test_what_is_to_do_comes_before_the_decision_that_it_was_for() -> None:
    decided = {"state": "partial", "decided_by": "examiner", "decided_at": minute(50)}
    money = {"benefit_minor": 100000, "pay_fen": 91500}
    told = texts(story_from(facts(**decided, **money)))
    (looks,) = [n for n, text in enumerate(told) if text.startswith("A person must look")]
    (decision,) = [n for n, text in enumerate(told) if "examiner decided claim" in text]
    assert looks < decision
