"""A step is left out by two persons, and only one that no money, consent or claim hangs on."""

from __future__ import annotations

import itertools
from dataclasses import replace

import psycopg
import pytest

from activities import apply_skip
from crossclaim.domain.submission import SubmissionKind
from tests.flows.hospital import Body
from tests.steps.record_rig import JOIN, NOW, RecordRig, RecordVisit
from tests.steps.repairing import STAFF, Repairer
from tests.steps.rig import Rig, policy_number

_numbers = itertools.count(1)


@pytest.fixture
def records(rig: Rig) -> RecordRig:
    return RecordRig.of(rig)


@pytest.fixture
def visit(records: RecordRig) -> RecordVisit:
    """A summary of the visit waits to be handed in at eHealth."""
    visit = records.open([JOIN])
    assert visit.hand_in(b"%PDF-1.7 summary").status == 201
    return visit


def staff(visit: RecordVisit, key: str) -> Repairer:
    rig = replace(visit.of.rig, world=visit.of.world)
    return Repairer(rig, visit.id, STAFF, key)


def proposal(visit: RecordVisit, step: str = "deliver_record", subject: str = "") -> Body:
    return {
        "number": f"SK-{next(_numbers)}",
        "step": step,
        "subject": subject or visit.rows().record_deliveries[0].id,
        "reason": "done_elsewhere",
        "note": "Handed in on paper.",
        "asked_at": "2026-04-02T15:00:00+08:00",
    }


def word(body: Body, *, approved: bool = True) -> Body:
    return {
        "number": body["number"],
        "approved": approved,
        "note": "Seen the receipt.",
        "decided_at": "2026-04-02T16:00:00+08:00",
    }


def test_one_proposes_another_agrees_and_the_step_is_not_taken_any_more(
    visit: RecordVisit,
) -> None:
    body = proposal(visit)
    maker, checker = staff(visit, "maker"), staff(visit, "checker")
    assert maker.say(SubmissionKind.SKIP, body, NOW).status == 202
    before = visit.stock()
    assert before.records is not None and before.records.step == "deliver_record"
    assert "SKIP_TO_DECIDE" in maker.rig.exceptions(visit.id)
    own = maker.say(SubmissionKind.SKIP_DECISION, word(body), NOW)
    assert own.codes == ["SKIP_SECOND_PERSON"]
    assert checker.say(SubmissionKind.SKIP_DECISION, word(body), NOW).status == 200
    assert visit.stock().records is None
    visit.deliver()
    assert visit.of.ehealth.deposits == []
    assert "SKIP_TO_DECIDE" not in maker.rig.exceptions(visit.id)
    told = maker.rig.story(visit.id, NOW)
    assert "proposes to leave out a step" in told and "A second person agreed" in told
    late = checker.say(SubmissionKind.SKIP_DECISION, word(body, approved=False), NOW)
    assert late.codes == ["SKIP_DECIDED"]


def test_what_the_second_person_does_not_agree_to_stays_and_may_be_proposed_anew(
    visit: RecordVisit,
) -> None:
    body = proposal(visit)
    maker, checker = staff(visit, "maker"), staff(visit, "checker")
    maker.say(SubmissionKind.SKIP, body, NOW)
    assert checker.say(SubmissionKind.SKIP, proposal(visit), NOW).codes == ["SKIP_PROPOSED_BEFORE"]
    refused = checker.say(SubmissionKind.SKIP_DECISION, word(body, approved=False), NOW)
    assert refused.status == 200
    assert visit.stock().records is not None
    assert checker.say(SubmissionKind.SKIP, proposal(visit), NOW).status == 202


def test_a_step_that_was_taken_meanwhile_is_not_left_out(visit: RecordVisit) -> None:
    body = proposal(visit)
    staff(visit, "maker").say(SubmissionKind.SKIP, body, NOW)
    visit.deliver()
    late = staff(visit, "checker").say(SubmissionKind.SKIP_DECISION, word(body), NOW)
    assert late.codes == ["STEP_NOT_OPEN"]
    assert visit.delivery().state == "delivered"


@pytest.mark.parametrize("step", ["submit_claim", "send_payout", "tell_withdrawal", "no_step"])
def test_money_consents_and_claims_are_never_left_out(visit: RecordVisit, step: str) -> None:
    found = staff(visit, "maker").say(SubmissionKind.SKIP, proposal(visit, step), NOW)
    assert found.codes == ["STEP_NEVER_SKIPPED"]


def test_a_desk_without_the_table_would_leave_out_a_claim(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = rig.visit(policy_number())
    visit.accepted()
    desk = Repairer(rig, visit.episode, STAFF, "maker")
    body: Body = {
        "number": f"SK-{next(_numbers)}",
        "step": "submit_claim",
        "subject": visit.rows().claims[0].id,
        "reason": "not_needed",
        "note": "It would be quicker.",
        "asked_at": "2026-04-02T15:00:00+08:00",
    }
    assert desk.say(SubmissionKind.SKIP, body).codes == ["STEP_NEVER_SKIPPED"]
    monkeypatch.setattr(apply_skip, "_faults", lambda *_: [])
    assert desk.say(SubmissionKind.SKIP, body | {"number": "SK-X"}).status == 202


def test_the_database_itself_knows_the_second_person(visit: RecordVisit) -> None:
    body = proposal(visit)
    staff(visit, "maker").say(SubmissionKind.SKIP, body, NOW)
    with pytest.raises(psycopg.errors.CheckViolation):
        visit.of.rig.change(
            "update step_skip set decided_by = proposed_by, decided_at = now(), approved = true"
            " where episode_id = %(id)s",
            id=visit.id,
        )
