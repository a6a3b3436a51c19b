"""The office's gateway against its simulator, and against answers that no honest office gives."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from activities.family_office import FamilyOffice
from crossclaim.api.family_examples import FAMILY_EXAMPLES
from crossclaim.domain.errors import Final, OutcomeUnknown, Retryable
from crossclaim.domain.family_office import BindingOrder, EndOrder, OfficeState
from crossclaim.domain.family_submission import FamilyBindingSubmission
from crossclaim.domain.insured import Relation
from crossclaim.gateways.family_office import FamilyOfficeGateway, application_body
from crossclaim.gateways.http import PartyHttp
from tests.gateways.raw_party import RawParty, answer
from tests.gateways.simulated_party import API_KEY, SimulatedParty

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
SUBMISSION = FamilyBindingSubmission.model_validate(FAMILY_EXAMPLES[FamilyBindingSubmission])
ORDER = BindingOrder(reference="FB1", submission=SUBMISSION)
END = EndOrder(reference="FB1", ended_on=date(2026, 4, 1), told_at=NOW)
CALLBACKS = (
    "--callback-url=http://127.0.0.1:9",
    "--callback-secret=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedParty]:
    folder = tmp_path_factory.mktemp("office")
    with SimulatedParty("family_office", folder, *CALLBACKS) as party:
        yield party


@pytest.fixture
def office(running: SimulatedParty) -> SimulatedParty:
    running.reset(NOW.isoformat())
    running.script("silent", match={"operation": "apply"}, times=-1)
    return running


@pytest.fixture
def gateway(office: SimulatedParty) -> Iterator[FamilyOfficeGateway]:
    http = office.http()
    yield FamilyOfficeGateway(http)
    http.close()


def decide(office: SimulatedParty, **decision: str) -> None:
    content = {"reference": "FB1", **decision, "callback": False}
    office._control.post("/_control/decide", json=content).raise_for_status()


def test_the_gateway_is_the_port_that_steps_expect(gateway: FamilyOfficeGateway) -> None:
    port: FamilyOffice = gateway
    assert port is gateway


def test_an_application_is_taken_found_decided_and_ended(
    gateway: FamilyOfficeGateway, office: SimulatedParty
) -> None:
    assert gateway.find("FB1", NOW).state is OfficeState.NOT_FOUND
    taken = gateway.apply(ORDER)
    assert (taken.state, taken.number[:2]) == (OfficeState.UNDER_REVIEW, "JM")
    assert gateway.apply(ORDER) == taken == gateway.find("FB1", NOW)
    assert len(office.journal("taken")) == 1
    decide(office, status="approved", on="2026-03-05")
    approved = gateway.find("FB1", NOW)
    assert (approved.state, approved.decided_on) == (OfficeState.APPROVED, date(2026, 3, 5))
    ended = gateway.end(END)
    assert (ended.state, ended.ended_on) == (OfficeState.ENDED, date(2026, 4, 1))
    assert gateway.end(END) == ended


def test_a_refusal_comes_with_its_code_and_leaves_nothing_to_end(
    gateway: FamilyOfficeGateway, office: SimulatedParty
) -> None:
    gateway.apply(ORDER)
    decide(office, status="refused", reason="RELATION_NOT_PROVEN")
    assert gateway.find("FB1", NOW).reason == "RELATION_NOT_PROVEN"
    assert gateway.end(END).state is OfficeState.REFUSED


def test_a_reason_in_free_text_is_not_kept(
    gateway: FamilyOfficeGateway, office: SimulatedParty
) -> None:
    gateway.apply(ORDER)
    decide(office, status="refused", reason="Mr LI is not the father")
    assert gateway.find("FB1", NOW).reason == ""


def test_the_same_reference_for_another_application_is_refused(
    gateway: FamilyOfficeGateway,
) -> None:
    gateway.apply(ORDER)
    other = SUBMISSION.model_copy(update={"relation": Relation.SPOUSE})
    with pytest.raises(Final) as caught:
        gateway.apply(BindingOrder(reference="FB1", submission=other))
    assert caught.value.code == "REFERENCE_REUSED"


def test_an_application_that_the_office_never_had_has_no_end(
    gateway: FamilyOfficeGateway,
) -> None:
    assert gateway.end(END).state is OfficeState.NOT_FOUND


def test_an_office_that_is_down_has_taken_nothing(
    gateway: FamilyOfficeGateway, office: SimulatedParty
) -> None:
    office.script("down", match={"operation": "apply"}, retry_after_s=60)
    with pytest.raises(Retryable) as caught:
        gateway.apply(ORDER)
    assert (caught.value.retry_after_s, office.journal("taken")) == (60, [])


@pytest.mark.parametrize(("fault", "taken"), [("accepted_answer_lost", True), ("error_500", False)])
def test_an_application_without_an_answer_is_unknown_and_asking_tells(
    gateway: FamilyOfficeGateway, office: SimulatedParty, fault: str, taken: bool
) -> None:
    office.script(fault, match={"operation": "apply"})
    with pytest.raises(OutcomeUnknown):
        gateway.apply(ORDER)
    assert (gateway.find("FB1", NOW).state is not OfficeState.NOT_FOUND) is taken


def about(**changes: object) -> bytes:
    body = {"reference": "FB1", "application_number": "JM1", "status": "under_review"}
    return json.dumps(body | changes).encode()


@pytest.mark.parametrize(
    "body",
    [
        about(reference="FB2"),
        about(status="perhaps"),
        about(application_number=""),
        about(decided_on="soon"),
        b"[]",
        b"no JSON",
    ],
)
def test_an_answer_about_something_else_or_in_another_shape_tells_nothing(body: bytes) -> None:
    with RawParty(answer(200, body)) as party:
        gateway = FamilyOfficeGateway(PartyHttp(party.url, API_KEY, None, 2.0, "office"))
        with pytest.raises(OutcomeUnknown):
            gateway.apply(ORDER)


def test_an_end_that_the_office_answers_as_still_in_force_is_not_believed() -> None:
    with RawParty(answer(200, about(status="approved"))) as party:
        gateway = FamilyOfficeGateway(PartyHttp(party.url, API_KEY, None, 2.0, "office"))
        with pytest.raises(OutcomeUnknown):
            gateway.end(END)


@pytest.mark.parametrize("text", ["", "[]", "null", '{"reference": 1}', "\ud800"])
def test_a_callback_that_cannot_be_read_is_final(gateway: FamilyOfficeGateway, text: str) -> None:
    with pytest.raises(Final) as caught:
        gateway.read_callback(text.encode("utf-8", "replace").decode())
    assert caught.value.code == "ANSWER_UNREADABLE"


def test_the_names_of_papers_stay_with_us() -> None:
    told = json.dumps(application_body(ORDER), ensure_ascii=False)
    assert all(paper.sha256 in told and paper.name not in told for paper in SUBMISSION.papers)
