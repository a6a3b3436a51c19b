"""A bank that rejects, is silent, is late, repeats itself, returns money or writes nonsense."""

from __future__ import annotations

from typing import Any

import pytest

from crossclaim.stack import Stack
from tests.flows.bank_desk import BankDesk
from tests.flows.flow_stack import QUIET_INSURER, QUIET_POLICY
from tests.flows.hospital import Body, Episode, Hospital
from tests.flows.inpatient_stay import DISCHARGED, InpatientStay
from tests.flows.money import ledger
from tests.flows.patience import until
from tests.flows.simulator import Simulator

LONG_S = 3600
"""How far a promise of the bank lies ahead until the test moves the bank's clock."""


def discharged(stay: InpatientStay, bank: Simulator, fault: str, **details: Any) -> Episode:
    """The payout meets the fault: its reference is known before the discharge."""
    episode = stay.billed_before_discharge()
    bank.fault(fault, reference=stay.payout, **details)
    episode.say("discharge", DISCHARGED)
    return episode


def paid_once(episode: Episode, stay: InpatientStay, bank: Simulator) -> Body:
    rows = episode.closed()
    (payout,) = rows["payouts"]
    assert (payout["reference"], payout["state"]) == (stay.payout, "credited")
    assert ledger(rows) == {}
    (executed,) = bank.journal("executed", reference=stay.payout)
    assert executed["amount"] == "31040.33"
    return rows


def owed_again(rows: Body) -> None:
    """The insurer owes and the hospital is owed as before the payout."""
    left = {k: v for k, v in ledger(rows).items() if not k.startswith("guarantee")}
    assert left == {
        "funder:insurer:kowloon-mutual:due": 3104033,
        "hospital:hku-szh:bills": -3104033,
    }


def test_a_rejected_payout_is_reversed_and_waits_for_an_account(
    shenzhen: Hospital, bank: Simulator
) -> None:
    stay = InpatientStay(shenzhen)
    episode = discharged(stay, bank, "reject", details={"reason": "AC01"})
    rows = episode.wait("payouts", state="rejected", reason="AC01")
    assert rows["episode"]["status"] == "open"
    assert [e["code"] for e in rows["exceptions"]] == ["PAYOUT_REJECTED"]
    owed_again(rows)
    assert bank.journal("executed", reference=stay.payout) == []


def test_a_silent_bank_is_asked_and_says_that_it_has_paid(
    shenzhen: Hospital, bank: Simulator, desk: BankDesk
) -> None:
    stay = InpatientStay(shenzhen)
    episode = discharged(stay, bank, "silent")
    rows = paid_once(episode, stay, bank)
    assert rows["payouts"][0]["inquiries"] >= 1
    assert len(desk.orders(stay.payout)) == 1


def test_an_order_that_got_lost_is_sent_again_after_the_fence_under_the_same_reference(
    shenzhen: Hospital, bank: Simulator, desk: BankDesk
) -> None:
    stay = InpatientStay(shenzhen)
    episode = discharged(stay, bank, "silent", details={"executes": False})
    rows = episode.wait("payouts", state="unknown")
    assert rows["payouts"][0]["orders"] == 1
    rows = paid_once(episode, stay, bank)
    assert rows["payouts"][0]["orders"] == 2
    assert len(desk.orders(stay.payout)) == 2
    first, second = bank.journal("received", reference=stay.payout)
    assert first["message_id"] != second["message_id"]


def test_a_bank_that_executes_after_our_inquiry_pays_once(
    shenzhen: Hospital, bank: Simulator, desk: BankDesk
) -> None:
    stay = InpatientStay(shenzhen)
    episode = discharged(stay, bank, "late", delay_s=LONG_S)
    bank.has_done("asked", reference=stay.payout, found=False)
    bank.later(LONG_S)
    rows = paid_once(episode, stay, bank)
    assert rows["payouts"][0]["orders"] == 1
    assert len(desk.orders(stay.payout)) == 1


def test_a_naive_desk_that_sends_again_at_the_first_denial_pays_twice(
    shenzhen: Hospital, bank: Simulator, desk: BankDesk
) -> None:
    stay = InpatientStay(shenzhen)
    episode = discharged(stay, bank, "late", delay_s=LONG_S)
    bank.has_done("asked", reference=stay.payout, found=False)
    desk.send_copy(desk.orders(stay.payout)[0])
    bank.later(LONG_S)
    episode.closed()
    bank.has_done("executed", 2, reference=stay.payout)
    with pytest.raises(ValueError, match="too many values"):
        paid_once(episode, stay, bank)


def test_a_credit_that_is_confirmed_twice_counts_once(
    shenzhen: Hospital, bank: Simulator, desk: BankDesk
) -> None:
    stay = InpatientStay(shenzhen)
    episode = discharged(stay, bank, "confirm_twice")
    paid_once(episode, stay, bank)
    until(lambda: len(desk.advices(stay.payout)) == 2, "both advices processed")
    paid_once(episode, stay, bank)


def test_money_that_comes_back_after_the_close_opens_the_episode_again(
    shenzhen: Hospital, bank: Simulator
) -> None:
    stay = InpatientStay(shenzhen)
    back = {"return_after_s": LONG_S, "reason": "AC04"}
    episode = discharged(stay, bank, "return_after_s", details=back)
    rows = episode.closed()
    assert ledger(rows) == {}
    bank.later(LONG_S)
    rows = episode.wait("payouts", state="returned", reason="AC04")
    assert rows["episode"]["status"] == "open"
    assert [e["code"] for e in rows["exceptions"]] == ["PAYOUT_RETURNED"]
    owed_again(rows)
    assert len(bank.journal("returned", reference=stay.payout)) == 1


def test_an_unreadable_file_is_set_aside_with_its_reason_and_holds_nothing_up(
    shenzhen: Hospital, bank: Simulator, desk: BankDesk
) -> None:
    stay = InpatientStay(shenzhen)
    before = set(desk.set_aside())
    episode = discharged(stay, bank, "garbage")
    paid_once(episode, stay, bank)
    new = until(lambda: set(desk.set_aside()) - before, "a bad file")
    assert len(new) == 1
    assert desk.set_aside()[new.pop()].strip()


def test_a_bank_that_only_sends_statements_settles_by_its_statement(
    shenzhen: Hospital, flow_stack: Stack
) -> None:
    stay = InpatientStay(shenzhen, QUIET_INSURER, QUIET_POLICY)
    episode = stay.billed_before_discharge()
    episode.say("discharge", DISCHARGED)
    rows = episode.closed()
    (payout,) = rows["payouts"]
    # Without a credit advice the credit is assumed at the settlement and never claimed as proved.
    assert (payout["state"], payout["credited_at"], payout["orders"]) == ("accepted", None, 1)
    assert payout["settled_at"] is not None
    assert ledger(rows) == {}
    assert len(BankDesk(flow_stack, "quiet-bank").orders(stay.payout)) == 1
