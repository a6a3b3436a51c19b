"""One episode of a claim with its payout, as its hospital, its insurer and another one read it."""

from __future__ import annotations

import json

from crossclaim.stack import Stack
from tests.flows.flow_stack import hospital_of
from tests.flows.hospital import Body, Hospital, tender_of
from tests.flows.inpatient_stay import (
    ADMITTED,
    AT_DISCHARGE,
    DISCHARGED,
    HERE,
    THERE,
    InpatientStay,
)
from tests.flows.simulator import Simulator


def paid(shenzhen: Hospital) -> Body:
    stay = InpatientStay(shenzhen)
    episode = stay.open()
    episode.wait("guarantees", state="granted")
    episode.say("admission", ADMITTED)
    episode.say("discharge", DISCHARGED)
    episode.say("bills", stay.bill)
    episode.say("tenders", tender_of(stay.bill, "20810.17", AT_DISCHARGE))
    return episode.closed()


def test_an_insurer_reads_its_own_claim_and_nobody_reads_account_hashes(
    flow_stack: Stack, shenzhen: Hospital, insurer: Simulator, bank: Simulator
) -> None:
    whole = paid(shenzhen)
    path = f"/v1/episodes/{whole['episode']['id']}"
    mine, other = hospital_of(flow_stack, HERE), hospital_of(flow_stack, THERE)
    answer = mine.get(path)
    assert answer.status_code == 200, answer.text
    told: Body = answer.json()
    for content in (whole, told):
        assert "sha256" not in json.dumps(content)
    assert len(whole["tenders"]) == 1
    for same in ("episode", "claims", "payouts", "guarantees"):
        assert told[same] == whole[same], same
    # Which of the hospital's keys sent a version is the hospital's own affair.
    assert told["bills"] == [{**bill, "sent_by": ""} for bill in whole["bills"]]
    assert (told["voucher"], told["tenders"]) == (None, [])
    (split,) = told["allocations"]
    assert [t["organisation"] for t in split["result"]["totals"]] == [HERE]
    assert all(HERE in balance["account_id"] for balance in told["ledger"])
    assert len(told["ledger"]) > 1
    assert {other.get(f"{path}{tail}").status_code for tail in ("", "/story")} == {404}
    patient_paid = "20,810.17"
    assert patient_paid in shenzhen.get(f"{path}/story").text
    story = mine.get(f"{path}/story")
    assert story.status_code == 200, story.text
    assert patient_paid not in story.text
    assert patient_paid.replace(",", "") not in story.text
    assert "31,040.33" in story.text
    assert [f["who"] for f in story.json()["money"]["funders"]] == [f"insurer:{HERE}"]
    mine.close()
    other.close()
