"""An examiner decides with the documents that were asked for, or says why without them."""

from __future__ import annotations

from datetime import timedelta

from crossclaim.domain.records import EpisodeRows
from crossclaim.domain.submission import SubmissionKind
from tests.steps.asked import wanted
from tests.steps.examining import (
    checked,
    claim_of,
    confirms,
    decision,
    line,
    many_units,
    says,
    word,
)
from tests.steps.paper_claims import APPROVED, INSURER
from tests.steps.rig import Answer, Rig

WHY = "The discharge summary says the same."


def pended(rig: Rig, amount: str = "860.00", units: int = 20) -> str:
    return checked(rig, many_units(amount, units))


def asks(rig: Rig, episode: str) -> str:
    """The request's number."""
    content = {"claim": claim_of(rig, episode).id, **wanted("test_report")}
    kind = SubmissionKind.INFORMATION_REQUEST
    answer = rig.say(kind, content, episode, organisation=INSURER, at=APPROVED)[1]
    assert answer.status == 201, answer.body
    return str(content["number"])


def decides(rig: Rig, episode: str, *approved: str, **more: object) -> Answer:
    lines = [line(1, one, reason="PLAN_TERMS") for one in approved or ("100.00",)]
    return says(rig, episode, decision(claim_of(rig, episode).id, *lines, **more))


def request_state(rows: EpisodeRows) -> str:
    return rows.information_requests[-1].state


def test_a_decision_over_an_open_request_is_refused_with_what_is_missing(rig: Rig) -> None:
    episode = pended(rig)
    number = asks(rig, episode)
    refused = decides(rig, episode)
    assert refused.codes == ["DECISION_AWAITS_INFORMATION"]
    assert number in str(refused.body["errors"])
    both = decides(rig, episode, "999999.00")
    assert set(both.codes) == {"DECISION_ABOVE_BILLED", "DECISION_AWAITS_INFORMATION"}
    assert claim_of(rig, episode).state == "pended"
    assert request_state(rig.rows(episode)) == "open"


def test_decided_without_ends_the_request_starts_the_clock_and_is_told(rig: Rig) -> None:
    episode = pended(rig)
    number = asks(rig, episode)
    assert rig.standing(episode, APPROVED).waiting_for == "PATIENT_DOCUMENTS"
    done = decides(rig, episode, decided_without=WHY)
    assert (done.status, done.body["status"]) == (200, "in_force")
    rows = rig.rows(episode)
    (request,) = rows.information_requests
    assert (request.state, request.closed_at) == ("ended", APPROVED)
    standing = rig.standing(episode, APPROVED)
    assert (standing.information, standing.waiting_for) == (None, "")
    assert standing.payout_due == rows.claims[0].id
    told = rig.story(episode, APPROVED + timedelta(days=1))
    assert f"without the test report, which request {number} had asked for" in told
    assert WHY not in told, "what a person wrote stays with the decision"


def test_once_answered_or_waived_no_reason_is_asked_for(rig: Rig) -> None:
    episode = pended(rig)
    asks(rig, episode)
    (request,) = rig.rows(episode).information_requests
    content = {"number": "IC-W", "request": request.id, "withdrawn": True}
    kind = SubmissionKind.INFORMATION_CHANGE
    waived = rig.say(kind, content, episode, organisation=INSURER, at=APPROVED)[1]
    assert waived.status == 200, waived.body
    assert decides(rig, episode).status == 200


def test_what_is_asked_for_while_a_second_person_thinks_is_waited_for(rig: Rig) -> None:
    episode = pended(rig, "86000.00", 2000)
    about = decision(claim_of(rig, episode).id, line(1, "60000.00", reason="PLAN_TERMS"))
    first = says(rig, episode, about)
    assert first.body["status"] == "waiting", first.body
    asks(rig, episode)
    assert confirms(rig, episode, word(about)).codes == ["DECISION_AWAITS_INFORMATION"]
    refused = confirms(rig, episode, word(about, confirmed=False))
    assert refused.status == 200
    again = decision(
        claim_of(rig, episode).id, line(1, "60000.00", reason="PLAN_TERMS"), decided_without=WHY
    )
    assert says(rig, episode, again).body["status"] == "waiting"
    assert request_state(rig.rows(episode)) == "open", "nothing holds yet"
    assert confirms(rig, episode, word(again)).status == 200
    assert request_state(rig.rows(episode)) == "ended"
