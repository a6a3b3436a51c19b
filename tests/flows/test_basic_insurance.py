"""Basic insurance on the whole stack: E3, E8 and E9 at the window, lost and untrue answers."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from crossclaim.stack import Stack
from tests.flows.basic_visit import (
    ACCOUNT,
    CAPS,
    POOL,
    WINDOW,
    BasicVisit,
    Insured,
    bill_of,
    father,
    fund,
    owed,
)
from tests.flows.family_desk import FamilyDesk
from tests.flows.hospital import (
    Body,
    Episode,
    Hospital,
    cny,
    next_number,
    tender_of,
    totals,
    varied,
)
from tests.flows.money import ledger
from tests.flows.simulator import Simulator
from tests.flows.test_story_flow import asked_at_the_api, told
from tests.flows.voucher_visit import VOUCHER_USE, identity_card
from tests.typed import typed

E8A = (("GEN-CONSULT", "10.00"), ("DRUG", "120.00"))
E8B = (("DRUG", "300.00"), ("OWN-EXPENSE", "20.00"))
E3 = (("CONSULT", "400.00"), ("OWN-EXPENSE", "20.00"))
JIANGMEN = "jiangmen-central"
JOINED = {
    "type": "EHEALTH_JOIN",
    "text_version": "2025-01",
    "signed_at": "2025-10-14T08:40:00+08:00",
    "channel": "paper",
}


Family = tuple[Insured, Insured, FamilyDesk]


@pytest.fixture
def family(jiangmen: Hospital, bureau: Simulator, office: Simulator) -> Family:
    """The father, the daughter whose account of CNY 412.60 he may use, and their binding."""
    daughter = Insured(bureau, balance="412.60")
    parent = father(bureau)
    parent.may_use(daughter)
    desk = parent.binds(daughter, jiangmen, office)
    desk.wait(state="bound")
    return parent, daughter, desk


def test_e8_a_and_b_the_fathers_bill_and_then_the_daughters(
    jiangmen: Hospital, bureau: Simulator, family: Family
) -> None:
    parent, daughter, _ = family
    episode = BasicVisit(jiangmen, parent, fund(CAPS), ACCOUNT).open()
    split = episode.say("bills", bill_of(*E8A))
    assert paid(split) == {"basic_insurance": 400, "personal_account": 12600, "patient": 0}
    assert ledger(episode.closed()) == owed(JIANGMEN, fund=400, family=12600)
    second = BasicVisit(jiangmen, daughter, fund(CAPS), ACCOUNT).open()
    bill = bill_of(*E8B)
    split = second.say("bills", bill)
    assert paid(split) == {"basic_insurance": 2500, "personal_account": 28660, "patient": 840}
    second.tender(bill, "8.40", WINDOW)
    rows = second.closed()
    assert ledger(rows) == owed(JIANGMEN, fund=2500, account=28660)
    assert [c["kind"] for c in rows["claims"]] == ["basic_insurance"]
    assert rows["exceptions"] == []


def paid(split: Body) -> dict[str, int]:
    """Funder → fen of a window's answer, both accounts together."""
    found: dict[str, int] = {}
    for one in split["totals"]:
        amount = int(one["amount"]["amount"].replace(".", ""))
        found[one["funder"]] = found.get(one["funder"], 0) + amount
    return found


def elder(bureau: Simulator, voucher: Simulator) -> tuple[Insured, str]:
    """Of Hong Kong, with vouchers of HKD 2,000 and insured in Jiangmen as an employee."""
    card = identity_card(600000 + next_number())
    plain = card.replace("(", "").replace(")", "")
    row = {
        "document": "HKID",
        "number": plain,
        "birth_date": "1949-05-01",
        "balance_hkd": 2000,
        "ehealth_joined": True,
    }
    voucher.tables(accounts={f"va-{plain}": row})
    return Insured(bureau, certno=plain, benefit="open"), card


def refused(episode: Episode, bill: Body) -> Body:
    answer = episode.post("bills", bill)
    assert answer.status_code == 422, answer.text
    content: Body = answer.json()
    return content


