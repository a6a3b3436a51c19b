"""What the exchange is told beside claims: topics, documents asked for and had, and payments."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from crossclaim.api.fhir_port import FhirPage, FhirQuery
from crossclaim.domain.hcx import (
    CLAIM,
    COMMUNICATION,
    NOTIFY,
    PAYMENT_NOTICE,
    STATUS_CHECK,
    SUBSCRIBE,
    UNSUBSCRIBE,
)
from crossclaim.domain.hcx_errors import HcxCode
from crossclaim.domain.hcx_topics import Topic
from crossclaim.fhir.datatypes import INFORMATION_REQUEST, PAYOUT, identifier
from crossclaim.gateways import fhir_terms as terms
from crossclaim.security.roles import Principal
from tests.web.hcx_scene import PAYOR, Exchange
from tests.web.test_hcx import refused

EPISODE = "ep_01J000000000000000000000AB"
PATIENT = {"reference": "Patient/ep-01J000000000000000000000AB"}
SHA = "a" * 64


@dataclass
class Known:
    """What the FHIR server tells the sender, by type."""

    found: dict[str, list[dict[str, Any]]]
    asked: list[tuple[str, str, FhirQuery]] = field(default_factory=list)

    async def search(self, principal: Principal, kind: str, query: FhirQuery) -> FhirPage:
        self.asked.append((principal.organisation, kind, query))
        named = {value for _, value in query.identifiers or []}
        told = [
            one
            for one in self.found.get(kind, [])
            if query.ids or named & {known["value"] for known in one["identifier"]}
        ]
        return FhirPage(found=told)

    async def read(self, principal: Principal, kind: str, resource_id: str) -> FhirPage:
        raise AssertionError("nothing is read by its id")


def known() -> Known:
    notice = {
        "resourceType": "PaymentNotice",
        "extension": [{"url": "x", "valueIdentifier": identifier("episode", EPISODE)}],
        "identifier": [identifier(PAYOUT, "PO77")],
        "amount": {"value": 31040.33, "currency": "CNY"},
        "paymentStatus": {"coding": [{"code": "paid"}]},
    }
    answer = {
        "resourceType": "ClaimResponse",
        "id": "cl-77",
        "use": "claim",
        "identifier": [identifier(terms.REFERENCE, "CL77")],
        "patient": PATIENT,
    }
    letter = {**answer, "id": "gl-5", "use": "preauthorization"}
    letter["identifier"] = [identifier(terms.REFERENCE, "GL5")]
    wish = {
        "resourceType": "CommunicationRequest",
        "id": "ir-9",
        "identifier": [identifier(INFORMATION_REQUEST, "RFI-9")],
        "subject": PATIENT,
        "payload": [
            {"contentString": "test_report (line 2): of the MRI"},
            {"contentString": "discharge_summary"},
        ],
    }
    return Known(
        {
            "PaymentNotice": [notice],
            "ClaimResponse": [answer, letter],
            "CommunicationRequest": [wish],
        }
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Exchange:
    return Exchange(tmp_path_factory.mktemp("told"))


@pytest.fixture
def exchange(made: Exchange) -> Iterator[Exchange]:
    made.memory.__init__()  # type: ignore[misc]
    made.house.__init__()  # type: ignore[misc]
    state, before = made.app.state, made.app.state.services
    state.services = replace(before, fhir=known())
    yield made
    state.services = before


def asked_for(about: str = "CL77") -> dict[str, Any]:
    return {
        "resourceType": "CommunicationRequest",
        "identifier": [{"system": "https://jade.example/rfi", "value": "RFI-9"}],
        "status": "active",
        "about": [{"identifier": identifier(terms.REFERENCE, about)}],
        "payload": [
            {"contentString": "test_report (line 2, paper F7): of the MRI"},
            {"contentString": "Please send the X-ray film"},
        ],
        "occurrencePeriod": {"end": "2027-01-31T00:00:00+08:00"},
    }


async def test_an_insurers_wish_for_documents_becomes_a_request_of_the_claims_episode(
    exchange: Exchange,
) -> None:
    exchange.house.owners[EPISODE] = "jade-health"
    response = await exchange.post(exchange.headers(PAYOR), asked_for(), COMMUNICATION)
    assert response.status_code == 202, response.text
    ((organisation, key),) = exchange.house.answers
    content, answer = exchange.house.answers[organisation, key]
    assert (organisation, answer.episode_id) == ("jade-health", EPISODE)
    assert content == {
        "number": "RFI-9",
        "asked_of": "hospital",
        "claim": "cl_77",
        "due_at": "2027-01-31T00:00:00+08:00",
        "documents": [
            {"type": "test_report", "line": 2, "paper": "F7", "note": "of the MRI"},
            {"type": "other", "note": "Please send the X-ray film"},
        ],
    }
    (kept,) = exchange.memory.arrived
    assert (kept.episode_id, kept.status) == (EPISODE, "response.complete")
    assert exchange.memory.owed == [0]


async def test_a_letters_documents_are_asked_for_under_our_reference_of_it(
    exchange: Exchange,
) -> None:
    exchange.house.owners[EPISODE] = "jade-health"
    await exchange.post(exchange.headers(PAYOR), asked_for("GL5"), COMMUNICATION)
    ((content, _),) = exchange.house.answers.values()
    assert content["guarantee"] == "GL5" and "claim" not in content


def had(**said: Any) -> dict[str, Any]:
    return {
        "resourceType": "Communication",
        "status": "completed",
        "basedOn": [{"identifier": identifier(INFORMATION_REQUEST, "RFI-9")}],
        "category": [{"coding": [{"code": "discharge_summary"}]}],
        "payload": [{"contentAttachment": {"url": f"urn:sha256:{SHA}"}}],
        **said,
    }


async def test_a_hospital_answers_one_document_by_what_it_uploaded_or_why_it_has_none(
    exchange: Exchange,
) -> None:
    exchange.house.owners[EPISODE] = "hku-szh"
    reason = {"coding": [{"code": "never_issued"}]}
    none = had(status="not-done", statusReason=reason, payload=[{"contentString": "none"}])
    none["category"] = [{"coding": [{"code": "test_report"}]}]
    for content in (had(), none):
        response = await exchange.post(exchange.headers(), content, COMMUNICATION)
        assert response.status_code == 202, response.text
    told = [content for content, _ in exchange.house.answers.values()]
    assert told == [
        {"request": "ir_9", "item": 2, "sha256": SHA},
        {"request": "ir_9", "item": 1, "cannot_be_had": "never_issued"},
    ]


def noticed(**said: Any) -> dict[str, Any]:
    return {
        "resourceType": "PaymentNotice",
        "identifier": [{"value": "N-1"}],
        "status": "active",
        "request": {"identifier": {"value": "CL77"}},
        "response": {"identifier": {"value": "CL77"}},
        "created": "2026-11-22T10:00:00+08:00",
        "provider": {"identifier": {"value": "hku-szh"}},
        "payment": {"identifier": identifier(PAYOUT, "PO77")},
        "recipient": {"identifier": {"value": "hku-szh"}},
        "amount": {"value": 31040.33, "currency": "CNY"},
        **said,
    }


async def test_a_payment_notice_is_compared_with_our_books_and_moves_nothing(
    exchange: Exchange,
) -> None:
    response = await exchange.post(exchange.headers(PAYOR), noticed(), PAYMENT_NOTICE)
    assert response.status_code == 202, response.text
    (kept,) = exchange.memory.arrived
    told = json.loads(kept.content)
    assert (kept.episode_id, told["paymentStatus"]["coding"][0]["code"]) == (EPISODE, "paid")
    assert exchange.house.answers == {}
    other = noticed(amount={"value": 31040.34, "currency": "CNY"})
    response = await exchange.post(exchange.headers(PAYOR), other, PAYMENT_NOTICE)
    assert refused(response, HcxCode.PROCESSING)["trace"] == "PaymentNotice.amount"


async def test_what_cannot_be_taken_is_refused_with_the_place_and_leaves_nothing(
    exchange: Exchange,
) -> None:
    without = {k: v for k, v in noticed().items() if k not in ("request", "response")}
    inline = had(payload=[{"contentAttachment": {"data": "QUJD"}}])
    bare = {k: v for k, v in asked_for().items() if k in ("resourceType", "status")}
    element = "CommunicationRequest"
    cases: list[tuple[str, str, dict[str, Any], list[str]]] = [
        (PAYOR, PAYMENT_NOTICE, without, ["PaymentNotice.request", "PaymentNotice.response"]),
        (PAYOR, PAYMENT_NOTICE, noticed(payment={"identifier": {"value": "PO1"}}), [".payment"]),
        (PAYOR, COMMUNICATION, asked_for("CL1"), [f"{element}.about[0]"]),
        (PAYOR, COMMUNICATION, bare, [".identifier", ".payload", ".about"]),
        (PAYOR, COMMUNICATION, {**asked_for(), "status": 7}, [f"{element}.status"]),
        ("", COMMUNICATION, inline, ["payload[0].contentAttachment.url"]),
        ("", COMMUNICATION, had(category=[]), []),
        ("", COMMUNICATION, had(basedOn=[]), []),
    ]
    for sender, action, content, places in cases:
        headers = exchange.headers(PAYOR) if sender else exchange.headers()
        trace = refused(await exchange.post(headers, content, action), HcxCode.DOMAIN)["trace"]
        assert all(place in trace for place in places), (trace, places)
    swapped = await exchange.post(exchange.headers(), asked_for(), COMMUNICATION)
    refused(swapped, HcxCode.WRONG_DOMAIN)
    assert exchange.memory.arrived == [] and exchange.house.answers == {}


async def test_topics_are_subscribed_to_and_given_up_and_the_callback_says_how_it_stands(
    exchange: Exchange,
) -> None:
    wish = {"topic_code": Topic.CLAIM_STATUS.value}
    for action in (SUBSCRIBE, UNSUBSCRIBE):
        response = await exchange.post(exchange.headers(), wish, action)
        assert response.status_code == 202, response.text
    assert [(who, one.active) for who, one in exchange.memory.wishes] == [
        ("hku-szh", True),
        ("hku-szh", False),
    ]
    told = [json.loads(one.content)["subscription_list"][0] for one in exchange.memory.arrived]
    assert [one["subscription_status"] for one in told] == [1, 0]
    assert told[0]["topic_code"] == Topic.CLAIM_STATUS.value
    assert exchange.memory.owed == [0, 1]
    past, naive = "2020-01-01T00:00:00+08:00", "2027-01-01T00:00:00"
    odd: list[Any] = [
        {"topic_code": "notif-x"},
        {},
        *({**wish, "expiry": e} for e in (past, naive, 7)),
    ]
    for content in odd:
        refused(await exchange.post(exchange.headers(), content, SUBSCRIBE), HcxCode.DOMAIN)
    assert len(exchange.memory.wishes) == 2


async def test_a_notification_of_others_is_kept_by_its_topic_and_answered_by_nothing(
    exchange: Exchange,
) -> None:
    headers = exchange.headers(PAYOR)
    said = {"topic_code": Topic.DOWNTIME.value, "message": "CHAN Tai Man will not answer"}
    for _ in range(2):
        assert (await exchange.post(headers, said, NOTIFY)).status_code == 202
    (kept,) = exchange.memory.arrived
    assert (kept.reference, kept.content, exchange.memory.owed) == (Topic.DOWNTIME.value, "", [])


async def test_a_status_that_is_no_json_is_refused(exchange: Exchange) -> None:
    refused(await exchange.post(exchange.headers(), "[", STATUS_CHECK), HcxCode.WRONG_DOMAIN)


async def test_an_insurer_still_sends_no_claims(exchange: Exchange) -> None:
    response = await exchange.post(exchange.headers(PAYOR), None, CLAIM)
    refused(response, HcxCode.SENDER_NOT_SUPPORTED)
