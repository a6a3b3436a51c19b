"""The insurer simulator over FHIR and callbacks: decisions, memory and faults."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from fhir.resources.R4B import get_fhir_model_class

from tests.simulators import fhir_messages as fhir
from tests.simulators.callback_receiver import SECRET, CallbackReceiver, Delivery
from tests.simulators.party_process import PartyProcess, eventually, running
from tests.simulators.self_signed import self_signed

KIND = "application/fhir+json; fhirVersion=4.0"


@pytest.fixture(scope="module")
def receiver() -> Iterator[CallbackReceiver]:
    receiver = CallbackReceiver()
    yield receiver
    receiver.close()


def options(receiver: CallbackReceiver) -> list[str]:
    return [
        "--insurer=harbour-life",
        f"--callback-url={receiver.url}",
        f"--callback-secret={SECRET}",
    ]


@pytest.fixture(scope="module")
def process(
    tmp_path_factory: pytest.TempPathFactory, receiver: CallbackReceiver
) -> Iterator[PartyProcess]:
    folder = tmp_path_factory.mktemp("insurer")
    with running("insurer", folder, "--answer-delay-s=0.05", *options(receiver)) as process:
        yield process


@pytest.fixture
def insurer(process: PartyProcess, receiver: CallbackReceiver) -> PartyProcess:
    process.reset()
    receiver.deliveries.clear()
    receiver.refuse = 0
    return process


def post(insurer: PartyProcess, path: str, body: Any, kind: str = KIND) -> httpx.Response:
    headers = {"Idempotency-Key": "k", "Content-Type": kind}
    return insurer.client.post(f"/fhir/{path}", content=json.dumps(body), headers=headers)


def resource(answer: httpx.Response, status: int = 200) -> dict[str, Any]:
    """The answer's resource, valid R4, with exact numbers."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == KIND
    body: dict[str, Any] = json.loads(answer.text, parse_float=Decimal)
    get_fhir_model_class(body["resourceType"]).model_validate(body)
    return body


def submit(insurer: PartyProcess, body: dict[str, Any]) -> dict[str, Any]:
    return resource(post(insurer, "Claim/$submit", body))


def inquire(insurer: PartyProcess, reference: str, use: str = "claim") -> dict[str, Any]:
    return resource(post(insurer, "Claim/$inquire", fhir.inquiry(reference, use)))


def called_back(receiver: CallbackReceiver, reference: str, times: int = 1) -> list[Delivery]:
    def look() -> list[Delivery] | None:
        found = receiver.about(reference)
        return found if len(found) >= times else None

    return eventually(look)


def totals(response: dict[str, Any]) -> dict[str, str]:
    return {
        total["category"]["coding"][0]["code"]: f"{Decimal(str(total['amount']['value'])):.2f}"
        for total in response["total"]
    }


def benefits(response: dict[str, Any]) -> list[tuple[str, str | None]]:
    lines = []
    for item in response["item"]:
        benefit = item["adjudication"][2]
        assert benefit["category"]["coding"][0]["code"] == "benefit"
        assert benefit["amount"]["currency"] == "HKD"
        reason = benefit.get("reason", {"coding": [{"code": None}]})["coding"][0]["code"]
        lines.append((f"{Decimal(str(benefit['amount']['value'])):.2f}", reason))
    return lines


def adds_up(response: dict[str, Any]) -> bool:
    amounts = totals(response)
    lines = sum(Decimal(benefit) for benefit, _ in benefits(response))
    deducted = Decimal(amounts["deductible"]) + Decimal(amounts["copay"])
    return Decimal(amounts["benefit"]) == lines - deducted


@pytest.mark.parametrize(
    ("policy", "in_force"),
    [(fhir.POLICY, True), ("HL-2025-B77", True), ("HL-2025-000059", False), ("X-1", False)],
)
def test_eligibility_is_what_the_policys_row_says(
    insurer: PartyProcess, policy: str, in_force: bool
) -> None:
    answer = post(insurer, "CoverageEligibilityRequest/$submit", fhir.eligibility(policy))
    insurance = resource(answer)["insurance"][0]
    assert insurance["inforce"] is in_force
    assert [item["authorizationRequired"] for item in insurance.get("item", [])] == (
        [True] if in_force else []
    )


