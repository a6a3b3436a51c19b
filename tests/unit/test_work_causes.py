"""Every cause of the worklist says what it is and what to do, in the region's three languages."""

from __future__ import annotations

from crossclaim.domain.story_codes import EXCEPTIONS
from crossclaim.domain.work_causes import CAUSES, WORK_TO_DO
from crossclaim.domain.worklist import WorkKind, kind_of, place_of


def test_every_cause_has_its_sentence_and_what_to_do_about_it() -> None:
    assert set(CAUSES) <= set(WORK_TO_DO), set(CAUSES) - set(WORK_TO_DO)
    beside = set(CAUSES) - set(EXCEPTIONS)
    empty = [code for code in beside if not all((*CAUSES[code], *WORK_TO_DO[code]))]
    assert len(beside) > 30 and empty == []


def test_what_no_episode_has_never_leads_to_one() -> None:
    assert place_of("STATEMENT_GAP", "system", "W-1").word == "fix_day"
    assert "code=FAMILY_END_NOT_TAKEN" in place_of("FAMILY_END_NOT_TAKEN", "fb_1", "").address
    assert kind_of("CREDIT_OWED_DIFFERS") is WorkKind.MONEY
    assert kind_of("FAMILY_STEP_FAILED") is kind_of("STEP_FAILED") is WorkKind.STUCK
