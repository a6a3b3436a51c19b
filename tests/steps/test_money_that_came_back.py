"""What came back of payouts goes out as far as something owes it, in whatever order it is said."""

from __future__ import annotations

from itertools import permutations
from random import Random

import pytest

from crossclaim.domain.claw_back_finding import GIVEN_BACK_TWICE
from crossclaim.domain.party import PaymentState
from crossclaim.domain.payout_again import again_at
from crossclaim.domain.records import PayoutRow
from crossclaim.domain.submission import SubmissionKind
from tests.steps.bill_cycle import DRUG
from tests.steps.money_walk import Walk
from tests.steps.rig import HARBOUR, Rig
from tests.steps.test_bill_cycle import CANCEL
from tests.steps.test_changed_minds import LATER, says
from tests.steps.test_money_heard_of_late import debit
from tests.steps.test_money_walks import walk
from tests.steps.test_where_money_meets import of, other_account

MUCH, LESS = 2_000_000, 1_000_000
"""HK cents: 18,300.00 and 9,150.00 of CNY."""
PAID, LOWERED = 1_830_000, 915_000
WAITS = {"PAYOUT_RETURNED", "PAYOUT_REJECTED", "CLAW_BACK_DUE"}


def decides(one: Walk, hkd_cents: int) -> None:
    due = [c for c in one.stay.rows().claims if c.state == "due" and c.organisation_id == HARBOUR]
    one.decides(due[0], hkd_cents)


def ordered(rig: Rig, hkd_cents: int = MUCH) -> tuple[Walk, PayoutRow]:
    """A's part of the first version is decided and handed to the bank."""
    one = walk(rig, 0)
    decides(one, hkd_cents)
    one.stay.reserve()
    (first,) = of(one.stay, HARBOUR)
    one.order(first)
    return one, first


def corrected(one: Walk, hkd_cents: int) -> None:
    """A late charge comes, and A pays so much of the whole."""
    assert one.stay.correct("late_charge", 1, [*one.stay.bill["lines"], DRUG]).status == 200
    decides(one, hkd_cents)


def insurers(one: Walk) -> dict[str, int]:
    return {name: fen for name, fen in one.stay.books().items() if HARBOUR in name}


def waits(rig: Rig, one: Walk) -> set[str]:
    return WAITS & rig.exceptions(one.stay.episode).keys()


def states(one: Walk) -> list[tuple[str, int]]:
    return [(p.state, p.amount_minor) for p in of(one.stay, HARBOUR)]


def test_what_comes_back_after_its_correction_was_denied_stays_with_its_insurer(rig: Rig) -> None:
    one, first = ordered(rig)
    one.says(first, PaymentState.CREDITED)
    corrected(one, 0)
    assert [b.amount_minor for b in one.stay.rows().claw_backs] == [PAID]
    one.says(first, PaymentState.RETURNED, "AC04")
    assert [b.state for b in one.stay.rows().claw_backs] == ["needless"]
    assert waits(rig, one) == set()
    assert one.stay.standing().waiting_for not in ("PAYEE_ACCOUNT", "PAYEE_CLAW_BACK")
    assert other_account(one.stay, first.reference, HARBOUR).codes == ["PAYOUT_NOT_WAITING"]
    assert (insurers(one), one.had[HARBOUR]) == ({}, 0)
    told = rig.story(one.stay.episode, LATER)
    assert "CNY 18,300.00 is owed by nothing any more: it stays" in told


def test_what_came_back_before_its_correction_is_denied_waits_for_no_account(rig: Rig) -> None:
    one, first = ordered(rig)
    one.says(first, PaymentState.REJECTED, "AC01")
    assert waits(rig, one) == {"PAYOUT_REJECTED"}
    corrected(one, 0)
    assert one.stay.rows().claw_backs == []
    assert waits(rig, one) == set()
    assert other_account(one.stay, first.reference, HARBOUR).codes == ["PAYOUT_NOT_WAITING"]
    assert insurers(one) == {}


