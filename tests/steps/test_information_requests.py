"""Information requests on our rows: each document once, the claim waits, answers in part."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from activities.claims import ClaimSteps
from activities.information_requests import InformationSteps
from activities.orders import Subject
from crossclaim.domain.submission import SubmissionKind
from tests.flows.hospital import Body
from tests.steps.asked import DAY, asked, uploaded, wanted
from tests.steps.paper_claims import APPROVED, INSURER, claim
from tests.steps.rig import AT, HARBOUR, HOSPITAL, MUTUAL, Rig, policy_number
from tests.steps.test_paper_claims import joins, sent
from tests.steps.withdrawn_visit import WithdrawnVisit

TWO = ("test_report", "receipt")


def test_a_claim_that_lacks_papers_waits_for_them_and_then_decides_itself(rig: Rig) -> None:
    one = asked(rig, *TWO)
    assert one.answer.status == 201, one.answer.body
    due_at = APPROVED + timedelta(days=30)
    assert one.answer.body["information"] == {
        "request": one.request,
        "number": one.row().number,
        "status": "open",
        "due_at": due_at.isoformat(),
        "documents": 2,
    }
    waits = one.stock(APPROVED)
    assert waits.claim_decision_due is None and waits.waiting_for == "PATIENT_DOCUMENTS"
    assert waits.insurer == INSURER and not waits.closable
    assert waits.deadline() == APPROVED + timedelta(days=7)
    part = one.sends(1)
    assert (part.status, part.body["left"], part.body["request_status"]) == (200, 1, "open")
    assert one.stock(APPROVED + DAY).claim_decision_due is None
    last = one.lacks(2)
    assert (last.body["status"], last.body["request_status"]) == ("not_had", "answered")
    goes_on = one.stock(APPROVED + DAY)
    assert goes_on.claim_decision_due == one.claim and goes_on.information is None
    one.decided(APPROVED + DAY)
    assert one.state() == "approved"


def test_a_claim_is_never_decided_while_a_request_is_open(rig: Rig) -> None:
    """Also by a step that was due before the request came, or that runs a second time."""
    one = asked(rig, "receipt")
    one.decided(APPROVED)
    assert one.state() == "due" and rig.rows(one.episode).payouts == []
    one.sends(1)
    one.decided(APPROVED + DAY)
    assert one.state() == "approved"


def test_a_step_that_asks_no_rows_decides_over_an_open_request(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The naive twin: without the look at open requests the test above is red."""
    one = asked(rig, "receipt")
    monkeypatch.setattr("activities.claims.awaits_information", lambda rows, claim: False)
    one.decided(APPROVED)
    assert one.state() == "approved"


def test_each_document_of_a_claim_is_listed_once(rig: Rig) -> None:
    one = asked(rig, *TWO)
    twice = one.asks(wanted("prescription", "prescription"))
    assert twice.codes == ["INFORMATION_WANTED_TWICE"]
    again = one.asks(wanted("receipt", "medical_report"))
    assert (again.status, again.codes) == (422, ["INFORMATION_ALREADY_ASKED"])
    assert again.body["errors"][0]["pointer"] == "/documents/0"
    about_line = wanted("receipt")
    about_line["documents"][0]["line"] = 1
    assert one.asks(about_line).status == 201
    one.sends(2)
    here = one.asks(wanted("receipt"))
    assert here.codes == ["INFORMATION_ALREADY_HERE"]
    unreadable = wanted("receipt")
    unreadable["documents"][0] |= {"again": True, "note": "The stamp cannot be read."}
    assert one.asks(unreadable).status == 201


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ({"type": "receipt", "line": 9}, "INFORMATION_LINE_UNKNOWN"),
        ({"type": "receipt", "paper": "V9"}, "INFORMATION_PAPER_UNKNOWN"),
    ],
)
def test_a_document_is_about_a_line_or_a_paper_that_the_claim_has(
    rig: Rig, document: Body, code: str
) -> None:
    one = asked(rig, "test_report")
    good = {"type": "receipt", "line": 4, "paper": "V3"}
    faulty = one.asks({**wanted(), "documents": [good, document]})
    assert (faulty.codes, faulty.body["errors"][0]["pointer"][:12]) == ([code], "/documents/1")
    asked_with = claim(information={**wanted(), "documents": [document]})
    _, answer = sent(rig, asked_with)
    assert answer.codes == [code]
    assert answer.body["errors"][0]["pointer"].startswith("/information/documents/0/")
    assert one.asks({**wanted(), "documents": [good]}).status == 201


def test_what_answers_a_request_is_checked_before_it_counts(rig: Rig) -> None:
    one = asked(rig, *TWO)
    kind, never = SubmissionKind.INFORMATION_ANSWER, {"request": one.request, "sha256": "0" * 64}
    assert one.say(kind, {**never, "item": 1}, APPROVED, "ul_1").codes == ["DOCUMENT_NOT_UPLOADED"]
    assert one.say(kind, {**never, "item": 3}, APPROVED).codes == ["INFORMATION_ITEM_UNKNOWN"]
    strange = {**never, "request": "ir_other", "item": 1}
    assert one.say(kind, strange, APPROVED).codes == ["INFORMATION_REQUEST_UNKNOWN"]
    assert one.sends(1, "the report").status == 200
    assert one.sends(1, "another report").codes == ["INFORMATION_ITEM_ANSWERED"]
    assert one.sends(2, "the report").codes == ["INFORMATION_SAME_DOCUMENT"]
    assert one.sends(2, "the receipt").status == 200
    assert one.sends(2, "late").codes == ["INFORMATION_ITEM_ANSWERED"]
    assert one.row().state == "answered"


