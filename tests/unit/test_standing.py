"""What is due next, read off the rows: each step once, in the order of the story."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crossclaim.domain.habits import Habits
from crossclaim.domain.records import EpisodeRow, EpisodeRows, PayoutRow
from crossclaim.domain.standing import Standing, standing_of
from crossclaim.domain.standing_payout import fence_while_waiting
from crossclaim.domain.submission import EncounterClass

NOW = datetime(2026, 3, 14, 3, 0, tzinfo=UTC)
FENCE = NOW + timedelta(days=2)
HABITS = Habits(bank_answer_within_s=600, bank_inquire_every_s=3600)


EPISODE = EpisodeRow(
    id="ep_1",
    hospital_id="hku-szh",
    encounter_class=EncounterClass.INPATIENT,
    status="open",
    revision=7,
    opened_at=NOW,
)


def sent(**changes: object) -> PayoutRow:
    """A payout whose order went out at NOW."""
    return PayoutRow(
        reference="PO1",
        claim_id="cl_1",
        sequence=1,
        payee="hospital",
        payee_account_sha256="a" * 64,
        debtor_organisation_id="harbour-life",
        bank="harbour-bank",
        amount_minor=1,
        state="sent",
        reserved_at=NOW,
        sent_at=NOW,
        fence_at=FENCE,
        orders=1,
    ).model_copy(update=changes)


def standing(at: datetime, *, habits: Habits = HABITS, **changes: object) -> Standing:
    """The standing of an episode whose only open thing is one payout, sent at NOW."""
    return standing_of(EpisodeRows(episode=EPISODE, payouts=[sent(**changes)]), habits, at)


def test_a_reserved_payout_is_sent() -> None:
    found = standing(NOW, state="reserved", sent_at=None, fence_at=None, orders=0).payout
    assert found is not None and found.send_due


def test_a_silent_bank_is_asked_when_its_time_is_over_and_not_before() -> None:
    early = standing(NOW + timedelta(seconds=599)).payout
    late = standing(NOW + timedelta(seconds=600)).payout
    assert early is not None and not early.inquiry_due
    assert early.look_again_at == NOW + timedelta(seconds=600)
    assert late is not None and late.inquiry_due and not late.send_due


@pytest.mark.parametrize(
    ("at", "absent_at", "again"),
    [
        (FENCE - timedelta(seconds=1), FENCE - timedelta(seconds=2), False),
        (FENCE + timedelta(hours=1), None, False),
        (FENCE + timedelta(hours=1), FENCE - timedelta(seconds=1), False),
        (FENCE, FENCE, True),
        (FENCE + timedelta(hours=1), FENCE + timedelta(minutes=1), True),
    ],
)
def test_an_unknown_payment_is_sent_again_only_after_the_fence_and_with_proof_of_absence(
    at: datetime, absent_at: datetime | None, again: bool
) -> None:
    found = standing(at, state="unknown", inquiries=1, last_inquiry_at=at, absent_at=absent_at)
    assert found.payout is not None
    assert found.payout.send_due is again


def test_a_bank_that_answers_no_questions_is_waited_for_until_the_fence() -> None:
    quiet = Habits(bank_status_request=False, bank_answer_within_s=600, bank_inquire_every_s=60)
    asked = NOW + timedelta(seconds=600)
    found = standing(
        asked, habits=quiet, state="unknown", inquiries=1, last_inquiry_at=asked
    ).payout
    assert found is not None and found.look_again_at == FENCE


@pytest.mark.parametrize(("asked", "hours"), [(1, 1), (2, 2), (3, 4), (4, 8), (5, 8), (40, 8)])
def test_a_bank_that_stays_silent_is_asked_less_and_less_often(asked: int, hours: int) -> None:
    found = standing(NOW, state="unknown", inquiries=asked, last_inquiry_at=NOW).payout
    assert found is not None and found.look_again_at == NOW + timedelta(hours=hours)


def test_at_the_fence_a_bank_is_asked_however_long_the_pause_has_become() -> None:
    asked = FENCE - timedelta(hours=2)
    before = standing(asked, state="unknown", inquiries=9, last_inquiry_at=asked).payout
    assert before is not None and before.look_again_at == FENCE
    just = FENCE - timedelta(minutes=1)
    soon = standing(just, state="unknown", inquiries=9, last_inquiry_at=just).payout
    assert soon is not None and soon.look_again_at == just + timedelta(hours=1)
    after = standing(FENCE, state="unknown", inquiries=9, last_inquiry_at=FENCE).payout
    assert after is not None and after.look_again_at == FENCE + timedelta(hours=8)


DAYS2 = 2 * 24 * 3600


def next_look(asked: int, fence: datetime) -> datetime:
    """After an inquiry at which the bank had not collected the order yet."""
    found = standing(NOW, state="unknown", inquiries=asked, last_inquiry_at=NOW, fence_at=fence)
    assert found.payout is not None and found.payout.look_again_at is not None
    return found.payout.look_again_at


@pytest.mark.parametrize("asked", range(1, 12))
def test_an_order_collected_until_the_next_inquiry_has_executed_before_the_fence(
    asked: int,
) -> None:
    fence = fence_while_waiting(asked, 3600, DAYS2, NOW)
    assert next_look(asked, fence) + timedelta(seconds=DAYS2) <= fence


def test_the_naive_twin_that_counts_the_first_pause_alone_sends_while_the_bank_still_may() -> None:
    fence = NOW + timedelta(seconds=3600 + DAYS2)
    assert next_look(3, fence) + timedelta(seconds=DAYS2) > fence


@pytest.mark.parametrize("state", ["credited", "rejected", "returned", "cancelled"])
def test_a_finished_payout_asks_for_nothing_more(state: str) -> None:
    assert standing(FENCE, state=state).payout is None
    assert not standing(FENCE, state=state).closable


def test_the_next_deadline_is_the_earliest_one() -> None:
    assert standing(NOW).deadline() == NOW + timedelta(seconds=600)


def test_a_settled_payment_is_never_sent_again_whatever_seems_to_prove_its_absence() -> None:
    late = FENCE + timedelta(hours=1)
    for state in ("accepted", "unknown"):
        found = standing(late, state=state, settled_at=NOW, absent_at=late).payout
        assert found is not None and not found.send_due


def test_one_unknown_payment_keeps_no_other_one_waiting() -> None:
    first = standing(NOW + timedelta(seconds=1)).payout
    assert first is not None and not first.send_due
    unknown = sent(state="unknown", inquiries=1, last_inquiry_at=NOW)
    fresh = unknown.model_copy(update={"reference": "PO2", "state": "reserved", "orders": 0})
    found = standing_of(EpisodeRows(episode=EPISODE, payouts=[unknown, fresh]), HABITS, NOW).payout
    assert found is not None and (found.reference, found.send_due) == ("PO2", True)
