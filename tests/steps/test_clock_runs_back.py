"""The system's clock is stepped backwards between two waits: a payout is asked about later than it
might be, and is never ordered a second time before its fence."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from temporalio.testing import ActivityEnvironment

from activities import payouts
from activities.orders import Subject
from activities.payouts import PayoutSteps
from tests.steps.paper_claims import APPROVED
from tests.steps.payout_desk import FENCE, PayoutDesk, status
from tests.steps.rig import Rig

SILENCE, EVERY = timedelta(seconds=600), timedelta(hours=1)


@pytest.fixture
def desk(rig: Rig, tmp_path: Path) -> PayoutDesk:
    return PayoutDesk.of(rig, tmp_path)


def looks(desk: PayoutDesk, episode: str, at: datetime) -> str:
    """What the workflow would do at ``at``, done; how it is called."""
    due = desk.standing(episode, at).payout
    if due is None or not (due.send_due or due.inquiry_due):
        return ""
    order = Subject(episode_id=episode, subject=due.reference, at=at)
    if due.send_due:
        ActivityEnvironment().run(PayoutSteps(desk.world).send_payout, order)
        return "sent"
    PayoutSteps(desk.world).inquire_payout(order)
    return "asked"


def test_between_two_waits_a_clock_that_went_back_finds_nothing_to_do(desk: PayoutDesk) -> None:
    episode = desk.reserved()
    desk.send(episode)
    asked_at = APPROVED + SILENCE
    assert looks(desk, episode, asked_at) == "asked"
    for back in (timedelta(seconds=1), EVERY, timedelta(days=2), timedelta(days=400)):
        assert looks(desk, episode, asked_at - back) == "", back
        waits = desk.standing(episode, asked_at - back).deadline()
        assert waits == asked_at + EVERY, "the moment of the next look stays where it was"
    assert looks(desk, episode, asked_at + EVERY) == "asked"
    assert desk.payout(episode).orders == 1


def test_whatever_the_clock_does_no_second_order_leaves_before_the_fence(desk: PayoutDesk) -> None:
    """Minutes pass truly, while the clock is stepped back again and again; the bank is silent, and
    says once that it has no such payment."""
    for seed in range(2):
        chance, episode = Random(seed), desk.reserved()
        reference = desk.send(episode)
        true, shown = APPROVED, APPROVED
        denied = False
        while true < APPROVED + FENCE - EVERY:
            passed = timedelta(minutes=chance.choice([5, 60, 600]))
            true, shown = true + passed, shown + passed
            if chance.random() < 0.4:
                shown -= timedelta(minutes=chance.choice([1, 90, 3000]))
            if not denied and chance.random() < 0.2:
                denied = True
                desk.bank_says(episode, status((reference, "RCVD", "")), shown)
            assert looks(desk, episode, shown) in ("", "asked")
            assert desk.payout(episode).orders == 1, (seed, true, shown)


def test_the_fence_counts_from_the_later_of_two_clocks(desk: PayoutDesk) -> None:
    """The step was ordered at a time that the worker's clock has not reached any more."""
    episode = desk.reserved()
    ahead = datetime.now(tz=APPROVED.tzinfo) + timedelta(hours=5)
    order = Subject(episode_id=episode, subject=desk.payout(episode).reference, at=ahead)
    ActivityEnvironment().run(PayoutSteps(desk.world).send_payout, order)
    sent = desk.payout(episode)
    assert sent.fence_at is not None and sent.fence_at >= ahead + FENCE


def test_a_twin_that_believes_the_worker_alone_takes_its_fence_away_too_early(
    desk: PayoutDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime.now(tz=APPROVED.tzinfo)
    monkeypatch.setattr(payouts, "_moment", lambda order, begun: now)
    episode = desk.reserved()
    ahead = now + timedelta(hours=5)
    order = Subject(episode_id=episode, subject=desk.payout(episode).reference, at=ahead)
    ActivityEnvironment().run(PayoutSteps(desk.world).send_payout, order)
    sent = desk.payout(episode)
    assert sent.fence_at is not None and sent.fence_at < ahead + FENCE