def test_reminders_come_by_the_plan_and_a_person_hears_of_what_is_overdue(rig: Rig) -> None:
    one = asked(rig, *TWO)
    before = APPROVED + 7 * DAY - timedelta(seconds=1)
    one.followed(before)
    assert one.row().reminded == 0 and one.stock(before).information is not None
    week = APPROVED + 7 * DAY
    due = one.stock(week).information
    assert due is not None and due.due == one.request
    one.followed(week)
    standing = one.followed(week)
    assert one.row().reminded == 1 and standing.deadline() == APPROVED + 14 * DAY
    late = APPROVED + 30 * DAY
    one.followed(late)
    told = one.followed(late + DAY)
    assert one.row().overdue_at == late and "INFORMATION_OVERDUE" in rig.exceptions(one.episode)
    # Nothing is denied and nothing decided: it waits for a person, without a timer.
    assert told.information is not None and told.deadline() is None
    assert told.waiting_for == "PATIENT_DOCUMENTS" and one.state() == "due"
    assert one.sends(1, at=late + DAY).status == 200
    assert "INFORMATION_OVERDUE" in rig.exceptions(one.episode)
    one.sends(2, at=late + DAY)
    assert "INFORMATION_OVERDUE" not in rig.exceptions(one.episode)
    assert one.stock(late + DAY).claim_decision_due == one.claim


def test_the_insurer_gives_more_time_or_withdraws_what_it_asked(rig: Rig) -> None:
    one = asked(rig, *TWO)
    late = APPROVED + 31 * DAY
    one.followed(late)
    earlier = one.changes(late, due_at=(APPROVED + 29 * DAY).isoformat())
    assert earlier.codes == ["INFORMATION_DUE"]
    never = one.changes(late, due_at=(late + 400 * DAY).isoformat())
    assert never.codes == ["INFORMATION_DUE"]
    passed = one.changes(late, due_at=(APPROVED + 30 * DAY + timedelta(hours=1)).isoformat())
    assert passed.codes == ["INFORMATION_DUE"]
    more = late + 10 * DAY
    assert one.changes(late, due_at=more.isoformat()).status == 200
    assert "INFORMATION_OVERDUE" not in rig.exceptions(one.episode)
    assert one.stock(late).deadline() == late + 7 * DAY
    one.followed(more)
    assert one.row().overdue_at == more
    assert one.changes(more, withdrawn=True).body["status"] == "withdrawn"
    assert one.stock(more).claim_decision_due == one.claim
    assert one.sends(1, at=more).codes == ["INFORMATION_REQUEST_CLOSED"]
    assert one.changes(more, withdrawn=True).codes == ["INFORMATION_REQUEST_CLOSED"]
    # What was dropped with it may be asked for anew.
    assert one.asks(wanted("receipt"), more).status == 201


def test_a_due_time_that_nobody_could_keep_is_refused(rig: Rig) -> None:
    one = asked(rig, "receipt")
    past = one.asks(wanted("referral", due_at=(APPROVED - DAY).isoformat()))
    assert past.codes == ["INFORMATION_DUE"]
    far = one.asks(wanted("referral", due_at=(APPROVED + 181 * DAY).isoformat()))
    assert far.codes == ["INFORMATION_DUE"]
    many = one.asks({**wanted(), "documents": [{"type": "other", "line": 1}] * 51})
    assert "INFORMATION_TOO_MANY" in many.codes


def test_a_decided_claim_asks_for_nothing_and_ends_what_it_asked(rig: Rig) -> None:
    one = asked(rig, "receipt")
    with rig.world.records.transaction() as tx:
        tx.lock(one.episode)
        tx.change_claim(one.claim, state="voided")
        tx.change_episode(one.episode)
    due = one.stock(APPROVED).information
    assert due is not None and due.due == one.request
    after = one.followed(APPROVED)
    assert one.row().state == "ended" and after.information is None
    refused = one.asks(wanted("referral"))
    assert refused.codes == ["INFORMATION_CLAIM_NOT_OPEN"]