def test_a_guarantee_is_queued_and_then_called_back_signed(
    insurer: PartyProcess, receiver: CallbackReceiver
) -> None:
    first = submit(insurer, fhir.guarantee("g-1"))
    assert (first["outcome"], first["use"]) == ("queued", "preauthorization")
    assert "total" not in first
    delivery = called_back(receiver, "g-1")[0]
    assert delivery.is_signed()
    assert delivery.path == "/callbacks/insurers/harbour-life"
    assert abs(time.time() - int(delivery.timestamp)) < 300
    response = delivery.body
    get_fhir_model_class("ClaimResponse").model_validate(response)
    assert response["outcome"] == "complete"
    assert totals(response) == {"benefit": "40000.00"}
    assert response["preAuthPeriod"] == {"start": "2026-03-11", "end": "2026-06-09"}
    assert submit(insurer, fhir.guarantee("g-1"))["preAuthRef"] == response["preAuthRef"]
    assert inquire(insurer, "g-1", "preauthorization")["preAuthRef"] == response["preAuthRef"]


def test_a_claim_is_decided_line_by_line_from_the_table(
    insurer: PartyProcess, receiver: CallbackReceiver
) -> None:
    assert submit(insurer, fhir.claim("c-1"))["outcome"] == "queued"
    response = called_back(receiver, "c-1")[0].body
    get_fhir_model_class("ClaimResponse").model_validate(response)
    assert totals(response) == {
        "submitted": "51850.50",
        "deductible": "8000.00",
        "copay": "3769.32",
        "benefit": "33923.86",
    }
    assert benefits(response) == [
        ("2250.00", None),
        ("983.61", None),
        ("19672.13", None),
        ("6885.25", None),
        ("6885.25", None),
        ("9016.94", None),
        ("0.00", "EXCLUDED_SPECIAL_DRUG"),
        ("0.00", "EXCLUDED_CROSS_BORDER_AMBULANCE"),
    ]
    assert adds_up(response)
    assert response["identifier"][0]["value"].startswith("HL-C-")


def test_the_guarantees_limit_and_the_later_reimbursement_make_the_whole(
    insurer: PartyProcess, receiver: CallbackReceiver
) -> None:
    submit(insurer, fhir.guarantee("g-2", fhir.LIMITED))
    number = called_back(receiver, "g-2")[0].body["preAuthRef"]
    submit(insurer, fhir.claim("c-2", fhir.LIMITED, pre_auth_ref=number))
    submit(insurer, fhir.claim("c-3", fhir.LIMITED, "subscriber"))
    direct = called_back(receiver, "c-2")[0].body
    later = called_back(receiver, "c-3")[0].body
    assert totals(direct)["benefit"] == "30000.00"
    assert direct["adjudication"][0]["reason"]["coding"][0]["code"] == "GUARANTEE_LIMIT"
    assert totals(later)["benefit"] == "3923.86"
    assert adds_up(direct)
    assert adds_up(later)


def test_what_is_asked_for_never_changes_what_is_decided(
    insurer: PartyProcess, receiver: CallbackReceiver
) -> None:
    submit(insurer, fhir.claim("c-4", factor=2.0))
    assert totals(called_back(receiver, "c-4")[0].body)["benefit"] == "33923.86"


def test_a_claim_with_other_charges_than_the_table_knows_gets_an_error(
    insurer: PartyProcess,
) -> None:
    body = fhir.claim("c-5")
    line = body["entry"][0]["resource"]["item"][0]
    line["productOrService"] = fhir.concept(fhir.CATEGORY, "carer_wages")
    response = submit(insurer, body)
    assert response["outcome"] == "error"
    assert response["disposition"]
    assert "total" not in response


def test_a_policy_that_is_not_known_gets_no_guarantee_and_no_benefit(
    insurer: PartyProcess,
) -> None:
    assert submit(insurer, fhir.guarantee("g-3", "X-1"))["outcome"] == "error"
    response = submit(insurer, fhir.claim("c-6", "X-1"))
    assert (response["outcome"], totals(response)["benefit"]) == ("complete", "0.00")


def test_a_claim_under_a_guarantee_that_was_never_given_gets_an_error(
    insurer: PartyProcess,
) -> None:
    assert submit(insurer, fhir.claim("c-7", pre_auth_ref="HL-LOG-1"))["outcome"] == "error"


def test_the_same_reference_with_another_body_is_a_conflict(insurer: PartyProcess) -> None:
    submit(insurer, fhir.claim("c-8"))
    answer = post(insurer, "Claim/$submit", fhir.claim("c-8", factor=2.0))
    assert resource(answer, 409)["issue"][0]["code"] == "conflict"
    assert len(insurer.journal("accepted")) == 1


