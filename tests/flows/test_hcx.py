"""Scenario E5 with an insurer on an HCX-style exchange, up to the hospital's money."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crossclaim.stack import Stack
from tests.flows.hcx_peer import JADE, HcxPeerOfStack
from tests.flows.hospital import Hospital, totals
from tests.flows.inpatient_stay import DISCHARGED, InpatientStay
from tests.flows.money import ledger
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
