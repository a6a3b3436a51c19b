"""An insurer that wants to see something before it answers about a letter of guarantee."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg
import pytest

from activities import apply_information
from activities.information_requests import InformationSteps
from crossclaim.domain.party import AnswerState, GuaranteeAnswer, GuaranteeOrder
from crossclaim.domain.submission import SubmissionKind
from tests.flows.hospital import Body
from tests.steps.asked import uploaded, wanted
from tests.steps.guarantee_stay import Stay, hkd
from tests.steps.parties import SlowInsurer
from tests.steps.rig import HARBOUR, HOSPITAL, MUTUAL, Answer, Rig
from tests.steps.test_paper_claims import joins

MUCH = "300000.00"
HOUR = timedelta(hours=1)
LATE = "GUARANTEE_ANSWER_LATE"
ASK, TELL = SubmissionKind.INFORMATION_REQUEST, SubmissionKind.INFORMATION_ANSWER


def at_desk(rig: Rig) -> Stay:
    """More than the rules may promise: a person of the insurer has an hour."""
    stay = Stay.opened(rig)
    stay.ask(MUCH)
    assert stay.request().state == "at_desk"
    return stay


def asks(stay: Stay, *kinds: str, about: str = "", sender: str = "", **more: object) -> Answer:
    content = {"guarantee": about or stay.request().reference, **wanted(*kinds, of="hospital")}
    return stay.say(ASK, {**content, **more}, sender or stay.insurer)


def answers(stay: Stay, item: int, text: str = "") -> Answer:
    request = stay.rows().information_requests[-1]
    sha256 = uploaded(stay.rig, stay.episode, text or f"report {item}", HOSPITAL)
    return stay.say(TELL, {"request": request.id, "item": item, "sha256": sha256})


def late(stay: Stay) -> bool:
    stay.follow()
    return LATE in stay.rig.exceptions(stay.episode)


def test_the_clock_of_the_insurers_person_stands_still_until_the_documents_are_here(
    rig: Rig,
) -> None:
    stay = at_desk(rig)
    due_at, before = stay.request().due_at, stay.standing().waiting_for
    assert due_at == stay.now + HOUR
    stay.now += HOUR / 2
    asked = asks(stay, "medical_report", "test_report")
    assert (asked.status, asked.body["documents"]) == (201, 2), asked.body
    assert stay.standing().waiting_for == "HOSPITAL_DOCUMENTS"
    assert stay.standing().insurer == MUTUAL
    stay.now += 5 * HOUR
    assert not late(stay), "nobody is late while documents are owed to him"
    assert answers(stay, 1).body["request_status"] == "open"
    assert stay.standing().waiting_for == "HOSPITAL_DOCUMENTS"
    assert answers(stay, 2).body["request_status"] == "answered"
    assert stay.request().due_at == due_at + 5 * HOUR
    assert stay.standing().waiting_for == before, "it goes on by itself"
    stay.now += HOUR / 2
    assert not late(stay)
    stay.now += timedelta(seconds=1)
    assert late(stay)
    told = stay.rig.story(stay.episode, stay.now)
    assert "the clock of guarantee request" in told and "stands still until then" in told
    assert "All of request" in told and "runs again" in told


def test_two_requests_that_overlap_pause_once(rig: Rig) -> None:
    stay = at_desk(rig)
    due_at = stay.request().due_at
    assert due_at is not None
    assert asks(stay, "medical_report").status == 201
    stay.now += HOUR
    assert asks(stay, "test_report").status == 201
    first, second = stay.rows().information_requests
    stay.now += HOUR
    for request in (first, second):
        told = {"request": request.id, "item": 1, "cannot_be_had": "never_issued"}
        assert stay.say(TELL, told).status == 200
        stay.now += HOUR
    assert stay.request().due_at == due_at + 3 * HOUR


def test_what_the_hospital_sent_with_its_question_is_here_and_is_asked_for_no_more(
    rig: Rig,
) -> None:
    stay = Stay.opened(rig)
    sha256 = uploaded(rig, stay.episode, "the report", HOSPITAL)
    sent = [{"kind": "discharge_summary", "name": "summary.pdf", "sha256": sha256}]
    assert stay.ask(MUCH, documents=sent).status == 202
    assert asks(stay, "discharge_summary").codes == ["INFORMATION_ALREADY_HERE"]
    assert asks(stay, "test_report").status == 201
    assert asks(stay, "test_report").codes == ["INFORMATION_ALREADY_ASKED"]
    assert answers(stay, 1, "the report").codes == ["INFORMATION_SAME_DOCUMENT"]
    by_line: dict[str, Any] = {"documents": [{"type": "receipt", "line": 3}]}
    assert asks(stay, "receipt", **by_line).codes == ["INFORMATION_LINE_UNKNOWN"]


def test_nobody_is_refused_for_what_is_still_awaited_and_a_promise_ends_the_request(
    rig: Rig,
) -> None:
    stay = at_desk(rig)
    asks(stay, "medical_report")
    refused = stay.decide(approved=False, reason="NOT_PLAUSIBLE")
    assert refused.codes == ["GUARANTEE_AWAITS_INFORMATION"]
    assert stay.decide(20_000_000).status == 200
    assert stay.rows().information_requests[-1].state == "ended"
    assert stay.standing().information is None
    assert stay.ledger() == (20_000_000, 0, -20_000_000)
    assert asks(stay, "test_report").codes == ["INFORMATION_GUARANTEE_NOT_OPEN"]


def test_a_withdrawn_request_lets_the_clock_run_and_the_refusal_be_said(rig: Rig) -> None:
    stay = at_desk(rig)
    due_at = stay.request().due_at
    assert due_at is not None
    asks(stay, "medical_report")
    request = stay.rows().information_requests[-1]
    stay.now += 2 * HOUR
    change = {"number": "IC-G1", "request": request.id, "withdrawn": True}
    assert stay.say(SubmissionKind.INFORMATION_CHANGE, change, MUTUAL).status == 200
    assert stay.request().due_at == due_at + 2 * HOUR
    assert stay.decide(approved=False, reason="NOT_PLAUSIBLE").status == 200


def test_a_letter_that_ends_asks_for_nothing_any_more(rig: Rig) -> None:
    stay = at_desk(rig)
    asks(stay, "medical_report")
    assert stay.withdraw(HOSPITAL).status == 200
    due = stay.standing().information
    assert due is not None and due.due
    InformationSteps(stay.rig.world).follow_information_request(stay.about(due.due))
    assert stay.rows().information_requests[-1].state == "ended"
    assert stay.standing().information is None


def test_an_overdue_document_is_a_persons_question_and_refuses_nothing(rig: Rig) -> None:
    stay = at_desk(rig)
    asks(stay, "medical_report")
    stay.now += timedelta(days=31)
    due = stay.standing().information
    assert due is not None and due.due
    InformationSteps(stay.rig.world).follow_information_request(stay.about(due.due))
    assert "INFORMATION_OVERDUE" in rig.exceptions(stay.episode)
    assert not late(stay) and stay.request().state == "at_desk"


class Thoughtful(SlowInsurer):
    """Takes the question, and thinks about it."""

    def request_guarantee(self, order: GuaranteeOrder) -> GuaranteeAnswer:
        return GuaranteeAnswer(reference=order.reference, state=AnswerState.QUEUED)


def test_an_insurer_of_its_own_house_is_not_chased_while_it_waits_for_documents(rig: Rig) -> None:
    stay = Stay.opened(rig, HARBOUR, party=Thoughtful())
    assert stay.letter().state == "queued"
    asked = asks(stay, "medical_report", about=stay.letter().reference)
    assert asked.status == 201, asked.body
    standing = stay.standing()
    assert standing.waiting_for == "HOSPITAL_DOCUMENTS"
    assert standing.guarantee_inquiry_at is None
    assert answers(stay, 1).status == 200
    assert stay.standing().waiting_for == "INSURER_GUARANTEE"
    assert stay.standing().guarantee_inquiry_at is not None, "it is asked again by itself"


def test_another_insurer_knows_of_no_such_letter(rig: Rig) -> None:
    stay = at_desk(rig)
    joins(rig, stay.episode, HARBOUR, "insurer")
    theirs = asks(stay, "medical_report", sender=HARBOUR)
    assert theirs.codes == ["INFORMATION_GUARANTEE_UNKNOWN"]
    assert asks(stay, "medical_report", about="GU-NONE").codes == ["INFORMATION_GUARANTEE_UNKNOWN"]
    assert stay.rows().information_requests == []


def test_what_the_hospital_gives_goes_by_the_patients_consents(rig: Rig) -> None:
    stay = at_desk(rig)
    asks(stay, "medical_report")
    rig.change("update consent set withdrawn_at = now() where episode_id = %(id)s", id=stay.episode)
    assert answers(stay, 1).codes == ["INFORMATION_CONSENT_MISSING"]


def test_the_database_itself_holds_that_a_request_is_about_one_thing(rig: Rig) -> None:
    stay = at_desk(rig)
    asks(stay, "medical_report")
    with pytest.raises(psycopg.Error):
        rig.change(
            "update information_request set guarantee = null where episode_id = %(id)s",
            id=stay.episode,
        )


def test_a_twin_whose_clock_does_not_stand_still_blames_the_insurer(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apply_information, "clock_runs_again", lambda *a: None)
    stay = at_desk(rig)
    asks(stay, "medical_report")
    stay.now += 5 * HOUR
    answers(stay, 1)
    assert late(stay), "it had an hour, and waited five for the hospital"


def test_a_decision_of_the_house_beside_an_open_request_is_shown_to_nobody_else(rig: Rig) -> None:
    """The limit is promised with the documents missing: hospitals see the end of the request."""
    stay = at_desk(rig)
    asks(stay, "medical_report", "receipt")
    body: Body = hkd(20_000_000)
    assert stay.decide(body).status == 200
    states = {i.state for i in stay.rows().information_items}
    assert states == {"dropped"}
