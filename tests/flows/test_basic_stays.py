"""Stays under basic insurance on the whole stack, from the admission to the bureau's settlement."""

from __future__ import annotations

import asyncio
import json

import pytest

from crossclaim.stack import Stack
from tests.flows.basic_stay import (
    ADMITTED,
    AT_DISCHARGE,
    DISCHARGED,
    DUE,
    FUND,
    QINGDAO,
    SURGERY,
    BasicStay,
    charged,
    employee,
)
from tests.flows.basic_visit import ACCOUNT, Insured, owed
from tests.flows.hospital import Body, Episode, Hospital, tender_of, varied
from tests.flows.money import ledger
from tests.flows.simulator import Simulator
from tests.flows.test_basic_insurance import paid
from tests.flows.test_story_flow import asked_at_the_api, told

SHENZHEN = "hku-szh"
PAID = owed(SHENZHEN, fund=FUND)


def admitted(hospital: Hospital, person: Insured, *coverages: Body) -> Episode:
    episode = BasicStay(hospital, person, *coverages).open()
    episode.say("admission", ADMITTED)
    return episode


def settled_by(episode: Episode, bill: Body, due: str = DUE) -> Body:
    episode.say("tenders", tender_of(bill, due, AT_DISCHARGE))
    episode.say("discharge", DISCHARGED)
    return episode.closed()


def test_interim_bill_final_bill_payment_and_only_then_the_discharge_settle_a_stay(
    shenzhen: Hospital, bureau: Simulator
) -> None:
    person = employee(bureau, balance="1000.00")
    episode = admitted(shenzhen, person, QINGDAO, ACCOUNT)
    interim = charged(("SURGERY", "5000.00"), status="interim")
    split = episode.say("bills", interim)
    assert split["forecast"] is True
    assert paid(split) == {"basic_insurance": 361200, "personal_account": 100000, "patient": 38800}
    final = varied(charged(SURGERY), number=interim["number"], version=2)
    split = episode.say("bills", final)
    assert paid(split) == {"basic_insurance": FUND, "personal_account": 100000, "patient": 248800}
    episode.say("tenders", tender_of(final, "2488.00", AT_DISCHARGE))
    assert bureau.journal("settled", person=person.number) == []
    episode.say("discharge", DISCHARGED)
    rows = episode.closed()
    assert ledger(rows) == owed(SHENZHEN, fund=FUND, account=100000)
    assert rows["exceptions"] == []
    for kind in ("admitted", "discharged", "settled"):
        assert len(bureau.journal(kind, person=person.number)) == 1


def test_a_stay_is_told_in_three_languages_and_about_nobody(
    flow_stack: Stack, shenzhen: Hospital, bureau: Simulator
) -> None:
    person = employee(bureau)
    episode = admitted(shenzhen, person)
    bill = charged(SURGERY)
    episode.say("bills", bill)
    settled_by(episode, bill)
    story = asyncio.run(told(flow_stack.settings, episode.id))
    kinds = [line.kind for line in story.lines]
    wanted = ["insured_found", "stay_registered", "bill_quoted", "stay_ended", "settlement_made"]
    places = [kinds.index(kind) for kind in wanted]
    assert places == sorted(places)
    for language in ("en", "zh-Hant", "zh-Hans"):
        text = json.dumps(asked_at_the_api(episode, language), ensure_ascii=False)
        for secret in (person.certno, person.number, "HO Mei Ling", "何美玲"):
            assert secret not in text


@pytest.mark.parametrize("infno", ["2401", "2301", "2303", "2402", "2304"])
def test_an_answer_that_is_lost_anywhere_in_a_stay_leaves_one_stay_settled_once(
    shenzhen: Hospital, bureau: Simulator, infno: str
) -> None:
    person = employee(bureau)
    # Lines are not matched by the person: the next of them are this stay's.
    if infno == "2301":
        bureau.fault("accepted_answer_lost", infno=infno)
    else:
        bureau.fault("accepted_answer_lost", infno=infno, person=person.number)
    episode = admitted(shenzhen, person)
    bill = charged(SURGERY)
    episode.say("bills", bill)
    assert ledger(settled_by(episode, bill)) == PAID
    made = bureau.journal("settled", person=person.number)
    undone = bureau.journal("reversed", person=person.number)
    assert len(made) - len(undone) == 1
    assert len({e["mdtrt_id"] for e in bureau.journal("admitted", person=person.number)}) == 1


@pytest.mark.parametrize("fault", ["funds_wrong", "other_stay", "other_currency"])
def test_a_settlement_of_a_stay_that_cannot_be_true_waits_is_reversed_and_made_again(
    shenzhen: Hospital, bureau: Simulator, fault: str
) -> None:
    person = employee(bureau)
    bureau.fault(fault, infno="2304", person=person.number)
    episode = admitted(shenzhen, person)
    bill = charged(SURGERY)
    episode.say("bills", bill)
    episode.say("tenders", tender_of(bill, DUE, AT_DISCHARGE))
    episode.say("discharge", DISCHARGED)
    rows = episode.wait("exceptions", code="BUREAU_ANSWER_CONTRADICTS")
    assert rows["episode"]["status"] == "open"
    rows = episode.closed()
    assert ledger(rows) == PAID
    assert all(e["resolved_at"] for e in rows["exceptions"])


def test_a_patient_who_comes_again_before_the_first_stay_is_settled_has_two_settlements(
    shenzhen: Hospital, bureau: Simulator
) -> None:
    person = employee(bureau)
    first = admitted(shenzhen, person)
    one = charged(SURGERY)
    first.say("bills", one)
    first.say("discharge", DISCHARGED)
    bureau.has_done("discharged", person=person.number)
    second = BasicStay(shenzhen, person).open()
    second.say("admission", {"admitted_at": "2025-05-14T09:00:00+08:00"})
    two = charged(("SURGERY", "10000.00"), day="2025-05-15")
    two["issued_at"] = "2025-05-16T10:00:00+08:00"
    second.say("bills", two)
    second.say("tenders", tender_of(two, "2088.00", "2025-05-16T11:00:00+08:00"))
    second.say("discharge", {"discharged_at": "2025-05-16T12:00:00+08:00"})
    assert ledger(second.closed()) == owed(SHENZHEN, fund=791200)
    first.say("tenders", tender_of(one, DUE, AT_DISCHARGE))
    assert ledger(first.closed()) == PAID
    made = bureau.journal("settled", person=person.number)
    assert sorted(entry["fund"] for entry in made) == [791200, FUND]


def test_a_settlement_is_cancelled_and_the_stay_settled_anew(
    shenzhen: Hospital, bureau: Simulator
) -> None:
    episode = admitted(shenzhen, employee(bureau))
    bill = charged(SURGERY)
    episode.say("bills", bill)
    settled_by(episode, bill)
    void = {
        "bill_number": bill["number"],
        "bill_version": 1,
        "voided_at": "2025-05-12T13:00:00+08:00",
        "reason": "a line was wrong",
    }
    episode.say("voids", void)
    episode.paid_back()
    assert ledger(episode.wait("claims", state="voided")) == {}
    again = varied(charged(("SURGERY", "18000.00")), number=bill["number"], version=2)
    assert paid(episode.say("bills", again)) == {"basic_insurance": 1479200, "patient": 320800}
    episode.say("tenders", tender_of(again, "3208.00", "2025-05-12T13:30:00+08:00"))
    assert ledger(episode.closed()) == owed(SHENZHEN, fund=1479200)
