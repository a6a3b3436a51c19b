"""Scenario E5 with an insurer on an HCX-style exchange, up to the hospital's money."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest

from crossclaim.domain.hcx import Headers
from crossclaim.gateways.hcx_envelope import (
    body,
    check_token,
    opened,
    protected_headers,
    seal,
    token,
)
from crossclaim.stack import Stack
from tests.flows.hcx_peer import HARBOUR_CODE, HOSPITAL_CODE, JADE, HcxPeerOfStack
from tests.flows.hospital import Hospital, example, next_number, totals
from tests.flows.inpatient_stay import DISCHARGED, InpatientStay
from tests.flows.money import ledger
from tests.flows.patience import until
from tests.flows.simulator import Simulator


@pytest.fixture(scope="module")
def _jade(flow_stack: Stack, hcx_peer: HcxPeerOfStack) -> Iterator[Simulator]:
    with hcx_peer.running(flow_stack) as party:
        yield party


@pytest.fixture
def jade(_jade: Simulator) -> Simulator:
    _jade.behave()
    return _jade


def test_an_insurer_on_the_exchange_guarantees_decides_and_pays_although_its_answers_go_astray(
    shenzhen: Hospital, jade: Simulator
) -> None:
    """Its word on the guarantee comes twice; the decision comes under a foreign cycle, is refused,
    and is then found by asking for the status."""
    stay = InpatientStay(shenzhen, JADE, "JH-2025-B")
    jade.faults(
        {
            "match": {"operation": "callback", "action": "preauth/submit"},
            "fault": "callback_twice",
        },
        {
            "match": {"operation": "callback", "action": "claim/submit"},
            "fault": "wrong_correlation",
        },
        {"match": {"operation": "claim/submit"}, "fault": "timeout_after_accept"},
    )
    episode = stay.billed_before_discharge()
    rows = episode.wait("guarantees", state="granted", limit_minor=4000000)
    episode.say("discharge", DISCHARGED)
    rows = episode.closed()
    (claim,), (payout,), (guarantee,) = rows["claims"], rows["payouts"], rows["guarantees"]
    assert (claim["state"], claim["benefit_minor"]) == ("partial", 3392386)
    assert (payout["state"], payout["amount_minor"]) == ("credited", 3104033)
    assert totals(rows["allocations"][0]["result"]) == {
        "insurer": "31040.33",
        "patient": "20810.17",
    }
    assert guarantee["state"] == "released"
    assert ledger(rows) == {}
    # One guarantee and one claim there, whatever was lost on the way.
    for reference in (guarantee["reference"], claim["reference"]):
        assert len(jade.journal("accepted", reference=reference)) == 1
    jade.has_done("called_back", 2, reference=guarantee["reference"], status=202)
    (astray,) = jade.journal("called_back", reference=claim["reference"], status=400)
    assert astray["code"] == "ERR_INVALID_CORRELATION_ID"
    came = jade.journal("came", workflow_id=rows["episode"]["id"])
    # Every message names the episode, every cycle has an id of its own.
    assert {entry["action"] for entry in came} == {
        "coverageeligibility/check",
        "preauth/submit",
        "claim/submit",
        "hcx/status",
        "communication/request",
    }
    assert len({entry["correlation_id"] for entry in came}) == len(came)


def test_a_hospitals_system_sends_a_claim_and_hears_on_its_callback_that_it_is_taken(
    flow_stack: Stack, hcx_peer: HcxPeerOfStack, shenzhen: Hospital
) -> None:
    book, now = hcx_peer.hospital(), datetime.now(UTC)
    text = json.dumps(example("fhir-claim-bundle"))
    number = f"{next_number():05d}"
    text = text.replace("ZY20260311-0087", f"ZY20260311-H{number}").replace(
        "F20260314-0087", f"F20260314-H{number}"
    )
    headers = Headers(
        sender=HOSPITAL_CODE,
        recipient=HARBOUR_CODE,
        api_call_id=str(uuid.uuid4()),
        correlation_id=str(uuid.uuid4()),
        workflow_id=f"visit-{number}",
        timestamp=now,
    )
    compact = seal(headers, text.encode(), book.sealing_key(HARBOUR_CODE, now))
    signed = token(headers, compact, book.own_signing_key(HOSPITAL_CODE, now), now)
    for _ in range(2):
        taken = httpx.post(
            f"{flow_stack.urls.api}/hcx/v0.8/claim/submit",
            content=body(compact),
            headers={"Authorization": f"Bearer {signed}", "Content-Type": "application/json"},
            timeout=20,
            trust_env=False,
        )
        assert taken.status_code == 202, taken.text
    came = until(lambda: hcx_peer.receiver.came[0] if hcx_peer.receiver.came else None, "on_submit")
    path, authorization, answer = came
    assert path == "/hcx/v0.8/claim/on_submit"
    said = Headers.read(protected_headers(answer), answers=True)
    check_token(authorization, said, answer, book, datetime.now(UTC))
    assert (said.correlation_id, said.workflow_id) == (
        headers.correlation_id,
        headers.workflow_id,
    )
    assert said.status == "response.partial"
    told = json.loads(opened(answer, book.opening_keys(HOSPITAL_CODE, now)))
    assert (told["resourceType"], told["outcome"]) == ("ClaimResponse", "queued")
    (episode,) = (i["value"] for i in told["identifier"])
    assert shenzhen.get(f"/v1/episodes/{episode}").status_code == 200