def test_e3_is_refused_with_both_figures_and_each_choice_can_be_paid(
    jiangmen: Hospital, bureau: Simulator, voucher: Simulator
) -> None:
    for choice in (0, 1):
        person, card = elder(bureau, voucher)
        visit = BasicVisit(
            jiangmen, person, {"funder": "voucher"}, fund(POOL), shown=card, consents=[JOINED]
        )
        episode = visit.open()
        bill = bill_of(*E3, day="2025-10-14")
        problem = refused(episode, bill)
        assert {e["code"] for e in problem["errors"]} == {"VOUCHER_WITH_BASIC_INSURANCE"}
        ways = {tuple(a["coverages"]): totals(a) for a in problem["alternatives"]}
        assert ways == {
            (0,): {"voucher": "419.99", "patient": "0.01"},
            (1,): {"basic_insurance": "240.00", "patient": "180.00"},
        }
        assert ledger(episode.rows()) == {}
        chosen = varied(bill, coverages=[choice])
        assert totals(episode.say("bills", chosen)) == ways[(choice,)]
        due = ways[(choice,)]["patient"]
        signed = {"consents": [{**VOUCHER_USE}]} if choice == 0 else {}
        episode.say("tenders", tender_of(chosen, due, "2025-10-14T10:45:00+08:00", **signed))
        left = ledger(episode.closed())
        if choice == 1:
            assert left == owed(JIANGMEN, fund=24000)
        else:
            assert left["voucher:committed"] == -45900


def test_what_a_bill_took_stands_in_the_bindings_history_and_goes_back_with_the_bill(
    jiangmen: Hospital, bureau: Simulator, family: Family
) -> None:
    parent, _, desk = family
    episode = BasicVisit(jiangmen, parent, fund(CAPS), ACCOUNT).open()
    bill = bill_of(*E8A)
    episode.say("bills", bill)
    episode.closed()
    assert "CNY 126.00 from the shared account" in desk.story("en")
    (taken,) = seen_at(desk, "authoriser")
    assert taken == {"on": taken["on"], "amount": cny("126.00"), "given_back": False}
    assert seen_at(desk, "user")[0]["bill_id"].startswith("bl_")
    void = {
        "bill_number": bill["number"],
        "bill_version": 1,
        "voided_at": "2025-04-10T11:00:00+08:00",
        "reason": "a line was wrong",
    }
    episode.say("voids", void)
    assert [use["given_back"] for use in seen_at(desk, "authoriser")] == [False, True]
    assert "已退回共濟賬戶" in desk.story("zh-Hant")


def seen_at(desk: FamilyDesk, side: str) -> list[Body]:
    answer = desk.desk.get(f"{desk.path}/uses?side={side}")
    assert answer.status_code == 200, answer.text
    uses: list[Body] = answer.json()["uses"]
    return uses


def test_a_sharing_that_only_the_bureau_knows_moves_no_money_and_staff_read_why(
    jiangmen: Hospital, bureau: Simulator
) -> None:
    parent = father(bureau)
    parent.may_use(Insured(bureau, balance="500.00"))
    episode = BasicVisit(jiangmen, parent, ACCOUNT).open()
    problem = refused(episode, bill_of(("DRUG", "200.00")))
    assert [e["code"] for e in problem["errors"]] == ["FAMILY_NOT_BOUND"]
    rows = episode.wait("exceptions", code="FAMILY_BINDING_DIFFERS")
    assert (ledger(rows), bureau.journal("settled", person=parent.number)) == ({}, [])
    told = json.dumps(asked_at_the_api(episode, "zh-Hans"), ensure_ascii=False)
    assert "家庭共济关系与医保经办机构的记录不一致" in told


def test_e9_a_relative_who_is_not_bound_is_refused_and_the_patient_pays_in_cash(
    jiangmen: Hospital, bureau: Simulator
) -> None:
    parent = father(bureau)
    parent.may_use(Insured(bureau, balance="500.00"), approved_on="")
    episode = BasicVisit(jiangmen, parent, ACCOUNT).open()
    bill = bill_of(("DRUG", "200.00"))
    problem = refused(episode, bill)
    assert [e["code"] for e in problem["errors"]] == ["FAMILY_NOT_BOUND"]
    (alone,) = problem["alternatives"]
    assert totals(episode.say("bills", varied(bill, coverages=alone["coverages"]))) == {
        "patient": "200.00"
    }
    episode.tender(bill, "200.00", WINDOW)
    assert ledger(episode.closed()) == {}
    assert bureau.journal("settled", person=parent.number) == []


def test_a_settlement_whose_answer_is_lost_is_in_force_once(
    jiangmen: Hospital, bureau: Simulator, family: Family
) -> None:
    parent, _, _ = family
    bureau.fault("accepted_answer_lost", infno="2207", person=parent.number)
    episode = BasicVisit(jiangmen, parent, fund(CAPS), ACCOUNT).open()
    episode.say("bills", bill_of(*E8A))
    rows = episode.closed()
    assert ledger(rows) == owed(JIANGMEN, fund=400, family=12600)
    made = bureau.journal("settled", person=parent.number)
    undone = bureau.journal("reversed", person=parent.number)
    assert (len(made), len(undone)) == (2, 1)


