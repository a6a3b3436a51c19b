"""The insurer gateway against the simulator, and against answers whose figures do not agree."""

from __future__ import annotations

import base64
import copy
import json
import threading
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from activities.ports import Insurer
from crossclaim.domain.errors import Final, OutcomeUnknown, Retryable
from crossclaim.domain.money import fen, hk_cents
from crossclaim.domain.party import AnswerState, ClaimAnswer, GuaranteeAnswer
from crossclaim.gateways import fhir_terms
from crossclaim.gateways.fhir_answer import parse_claim_response, read_refusal
from crossclaim.gateways.http import PartyHttp
from crossclaim.gateways.insurer import InsurerGateway
from tests.gateways.insurer_scene import CLAIM, GUARANTEE, INSURED, NOW
from tests.gateways.raw_party import RawParty, answer
from tests.gateways.simulated_party import API_KEY, SimulatedParty

SECRET = "whsec_" + base64.b64encode(b"0" * 32).decode()
OPTIONS = {"media_type": fhir_terms.MEDIA_TYPE, "read_refusal": read_refusal}


class Postbox:
    """Takes the insurer's callbacks."""

    def __init__(self) -> None:
        self.arrived = threading.Semaphore(0)
        self.bodies: list[dict[str, Any]] = []

    def take(self, party: RawParty, connection: Any, request: bytes) -> None:
        self.bodies.append(json.loads(request.partition(b"\r\n\r\n")[2]))
        answer(200, b"{}")(party, connection, request)
        self.arrived.release()


@pytest.fixture(scope="module")
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, postbox: Postbox) -> Iterator[SimulatedParty]:
    folder: Path = tmp_path_factory.mktemp("insurer")
    with RawParty(postbox.take) as receiver:
        options = ["--insurer", "kowloon-mutual", "--callback-url", receiver.url]
        options += ["--callback-secret", SECRET]
        with SimulatedParty("insurer", folder, *options) as party:
            yield party


@pytest.fixture
def system(running: SimulatedParty) -> SimulatedParty:
    running.reset(NOW.isoformat())
    return running


@pytest.fixture
def gateway(system: SimulatedParty) -> Iterator[InsurerGateway]:
    http = system.http(**OPTIONS)
    yield InsurerGateway(http)
    http.close()


def gateway_to(party: RawParty) -> InsurerGateway:
    return InsurerGateway(PartyHttp(party.url, API_KEY, None, 2.0, "kowloon", **OPTIONS))


def test_the_gateway_is_the_port_that_activities_expect(gateway: InsurerGateway) -> None:
    port: Insurer = gateway
    assert port is gateway


def test_a_policy_in_force_can_be_billed_directly(gateway: InsurerGateway) -> None:
    answered = gateway.check_eligibility(INSURED, NOW)
    assert (answered.in_force, answered.direct_billing) == (True, True)


def test_an_unknown_policy_is_not_in_force(gateway: InsurerGateway) -> None:
    stranger = INSURED.model_copy(update={"policy_number": "KM-0"})
    answered = gateway.check_eligibility(stranger, NOW)
    assert (answered.in_force, answered.direct_billing) == (False, False)


def test_a_guarantee_has_number_limit_and_period_and_is_found_again(
    gateway: InsurerGateway,
) -> None:
    assert gateway.find_guarantee(GUARANTEE.reference).state is AnswerState.NOT_FOUND
    given = gateway.request_guarantee(GUARANTEE)
    assert (given.state, given.limit) == (AnswerState.APPROVED, hk_cents(4_000_000))
    assert given.guarantee_number
    assert given.valid_from is not None and given.valid_until is not None
    assert given.valid_from <= date(2026, 3, 11) < given.valid_until
    assert gateway.request_guarantee(GUARANTEE) == given == gateway.find_guarantee(given.reference)


def test_a_refused_guarantee_is_an_answer_and_no_error(
    gateway: InsurerGateway, system: SimulatedParty
) -> None:
    system.script("refuse_guarantee")
    refused = gateway.request_guarantee(GUARANTEE)
    assert (refused.state, refused.limit) == (AnswerState.DENIED, None)


