"""Nobody looked in time: workers were down while an order lay at its bank. The bank has its longest
time from when it collected the file, which is no earlier than the last look that found it lying."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from temporalio.testing import ActivityEnvironment

from activities.orders import Subject
from activities.payouts import PayoutSteps
from tests.steps.payout_desk import FENCE, HABITS, PayoutDesk, resolution, status
from tests.steps.rig import Rig
from tests.steps.test_clock_runs_back import looks

SILENCE = timedelta(seconds=HABITS.answer_within_s)
DOWN = timedelta(days=10)


@pytest.fixture
def desk(rig: Rig, tmp_path: Path) -> PayoutDesk:
    return PayoutDesk.of(rig, tmp_path)


def laid_there(desk: PayoutDesk) -> tuple[str, datetime]:
    """An episode whose order lies at the bank, sent at the engine's own time; when it was sent."""
    episode = desk.reserved()
    order = Subject(episode_id=episode, subject=desk.payout(episode).reference, at=desk.at)
    ActivityEnvironment().run(PayoutSteps(desk.world).send_payout, order)
    sent = desk.payout(episode).sent_at
    assert sent is not None
    return episode, sent


def collected(desk: PayoutDesk) -> None:
    """The bank takes everything away that lies there."""
    for path in (desk.desk.folder / "outbound").glob("*.xml"):
        path.unlink()


def denied(desk: PayoutDesk, episode: str, at: datetime, number: int = 1) -> None:
    reference = desk.payout(episode).reference
    said = status((reference, "RJCT", "NOOR"), number=number, at=at.isoformat())
    desk.bank_says(episode, said, at)


def test_an_order_that_was_collected_long_after_the_first_look_was_due_is_not_sent_again_at_once(
    desk: PayoutDesk,
) -> None:
    episode, sent = laid_there(desk)
    collected(desk)
    back = sent + DOWN
    assert looks(desk, episode, back) == "asked"
    denied(desk, episode, back + SILENCE)
    fence = desk.payout(episode).fence_at
    assert fence is not None and fence >= back + FENCE
    assert looks(desk, episode, back + SILENCE) == ""
    assert desk.payout(episode).orders == 1


def test_an_order_that_lay_there_at_the_last_look_is_looked_for_before_it_is_sent_again(
    desk: PayoutDesk,
) -> None:
    """The bank collects order and question together after the fence, and answers the question
    first; all this while nobody of ours was there."""
    episode, sent = laid_there(desk)
    first = sent + SILENCE
    assert looks(desk, episode, first) == "asked"
    collected(desk)
    back = sent + DOWN
    denied(desk, episode, back)
    looks(desk, episode, back)
    assert desk.payout(episode).orders == 1
    fence = desk.payout(episode).fence_at
    assert fence is not None and fence >= back + FENCE


def test_after_the_later_fence_it_is_sent_again_once(desk: PayoutDesk) -> None:
    episode, sent = laid_there(desk)
    collected(desk)
    at = sent + DOWN
    assert looks(desk, episode, at) == "asked"
    fence = at + FENCE
    for number in range(2, 20):
        due = desk.standing(episode, at).deadline()
        assert due is not None
        at = due
        assert looks(desk, episode, at) == "asked"
        denied(desk, episode, at, number)
        if at >= fence:
            break
        assert looks(desk, episode, at) == "" and desk.payout(episode).orders == 1
    assert at == fence
    assert looks(desk, episode, at) == "sent"
    assert desk.payout(episode).orders == 2


def open_codes(desk: PayoutDesk, episode: str) -> list[str]:
    exceptions = desk.rig.rows(episode).exceptions
    return sorted(e.code for e in exceptions if e.resolved_at is None)


@pytest.mark.parametrize(
    ("word", "left"),
    [
        (("ACSP", ""), []),
        (("RJCT", "AC01"), ["PAYOUT_REJECTED"]),
        (("RJCT", "NOOR"), ["BANK_NOT_COLLECTING"]),
    ],
)
def test_a_bank_that_speaks_of_an_order_has_taken_it_but_one_that_knows_of_none_has_not(
    desk: PayoutDesk, word: tuple[str, str], left: list[str]
) -> None:
    episode, sent = laid_there(desk)
    at = sent + SILENCE
    assert looks(desk, episode, at) == "asked"
    assert open_codes(desk, episode) == ["BANK_NOT_COLLECTING"]
    desk.bank_says(episode, status((desk.payout(episode).reference, *word), at=at.isoformat()), at)
    assert open_codes(desk, episode) == left


def test_a_bank_that_knows_of_nothing_to_recall_has_not_taken_the_order(desk: PayoutDesk) -> None:
    episode, sent = laid_there(desk)
    at = sent + SILENCE
    looks(desk, episode, at)
    refused = resolution(desk.payout(episode).reference, "RJCR", reason="NOOR")
    desk.bank_says(episode, refused, at)
    assert "BANK_NOT_COLLECTING" in open_codes(desk, episode)


def test_what_one_had_to_look_at_for_a_payout_ends_with_it_and_not_with_another(
    desk: PayoutDesk,
) -> None:
    episode, sent = laid_there(desk)
    reference, at = desk.payout(episode).reference, sent + SILENCE
    with desk.world.records.transaction() as tx:
        tx.hold(episode)
        for code in ("BANK_FILE_NOT_MADE", "PAYOUT_LATE_FORECAST"):
            tx.open_exception(episode, code, reference, {}, at)
            tx.open_exception(episode, code, f"{reference}-other", {}, at)
    desk.bank_says(episode, status((reference, "RJCT", "AC01"), at=at.isoformat()), at)
    left = [e for e in desk.rig.rows(episode).exceptions if e.resolved_at is None]
    assert sorted((e.code, e.reference == reference) for e in left) == [
        ("BANK_FILE_NOT_MADE", False),
        ("PAYOUT_LATE_FORECAST", False),
        ("PAYOUT_REJECTED", True),
    ]
