"""Mixed episodes while parties fail and workers die: all end or wait with a reason, to the fen."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

from crossclaim.soak.plan import Kind, SoakPlan
from crossclaim.soak.run import soak
from crossclaim.soak.script import faults_of
from crossclaim.soak.verdict import End, executed_twice, net, unequal

FULL = os.environ.get("CROSSCLAIM_FULL") == "1"
EPISODES, RESTART_EVERY_S, TIMES_AS_OFTEN = (5000, 60.0, 1.0) if FULL else (24, 4.0, 6.0)
HOSPITAL = "6200000000000005"


def account(number: str) -> str:
    return hashlib.sha256(number.encode()).hexdigest()


def movement(reference: str, amount: str, number: str = HOSPITAL) -> dict[str, str]:
    return {"reference": reference, "amount": amount, "creditor_account": number}


def test_mixed_episodes_among_faults_all_end_or_wait_with_a_reason_and_the_books_agree(
    tmp_path: Path,
) -> None:
    seed = int(os.environ.get("CROSSCLAIM_SEED") or secrets.randbelow(2**31))
    print(f"CROSSCLAIM_SEED={seed}")
    plan = SoakPlan(
        episodes=EPISODES,
        seed=seed,
        concurrency=12,
        workers=2,
        restart_every_s=RESTART_EVERY_S,
        times_as_often=TIMES_AS_OFTEN,
    )
    verdict = soak(plan, tmp_path, lambda _what, _count: None)
    assert verdict.faults == []
    assert verdict.episodes == EPISODES
    assert verdict.ended + sum(verdict.waiting.values()) >= EPISODES
    assert verdict.payouts > 0 and verdict.paid_fen > 0
    assert verdict.struck, "a soak without a fault proves nothing"
    assert verdict.restarts > 0


def test_a_fen_that_the_bank_has_and_the_ledger_has_not_is_told() -> None:
    executed = [movement("a-1", "31040.33"), movement("b-1", "10.00")]
    right = {account(HOSPITAL): 3104033 + 1000}
    assert unequal(net(executed, []), right) == []
    (told,) = unequal(net(executed, []), {account(HOSPITAL): 3104033 + 999})
    assert "3105033 fen" in told and "3105032" in told


def test_money_that_came_back_is_nobodys_and_a_payee_without_any_is_told_apart() -> None:
    there, back = [movement("a-1", "5.00")], [movement("a-1", "5.00")]
    assert unequal(net(there, back), {}) == []
    assert len(unequal(net(there, back), {account(HOSPITAL): 500})) == 1
    elsewhere = net([movement("a-1", "5.00", "6200000000000006")], [])
    assert len(unequal(elsewhere, {account(HOSPITAL): 500})) == 2


def test_one_payout_that_a_bank_executed_twice_is_told_by_its_reference() -> None:
    twice = [movement("a-1", "5.00"), movement("a-1", "5.00"), movement("a-2", "5.00")]
    assert executed_twice(twice) == ["the bank executed a-1 2 times"]


def test_an_open_episode_of_which_nobody_was_told_is_not_explained() -> None:
    silent = End(episode_id="ep_1", status="open", codes=(), revision=3)
    assert not silent.explained
    assert silent.model_copy(update={"codes": ("PAYOUT_RETURNED",)}).explained
    assert silent.model_copy(update={"status": "closed"}).explained


def test_the_same_seed_gives_the_same_kinds_and_faults_and_another_one_others() -> None:
    def kinds(seed: int) -> list[Kind]:
        plan = SoakPlan(episodes=50, seed=seed, concurrency=1, workers=1, restart_every_s=0)
        return [plan.kind(number) for number in range(1, 51)]

    assert kinds(7) == kinds(7) != kinds(8)
    assert set(kinds(7)) == set(Kind)
    assert faults_of(7) == faults_of(7) != faults_of(8)
