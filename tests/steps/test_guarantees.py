"""A letter of guarantee is reserved money: raised by who may, used by bills, let go once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from crossclaim.domain.guarantee_standing import TELL_LATE
from crossclaim.domain.submission import SubmissionKind
from tests.steps.guarantee_stay import LIMIT, Stay, at, hkd
from tests.steps.rig import HOSPITAL, MUTUAL, Rig

ABOVE = "45750.00"
"""CNY, HKD 50,000.00 at the letter's rate: more than the policy lets the rules promise."""


def test_the_rules_answer_at_once_and_reserve_what_the_policy_promises(rig: Rig) -> None:
    stay = Stay.opened(rig)
    letter = stay.letter()
    assert (letter.state, letter.limit_minor, letter.held_minor) == ("granted", LIMIT, LIMIT)
    assert letter.rate is not None, "the rate is frozen with the letter"
    assert letter.valid_until is not None
    assert stay.ledger() == (LIMIT, 0, -LIMIT)


def test_what_the_letter_covers_already_is_answered_without_moving_money(rig: Rig) -> None:
    stay = Stay.opened(rig)
    answer = stay.ask("20000.00")
    assert answer.status == 200, answer.body
    assert (answer.body["status"], answer.body["limit"]) == ("granted", hkd(LIMIT))
    assert answer.body["open"] == hkd(LIMIT)
    assert answer.body["fx_basis"]["cny_per_hkd"] == "0.9150"
    assert stay.ledger() == (LIMIT, 0, -LIMIT)


def test_more_than_the_policy_promises_is_for_a_person_against_the_clock(rig: Rig) -> None:
    stay = Stay.opened(rig)
    stay.now = at("03-10 10:00")
    answer = stay.ask(ABOVE, "2028-01-31")
    assert answer.status == 202
    assert answer.body["reasons"] == ["ABOVE_POLICY_LIMIT", "BEYOND_POLICY_TERM"]
    assert datetime.fromisoformat(answer.body["due_at"]) == at("03-10 11:00")
    assert "GUARANTEE_AT_DESK" in rig.exceptions(stay.episode)
    assert stay.ledger() == (LIMIT, 0, -LIMIT), "nothing is promised meanwhile"
    stay.now = at("03-10 11:00")
    assert stay.clock().step == "", "an answer at the very moment is in time"
    stay.now += timedelta(seconds=1)
    assert stay.clock().step == TELL_LATE
    stay.follow()
    assert "GUARANTEE_ANSWER_LATE" in rig.exceptions(stay.episode)
    decided = stay.decide(5_000_000, valid_until="2028-01-31")
    assert decided.status == 200, "late, and still an answer"
    assert stay.ledger() == (5_000_000, 0, -5_000_000)
    assert str(stay.letter().valid_until) == "2028-01-31"
    assert rig.exceptions(stay.episode) == {}


def test_a_decision_is_taken_once_and_by_the_insurer_alone(rig: Rig) -> None:
    stay = Stay.opened(rig)
    stay.ask(ABOVE)
    told = stay.say(
        SubmissionKind.GUARANTEE_DECISION,
        {
            "request": stay.request().reference,
            "approved": True,
            "limit": hkd(9_000_000),
            "decided_at": stay.now.isoformat(),
        },
        HOSPITAL,
    )
    assert told.codes == ["GUARANTEE_REQUEST_UNKNOWN"]
    assert stay.decide(5_000_000).status == 200
    assert stay.decide(6_000_000).codes == ["GUARANTEE_REQUEST_ANSWERED"]
    assert stay.ledger() == (5_000_000, 0, -5_000_000)