def test_an_insurer_that_decides_in_its_own_house_is_not_chased_while_it_waits(rig: Rig) -> None:
    visit = rig.visit(policy_number(), insurer=HARBOUR)
    visit.accepted(coverages=[1])
    visit.send()
    queued = visit.claim("direct")
    inquire_at = rig.standing(visit.episode, AT).claim_inquiry_at
    assert queued.state == "queued" and inquire_at is not None
    content = {"claim": queued.id, **wanted("discharge_summary", of="hospital")}
    kind = SubmissionKind.INFORMATION_REQUEST
    at = AT + timedelta(seconds=100)
    joins(rig, visit.episode, MUTUAL, "insurer")
    foreign = rig.say(kind, content, visit.episode, organisation=MUTUAL, at=at)[1]
    assert foreign.codes == ["INFORMATION_CLAIM_UNKNOWN"]
    opened = rig.say(kind, content, visit.episode, organisation=HARBOUR, at=at)[1]
    assert opened.status == 201, opened.body
    waits = rig.standing(visit.episode, AT + 3 * DAY)
    assert waits.claim_waiting is None and waits.waiting_for == "HOSPITAL_DOCUMENTS"
    sha256 = uploaded(rig, visit.episode, "summary", HOSPITAL)
    answer = {"request": opened.body["request"], "item": 1, "sha256": sha256}
    answered = rig.say(SubmissionKind.INFORMATION_ANSWER, answer, visit.episode, at=at + DAY)[1]
    assert answered.status == 200, answered.body
    # The clock has stood still for the day, and not a second longer.
    resumed = rig.standing(visit.episode, at + DAY)
    assert resumed.claim_waiting == queued.id
    assert resumed.claim_inquiry_at == inquire_at + DAY
    assert rig.asked(visit.episode, "information") == {HARBOUR: f"{opened.body['request']}-1"}


def test_a_decision_of_the_insurers_own_house_binds_and_ends_what_it_asked(rig: Rig) -> None:
    visit = WithdrawnVisit.opened(rig)
    visit.billed()
    visit.submit()
    content = {"claim": visit.claim().id, **wanted("referral", of="hospital")}
    asked_of = visit.say(SubmissionKind.INFORMATION_REQUEST, content, organisation=HARBOUR)
    assert asked_of.status == 201, asked_of.body
    assert visit.decided().status == 200
    assert visit.claim().state in ("approved", "partial")
    due = visit.standing().information
    assert due is not None and due.due == asked_of.body["request"]
    InformationSteps(visit.rig.world).follow_information_request(visit.about(due.due))
    (request,) = visit.rows().information_requests
    assert request.state == "ended" and visit.standing().payout_due == visit.claim().id


def test_a_hospital_sends_nothing_once_the_patient_has_withdrawn_his_consent(rig: Rig) -> None:
    one = asked(rig, "test_report", of="hospital")
    joins(rig, one.episode, HOSPITAL, "hospital")
    sha256 = uploaded(rig, one.episode, "by the hospital", HOSPITAL)
    kind, content = SubmissionKind.INFORMATION_ANSWER, {"request": one.request, "item": 1}
    stopped = rig.say(kind, {**content, "sha256": sha256}, one.episode, at=APPROVED)[1]
    assert stopped.codes == ["INFORMATION_CONSENT_MISSING"]
    # A link that somebody else made for the hospital is no way around the gate.
    assert one.sends(1).codes == ["INFORMATION_CONSENT_MISSING"]
    assert rig.asked(one.episode, "information") == {}
    lost = rig.say(kind, {**content, "cannot_be_had": "lost"}, one.episode, at=APPROVED)[1]
    assert lost.status == 200


def test_another_insurer_of_the_episode_neither_answers_nor_changes_a_request(rig: Rig) -> None:
    one = asked(rig, "receipt")
    joins(rig, one.episode, HARBOUR, "insurer")
    kind, content = SubmissionKind.INFORMATION_ANSWER, {"request": one.request, "item": 1}
    answer = {**content, "cannot_be_had": "lost"}
    theirs = rig.say(kind, answer, one.episode, organisation=HARBOUR, at=APPROVED)[1]
    assert theirs.codes == ["INFORMATION_REQUEST_UNKNOWN"]
    change = {"number": "IC-X", "request": one.request, "withdrawn": True}
    kind = SubmissionKind.INFORMATION_CHANGE
    changed = rig.say(kind, change, one.episode, organisation=HARBOUR, at=APPROVED)[1]
    assert changed.codes == ["INFORMATION_REQUEST_UNKNOWN"]


def test_without_rules_nothing_is_asked(rig: Rig) -> None:
    one = asked(rig, "receipt")
    plans = rig.world.plans
    without = plans.model_copy(
        update={"plans": tuple(p for p in plans.plans if p.id != "information-requests")}
    )
    bare = replace(one, rig=replace(rig, world=replace(rig.world, plan_shelf=lambda: without)))
    assert bare.asks(wanted("referral")).codes == ["INFORMATION_RULES_MISSING"]
    assert sent(bare.rig, claim(information=wanted("referral")))[1].status == 422


def test_two_insurers_ask_for_the_same_kind_each_for_its_own_claim(rig: Rig) -> None:
    """Documents are counted by claim: what one insurer has seen the other one has not."""
    first, second = asked(rig, "receipt"), asked(rig, "receipt")
    assert first.answer.status == second.answer.status == 201
    step = ClaimSteps(rig.world)
    first.sends(1)
    for one in (first, second):
        step.decide_claim(Subject(episode_id=one.episode, subject=one.claim, at=APPROVED + DAY))
    assert (first.state(), second.state()) == ("approved", "due")