def test_a_guarantee_is_released_once_however_often_it_is_asked(
    gateway: InsurerGateway, system: SimulatedParty
) -> None:
    number = gateway.request_guarantee(GUARANTEE).guarantee_number
    gateway.release_guarantee(number, "ep_1-release-1", NOW)
    gateway.release_guarantee(number, "ep_1-release-1", NOW)
    assert len(system.journal("released")) == 1
    with pytest.raises(Final) as caught:
        gateway.release_guarantee("KM-LOG-99999999", "ep_1-release-2", NOW)
    assert caught.value.code == "not-found"


def test_episode_1_is_decided_line_by_line(gateway: InsurerGateway, system: SimulatedParty) -> None:
    number = gateway.request_guarantee(GUARANTEE).guarantee_number
    decided = gateway.submit_claim(CLAIM.model_copy(update={"guarantee_number": number}))
    assert (decided.state, decided.benefit) == (AnswerState.PARTIAL, hk_cents(3_392_386))
    assert [line.benefit.amount_minor for line in decided.lines] == [
        225000, 98361, 1967213, 688525, 688525, 901694, 0, 0,
    ]  # fmt: skip
    assert decided.lines[6].reasons == ["EXCLUDED_SPECIAL_DRUG"]
    assert decided.claim_number and decided.decided_at is not None
    assert gateway.find_claim(CLAIM.reference) == decided
    assert system.journal("accepted")[-1]["documents"] == 1


def test_the_same_reference_with_another_body_is_refused_for_good(gateway: InsurerGateway) -> None:
    gateway.submit_claim(CLAIM)
    with pytest.raises(Final) as caught:
        gateway.submit_claim(CLAIM.model_copy(update={"bill_version": 3}))
    assert (caught.value.code, caught.value.answer["status"]) == ("conflict", "409")


def test_a_pended_claim_is_queued_and_its_callback_is_the_decision(
    gateway: InsurerGateway, system: SimulatedParty, postbox: Postbox
) -> None:
    system.script("pend", match={"operation": "claim"})
    assert gateway.submit_claim(CLAIM).state is AnswerState.QUEUED
    assert postbox.arrived.acquire(timeout=30)
    told = gateway.read_answer(postbox.bodies[-1])
    assert isinstance(told, ClaimAnswer)
    assert (told.reference, told.benefit) == (CLAIM.reference, hk_cents(3_392_386))
    assert gateway.find_claim(CLAIM.reference) == told


@pytest.mark.parametrize(("fault", "taken"), [("timeout_after_accept", True), ("error_500", False)])
def test_a_claim_without_an_answer_is_unknown_and_asking_tells(
    gateway: InsurerGateway, system: SimulatedParty, fault: str, taken: bool
) -> None:
    system.script(fault, match={"operation": "claim"})
    with pytest.raises(OutcomeUnknown):
        gateway.submit_claim(CLAIM)
    found = gateway.find_claim(CLAIM.reference)
    assert (found.state is not AnswerState.NOT_FOUND) is taken
    gateway.submit_claim(CLAIM)
    assert len(system.journal("accepted")) == 1


def test_a_wrong_total_goes_to_a_person(gateway: InsurerGateway, system: SimulatedParty) -> None:
    system.script("wrong_total", match={"operation": "claim"})
    with pytest.raises(Final) as caught:
        gateway.submit_claim(CLAIM)
    assert caught.value.code == "ANSWER_INCONSISTENT"
    assert caught.value.answer["check"] == "TOTAL_IS_NOT_THE_SUM_OF_ITS_LINES"


def test_a_denied_line_leaves_figures_that_agree(
    gateway: InsurerGateway, system: SimulatedParty
) -> None:
    system.script("deny_line", match={"operation": "claim"}, line=4)
    decided = gateway.submit_claim(CLAIM)
    assert decided.lines[3].benefit == hk_cents(0)
    assert decided.lines[3].reasons == ["DENIED_BY_EXAMINER"]


def money(value: str, currency: str = "HKD") -> dict[str, Any]:
    return {"value": float(value), "currency": currency}


def amount(category: str, value: str, currency: str = "HKD") -> dict[str, Any]:
    return {"category": {"coding": [{"code": category}]}, "amount": money(value, currency)}