def test_a_wrong_decision_names_every_fault_and_promises_nothing(rig: Rig) -> None:
    stay = Stay.opened(rig)
    stay.ask(ABOVE)
    told = stay.decide(3_000_000, valid_until="2026-03-01")
    assert told.codes == [
        "GUARANTEE_BELOW_PROMISE",
        "GUARANTEE_UNTIL_PAST",
        "GUARANTEE_UNTIL_EARLIER",
    ]
    patacas = {"amount": "90000.00", "currency": "MOP"}
    assert stay.decide(patacas).codes == ["GUARANTEE_OTHER_CURRENCY"]
    assert stay.ledger() == (LIMIT, 0, -LIMIT)


def test_a_refused_change_leaves_the_letter_as_it_was(rig: Rig) -> None:
    stay = Stay.opened(rig)
    stay.ask(ABOVE)
    assert stay.decide(approved=False, reason="NOT_MEDICALLY_NEEDED").status == 200
    assert (stay.letter().state, stay.ledger()) == ("granted", (LIMIT, 0, -LIMIT))
    assert rig.exceptions(stay.episode) == {"GUARANTEE_CHANGE_REFUSED": "NOT_MEDICALLY_NEEDED"}
    assert stay.ask(ABOVE).status == 202, "it may be asked again"
    assert stay.ask(ABOVE).codes == ["GUARANTEE_NOT_ANSWERED"], "one question at a time"


@pytest.mark.parametrize(
    ("asked", "state"),
    [("03-13 09:19", "granted"), ("03-13 09:20", "granted"), ("03-13 09:21", "at_desk")],
)
def test_an_emergency_is_asked_for_within_48_hours_of_admission(
    rig: Rig, asked: str, state: str
) -> None:
    unplanned = {"planned_admission": None, "guarantee_requested_at": None}
    stay = Stay.opened(rig, visit=unplanned, estimate={}, asked_at="03-11 09:10")
    assert stay.rows().guarantees == []
    stay.admit("03-11 09:20")
    stay.now = at(asked)
    answer = stay.ask("30000.00")
    assert (answer.body["status"], stay.letter().state) == (state, state)
    if state == "at_desk":
        assert answer.body["reasons"] == ["ASKED_LATE_EMERGENCY"]
        assert stay.standing().waiting_for == "INSURER_GUARANTEE"
        assert stay.decide(2_000_000, conditions=["room:ward"]).status == 200
        assert stay.letter().conditions == ["room:ward"]
        assert stay.ledger() == (2_000_000, 0, -2_000_000)


def test_planned_care_that_is_asked_for_late_is_a_persons_question(rig: Rig) -> None:
    stay = Stay.opened(rig, asked_at="03-10 09:00")
    assert (stay.letter().state, stay.request().kind) == ("at_desk", "new")
    assert set(rig.exceptions(stay.episode)) == {"GUARANTEE_ASKED_LATE", "GUARANTEE_AT_DESK"}
    assert stay.ledger() == (0, 0, 0)
    assert stay.decide(approved=False, reason="TOO_LATE").status == 200
    assert stay.letter().state == "refused"
    assert "GUARANTEE_REFUSED" in rig.exceptions(stay.episode)


def test_interim_bills_use_the_letter_and_the_final_bill_takes_their_place(rig: Rig) -> None:
    stay = Stay.opened(rig)
    stay.admit()
    stay.now = at("03-13 18:00")
    part = _direct(stay.bill("interim").split.totals)
    assert 0 < part < LIMIT
    assert (stay.book().used, stay.book().open) == (part, LIMIT - part)
    assert stay.ledger() == (LIMIT - part, part, -LIMIT)
    stay.now = at("03-14 10:30")
    whole = _direct(stay.bill("final").split.totals)
    assert stay.ledger() == (LIMIT - whole, whole, -LIMIT), "in its place, not beside it"
    assert stay.void().status == 200
    assert stay.ledger() == (LIMIT, 0, -LIMIT), "what a voided bill used is open again"


def _direct(totals: list) -> int:  # type: ignore[type-arg]
    part = next(t for t in totals if t.organisation)
    return int(part.in_funder_currency.amount_minor)