@pytest.mark.parametrize("reason", ["AC01", "TECH"])
def test_what_the_bank_refused_before_a_correction_goes_out_with_the_right_amount(
    rig: Rig, reason: str
) -> None:
    one, first = ordered(rig)
    one.says(first, PaymentState.REJECTED, reason)
    corrected(one, LESS)
    assert one.stay.rows().claw_backs == [], "nothing was executed, so nothing is asked back"
    assert other_account(one.stay, first.reference, HARBOUR).status == 200
    assert states(one) == [("rejected", PAID), ("reserved", LOWERED)]
    one.home()
    assert one.had[HARBOUR] == one.owed()[HARBOUR] == LOWERED
    assert insurers(one) == {}


def test_what_a_bank_refused_is_not_sent_again_before_its_correction_is_decided(rig: Rig) -> None:
    one, first = ordered(rig)
    one.says(first, PaymentState.REJECTED, "TECH")
    plan = rig.world.plans.find("payout-rails")

    def goes_again() -> bool:
        rows = one.stay.rows()
        payout = next(p for p in rows.payouts if p.reference == first.reference)
        return again_at(rows, payout, plan) is not None

    assert goes_again()
    one.stay.correct("late_charge", 1, [*one.stay.bill["lines"], DRUG])
    assert not goes_again()
    decides(one, LESS)
    assert goes_again()


