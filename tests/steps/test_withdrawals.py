"""Scenario E12 on our rows: where a withdrawn consent meets the claim, and what becomes of it."""

from __future__ import annotations

import pytest

from crossclaim.domain.records import CLOSED_CONSENT_WITHDRAWN
from crossclaim.domain.submission import FunderKind
from tests.steps.rig import HARBOUR, Rig
from tests.steps.withdrawn_visit import (
    INSURED,
    REST,
    WHOLE,
    WithdrawnVisit,
    on,
)

RESERVED = {f"guarantee:{HARBOUR}:reserved": 300_000, f"guarantee:{HARBOUR}:committed": -300_000}
USED = RESERVED | {f"guarantee:{HARBOUR}:reserved": 50_000, f"guarantee:{HARBOUR}:used": 250_000}
BILLED = {
    "hospital:hku-szh:bills": -WHOLE,
    f"funder:insurer:{HARBOUR}:due": INSURED,
    "funder:patient:due": REST,
}
ALL_THE_PATIENTS = {"hospital:hku-szh:bills": -WHOLE, "funder:patient:due": WHOLE}


def test_e12_a_before_the_bill_the_patient_is_billed_the_whole(rig: Rig) -> None:
    visit = WithdrawnVisit.opened(rig)
    assert visit.balances() == RESERVED
    (effect,) = visit.withdraw().body["effects"]
    assert (effect["branch"], effect["status"]) == ("before_claim", CLOSED_CONSENT_WITHDRAWN)
    assert visit.guarantee().state == "cancelling"
    standing = visit.followed()
    assert visit.insurer.stopped == [("cancel", visit.guarantee().reference)]
    assert visit.guarantee().state == "cancelled" and visit.balances() == {}
    assert standing.waiting_for == "HOSPITAL_FINAL_BILL"
    split = visit.billed().split
    assert [(t.funder, t.amount.amount_minor) for t in split.totals] == [
        (FunderKind.PATIENT, WHOLE)
    ]
    assert split.trace[-1].result.startswith("WITHDRAWN_BEFORE_CLAIM")
    assert visit.balances() == ALL_THE_PATIENTS
    assert visit.standing().claim_due is None
    assert visit.standing().waiting_for == "PATIENT_PAYMENT"
    visit.tender(WHOLE)
    assert visit.closed() == CLOSED_CONSENT_WITHDRAWN
    assert visit.balances() == {} and visit.exceptions() == set()
    assert "The patient withdrew" in visit.told()


def test_e12_a_after_the_bill_and_before_its_claim_the_split_is_reversed(rig: Rig) -> None:
    visit = WithdrawnVisit.opened(rig)
    visit.billed()
    visit.tender(REST)
    assert visit.balances() == USED | {
        "hospital:hku-szh:bills": -INSURED,
        f"funder:insurer:{HARBOUR}:due": INSURED,
    }
    (effect,) = visit.withdraw().body["effects"]
    assert effect["before"]["pending"]["amount"] == "2287.50"
    assert effect["after"]["patient"]["amount"] == "3275.00"
    assert {one["code"] for one in effect["stops"]} == {"sends", "guarantee", "direct_billing"}
    assert visit.claim().state == "voided"
    visit.followed()
    assert visit.balances() == {
        "hospital:hku-szh:bills": -INSURED,
        "funder:patient:due": INSURED,
    }
    assert visit.insurer.orders == []
    visit.tender(INSURED)
    assert visit.closed() == CLOSED_CONSENT_WITHDRAWN
    assert visit.balances() == {} and visit.withdrawal().retained_until == on(6).date().replace(
        year=2041
    )
    assert "The patient withdrew" in visit.told()