DECISION: dict[str, Any] = {
    "resourceType": "ClaimResponse",
    "use": "claim",
    "outcome": "complete",
    "created": "2026-03-14T12:00:00+08:00",
    "request": {"identifier": {"value": CLAIM.reference}},
    "identifier": [{"value": "KM-C-1"}],
    "item": [
        {"itemSequence": n, "adjudication": [amount("eligible", "60"), amount("benefit", "60")]}
        for n in range(1, 9)
    ],
    "total": [amount("deductible", "100"), amount("copay", "38"), amount("benefit", "342")],
}


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    decision = copy.deepcopy(DECISION)
    change(decision)
    return decision


INCONSISTENT: dict[str, Callable[[dict[str, Any]], object]] = {
    "TOTAL_IS_NOT_THE_SUM_OF_ITS_LINES": lambda d: d["total"][2].update(amount=money("342.01")),
    "CURRENCY_NOT_KNOWN": lambda d: d["total"][2].update(amount=money("342", "USD")),
    "NEGATIVE_AMOUNT": lambda d: d["total"][1].update(amount=money("-38")),
    "CATEGORY_STANDS_TWICE": lambda d: d["total"].append(amount("benefit", "342")),
    "DECISION_WITHOUT_BENEFIT": lambda d: d["total"].pop(),
    "LINE_WITHOUT_BENEFIT": lambda d: d["item"][0]["adjudication"].pop(),
    "LINE_DECIDED_TWICE": lambda d: d["item"][0].update(itemSequence=2),
    "BENEFIT_ABOVE_ELIGIBLE": lambda d: d["item"][0]["adjudication"].__setitem__(
        0, amount("eligible", "59.99")
    ),
    "BENEFIT_ABOVE_SUBMITTED": lambda d: d["total"].append(amount("submitted", "341")),
}


def test_the_decision_of_these_tests_is_consistent() -> None:
    decided = parse_claim_response(DECISION)
    assert isinstance(decided, ClaimAnswer)
    assert (decided.state, decided.benefit) == (AnswerState.APPROVED, hk_cents(34200))


@pytest.mark.parametrize("check", INCONSISTENT)
def test_an_answer_that_contradicts_itself_goes_to_a_person(check: str) -> None:
    with pytest.raises(Final) as caught:
        parse_claim_response(changed(INCONSISTENT[check]))
    assert (caught.value.code, caught.value.answer["check"]) == ("ANSWER_INCONSISTENT", check)


def test_the_naive_twin_that_trusts_the_total_would_pay_the_wrong_sum() -> None:
    wrong = changed(INCONSISTENT["TOTAL_IS_NOT_THE_SUM_OF_ITS_LINES"])
    by_total = {t["category"]["coding"][0]["code"]: t["amount"]["value"] for t in wrong["total"]}
    of_lines = sum(i["adjudication"][1]["amount"]["value"] for i in wrong["item"])
    assert by_total["benefit"] != of_lines - by_total["deductible"] - by_total["copay"]


def test_without_its_deductible_a_total_may_be_smaller_than_its_lines_but_never_bigger() -> None:
    smaller = changed(lambda d: d["total"].__delitem__(0))
    assert isinstance(parse_claim_response(smaller), ClaimAnswer)
    bigger = changed(lambda d: d["total"].__setitem__(slice(None), [amount("benefit", "481")]))
    with pytest.raises(Final):
        parse_claim_response(bigger)


UNREADABLE: dict[str, Callable[[dict[str, Any]], object]] = {
    "another type": lambda d: d.update(resourceType="Patient"),
    "no request": lambda d: d.pop("request"),
    "a request by URL only": lambda d: d.update(request={"reference": "urn:1"}),
    "an unknown outcome": lambda d: d.update(outcome="maybe"),
    "predetermination": lambda d: d.update(use="predetermination"),
    "a third digit": lambda d: d["total"][2].update(amount=money("342.001")),
    "a number too big": lambda d: d["total"][2].update(amount=money("1e300")),
    "no such day": lambda d: d.update(created="2026-02-31"),
    "a total that is text": lambda d: d.update(total="all of it"),
}


