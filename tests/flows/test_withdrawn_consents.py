"""Scenario E12 through the whole stack: each point at which a consent can be withdrawn, live."""

from __future__ import annotations

import json

import pytest

from crossclaim.stack import Stack
from tests.flows.flow_stack import hospital_of
from tests.flows.hospital import Body, Episode, Hospital
from tests.flows.money import ledger
from tests.flows.simulator import Simulator
from tests.flows.withdrawn_visit import (
    A_DAY_LATER,
    INSURED,
    REST,
    WHOLE,
    WithdrawnVisit,
)

CLOSED = "CLOSED_CONSENT_WITHDRAWN"


def private(visit: WithdrawnVisit) -> list[str]:
    """What no insurer may hear any more once its consent has gone."""
    patient, bill = visit.submission["patient"], visit.bill
    return [
        *patient["name"].values(),
        patient["birth_date"],
        patient["mobile"],
        *(document["number"] for document in patient["documents"]),
        *(diagnosis["code"] for diagnosis in visit.submission["diagnoses"]),
        visit.submission["visit"]["number"],
        visit.submission["coverages"][0]["policy_number"],
        bill["number"],
        *(line["code"] for line in bill["lines"]),
        *(line["description"] for line in bill["lines"]),
    ]


def leaked(visit: WithdrawnVisit, requests: list[Body]) -> set[str]:
    text = json.dumps(requests, ensure_ascii=False)
    return {word for word in private(visit) if word in text}


def test_a_before_the_claim_the_episode_ends_with_the_whole_bill_the_patients(
    shenzhen: Hospital, insurer: Simulator, bank: Simulator
) -> None:
    visit = WithdrawnVisit(shenzhen)
    episode = visit.open()
    heard = insurer.heard()
    assert leaked(visit, heard)
    (effect,) = visit.withdraw()["effects"]
    assert (effect["branch"], effect["status"]) == ("before_claim", CLOSED)
    episode.wait("guarantees", state="cancelled")
    split = visit.billed()
    assert [(t["funder"], t["amount"]["amount"]) for t in split["totals"]] == [("patient", WHOLE)]
    visit.tender(WHOLE)
    rows = episode.wait("episode", status=CLOSED)
    assert ledger(rows) == {} and rows["exceptions"] == []
    assert (rows["claims"], rows["payouts"]) == ([], [])
    (stored,) = rows["storage_only"]
    assert stored["organisation"] == "harbour-life" and stored["retained_until"]
    later = insurer.heard(after=heard[-1]["number"])
    mine = [one for one in later if rows["guarantees"][0]["reference"] in one["body"]]
    assert len(mine) == 1 and leaked(visit, later) == set()


def test_b_a_claim_is_suspended_and_goes_on_with_a_new_consent(
    shenzhen: Hospital, insurer: Simulator, bank: Simulator
) -> None:
    visit = WithdrawnVisit(shenzhen, A_DAY_LATER)
    episode = visit.open()
    visit.billed()
    rows = episode.wait("claims", state="queued")
    reference = rows["claims"][0]["reference"]
    heard = insurer.heard()
    (effect,) = visit.withdraw()["effects"]
    assert effect["status"] == "SUSPENDED"
    assert effect["after"]["pending"]["amount"] == INSURED
    episode.wait("claims", state="suspended")
    insurer.has_done("suspended", about=reference)
    later = insurer.heard(after=heard[-1]["number"])
    assert later and leaked(visit, later) == set()
    assert visit.give_again()["resumed"] == ["harbour-life"]
    insurer.has_done("resumed", about=reference)
    visit.tender(REST)
    rows = episode.closed()
    assert [(p["amount_minor"], p["state"]) for p in rows["payouts"]] == [(228_750, "credited")]
    assert ledger(rows) == {} and rows["exceptions"] == []
    assert len(insurer.journal("accepted", reference=reference)) == 1


