"""Answers that cannot be true: kept, shown to a person, without effect on any money, until the
party answers rightly. Of the bank (test_bank_inbox), eHealth (test_health_records) and the family
office (test_family_bindings) the same is promised beside their other faults.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest
import yaml

from crossclaim.stack import Stack
from crossclaim.wiring import worker_house
from tests.flows.basic_visit import ACCOUNT, CAPS, BasicVisit, Insured, bill_of, father, fund, owed
from tests.flows.credit_account import CreditAccount
from tests.flows.credit_account import bill_of as credit_bill_of
from tests.flows.hospital import Body, Episode, Hospital
from tests.flows.inpatient_stay import DISCHARGED, InpatientStay
from tests.flows.money import ledger, with_vouchers
from tests.flows.patience import until
from tests.flows.simulator import Simulator
from tests.flows.voucher_visit import VoucherVisit

Kept = Callable[[str], list[str]]


@pytest.fixture
def kept(flow_stack: Stack) -> Kept:
    """The codes of the answers of an episode that are kept as evidence."""

    def read(episode_id: str) -> list[str]:
        house = worker_house(flow_stack.settings)
        with house.database.begin() as connection:
            statement = "select code from kept_answer where episode_id = %(id)s order by id"
            found = connection.execute(statement, {"id": episode_id}).scalars()
        house.database.close()
        return [str(code) for code in found]

    return read


def lasting(party: Simulator, fault: str, *matches: Body) -> None:
    """Until the party behaves again."""
    party.faults(*({"match": match, "fault": fault, "times": -1} for match in matches))


def waits(episode: Episode, code: str) -> Body:
    """Open, with the exception open, and the same a moment later."""
    rows = episode.wait("exceptions", code=code, resolved_at=None)
    assert rows["episode"]["status"] == "open"
    return rows


def settled(rows: Body, code: str) -> None:
    assert all(e["resolved_at"] for e in rows["exceptions"] if e["code"] == code)


@pytest.mark.parametrize("fault", ["other_claim", "other_currency"])
def test_a_voucher_claims_answer_that_cannot_be_true_books_nothing_until_it_can(
    fault: str, jiangmen: Hospital, voucher: Simulator, kept: Kept
) -> None:
    visit = VoucherVisit(jiangmen, voucher)
    lasting(voucher, fault, {"account": visit.account})
    episode = visit.open()
    episode.say("bills", visit.bill)
    before = ledger(episode.rows())
    episode.say("tenders", visit.signed_tender("0.82"))
    rows = waits(episode, "VOUCHER_ANSWER_CONTRADICTS")
    paid = {"funder:patient:due": -82, "hospital:jiangmen-central:bills": 82}
    after = {name: before.get(name, 0) + paid.get(name, 0) for name in before | paid}
    assert ledger(rows) == {name: left for name, left in after.items() if left}
    assert (rows["claims"][0]["state"], rows["claims"][0]["number"]) == ("submitted", "")
    assert rows["voucher"]["balance_minor"] == 350_000
    assert kept(episode.id)
    voucher.behave()
    rows = episode.closed()
    settled(rows, "VOUCHER_ANSWER_CONTRADICTS")
    assert ledger(rows) == with_vouchers("jiangmen-central", 1405)
    assert len(voucher.journal("claimed", account_id=visit.account)) == 1


def test_a_voucher_balance_in_another_currency_is_no_balance(
    jiangmen: Hospital, voucher: Simulator, kept: Kept
) -> None:
    visit = VoucherVisit(jiangmen, voucher)
    lasting(voucher, "other_currency", {"operation": "search"})
    episode = visit.open()
    rows = waits(episode, "VOUCHER_ANSWER_CONTRADICTS")
    assert (rows["voucher"], ledger(rows)) == (None, {})
    assert kept(episode.id) == ["ANSWER_UNREADABLE"]
    voucher.behave()
    episode.say("bills", visit.bill)
    episode.say("tenders", visit.signed_tender("0.82"))
    rows = episode.closed()
    settled(rows, "VOUCHER_ANSWER_CONTRADICTS")
    assert ledger(rows) == with_vouchers("jiangmen-central", 1405)


BUREAU = [
    "split_wrong",
    "other_person",
    "other_amount",
    "other_currency",
    "bad_signature",
    "other_msgid",
]


@pytest.mark.parametrize("fault", BUREAU)
def test_a_settlement_that_cannot_be_true_books_nothing_until_it_can(
    fault: str, jiangmen: Hospital, bureau: Simulator, office: Simulator, kept: Kept
) -> None:
    daughter = Insured(bureau, balance="412.60")
    parent = father(bureau)
    parent.may_use(daughter)
    parent.binds(daughter, jiangmen, office).wait(state="bound")
    lasting(bureau, fault, {"infno": "2207", "person": parent.number})
    episode = BasicVisit(jiangmen, parent, fund(CAPS), ACCOUNT).open()
    episode.say("bills", bill_of(("GEN-CONSULT", "10.00"), ("DRUG", "120.00")))
    before = ledger(episode.rows())
    rows = waits(episode, "BUREAU_ANSWER_CONTRADICTS")
    assert ledger(rows) == before
    assert rows["claims"][0]["state"] in ("submitted", "queued", "due")
    assert kept(episode.id)
    bureau.behave()
    rows = episode.closed()
    settled(rows, "BUREAU_ANSWER_CONTRADICTS")
    assert ledger(rows) == owed("jiangmen-central", fund=400, family=12600)


@pytest.mark.parametrize("fault", ["wrong_amount", "other_person"])
def test_a_charge_that_cannot_be_ours_books_nothing_until_it_is(
    fault: str, dongguan: Hospital, huimin: Simulator, kept: Kept
) -> None:
    account = CreditAccount(dongguan, huimin)
    account.ready()
    episode = account.mother()
    lasting(huimin, fault, {"operation": "charge"}, {"operation": "find"})
    episode.say("bills", credit_bill_of("980.00"))
    before = ledger(episode.rows())
    rows = waits(episode, "PAY_LATER_ANSWER_DIFFERS")
    assert ledger(rows) == before
    assert (rows["claims"][0]["state"], rows["claims"][0]["number"]) == ("submitted", "")
    assert kept(episode.id)
    huimin.behave()
    rows = episode.closed()
    settled(rows, "PAY_LATER_ANSWER_DIFFERS")
    assert len(huimin.journal("charged", reference=rows["claims"][0]["reference"])) == 1
    account.owes("720.00")


def _at_once(insurer: Simulator, policy: str) -> None:
    """An insurer that decides while it is asked."""
    text = files("crossclaim.simulators").joinpath("data", "insurer.yaml").read_text("utf-8")
    row: dict[str, Any] = copy.deepcopy(
        yaml.safe_load(text)["harbour-life"]["policies"]["HL-2025-B*"]
    )
    row["guarantee"]["answer"] = row["claims"]["provider"]["answer"] = "at_once"
    insurer.tables(policies={policy: row})


INSURER = [
    ("total_untrue", "callback"),
    ("other_currency", "callback"),
    ("total_untrue", "claim"),
    ("other_currency", "claim"),
    ("other_request", "claim"),
]


@pytest.mark.parametrize(("fault", "way"), INSURER)
def test_a_decision_that_cannot_be_true_pays_nothing_until_it_can(
    fault: str,
    way: str,
    shenzhen: Hospital,
    insurer: Simulator,
    bank: Simulator,
    kept: Kept,
) -> None:
    stay = InpatientStay.there(shenzhen)
    if way == "claim":
        _at_once(insurer, stay.policy)
    told = [{"operation": one, "policy_number": stay.policy} for one in (way, "inquire")]
    episode = stay.billed_before_discharge()
    lasting(insurer, fault, *told)
    before = ledger(episode.rows())
    episode.say("discharge", DISCHARGED)
    rows = waits(episode, "ANSWER_NOT_USABLE")
    assert (ledger(rows), rows["payouts"]) == (before, [])
    assert rows["claims"][0]["state"] in ("submitted", "queued")
    until(lambda: kept(episode.id), "the kept answer")
    insurer.behave()
    rows = episode.closed()
    settled(rows, "ANSWER_NOT_USABLE")
    assert (rows["claims"][0]["benefit_minor"], ledger(rows)) == (3392386, {})
    assert len(bank.journal("executed", reference=stay.payout)) == 1


@pytest.mark.parametrize("fault", ["other_currency", "other_request"])
def test_a_guarantee_that_cannot_be_true_reserves_nothing_until_it_can(
    fault: str, shenzhen: Hospital, insurer: Simulator, kept: Kept
) -> None:
    stay = InpatientStay.there(shenzhen)
    _at_once(insurer, stay.policy)
    told = [
        {"operation": one, "policy_number": stay.policy} for one in ("preauthorization", "inquire")
    ]
    lasting(insurer, fault, *told)
    episode = stay.open()
    rows = waits(episode, "ANSWER_NOT_USABLE")
    assert (rows["guarantees"][0]["state"] in ("requested", "queued"), ledger(rows)) == (True, {})
    assert kept(episode.id)
    insurer.behave()
    rows = episode.wait("guarantees", state="granted")
    settled(rows, "ANSWER_NOT_USABLE")
    assert rows["guarantees"][0]["limit_minor"] == 4_000_000