@pytest.mark.parametrize("fault", ["split_wrong", "other_person", "bad_signature"])
def test_a_settlement_that_cannot_be_true_waits_is_reversed_and_made_again(
    jiangmen: Hospital, bureau: Simulator, family: Family, fault: str
) -> None:
    parent, _, _ = family
    bureau.fault(fault, infno="2207", person=parent.number)
    episode = BasicVisit(jiangmen, parent, fund(CAPS), ACCOUNT).open()
    episode.say("bills", bill_of(*E8A))
    rows = episode.wait("exceptions", code="BUREAU_ANSWER_CONTRADICTS")
    assert rows["episode"]["status"] == "open"
    rows = episode.closed()
    assert ledger(rows) == owed(JIANGMEN, fund=400, family=12600)
    assert all(e["resolved_at"] for e in rows["exceptions"])


def test_a_bureau_that_is_down_keeps_the_window_waiting_and_the_episode_goes_on_after(
    jiangmen: Hospital, bureau: Simulator, family: Family
) -> None:
    parent, _, _ = family
    bureau.fault("down", infno="1101", times=-1)
    episode = BasicVisit(jiangmen, parent, fund(CAPS), ACCOUNT).open()
    bill = bill_of(*E8A)
    answer = jiangmen.post(f"{episode.path}/bills", bill)
    assert answer.status_code in (202, 503), answer.text
    bureau.faults()
    assert paid(episode.say("bills", bill))["basic_insurance"] == 400
    assert ledger(episode.closed()) == owed(JIANGMEN, fund=400, family=12600)


def test_a_balance_that_fell_before_the_settlement_is_given_back_and_asked_again(
    jiangmen: Hospital, bureau: Simulator, family: Family
) -> None:
    parent, daughter, _ = family
    change = {"account": daughter.number, "balance": "100.00"}
    bureau.fault("balance_changed", infno="2207", person=parent.number, details=change)
    episode = BasicVisit(jiangmen, parent, fund(CAPS), ACCOUNT).open()
    bill = bill_of(*E8A)
    episode.say("bills", bill)
    rows = episode.wait("claims", state="voided")
    assert [e["code"] for e in rows["exceptions"]] == ["BASIC_SPLIT_CHANGED"]
    episode.tender(bill, "26.00", WINDOW)
    rows = episode.closed()
    assert ledger(rows) == owed(JIANGMEN, fund=400, family=10000)
    assert all(e["resolved_at"] for e in rows["exceptions"])


def test_a_void_is_told_and_so_is_everything_before_in_three_languages_about_nobody(
    flow_stack: Stack, jiangmen: Hospital, bureau: Simulator, family: Family
) -> None:
    parent, _, _ = family
    episode = BasicVisit(jiangmen, parent, fund(CAPS), ACCOUNT).open()
    bill = bill_of(*E8A)
    episode.say("bills", bill)
    episode.closed()
    void = {
        "bill_number": bill["number"],
        "bill_version": 1,
        "voided_at": "2025-04-10T11:00:00+08:00",
        "reason": "a line was wrong",
    }
    episode.say("voids", void)
    rows = episode.wait("claims", state="voided")
    assert ledger(rows) == {}
    story = asyncio.run(told(flow_stack.settings, episode.id))
    kinds = [line.kind for line in story.lines]
    wanted = ["insured_found", "bill_quoted", "claim_due_basic_insurance", "settlement_made"]
    places = [kinds.index(kind) for kind in [*wanted, "settlement_cancelled"]]
    assert places == sorted(places)
    for language in ("en", "zh-Hant", "zh-Hans"):
        text = json.dumps(asked_at_the_api(episode, language), ensure_ascii=False)
        for secret in (parent.certno, parent.number, "HO Mei Ling", "何美玲"):
            assert secret not in text


def test_the_command_compares_a_days_settlements_and_shows_equal_sums(
    flow_stack: Stack, jiangmen: Hospital, bureau: Simulator, family: Family
) -> None:
    parent, _, _ = family
    episode = BasicVisit(jiangmen, parent, fund(CAPS), ACCOUNT).open()
    episode.say("bills", bill_of(*E8A))
    episode.closed()
    today = f"{datetime.now(ZoneInfo('Asia/Shanghai')):%Y-%m-%d}"
    command = ["reconcile", "--hospital", JIANGMEN]
    command += ["--day", today, "--json", "--data-dir", str(flow_stack.home.root)]
    done = typed(*command)
    assert done.returncode == 0, done.stderr
    sums = {one["insurance"]: one for one in json.loads(done.stdout) if not one["stays"]}
    assert sums["RESIDENT"]["settlements"] >= 1
    assert all(one["equal"] and not one["differences"] for one in sums.values())