def test_a_twin_that_lowers_nothing_pays_the_whole_and_asks_it_back(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("activities.decisions.less_again", lambda tx, rows, c, over, at: over)
    one, first = ordered(rig)
    one.says(first, PaymentState.REJECTED, "AC01")
    corrected(one, LESS)
    assert [b.amount_minor for b in one.stay.rows().claw_backs] == [PAID - LOWERED]
    assert other_account(one.stay, first.reference, HARBOUR).status == 200
    assert states(one)[-1] == ("reserved", PAID)


def test_what_is_found_as_not_paid_after_less_was_to_go_out_goes_out_lowered(rig: Rig) -> None:
    one, first = ordered(rig)
    one.says(first, PaymentState.REJECTED, "AC01")
    corrected(one, LESS)
    one.says(first, PaymentState.CREDITED)
    one.in_doubt = {first.reference: "not_paid"}
    one.find()
    assert other_account(one.stay, first.reference, HARBOUR).status == 200
    assert states(one)[-1] == ("reserved", LOWERED)


def asked_back(rig: Rig, why: str) -> tuple[Walk, PayoutRow]:
    """A has paid, and asks back all or some of it."""
    one, first = ordered(rig)
    one.says(first, PaymentState.CREDITED)
    if why == "lowered":
        corrected(one, LESS)
    elif why == "denied":
        corrected(one, 0)
    elif why == "decided":
        assert says(one.stay, HARBOUR, "10000.00").status == 200
    else:
        assert one.stay.order(CANCEL, 1).status == 200
    assert one.stay.rows().claw_backs
    return one, first


def happens(one: Walk, first: PayoutRow, what: str) -> None:
    if what == "returned":
        one.says(first, PaymentState.RETURNED, "AC04")
    else:
        (back,) = one.stay.rows().claw_backs
        one.gives_back(back)


@pytest.mark.parametrize("why", ["lowered", "denied", "decided", "cancelled"])
def test_a_receipt_and_a_return_come_to_the_same_fen_in_either_order(rig: Rig, why: str) -> None:
    found = []
    for order in permutations(("returned", "received")):
        one, first = asked_back(rig, why)
        for what in order:
            happens(one, first, what)
        before = one.stay.books()
        one.home()
        open_ = {"GIVEN_BACK_TWICE", *WAITS} & rig.exceptions(one.stay.episode).keys()
        found.append((before, one.stay.books(), one.had[HARBOUR], open_, states(one)[1:]))
    assert found[0] == found[1]
    _, _, had, open_, _ = found[0]
    if why == "cancelled":
        assert (had, open_) == (-PAID, {"GIVEN_BACK_TWICE"}), "a person sees to it"
    else:
        assert (had, open_) == ({"denied": 0}.get(why, LOWERED), set())


def test_of_a_cancelled_settlement_what_came_back_twice_ends_by_a_finding_of_two(rig: Rig) -> None:
    one, first = asked_back(rig, "cancelled")
    for what in ("received", "returned"):
        happens(one, first, what)
    reference = one.stay.rows().claw_backs[0].reference
    told = {"claw_back": reference, "number": "GF-1"}
    told_of = {"outcome": "not_received", "proof": "E-1", "note": "Ours.", "found_at": LATER}
    told_of |= {"amount": {"amount": "18300.00", "currency": "CNY"}}
    said = {"approved": True, "decided_at": LATER}
    for kind, more, key in (
        (SubmissionKind.CLAW_BACK_FINDING, told_of, "one"),
        (SubmissionKind.CLAW_BACK_FINDING_DECISION, said, "two"),
    ):
        content = {k: v.isoformat() if v is LATER else v for k, v in {**told, **more}.items()}
        answer = rig.say(kind, content, one.stay.episode, organisation=HARBOUR, key_id=key)[1]
        assert answer.status < 300, answer.body
    assert insurers(one) == {} and GIVEN_BACK_TWICE not in rig.exceptions(one.stay.episode)


def test_what_was_given_back_and_is_found_as_paid_after_all_is_not_asked_for_again(
    rig: Rig,
) -> None:
    """Red before: its payee was asked for it a second time."""
    one, first = asked_back(rig, "cancelled")
    for what in ("received", "returned"):
        happens(one, first, what)
    assert GIVEN_BACK_TWICE in rig.exceptions(one.stay.episode)
    one.says(first, PaymentState.CREDITED)
    debit(one.stay, first, "paid")
    assert [b.state for b in one.stay.rows().claw_backs] == ["received"]
    assert insurers(one) == {} and GIVEN_BACK_TWICE not in rig.exceptions(one.stay.episode)


def test_a_twin_that_refuses_the_late_receipt_depends_on_the_order(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("activities.apply_claw_back.received_after_all", lambda *a: False)
    one, first = asked_back(rig, "lowered")
    happens(one, first, "returned")
    with pytest.raises(AssertionError):
        happens(one, first, "received")


def test_once_the_money_is_out_again_what_was_not_owed_is_not_taken(rig: Rig) -> None:
    one, first = asked_back(rig, "lowered")
    happens(one, first, "returned")
    one.home()
    (back,) = one.stay.rows().claw_backs
    known = one.stay.books()
    with pytest.raises(AssertionError, match="CLAW_BACK_NEEDLESS"):
        one.gives_back(back)
    assert one.stay.books() == known


def test_nothing_of_what_came_back_is_lowered_while_the_bank_speaks_of_it_in_two_ways(
    rig: Rig,
) -> None:
    one, first = ordered(rig)
    one.says(first, PaymentState.REJECTED, "AC01")
    one.says(first, PaymentState.CREDITED)
    corrected(one, LESS)
    assert [b.amount_minor for b in one.stay.rows().claw_backs] == [PAID - LOWERED]
    one.in_doubt = {first.reference: "not_paid"}
    one.find()
    assert [b.state for b in one.stay.rows().claw_backs] == ["needless"]
    one.home()
    assert one.had[HARBOUR] == LOWERED and insurers(one) == {}


def test_over_several_corrections_what_goes_out_is_what_the_newest_owes(rig: Rig) -> None:
    """Random decisions over one payout that came back."""
    chance = Random(7)
    one, first = ordered(rig)
    one.says(first, PaymentState.REJECTED, "AC01")
    for version in range(1, 4):
        lines = [*one.stay.bill["lines"], DRUG | {"quantity": 1}]
        lines = lines if version % 2 else one.stay.bill["lines"]
        assert one.stay.correct("replace", version, lines).status == 200
        decides(one, chance.choice([0, 500_000, LESS, MUCH]))
    one.version = 4
    one.home()
    assert one.had[HARBOUR] == one.owed().get(HARBOUR, 0), one.told
    assert insurers(one) == {}
    assert GIVEN_BACK_TWICE not in rig.exceptions(one.stay.episode)
