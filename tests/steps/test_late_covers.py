"""A cover that is stated at discharge: asked about as the others were, and the bill split again."""

from __future__ import annotations

from crossclaim.domain.submission import SubmissionKind
from tests.flows.hospital import Body, example
from tests.steps.bill_cycle import Cycle
from tests.steps.rig import HARBOUR, MUTUAL, Rig
from tests.steps.two_insurers import first_there, paid, second_here


def stated(number: str, cover: Body, organisation: str) -> Body:
    told = [c for c in example("episode-1-inpatient")["consents"] if "recipient" in c]
    return {
        "number": number,
        "coverage": cover,
        "consents": [{**consent, "recipient": organisation} for consent in told],
        "stated_at": "2026-04-10T09:00:00+08:00",
    }


def test_a_second_insurer_at_discharge_takes_its_part_of_what_the_patient_has_paid(
    rig: Rig,
) -> None:
    stay = Cycle.opened(rig, [first_there()], version=1)
    assert isinstance(stay, Cycle)
    first = stay.send(stay.bill)
    assert paid(first.split) == {HARBOUR: "27450.00", "patient": "24550.00"}
    stay.decided(HARBOUR)
    stay.pays(1, "24550.00")
    stay.credited()
    assert stay.books() == {}
    second = second_here(3)
    body = stated("CV-1", second.coverage(), MUTUAL)
    answer = stay.rig.say(SubmissionKind.COVERAGE, body, stay.episode)[1]
    assert (answer.status, answer.body["coverage"]) == (200, 1), answer.body
    assert answer.body["bills_to_replace"] == [stay.bill["number"]]
    again = stay.rig.say(SubmissionKind.COVERAGE, body, stay.episode)[1]
    assert again.codes == ["COVERAGE_THERE_ALREADY"]
    assert [c.organisation_id for c in stay.rows().insurers()] == [HARBOUR, MUTUAL]
    replaced = stay.correct("replace", 1, stay.bill["lines"])
    assert paid(replaced.split) == {HARBOUR: "27450.00", MUTUAL: "21960.00", "patient": "2590.00"}
    stay.confirmed()
    stay.refunded()
    assert stay.reserve() == {HARBOUR: 2_745_000, MUTUAL: 2_196_000}
    stay.credited()
    assert stay.books() == {}


def test_an_insurer_with_a_house_of_its_own_is_asked_though_a_final_bill_stands(rig: Rig) -> None:
    stay = Cycle.opened(rig, [first_there()], version=1)
    assert isinstance(stay, Cycle)
    stay.send(stay.bill)
    cover = {**first_there().coverage(), "organisation": "pearl-assurance", "order": 2}
    body = stated("CV-2", cover, "pearl-assurance")
    assert stay.rig.say(SubmissionKind.COVERAGE, body, stay.episode)[1].status == 200
    assert stay.standing().eligibility_due == "pearl-assurance"
