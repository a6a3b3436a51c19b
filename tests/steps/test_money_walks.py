"""Whatever comes in whatever order, once everybody has done what he is waited for each insurer has
paid what the newest split says, nothing twice, and nobody waits."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from activities import examination_limits
from crossclaim.domain.bill_chain import over_by_heir
from crossclaim.domain.party import PaymentState
from tests.steps.bill_cycle import DRUG
from tests.steps.money_walk import HABITS, Walk
from tests.steps.rig import HARBOUR, Rig
from tests.steps.test_bill_cycle import CANCEL, billed
from tests.steps.test_changed_minds import reimbursed, says
from tests.steps.test_where_money_meets import (
    NOTHING_USED,
    all_paid_by_one,
    credited,
    of,
    other_account,
)

ON_OTHERS = ("", "HOSPITAL_FINAL_BILL", "PATIENT_PAYMENT")
"""Whom an episode may still wait for: none that has a part in what insurers pay."""


def with_banks(rig: Rig) -> Rig:
    banks = {insurer.account.bank: HABITS for insurer in rig.world.reference.insurers}
    return replace(rig, world=replace(rig.world, bank_habits=banks))


def walk(rig: Rig, seed: int, **stated: object) -> Walk:
    return Walk(billed(with_banks(rig), **stated), Random(seed))


@pytest.mark.parametrize("seed", [123, 180, 190])
def test_each_insurer_has_paid_in_the_end_what_the_newest_split_says(rig: Rig, seed: int) -> None:
    chance = Random(seed)
    stated = NOTHING_USED if chance.random() < 0.4 else {}
    one = Walk(billed(with_banks(rig), **stated), chance)
    one.decide()
    one.go(22)
    one.home()
    told = "\n".join(one.told)
    assert {who: fen for who, fen in one.had.items() if fen} == one.owed(), told
    insurers = {name: fen for name, fen in one.stay.books().items() if "insurer" in name}
    assert insurers == {}, told
    assert one.stay.standing().waiting_for in ON_OTHERS, told
    assert not {"CLAW_BACK_DUE", "PAYOUT_TO_APPROVE"} & rig.exceptions(one.stay.episode).keys()


def test_of_two_intents_of_one_moment_the_later_one_counts(rig: Rig) -> None:
    stay = all_paid_by_one(rig)
    assert says(stay, HARBOUR, "30000.00").status == 200
    assert says(stay, HARBOUR, "10000.00").status == 200
    known = of(stay, HARBOUR)
    assert [(p.sequence, p.state, p.amount_minor) for p in known] == [
        (1, "cancelled", 5_200_000),
        (2, "cancelled", 2_745_000),
        (3, "reserved", 915_000),
    ]
    credited(stay, known[-1])
    stay.correct("late_charge", 1, [*stay.bill["lines"], DRUG])
    stay.decided(HARBOUR, 2_000_000)
    stay.reserve()
    (more,) = (p for p in of(stay, HARBOUR) if p.state == "reserved")
    assert more.amount_minor == 1_830_000 - 915_000


def test_what_the_bank_brought_back_is_not_asked_back_by_a_cancellation_later(rig: Rig) -> None:
    one = walk(rig, 0)
    one.decides(next(c for c in one.stay.rows().claims if c.state == "due"), 1_000_000)
    one.stay.reserve()
    (first,) = of(one.stay, HARBOUR)
    one.order(first)
    one.says(first, PaymentState.CREDITED)
    one.stay.correct("late_charge", 1, [*one.stay.bill["lines"], DRUG])
    one.decides(next(c for c in one.stay.rows().claims if c.state == "due"), 0)
    (back,) = one.stay.rows().claw_backs
    assert (back.amount_minor, back.cause) == (915_000, "CORRECTION")
    mind = {"claim_id": one.stay.living(HARBOUR).id}
    assert says(one.stay, HARBOUR, "20000.00", **mind).status == 200
    one.says(first, PaymentState.RETURNED, "AC04")
    assert one.stay.order(CANCEL, 2).status == 200
    assert [b.state for b in one.stay.rows().claw_backs] == ["needless"]
    one.home()
    assert one.had[HARBOUR] == 0
    assert not [name for name in one.stay.books() if "insurer" in name]


def test_a_payout_that_was_made_to_another_account_waits_for_none(rig: Rig) -> None:
    one = walk(rig, 0)
    one.decide()
    one.stay.reserve()
    (first,) = of(one.stay, HARBOUR)
    one.order(first)
    one.says(first, PaymentState.REJECTED, "AC01")
    assert other_account(one.stay, first.reference, HARBOUR).status == 200
    one.home()
    assert one.had == one.owed()
    assert one.stay.standing().waiting_for == "PATIENT_PAYMENT"


def test_what_one_insurer_asks_the_patient_back_another_may_pay(rig: Rig) -> None:
    stay = reimbursed(rig)
    direct, later = (c for c in stay.rows().claims if c.organisation_id == HARBOUR)
    before = examination_limits._paid(stay.rows(), direct)
    assert says(stay, HARBOUR, "6000.00", claim_id=later.id).status == 200
    (back,) = stay.rows().claw_backs
    assert examination_limits._paid(stay.rows(), direct) == before + back.amount_minor


@pytest.mark.parametrize("end", [PaymentState.REJECTED, PaymentState.RETURNED])
def test_what_had_settled_and_was_not_credited_is_not_given_back(
    rig: Rig, end: PaymentState
) -> None:
    one = walk(rig, 0)
    one.decides(next(c for c in one.stay.rows().claims if c.state == "due"))
    one.stay.reserve()
    (first,) = of(one.stay, HARBOUR)
    one.order(first)
    one.says(first, PaymentState.SETTLED)
    assert one.stay.order(CANCEL, 1).status == 200
    assert [b.state for b in one.stay.rows().claw_backs] == ["due"]
    one.says(first, end, "AC04")
    assert [b.state for b in one.stay.rows().claw_backs] == ["needless"]
    assert "CLAW_BACK_DUE" not in rig.exceptions(one.stay.episode)
    assert not [name for name in one.stay.books() if "insurer" in name]


def test_what_was_called_back_and_found_as_paid_after_a_denial_is_asked_back(rig: Rig) -> None:
    one = walk(rig, 0)
    one.decides(next(c for c in one.stay.rows().claims if c.state == "due"), 1_000_000)
    one.stay.reserve()
    (first,) = of(one.stay, HARBOUR)
    one.order(first)
    one.stay.correct("late_charge", 1, [*one.stay.bill["lines"], DRUG])
    one.decides(next(c for c in one.stay.rows().claims if c.state == "due"), 0)
    one.says(first, PaymentState.RECALLED)
    assert [b.state for b in one.stay.rows().claw_backs] == ["needless"]
    rows = one.stay.rows()
    payout = next(p for p in rows.payouts if p.reference == first.reference)
    assert over_by_heir(rows, rows.claim(first.claim_id)) == (one.stay.living(HARBOUR), 0)
    paid = payout.model_copy(update={"state": "credited"})
    known = rows.model_copy(update={"payouts": [paid]})
    heir = over_by_heir(known, known.claim(first.claim_id))
    assert heir == (one.stay.living(HARBOUR), 915_000)