def test_an_expired_letter_frees_what_no_bill_uses(rig: Rig) -> None:
    stay = _until(Stay.opened(rig), "2026-03-20")
    stay.admit()
    stay.now = at("03-13 18:00")
    part = _direct(stay.bill("interim").split.totals)
    stay.now = at("03-20 23:59")
    assert stay.clock().step == ""
    assert stay.clock().look_again_at == at("03-21 00:00")
    stay.now = at("03-21 00:00")
    stay.follow()
    assert (stay.letter().state, stay.ledger()) == ("expired", (0, part, -part))
    assert "GUARANTEE_EXPIRED" in rig.exceptions(stay.episode)
    whole = _direct(stay.bill("final").split.totals)
    assert whole == part, "the final bill is paid directly up to what is held"
    assert stay.ledger() == (0, part, -part)


def test_a_stay_that_no_bill_tells_of_yet_keeps_its_letter_for_the_days_before_its_end(
    rig: Rig,
) -> None:
    stay = _until(Stay.opened(rig), "2026-03-12")
    stay.admit()
    stay.now = at("03-13 08:00")
    stay.follow()
    assert (stay.letter().state, stay.ledger()) == ("expired", (LIMIT, 0, -LIMIT))
    answer = stay.bill("final")
    lines = {s.line for s in answer.split.shares if s.organisation and s.amount.amount_minor}
    assert lines.isdisjoint({7, 8}), "care of 13 and 14 March is outside"
    whole = _direct(answer.split.totals)
    assert stay.ledger() == (0, whole, -whole), "the bill has told: the rest is free"


def test_nobody_came_and_the_letter_expires_whole(rig: Rig) -> None:
    stay = _until(Stay.opened(rig), "2026-03-20")
    stay.now = at("03-21 00:00")
    stay.follow()
    assert (stay.letter().state, stay.ledger()) == ("expired", (0, 0, 0))
    assert stay.ask("20000.00").status == 202, "a new letter, asked for late"
    assert len(stay.rows().guarantees) == 2


def test_a_letter_that_was_over_when_it_was_given_never_expires_by_itself(rig: Rig) -> None:
    stay = Stay.opened(rig)
    rig.change(
        "update guarantee set valid_until = '2026-03-01' where id = %(id)s", id=stay.letter().id
    )
    assert stay.standing().guarantee is None


def test_expiry_and_a_bill_at_the_same_moment_meet_at_the_episodes_lock(rig: Rig) -> None:
    """Whichever is first, the other sees what it left: nothing is freed that a bill uses."""
    first, then = (_until(Stay.opened(rig), "2026-03-20") for _ in range(2))
    for stay in (first, then):
        stay.admit()
        stay.now = at("03-21 00:00")
    part = _direct(first.bill("interim").split.totals)
    first.follow()
    then.follow()
    assert _direct(then.bill("interim").split.totals) == part
    assert first.ledger() == then.ledger() == (0, part, -part)


def test_the_insurers_withdrawal_never_reaches_care_that_was_given(rig: Rig) -> None:
    stay = Stay.opened(rig)
    stay.admit()
    stay.now = at("03-12 20:00")
    assert stay.withdraw(MUTUAL).body["status"] == "withdrawn"
    assert stay.ledger() == (LIMIT, 0, -LIMIT), "how much was given no bill has told"
    assert "GUARANTEE_WITHDRAWN" in rig.exceptions(stay.episode)
    stay.now = at("03-14 10:30")
    whole = _direct(stay.bill("final").split.totals)
    assert stay.ledger() == (0, whole, -whole)
    assert stay.withdraw(MUTUAL).codes == ["GUARANTEE_NOT_IN_FORCE"], "once"