def test_e12_b_the_claim_is_suspended_for_thirty_days_and_then_ends_as_before_it(rig: Rig) -> None:
    visit = WithdrawnVisit.opened(rig)
    visit.billed()
    visit.submit()
    assert visit.claim().state == "queued"
    (effect,) = visit.withdraw().body["effects"]
    assert (effect["status"], effect["suspended_through"]) == ("SUSPENDED", "2026-06-05")
    assert effect["after"]["pending"]["amount"] == "2287.50"
    assert visit.claim().state == "suspended"
    standing = visit.followed()
    assert visit.insurer.stopped == [("suspend", visit.claim().reference)]
    assert standing.waiting_for == "PATIENT_NEW_CONSENT"
    assert standing.withdrawal is not None and standing.withdrawal.until is not None
    assert standing.deadline() == standing.withdrawal.until == on(36, 16)
    assert visit.balances() == BILLED | USED
    visit.now = on(36, 15)
    assert visit.followed().withdrawal is not None and visit.claim().state == "suspended"
    visit.now = on(36, 16)
    visit.followed()
    assert visit.claim().state == "voided"
    assert visit.insurer.stopped[1:] == [
        ("cancel", visit.guarantee().reference),
        ("cancel", visit.claim().reference),
    ]
    assert visit.balances() == ALL_THE_PATIENTS
    visit.tender(WHOLE)
    assert visit.closed() == CLOSED_CONSENT_WITHDRAWN
    assert visit.balances() == {} and visit.exceptions() == set()
    assert "The patient withdrew" in visit.told()


def test_e12_b_a_decision_while_suspended_is_kept_and_moves_nothing(rig: Rig) -> None:
    visit = WithdrawnVisit.opened(rig)
    visit.billed()
    visit.submit()
    visit.withdraw()
    for _ in range(2):
        assert visit.decided().status == 200
    assert visit.claim().state == "suspended" and visit.claim().pay_fen is None
    assert visit.exceptions() == {"DECISION_WHILE_SUSPENDED"}
    assert visit.balances() == BILLED | USED
    assert visit.standing().payout_due is None
    visit.now = on(40)
    visit.followed()
    assert visit.exceptions() == set() and visit.balances() == ALL_THE_PATIENTS
    visit.decided()
    assert visit.exceptions() == {"DECISION_AFTER_WITHDRAWAL"}
    assert visit.balances() == ALL_THE_PATIENTS


def test_e12_b_with_a_new_consent_the_claim_goes_on_and_is_paid(rig: Rig) -> None:
    visit = WithdrawnVisit.opened(rig)
    visit.billed()
    visit.tender(REST)
    visit.submit()
    visit.withdraw()
    visit.followed()
    visit.decided()
    assert visit.give_again(on(20)).body["resumed"] == [HARBOUR]
    assert visit.exceptions() == set()
    standing = visit.followed()
    assert [word for word, _ in visit.insurer.stopped] == ["suspend", "resume"]
    assert standing.claim_due == visit.claim().id
    visit.will_decide()
    visit.submit()
    assert len(visit.insurer.orders) == 1
    assert (visit.claim().state, visit.claim().pay_fen) == ("partial", INSURED)
    visit.credited()
    assert visit.closed() == "closed"
    assert visit.balances() == {} and visit.exceptions() == set()
    assert "The patient withdrew" in visit.told()


def test_e12_c_after_approval_the_payment_is_completed(rig: Rig) -> None:
    visit = WithdrawnVisit.opened(rig)
    visit.billed()
    visit.submit()
    visit.decided()
    (effect,) = visit.withdraw().body["effects"]
    assert (effect["branch"], effect["status"]) == ("before_payout", "UNCHANGED")
    assert effect["after"] == {
        "insurer": {"amount": "2287.50", "currency": "CNY"},
        "pending": {"amount": "0.00", "currency": "CNY"},
        "patient": {"amount": "987.50", "currency": "CNY"},
    }
    assert {one["code"] for one in effect["stays"]} >= {"payment", "account_data"}
    assert visit.standing().withdrawal is None
    assert visit.standing().payout_due == visit.claim().id
    visit.credited()
    visit.tender(REST)
    assert visit.closed() == "closed"
    assert visit.insurer.stopped == []
    assert visit.balances() == {} and visit.exceptions() == set()
    assert "The patient withdrew" in visit.told()


