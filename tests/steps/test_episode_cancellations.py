"""A cancelled episode: everything that its preview has told, and nothing else."""

from __future__ import annotations

import pytest

from activities.take_back import TakeBackSteps
from activities.withdrawal_steps import WithdrawalSteps
from crossclaim.domain.episode_cancellation import CancellationPlan, cancellation_plan
from crossclaim.domain.money import Currency
from crossclaim.domain.party import PaymentState
from crossclaim.domain.records import EpisodeRows
from tests.steps.bill_cycle import Cycle
from tests.steps.money_walk import Walk
from tests.steps.repairing import LATER, STAFF, Repairer
from tests.steps.rig import HARBOUR, MUTUAL, Rig, policy_number
from tests.steps.test_bill_cycle import billed, opened, settled
from tests.steps.test_money_walks import walk


def told_everywhere(stay: Cycle) -> None:
    """Every insurer hears what is due about claims and letters."""
    for _ in range(20):
        standing = stay.standing()
        if standing.bill_cycle is not None:
            TakeBackSteps(stay.rig.world).take_back_claim(stay.about(standing.bill_cycle.subject))
        elif standing.withdrawal is not None and standing.withdrawal.step == "cancel_guarantee":
            WithdrawalSteps(stay.rig.world).cancel_guarantee(
                stay.about(standing.withdrawal.subject)
            )
        else:
            return
    raise AssertionError("it never comes to rest")


def owed_by_plan(plan: CancellationPlan) -> dict[str, int]:
    """Insurer → fen that payees give back of what it has paid."""
    found: dict[str, int] = {}
    for step in plan.steps:
        if step.what == "claw_back":
            assert step.amount is not None and step.amount.currency is Currency.CNY
            found[step.who] = found.get(step.who, 0) + step.amount.amount_minor
    return found


def open_backs(stay: Cycle) -> dict[str, int]:
    found: dict[str, int] = {}
    for back in stay.rows().claw_backs:
        if back.open:
            found[back.organisation_id] = found.get(back.organisation_id, 0) + back.amount_minor
    return found


def test_before_anything_is_out_every_balance_is_as_it_was(rig: Rig) -> None:
    visit = rig.visit(policy_number())
    before = rig.balances(visit.episode)
    visit.accepted()
    assert rig.balances(visit.episode) != before
    desk = Repairer(rig, visit.episode, STAFF)
    shown = desk.plan()
    answer = desk.cancels()
    assert answer.status == 200, answer.body
    assert answer.body["reversed"] == [s.model_dump(mode="json") for s in shown.steps]
    rig.paid_back(visit.episode)
    left = {k: v for k, v in rig.balances(visit.episode).items() if not k.startswith("guarantee")}
    assert left == {k: v for k, v in before.items() if not k.startswith("guarantee")}
    assert rig.standing(visit.episode, LATER).repair is None
    assert "cancelled the episode (billed wrongly)" in rig.story(visit.episode, LATER)


def test_what_two_insurers_have_paid_is_owed_back_to_the_fen_and_closes_when_it_has_come(
    rig: Rig,
) -> None:
    stay = settled(rig)
    desk = Repairer(rig, stay.episode)
    shown = desk.plan()
    assert owed_by_plan(shown) == {HARBOUR: 2_745_000, MUTUAL: 2_196_000}
    parties = {one.who: one for one in shown.parties() if one.owed.currency is Currency.CNY}
    assert parties[HARBOUR].owed.amount_minor == 2_745_000
    assert desk.cancels().status == 200
    told_everywhere(stay)
    assert open_backs(stay) == {HARBOUR: 2_745_000, MUTUAL: 2_196_000}
    assert stay.standing().waiting_for == "PAYEE_CLAW_BACK"
    stay.given_back()
    stay.refunded()
    assert stay.books() == {}
    last = stay.standing()
    assert last.closable and not last.claim_due
    assert not {k for k in stay.rig.balances(stay.episode) if k.startswith("guarantee")}