@pytest.mark.parametrize(
    ("path", "body", "kind", "status"),
    [
        ("Claim/$submit", {"resourceType": "Patient"}, KIND, 422),
        ("Claim/$submit", {"resourceType": "Bundle", "type": "none"}, KIND, 422),
        ("Claim/$submit", {"resourceType": "Bundle", "type": "collection"}, KIND, 422),
        ("Claim/$submit", [], KIND, 422),
        ("Claim/$submit", fhir.claim("c-9"), "application/json", 415),
        ("Claim/$submit", fhir.claim("c-9"), "application/fhir+json; fhirVersion=5.0", 415),
        ("Claim/$inquire", fhir.inquiry("nobody", "claim"), KIND, 404),
        ("Task", fhir.release("r-1", "HL-LOG-1"), KIND, 404),
    ],
)
def test_a_wrong_request_gets_an_operation_outcome(
    insurer: PartyProcess, path: str, body: Any, kind: str, status: int
) -> None:
    answer = resource(post(insurer, path, body, kind), status)
    assert answer["resourceType"] == "OperationOutcome"


def test_only_requests_with_the_key_are_served(insurer: PartyProcess) -> None:
    answer = insurer.client.post("/fhir/Task", headers={"Authorization": "Bearer wrong"})
    assert resource(answer, 401)["issue"][0]["code"] == "login"


def test_a_sum_that_does_not_match_its_lines_is_refused(insurer: PartyProcess) -> None:
    body = fhir.claim("c-10")
    body["entry"][0]["resource"]["total"]["value"] = 51850.49
    assert post(insurer, "Claim/$submit", body).status_code == 422


def test_a_guarantee_is_released_once(insurer: PartyProcess, receiver: CallbackReceiver) -> None:
    submit(insurer, fhir.guarantee("g-4"))
    number = called_back(receiver, "g-4")[0].body["preAuthRef"]
    task = fhir.release("r-1", number)
    assert resource(post(insurer, "Task", task), 201)["status"] == "completed"
    assert resource(post(insurer, "Task", task), 200)["status"] == "completed"
    assert len(insurer.journal("released")) == 1


def test_a_callback_is_repeated_under_the_same_id_until_it_is_taken(
    insurer: PartyProcess, receiver: CallbackReceiver
) -> None:
    receiver.refuse = 1
    submit(insurer, fhir.claim("c-11"))
    first, second = called_back(receiver, "c-11", times=2)
    assert first.webhook_id == second.webhook_id
    assert first.raw == second.raw
    assert eventually(lambda: len(insurer.journal("called_back")) == 2)
    assert [entry["status"] for entry in insurer.journal("called_back")] == [503, 204]


def test_a_callback_trusts_the_authority_it_is_told(tmp_path: Path) -> None:
    tls = self_signed(tmp_path)
    receiver = CallbackReceiver(tls)
    arguments = [*options(receiver), f"--callback-ca={tls[0]}"]
    with running("insurer", tmp_path / "data", *arguments) as insurer:
        submit(insurer, fhir.claim("c-25"))
        assert called_back(receiver, "c-25")[0].is_signed()
    receiver.close()


def test_a_kill_loses_neither_an_answer_nor_its_callback(
    tmp_path: Path, receiver: CallbackReceiver
) -> None:
    receiver.deliveries.clear()
    receiver.refuse = 10**6
    with running("insurer", tmp_path, "--answer-delay-s=0.05", *options(receiver)) as insurer:
        queued = submit(insurer, fhir.claim("c-12"))
        insurer.set_faults({"match": {"reference": "c-13"}, "fault": "pend", "delay_s": 3600})
        submit(insurer, fhir.claim("c-13"))
        first = called_back(receiver, "c-12")[0]
        insurer.restart_after_kill()
        receiver.refuse = 0
        assert submit(insurer, fhir.claim("c-13"))["outcome"] == "queued"
        insurer.set_clock("2035-01-01T00:00:00+08:00")
        assert called_back(receiver, "c-13")[0].body["outcome"] == "complete"
        again = eventually(lambda: receiver.about("c-12")[1:])[-1]
        assert (again.webhook_id, again.raw) == (first.webhook_id, first.raw)
        assert queued["outcome"] == "queued"
        assert len(insurer.journal("accepted")) == 2
        assert insurer.stop() == 0