def test_e12_d_after_the_payout_only_access_closes(rig: Rig) -> None:
    visit = WithdrawnVisit.opened(rig)
    visit.billed()
    visit.tender(REST)
    visit.submit()
    visit.decided()
    visit.credited()
    (effect,) = visit.withdraw().body["effects"]
    assert effect["branch"] == "after_payout"
    assert {one["code"] for one in effect["stops"]} == {"sends", "all_access"}
    assert visit.closed() == "closed" and visit.balances() == {}
    assert visit.read_by(HARBOUR)["bills"] == []
    visit.give_again(on(9))
    again = visit.read_by(HARBOUR)
    assert [bill["id"] for bill in again["bills"]] == [visit.claim().bill_id]
    assert "storage_only" not in again
    assert "The patient withdrew" in visit.told()


@pytest.mark.parametrize("consent", ["PI_SENSITIVE", "PI_PROVIDE", "CLAIM_AUTH"])
def test_each_consent_that_the_insurer_needs_ends_it(consent: str, rig: Rig) -> None:
    visit = WithdrawnVisit.opened(rig)
    (effect,) = visit.withdraw(withdrawn=consent).body["effects"]
    assert effect["branch"] == "before_claim"


def test_a_second_withdrawal_finds_nothing_to_stop(rig: Rig) -> None:
    visit = WithdrawnVisit.opened(rig)
    visit.billed()
    visit.submit()
    assert len(visit.withdraw().body["effects"]) == 1
    again = visit.withdraw(on(7))
    assert (again.body["ended"], again.body["effects"]) == (0, [])
    other = visit.withdraw(on(8), withdrawn="PI_PROVIDE")
    # What was given for the Hospital Authority ends with it.
    assert (other.body["ended"], other.body["effects"]) == (2, [])
    # One of the two given again is not enough.
    assert "resumed" not in visit.give_again(on(9)).body
    assert visit.claim().state == "suspended"
    assert visit.give_again(on(10), type="PI_PROVIDE").body["resumed"] == [HARBOUR]


def test_withdrawn_given_and_withdrawn_again_has_a_new_time_of_its_own(rig: Rig) -> None:
    visit = WithdrawnVisit.opened(rig)
    visit.billed()
    visit.submit()
    visit.withdraw()
    visit.followed()
    visit.give_again(on(20))
    visit.withdraw(on(21))
    visit.followed()
    assert [word for word, _ in visit.insurer.stopped] == ["suspend", "suspend"]
    first, second = visit.rows().withdrawals
    assert (first.state, second.state, second.sequence) == ("resumed", "suspended", 2)
    assert visit.standing().deadline() == on(51, 16)


def test_what_a_withdrawal_ended_stays_ended_with_a_new_consent(rig: Rig) -> None:
    visit = WithdrawnVisit.opened(rig)
    visit.withdraw()
    visit.followed()
    assert visit.give_again(on(7)).body["stays_ended"] == [HARBOUR]
    assert visit.billed().split.insurer(HARBOUR) is None
    assert visit.insurer.orders == [] and visit.standing().claim_due is None


def test_a_new_consent_after_the_time_comes_too_late(rig: Rig) -> None:
    visit = WithdrawnVisit.opened(rig)
    visit.billed()
    visit.submit()
    visit.withdraw()
    assert "resumed" not in visit.give_again(on(36, 16)).body
    visit.followed()
    assert visit.claim().state == "voided" and visit.balances() == ALL_THE_PATIENTS


def test_a_withdrawal_on_a_closed_episode_ends_no_money(rig: Rig) -> None:
    visit = WithdrawnVisit.opened(rig)
    visit.billed()
    visit.tender(REST)
    visit.submit()
    visit.decided()
    visit.credited()
    assert visit.closed() == "closed"
    (effect,) = visit.withdraw().body["effects"]
    assert effect["branch"] == "after_payout"
    assert visit.rows().episode.status == "closed" and visit.balances() == {}