def test_an_order_that_comes_again_or_too_late_changes_nothing(rig: Rig) -> None:
    stay = billed(rig)
    desk = Repairer(rig, stay.episode)
    old = desk.plan().effect
    stay.decided(HARBOUR, 2_000_000)
    assert desk.cancels(old).codes == ["EPISODE_MOVED_ON"]
    books = stay.books()
    assert not stay.rows().cancelled and books
    assert desk.cancels().status == 200
    after = stay.rows()
    assert desk.cancels("0" * 16).codes == ["EPISODE_CANCELLED"]
    assert stay.rows() == after
    assert stay.send(stay.version(2, stay.bill["lines"])).codes == ["EPISODE_CANCELLED"]
    assert stay.standing().claim_due is None


def test_a_desk_that_does_not_compare_the_effect_cancels_what_nobody_was_shown(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    stay = settled(rig)
    desk = Repairer(rig, stay.episode)

    def any_effect(rows: EpisodeRows) -> CancellationPlan:
        return cancellation_plan(rows).model_copy(update={"effect": "any"})

    assert desk.cancels("any").codes == ["EPISODE_MOVED_ON"]
    monkeypatch.setattr("activities.apply_episode_cancellation.cancellation_plan", any_effect)
    assert desk.cancels("any").status == 200
    assert open_backs(stay), "money is asked back that no preview had told of"


def test_before_a_bill_is_final_drafts_and_letters_go(rig: Rig) -> None:
    stay = opened(rig)
    stay.send(stay.version(1, stay.bill["lines"][:2], "interim"))
    shown = Repairer(rig, stay.episode).plan()
    assert {s.what for s in shown.steps} >= {"draft_dropped"}
    assert Repairer(rig, stay.episode).cancels().status == 200
    told_everywhere(stay)
    assert stay.rig.balances(stay.episode) == {}
    assert stay.standing().closable


def test_money_on_its_way_blocks_and_says_so(rig: Rig) -> None:
    one = walk(rig, 0)
    one.decide()
    one.stay.reserve()
    for payout in one._payouts("reserved"):
        one.order(payout)
    desk = Repairer(rig, one.stay.episode)
    assert "BILL_PAYMENT_ON_ITS_WAY" in {f.code for f in desk.plan().faults}
    assert "BILL_PAYMENT_ON_ITS_WAY" in desk.cancels().codes


@pytest.mark.parametrize("seed", [3, 17, 41, 77])
def test_from_any_standing_every_balance_comes_back_but_what_is_out_and_that_is_owed(
    rig: Rig, seed: int
) -> None:
    one = walk(rig, seed)
    one.decide()
    one.go(16)
    ends_what_is_on_its_way(one)
    stay, desk = one.stay, Repairer(rig, one.stay.episode)
    told = "\n".join(one.told)
    shown = desk.plan()
    if not [b for b in stay.rows().bills if b.payable]:
        return
    assert not shown.faults, told
    had = {who: fen for who, fen in one.had.items() if fen}
    answer = desk.cancels()
    assert answer.status == 200, (answer.body, told)
    told_everywhere(stay)
    assert open_backs(stay) == had, told
    for who, fen in owed_by_plan(shown).items():
        assert 0 < fen <= had[who], told
    for back in [b for b in stay.rows().claw_backs if b.open]:
        one.gives_back(back)
    stay.refunded()
    insurers = {name: fen for name, fen in stay.books().items() if "insurer" in name}
    assert insurers == {}, told


def ends_what_is_on_its_way(one: Walk) -> None:
    """Money on its way blocks a cancellation; the bank has its last word, two keys theirs."""
    for _ in range(5):
        one.find()
        for payout in one._payouts("sent", "accepted", "unknown"):
            if payout.settled_at is None:
                one.says(payout, PaymentState.CREDITED)
    one.find()