def test_a_pending_answer_comes_when_its_time_has_come(
    insurer: PartyProcess, receiver: CallbackReceiver
) -> None:
    insurer.set_clock("2026-03-14T10:00:00+08:00")
    insurer.set_faults({"match": {"operation": "claim"}, "fault": "pend", "delay_s": 7200})
    submit(insurer, fhir.claim("c-14"))
    assert inquire(insurer, "c-14")["outcome"] == "queued"
    insurer.set_clock("2026-03-14T12:00:01+08:00")
    assert called_back(receiver, "c-14")[0].body["created"].startswith("2026-03-14T12:00:0")


def test_a_clock_turned_back_takes_pending_answers_along(
    insurer: PartyProcess, receiver: CallbackReceiver
) -> None:
    insurer.set_faults({"match": {}, "fault": "pend", "delay_s": 3})
    submit(insurer, fhir.claim("c-15"))
    insurer.set_clock("2020-01-01T00:00:00+08:00")
    assert called_back(receiver, "c-15")[0].body["outcome"] == "complete"


def test_a_silent_answer_is_told_only_when_asked(
    insurer: PartyProcess, receiver: CallbackReceiver
) -> None:
    insurer.set_faults({"match": {"reference": "c-16"}, "fault": "pend_silent"})
    assert submit(insurer, fhir.claim("c-16"))["outcome"] == "queued"
    eventually(lambda: inquire(insurer, "c-16")["outcome"] == "complete")
    submit(insurer, fhir.claim("c-17"))
    called_back(receiver, "c-17")
    assert receiver.about("c-16") == []


def test_a_denied_line_lowers_the_total_and_still_adds_up(
    insurer: PartyProcess, receiver: CallbackReceiver
) -> None:
    insurer.set_faults({"match": {"policy_number": fhir.POLICY}, "fault": "deny_line", "line": 3})
    submit(insurer, fhir.claim("c-18"))
    response = called_back(receiver, "c-18")[0].body
    assert benefits(response)[2] == ("0.00", "DENIED_BY_EXAMINER")
    assert totals(response)["benefit"] == "16218.94"
    assert adds_up(response)


def test_a_wrong_total_does_not_add_up(insurer: PartyProcess, receiver: CallbackReceiver) -> None:
    insurer.set_faults({"match": {}, "fault": "wrong_total"})
    submit(insurer, fhir.claim("c-19"))
    response = called_back(receiver, "c-19")[0].body
    assert totals(response)["benefit"] == "34923.86"
    assert not adds_up(response)


def test_a_callback_can_come_twice_under_one_id(
    insurer: PartyProcess, receiver: CallbackReceiver
) -> None:
    insurer.set_faults({"match": {}, "fault": "callback_twice"})
    submit(insurer, fhir.claim("c-20"))
    first, second = called_back(receiver, "c-20", times=2)
    assert first.webhook_id == second.webhook_id


def test_a_guarantee_can_be_refused_by_the_examiner(
    insurer: PartyProcess, receiver: CallbackReceiver
) -> None:
    insurer.set_faults({"match": {"operation": "preauthorization"}, "fault": "refuse_guarantee"})
    response = submit(insurer, fhir.guarantee("g-5"))
    assert (response["outcome"], response["disposition"]) == ("error", "Refused by the examiner.")


def test_an_accepted_claim_whose_answer_is_lost_is_decided_once(
    insurer: PartyProcess, receiver: CallbackReceiver
) -> None:
    insurer.set_faults({"match": {"reference": "c-21"}, "fault": "timeout_after_accept"})
    with pytest.raises(httpx.RemoteProtocolError):
        submit(insurer, fhir.claim("c-21"))
    called_back(receiver, "c-21")
    assert submit(insurer, fhir.claim("c-21"))["outcome"] == "complete"
    assert len(insurer.journal("accepted")) == 1


def test_an_internal_error_accepts_nothing(insurer: PartyProcess) -> None:
    insurer.set_faults({"match": {}, "fault": "error_500"})
    assert resource(post(insurer, "Claim/$submit", fhir.claim("c-22")), 500)
    assert insurer.journal("accepted") == []
    assert submit(insurer, fhir.claim("c-22"))["outcome"] == "queued"


def test_a_slow_request_blocks_no_other(insurer: PartyProcess) -> None:
    insurer.set_faults({"match": {"reference": "c-23"}, "fault": "slow", "delay_s": 60})
    headers = {"Idempotency-Key": "k", "Content-Type": KIND}
    with pytest.raises(httpx.ReadTimeout):
        insurer.client.post(
            "/fhir/Claim/$submit", json=fhir.claim("c-23"), headers=headers, timeout=0.2
        )
    assert submit(insurer, fhir.claim("c-24"))["outcome"] == "queued"
