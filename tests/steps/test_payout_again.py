"""What a bank refused for a passing reason goes again by itself, so often; money moves once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from activities.orders import Subject
from activities.payout_again import PayoutAgainSteps
from crossclaim.domain.standing import Standing
from crossclaim.domain.submission import SubmissionKind
from tests.steps.paper_claims import APPROVED, INSURER, claim
from tests.steps.rig import Rig
from tests.steps.test_paper_claims import (
    came_back,
    decided,
    proposal,
    reserved,
    say,
    sent,
    stock,
    word,
)

HOUR = timedelta(hours=1)
SAME = claim()["account"]["number"]


def refused(rig: Rig, reason: str) -> tuple[str, str]:
    episode, _ = sent(rig, claim())
    decided(rig, episode)
    reserved(rig, episode, APPROVED)
    return episode, came_back(rig, episode, APPROVED, reason)


def repeated(rig: Rig, episode: str, reference: str, at: datetime) -> Standing:
    order = Subject(episode_id=episode, subject=reference, at=at)
    return PayoutAgainSteps(rig.world).repeat_payout(order)


@pytest.mark.parametrize("reason", ["MS03", "TECH", "AM04", "ED05"])
def test_a_passing_reason_sends_the_same_sum_to_the_same_account_an_hour_later(
    rig: Rig, reason: str
) -> None:
    episode, reference = refused(rig, reason)
    soon = stock(rig, episode, APPROVED + HOUR - timedelta(seconds=1))
    assert soon.payout_again_due is None and soon.deadline() == APPROVED + HOUR
    assert soon.waiting_for == "BANK_AGAIN"
    assert stock(rig, episode, APPROVED + HOUR).payout_again_due == reference
    repeated(rig, episode, reference, APPROVED + HOUR)
    old, new = rig.rows(episode).payouts
    assert (new.reference, new.state, new.amount_minor) == (f"{reference}-2", "reserved", 142186)
    assert new.payee_account_sha256 == old.payee_account_sha256
    assert rig.balances(episode)[f"clearing:harbour-bank:{INSURER}"] == 142186


def test_the_step_run_twice_reserves_once(rig: Rig) -> None:
    episode, reference = refused(rig, "TECH")
    repeated(rig, episode, reference, APPROVED + HOUR)
    repeated(rig, episode, reference, APPROVED + HOUR)
    assert len(rig.rows(episode).payouts) == 2
    assert rig.balances(episode)[f"clearing:harbour-bank:{INSURER}"] == 142186


def test_a_step_that_comes_too_early_pays_nothing(rig: Rig) -> None:
    episode, reference = refused(rig, "TECH")
    repeated(rig, episode, reference, APPROVED + HOUR / 2)
    assert len(rig.rows(episode).payouts) == 1


def test_after_three_times_a_person_decides(rig: Rig) -> None:
    episode, reference = refused(rig, "TECH")
    at = APPROVED
    for _ in range(3):
        at += HOUR
        repeated(rig, episode, reference, at)
        reference = came_back(rig, episode, at, "TECH")
    standing = stock(rig, episode, at + timedelta(days=9))
    assert len(rig.rows(episode).payouts) == 4
    assert standing.payout_again_due is None and standing.payout_again_at is None
    assert standing.waiting_for == "PAYEE_ACCOUNT"


@pytest.mark.parametrize("reason", ["AC01", "AC04", "RR04", "MD07", "AM05", "XX99", ""])
def test_every_other_reason_waits_for_a_person(rig: Rig, reason: str) -> None:
    episode, reference = refused(rig, reason)
    assert stock(rig, episode, APPROVED + timedelta(days=9)).payout_again_due is None
    repeated(rig, episode, reference, APPROVED + timedelta(days=9))
    assert len(rig.rows(episode).payouts) == 1


@pytest.mark.parametrize("code", ["PAYOUT_CREDITED_AFTER_CLOSE", "PAYEE_ACCOUNT_PROPOSED"])
def test_nothing_goes_by_itself_while_the_bank_or_a_person_says_otherwise(
    rig: Rig, code: str
) -> None:
    episode, reference = refused(rig, "TECH")
    with rig.world.records.transaction() as tx:
        tx.lock(episode)
        tx.open_exception(episode, code, reference, {}, APPROVED)
    repeated(rig, episode, reference, APPROVED + HOUR)
    assert len(rig.rows(episode).payouts) == 1


def test_the_clock_runs_on_while_the_payout_is_sent_again_by_itself(rig: Rig) -> None:
    episode, _ = refused(rig, "TECH")
    late = APPROVED + timedelta(hours=72, seconds=1)
    assert stock(rig, episode, late).clock_breach_due is not None
    account_asked, _ = refused(rig, "AC01")
    assert stock(rig, account_asked, late).clock_breach_due is None


def test_two_persons_send_it_to_the_same_account_where_the_account_is_not_at_fault(
    rig: Rig,
) -> None:
    episode, reference = refused(rig, "RR04")
    same = proposal(reference, account=SAME)
    assert say(rig, SubmissionKind.PAYEE_ACCOUNT, same, episode, "maker").status == 202
    approved = say(rig, SubmissionKind.PAYEE_DECISION, word(reference), episode, "checker")
    assert approved.status == 200 and len(rig.rows(episode).payouts) == 2
    closed, about = refused(rig, "AC04")
    blamed = proposal(about, account=SAME)
    told = say(rig, SubmissionKind.PAYEE_ACCOUNT, blamed, closed, "maker")
    assert told.codes == ["PAYEE_ACCOUNT_SAME"]


def contradicted(rig: Rig, episode: str, reference: str) -> None:
    """The bank says that it made a payment which it had refused."""
    with rig.world.records.transaction() as tx:
        tx.lock(episode)
        tx.open_exception(episode, "PAYOUT_CREDITED_AFTER_CLOSE", reference, {}, APPROVED)
        tx.change_episode(episode)


def test_a_refused_payout_that_was_made_after_all_stops_those_that_follow_it(rig: Rig) -> None:
    episode, first = refused(rig, "TECH")
    repeated(rig, episode, first, APPROVED + HOUR)
    second = came_back(rig, episode, APPROVED + HOUR, "TECH")
    contradicted(rig, episode, first)
    standing = stock(rig, episode, APPROVED + 3 * HOUR)
    assert standing.payout_again_due is None and standing.payout_again_at is None
    repeated(rig, episode, second, APPROVED + 3 * HOUR)
    assert len(rig.rows(episode).payouts) == 2


def test_what_is_reserved_again_is_not_sent_once_the_first_was_made_after_all(rig: Rig) -> None:
    episode, first = refused(rig, "TECH")
    standing = repeated(rig, episode, first, APPROVED + HOUR)
    assert standing.payout is not None and standing.payout.send_due
    contradicted(rig, episode, first)
    after = stock(rig, episode, APPROVED + 2 * HOUR)
    assert after.payout is None or not after.payout.send_due
    assert not after.closable


def test_nobody_approves_another_account_for_money_that_a_bank_says_it_has_paid(rig: Rig) -> None:
    episode, first = refused(rig, "TECH")
    repeated(rig, episode, first, APPROVED + HOUR)
    second = came_back(rig, episode, APPROVED + HOUR, "AC04")
    contradicted(rig, episode, first)
    say(rig, SubmissionKind.PAYEE_ACCOUNT, proposal(second), episode, "maker")
    told = say(rig, SubmissionKind.PAYEE_DECISION, word(second), episode, "checker")
    assert told.codes == ["PAYOUT_CONTRADICTED"] and len(rig.rows(episode).payouts) == 2


def test_a_payout_that_was_settled_before_it_was_refused_waits_for_a_person(rig: Rig) -> None:
    episode, reference = refused(rig, "TECH")
    with rig.world.records.transaction() as tx:
        tx.lock(episode)
        tx.change_intent(reference, settled_at=APPROVED)
        tx.change_episode(episode)
    standing = stock(rig, episode, APPROVED + HOUR)
    assert standing.payout_again_due is None and standing.waiting_for == "PAYEE_ACCOUNT"


def test_a_payout_that_was_ordered_twice_under_its_reference_waits_for_a_person(rig: Rig) -> None:
    """A refusal that names the reference alone may be about the first order: the second may still
    be carried out."""
    episode, reference = refused(rig, "TECH")
    with rig.world.records.transaction() as tx:
        tx.lock(episode)
        for attempt in (1, 2):
            tx.add_payout_attempt(episode, reference, "order", attempt, f"f-{attempt}", APPROVED)
        tx.change_episode(episode)
    assert rig.rows(episode).payouts[-1].orders == 2
    standing = repeated(rig, episode, reference, APPROVED + HOUR)
    assert len(rig.rows(episode).payouts) == 1
    assert standing.payout_again_due is None and standing.waiting_for == "PAYEE_ACCOUNT"
