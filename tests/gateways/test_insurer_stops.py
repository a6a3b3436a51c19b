"""Requests that are stopped at the insurer: by their reference, not a byte of what is in them."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import httpx
import pytest

from crossclaim.domain.errors import Final
from crossclaim.domain.party import AnswerState
from crossclaim.gateways import fhir_claim, fhir_terms
from crossclaim.gateways.fhir_answer import read_refusal
from crossclaim.gateways.http import PartyHttp
from crossclaim.gateways.insurer import InsurerGateway
from tests.gateways.insurer_scene import CLAIM, GUARANTEE, INSURED, NOW
from tests.gateways.raw_party import RawParty, answer
from tests.gateways.simulated_party import API_KEY, SimulatedParty

SECRET = "whsec_" + base64.b64encode(b"0" * 32).decode()
OPTIONS: dict[str, Any] = {"media_type": fhir_terms.MEDIA_TYPE, "read_refusal": read_refusal}
PRIVATE = [
    INSURED.name.en or "",
    INSURED.document.number,
    INSURED.policy_number,
    INSURED.birth_date.isoformat(),
    *CLAIM.diagnoses,
    *(line.code for line in CLAIM.lines),
    *(line.description for line in CLAIM.lines),
    CLAIM.bill_number,
]
"""All that a message about the claim may not say once its consent has gone."""


class NaiveCancel(InsurerGateway):
    """Stops a claim as a careless sender would: the claim again, with another status."""

    def stop(self, word: str, about: str, reference: str, at: datetime) -> None:
        bundle = fhir_claim.claim_bundle(CLAIM)
        bundle["entry"][0]["resource"]["status"] = "cancelled"
        self._http.post(
            "/fhir/Claim/$submit", bundle, idempotency_key=reference, correlation_id=reference
        )


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedParty]:
    with RawParty(answer(200, b"{}")) as receiver:
        options = ["--insurer", "kowloon-mutual", "--callback-url", receiver.url]
        options += ["--callback-secret", SECRET]
        folder = tmp_path_factory.mktemp("insurer-stops")
        with SimulatedParty("insurer", folder, *options) as party:
            yield party


@pytest.fixture
def system(running: SimulatedParty) -> SimulatedParty:
    running.reset(NOW.isoformat())
    return running


@pytest.fixture
def http(system: SimulatedParty) -> Iterator[PartyHttp]:
    http = system.http(**OPTIONS)
    yield http
    http.close()


def received(system: SimulatedParty, after: int = 0) -> list[dict[str, Any]]:
    found = httpx.get(
        f"{system.url}/_control/received", params={"after": after}, trust_env=False
    ).raise_for_status()
    requests: list[dict[str, Any]] = found.json()["requests"]
    return requests


def leaked(requests: list[dict[str, Any]]) -> set[str]:
    return {word for word in PRIVATE if word and word in json.dumps(requests, ensure_ascii=False)}


def after_the_claim(system: SimulatedParty, gateway: InsurerGateway) -> int:
    """A claim that waits; the number of the last request before anything is stopped."""
    system.script("pend", match={"operation": "claim"}, delay_s=3600)
    unguaranteed = CLAIM.model_copy(update={"guarantee_number": ""})
    assert gateway.submit_claim(unguaranteed).state is AnswerState.QUEUED
    return int(received(system)[-1]["number"])


def test_a_stopped_claim_is_named_by_its_reference_and_nothing_else(
    system: SimulatedParty, http: PartyHttp
) -> None:
    gateway = InsurerGateway(http)
    before = after_the_claim(system, gateway)
    assert leaked(received(system)) >= {INSURED.document.number, CLAIM.bill_number}
    for word in ("suspend", "resume", "cancel"):
        gateway.stop(word, CLAIM.reference, f"{CLAIM.reference}-{word}", NOW)
    sent = received(system, before)
    assert len(sent) == 3 and leaked(sent) == set()
    members = set().union(*(json.loads(one["body"]) for one in sent))
    assert members == {
        *("resourceType", "identifier", "status", "intent", "code"),
        *("focus", "authoredOn", "reasonCode"),
    }


def test_the_naive_twin_that_sends_the_claim_again_is_caught(
    system: SimulatedParty, http: PartyHttp
) -> None:
    before = after_the_claim(system, InsurerGateway(http))
    with pytest.raises(Final):
        NaiveCancel(http).stop("cancel", CLAIM.reference, f"{CLAIM.reference}-X", NOW)
    assert leaked(received(system, before)) >= {INSURED.document.number, *CLAIM.diagnoses}


def test_a_suspended_claim_is_not_decided_until_it_goes_on(
    system: SimulatedParty, http: PartyHttp
) -> None:
    gateway = InsurerGateway(http)
    after_the_claim(system, gateway)
    gateway.stop("suspend", CLAIM.reference, "stop-1", NOW)
    gateway.stop("suspend", CLAIM.reference, "stop-1", NOW)
    assert len(system.journal("suspended")) == 1
    system.set_clock("2026-03-20T11:00:00+08:00")
    assert gateway.find_claim(CLAIM.reference).state is AnswerState.QUEUED
    gateway.stop("resume", CLAIM.reference, "stop-2", NOW)
    assert len(system.journal("resumed")) == 1


def test_a_cancelled_guarantee_holds_no_claim(system: SimulatedParty, http: PartyHttp) -> None:
    gateway = InsurerGateway(http)
    number = gateway.request_guarantee(GUARANTEE).guarantee_number
    gateway.stop("cancel", GUARANTEE.reference, "stop-3", NOW)
    claim = CLAIM.model_copy(update={"guarantee_number": number})
    assert gateway.submit_claim(claim).state is AnswerState.DENIED


def test_a_request_that_the_insurer_never_got_is_stopped_all_the_same(
    system: SimulatedParty, http: PartyHttp
) -> None:
    InsurerGateway(http).stop("cancel", "never-sent", "stop-4", NOW)
    assert system.journal("cancelled") == []


def test_an_insurer_that_will_not_stop_says_so_for_good(
    system: SimulatedParty, http: PartyHttp
) -> None:
    gateway = InsurerGateway(http)
    after_the_claim(system, gateway)
    system.script("refuse_task")
    with pytest.raises(Final):
        gateway.stop("suspend", CLAIM.reference, "stop-5", NOW)


@pytest.mark.parametrize("status", ["rejected", "cancelled"])
def test_a_stop_that_is_answered_with_a_refusal_is_final(status: str) -> None:
    body = json.dumps({"resourceType": "Task", "status": status}).encode()
    with RawParty(answer(200, body)) as party:
        http = PartyHttp(party.url, API_KEY, None, 2.0, "kowloon", **OPTIONS)
        with pytest.raises(Final) as caught:
            InsurerGateway(http).stop("suspend", "CL1", "CL1S1", NOW)
        http.close()
    assert caught.value.code == "STOP_REFUSED"