def test_a_withdrawal_while_a_claim_is_in_flight_leaves_what_is_claimed(rig: Rig) -> None:
    stay = Stay.opened(rig)
    stay.admit()
    stay.now = at("03-14 10:30")
    whole = _direct(stay.bill("final").split.totals)
    content = {"discharged_at": at("03-14 10:00").isoformat()}
    assert stay.say(SubmissionKind.DISCHARGE, content).status == 200
    assert stay.rows().claims[-1].state == "due"
    assert stay.withdraw(MUTUAL).status == 200
    assert stay.ledger() == (0, whole, -whole)
    stay.decided_here()
    assert stay.rows().claims[-1].benefit_minor == whole
    assert stay.ledger() == (0, whole, -whole)


def test_the_hospital_takes_back_what_it_needs_no_more(rig: Rig) -> None:
    stay = Stay.opened(rig)
    stay.ask(ABOVE)
    assert stay.withdraw(HOSPITAL).body["status"] == "withdrawn"
    assert stay.ledger() == (0, 0, 0)
    late = stay.decide(5_000_000)
    assert late.codes == ["GUARANTEE_REQUEST_ANSWERED"], "a top-up of what has ended"
    assert (stay.ledger(), stay.request().state) == ((0, 0, 0), "lapsed")
    assert stay.withdraw(HOSPITAL).codes == ["GUARANTEE_NOT_IN_FORCE"]


def test_an_answer_after_the_release_promises_nothing(rig: Rig) -> None:
    stay = Stay.opened(rig)
    stay.ask(ABOVE)
    stay.release()
    assert (stay.letter().state, stay.ledger()) == ("released", (0, 0, 0))
    assert stay.decide(5_000_000).codes == ["GUARANTEE_REQUEST_ANSWERED"]
    assert stay.ledger() == (0, 0, 0)
    stay.release()
    assert stay.ledger() == (0, 0, 0), "a second release frees nothing twice"


def test_exclusions_and_conditions_bear_on_the_split(rig: Rig) -> None:
    stay = Stay.opened(rig)
    stay.ask(ABOVE)
    stay.decide(5_000_000, exclusions=["surgeon"], conditions=["encounter-class:inpatient"])
    stay.admit()
    stay.now = at("03-14 10:30")
    answer = stay.bill("final")
    direct = {s.line: s.amount.amount_minor for s in answer.split.shares if s.organisation}
    assert direct[3] == 0, "the surgeon is excluded from direct payment"
    assert answer.split.later_reimbursement is not None, "the cover still pays the patient"
    assert any(step.rule == "guarantee:outside" for step in answer.split.trace)
    stay.void()
    stay.ask("55000.00")
    stay.decide(6_500_000, exclusions=[], conditions=["encounter-class:outpatient"])
    answer = stay.bill("final", version=3)
    assert any(step.rule == "guarantee:condition" for step in answer.split.trace)


def test_documents_that_nobody_uploaded_are_named(rig: Rig) -> None:
    stay = Stay.opened(rig)
    paper = {"kind": "other", "name": "Plan of the operation", "sha256": "ab" * 32}
    told = stay.ask(ABOVE, documents=[paper])
    assert told.codes == ["DOCUMENT_NOT_UPLOADED"]


def test_the_exposure_is_a_ledger_query_of_any_moment(rig: Rig) -> None:
    from crossclaim.store.exposures import SqlExposures

    stay = Stay.opened(rig)
    stay.now = at("03-10 10:00")
    stay.ask(ABOVE)
    stay.decide(5_000_000)
    reads = SqlExposures(rig.database)
    before = {e.hospital: e for e in reads.exposures(insurer=MUTUAL, at=at("03-09 12:00"))}
    now = {e.hospital: e for e in reads.exposures(insurer=MUTUAL, at=at("03-10 10:00"))}
    assert now[HOSPITAL].open_minor - before[HOSPITAL].open_minor >= 1_000_000


def _until(stay: Stay, day: str) -> Stay:
    """The letter's last day, as the insurer's book would have said it."""
    stay.rig.change(
        "update guarantee set valid_until = %(day)s where id = %(id)s",
        day=day,
        id=stay.letter().id,
    )
    return replace(stay)