@pytest.mark.parametrize("kind", UNREADABLE)
def test_an_answer_that_cannot_be_read_is_unknown_when_direct_and_final_by_callback(
    kind: str,
) -> None:
    resource = changed(UNREADABLE[kind])
    body = json.dumps(resource).encode()
    with RawParty(answer(200, body, content_type=fhir_terms.MEDIA_TYPE)) as party:
        gateway = gateway_to(party)
        with pytest.raises(OutcomeUnknown):
            gateway.submit_claim(CLAIM)
        with pytest.raises(Retryable):
            gateway.find_claim(CLAIM.reference)
        with pytest.raises(Final) as caught:
            gateway.read_answer(resource)
    assert caught.value.code == "ANSWER_UNREADABLE"


def test_an_answer_about_another_claim_tells_nothing_about_ours() -> None:
    other = CLAIM.model_copy(update={"reference": "ep_9-claim-1"})
    body = json.dumps(DECISION).encode()
    with RawParty(answer(200, body)) as party, pytest.raises(OutcomeUnknown) as caught:
        gateway_to(party).submit_claim(other)
    assert caught.value.code == "ANSWER_FOREIGN"


def test_a_decision_about_other_lines_than_ours_goes_to_a_person() -> None:
    shorter = CLAIM.model_copy(update={"lines": CLAIM.lines[:7]})
    body = json.dumps(DECISION).encode()
    with RawParty(answer(200, body)) as party, pytest.raises(Final) as caught:
        gateway_to(party).submit_claim(shorter)
    assert caught.value.answer["check"] == "LINES_ARE_NOT_THOSE_OF_THE_CLAIM"


@pytest.mark.parametrize(
    "body",
    [
        b"<html>not here</html>",
        b"{}",
        b'{"code": "not-found"}',
        b'{"issue": [{"code": "not-found"}]}',
    ],
)
def test_only_an_operation_outcome_proves_that_there_is_no_claim(body: bytes) -> None:
    with RawParty(answer(404, body)) as party, pytest.raises(Final):
        gateway_to(party).find_claim(CLAIM.reference)


def test_an_operation_outcome_with_a_finer_code_proves_absence_too() -> None:
    issue = {"code": "not-found", "details": {"coding": [{"code": "NO_SUCH_CLAIM"}]}}
    body = json.dumps({"resourceType": "OperationOutcome", "issue": [issue]}).encode()
    with RawParty(answer(404, body)) as party:
        assert gateway_to(party).find_claim("ep_1-claim-1").state is AnswerState.NOT_FOUND


def test_a_guarantee_without_limit_or_number_goes_to_a_person() -> None:
    letter = changed(lambda d: d.update(use="preauthorization", preAuthRef="LOG-1"))
    assert isinstance(parse_claim_response(letter), GuaranteeAnswer)
    for missing in ("preAuthRef", "total"):
        without = {name: value for name, value in letter.items() if name != missing}
        with pytest.raises(Final):
            parse_claim_response(without)


def test_a_guarantee_of_nothing_is_a_refusal() -> None:
    letter = changed(
        lambda d: d.update(use="preauthorization", total=[amount("benefit", "0")], item=[])
    )
    refused = parse_claim_response(letter)
    assert refused.state is AnswerState.DENIED


@pytest.mark.parametrize("status", ["rejected", "failed"])
def test_a_release_that_the_insurer_refuses_is_final(status: str) -> None:
    body = json.dumps({"resourceType": "Task", "status": status}).encode()
    with RawParty(answer(200, body)) as party, pytest.raises(Final) as caught:
        gateway_to(party).release_guarantee("LOG-1", "ep_1-release-1", NOW)
    assert caught.value.code == "RELEASE_REFUSED"


def test_a_release_that_is_not_done_yet_is_asked_again() -> None:
    body = json.dumps({"resourceType": "Task", "status": "in-progress"}).encode()
    with RawParty(answer(200, body)) as party, pytest.raises(Retryable):
        gateway_to(party).release_guarantee("LOG-1", "ep_1-release-1", NOW)


def test_what_the_patient_paid_is_told_in_its_currency() -> None:
    order = CLAIM.model_copy(update={"payee": "patient", "patient_paid": fen(2_081_063)})
    with RawParty(answer(503, b"")) as party, pytest.raises(Retryable):
        gateway_to(party).submit_claim(order)
    assert b'"valueQuantity":{"value":20810.63,' in party.requests[0]