def test_b_an_insurer_that_works_on_decides_in_vain(
    shenzhen: Hospital, insurer: Simulator, bank: Simulator
) -> None:
    visit = WithdrawnVisit(shenzhen, A_DAY_LATER)
    episode = visit.open()
    visit.billed()
    rows = episode.wait("claims", state="queued")
    reference = rows["claims"][0]["reference"]
    insurer.fault("works_on", operation="suspend")
    visit.withdraw()
    insurer.has_done("suspended", about=reference)
    insurer.later(2 * 86400)
    insurer.has_done("decided", reference=reference)
    rows = episode.wait("exceptions", code="DECISION_WHILE_SUSPENDED")
    assert rows["claims"][0]["state"] == "suspended" and rows["payouts"] == []
    owed = {"funder:insurer:harbour-life:due": 228_750, "funder:patient:due": 98_750}
    assert ledger(rows).items() >= owed.items()
    visit.give_again()
    visit.tender(REST)
    rows = episode.closed()
    assert [p["amount_minor"] for p in rows["payouts"]] == [228_750] and ledger(rows) == {}


def test_c_after_approval_the_payment_is_completed_without_medical_data(
    shenzhen: Hospital, insurer: Simulator, bank: Simulator
) -> None:
    visit = WithdrawnVisit(shenzhen)
    bank.fault("late", times=5, delay_s=3600)
    episode = visit.open()
    visit.billed()
    rows = episode.wait("payouts", debtor_organisation_id="harbour-life")
    heard = insurer.heard()
    (effect,) = visit.withdraw()["effects"]
    assert effect["branch"] == "before_payout"
    assert effect["after"]["insurer"]["amount"] == INSURED
    assert effect["after"]["patient"]["amount"] == REST
    bank.faults()
    bank.later(3600)
    visit.tender(REST)
    rows = episode.closed()
    (payout,) = rows["payouts"]
    assert (payout["amount_minor"], payout["state"]) == (228_750, "credited")
    (done,) = bank.journal("executed", reference=payout["reference"])
    assert leaked(visit, [done]) == set()
    assert leaked(visit, insurer.heard(after=heard[-1]["number"])) == set()
    assert ledger(rows) == {}


def test_an_insurer_reads_no_bill_any_more_and_the_hospital_all(
    shenzhen: Hospital, insurer: Simulator, bank: Simulator, flow_stack: Stack
) -> None:
    visit = WithdrawnVisit(shenzhen)
    episode = visit.open()
    visit.billed()
    visit.tender(REST)
    episode.closed()
    reader = hospital_of(flow_stack, "harbour-life")
    before = reader.get(episode.path).json()
    assert before["bills"] and before["allocations"]
    (effect,) = visit.withdraw()["effects"]
    assert {one["code"] for one in effect["stops"]} == {"sends", "all_access"}
    after = reader.get(episode.path).json()
    assert after["bills"] == after["allocations"] == []
    assert after["payouts"] and after["withdrawals"][0]["branch"] == "after_payout"
    told = {line["kind"] for line in reader.get(f"{episode.path}/story").json()["story"]}
    assert "withdrawal_access_closed" in told and "bill_final" not in told
    assert episode.rows()["bills"]
    reader.close()


@pytest.mark.parametrize("language", ["en", "zh-Hant", "zh-Hans"])
def test_the_story_says_what_was_withdrawn_and_what_became_of_it(
    language: str, shenzhen: Hospital, insurer: Simulator
) -> None:
    visit = WithdrawnVisit(shenzhen)
    episode = visit.open()
    visit.withdraw()
    episode.wait("guarantees", state="cancelled")
    story = shenzhen.get(f"{episode.path}/story?language={language}").json()
    kinds = [line["kind"] for line in story["story"]]
    assert kinds.count("withdrawal_ended") == kinds.count("guarantee_cancelled") == 1
    assert episode_waits(episode) == "HOSPITAL_FINAL_BILL"


def episode_waits(episode: Episode) -> str:
    return str(episode.hospital.get(f"{episode.path}/story").json()["waiting"]["code"])
