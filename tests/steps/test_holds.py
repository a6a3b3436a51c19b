"""A held episode begins nothing new and sends no money; released, it goes on where it was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from temporalio.exceptions import ApplicationError

from activities import sending
from activities.apply_hold import HoldSteps
from activities.claims import ClaimSteps
from activities.orders import Subject
from activities.payouts import PayoutSteps
from crossclaim.domain.submission import SubmissionKind
from tests.steps.bill_cycle import Cycle
from tests.steps.payout_desk import PayoutDesk
from tests.steps.repairing import LATER, STAFF, Repairer, hold
from tests.steps.rig import AT, HARBOUR, Rig, policy_number
from tests.steps.test_bill_cycle import billed

DAY = timedelta(days=1)


@pytest.fixture
def stay(rig: Rig) -> Cycle:
    """A final bill whose first insurer is about to be claimed of."""
    return billed(rig)


def sent(stay: Cycle, operation: str = "claim") -> dict[str, str]:
    return stay.rig.asked(stay.episode, operation)


def test_nothing_is_due_while_it_is_held_and_the_same_step_is_due_again_afterwards(
    stay: Cycle,
) -> None:
    before = stay.standing()
    assert before.claim_due is not None
    desk = Repairer(stay.rig, stay.episode)
    number = desk.holds()
    held = stay.standing()
    assert (held.claim_due, held.payout_due, held.closable) == (None, None, False)
    assert held.waiting_for == "HELD" and held.repair is not None
    told = stay.rig.story(stay.episode, LATER)
    assert "holds the episode (something is checked)" in told
    assert "The episode is held; it goes on when somebody releases it" in told
    assert "Chan Siu Ming" not in told, "words of people are sealed"
    assert desk.releases(number).status == 200
    after = stay.standing()
    assert after.model_copy(update={"revision": before.revision}) == before
    assert "released the episode; it goes on where it was" in stay.rig.story(stay.episode, LATER)


def test_a_step_that_began_before_the_hold_sends_nothing_after_it(stay: Cycle) -> None:
    due = stay.about(stay.standing().claim_due or "")
    Repairer(stay.rig, stay.episode).holds()
    with pytest.raises(ApplicationError) as raised:
        ClaimSteps(stay.rig.world).submit_claim(due)
    assert (raised.value.type, raised.value.non_retryable) == ("EPISODE_HELD", True)
    assert sent(stay) == {}


@contextmanager
def never_asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A naive gate that asks for consents alone."""
    with monkeypatch.context() as patch:
        patch.setattr(sending, "refuse_while_held", lambda *_: None)
        yield


def test_without_the_gate_at_the_attempt_row_a_held_claim_goes_out(
    stay: Cycle, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = stay.about(stay.standing().claim_due or "")
    Repairer(stay.rig, stay.episode).holds()
    with never_asked(monkeypatch):
        ClaimSteps(stay.rig.world).submit_claim(due)
    assert HARBOUR in sent(stay)


def test_no_order_to_a_bank_is_written_while_it_is_held(rig: Rig, tmp_path: Path) -> None:
    desk = PayoutDesk.of(rig, tmp_path)
    episode = desk.reserved()
    repairer = Repairer(desk.rig, episode, STAFF)
    number = repairer.holds(desk.at)
    assert desk.standing(episode).payout is None
    order = Subject(episode_id=episode, subject=desk.payout(episode).reference, at=desk.at)
    PayoutSteps(desk.world).send_payout(order)
    assert (desk.payout(episode).state, desk.payout(episode).orders) == ("reserved", 0)
    assert repairer.releases(number, desk.at).status == 200
    desk.send(episode)
    assert (desk.payout(episode).state, desk.payout(episode).orders) == ("sent", 1)


def test_what_the_bank_says_of_an_order_of_before_is_taken_in(rig: Rig, tmp_path: Path) -> None:
    desk = PayoutDesk.of(rig, tmp_path)
    episode = desk.reserved()
    desk.send(episode)
    Repairer(desk.rig, episode, STAFF).holds(desk.at)
    asked = desk.standing(episode, desk.at + DAY)
    assert asked.payout is not None and asked.payout.inquiry_due
    assert asked.waiting_for == "HELD"


def test_a_hold_ends_by_itself_or_reminds_as_was_ordered(rig: Rig) -> None:
    for at_end, left in (("release", None), ("remind", "HOLD_OVERDUE")):
        visit = rig.visit(policy_number())
        desk = Repairer(rig, visit.episode)
        until = LATER + DAY
        number = desk.holds(until=until.isoformat(), at_end=at_end)
        waits = rig.standing(visit.episode, LATER)
        assert waits.deadline() == until and waits.repair is not None and not waits.repair.step
        due = rig.standing(visit.episode, until)
        assert due.repair is not None and due.repair.step == "end_hold"
        order = Subject(episode_id=visit.episode, subject=number, at=until)
        for _ in range(2):
            after = HoldSteps(rig.world).end_hold(order)
        assert (after.repair is None) is (left is None)
        assert after.repair is None or not after.repair.step, "it reminds once"
        assert (left in rig.exceptions(visit.episode)) is (left is not None)
        if left:
            assert desk.releases(number, until).status == 200
            assert left not in rig.exceptions(visit.episode)


def test_a_hold_that_cannot_be_is_refused_with_what_stands_against_it(rig: Rig) -> None:
    visit = rig.visit(policy_number())
    hospital, staff = Repairer(rig, visit.episode), Repairer(rig, visit.episode, STAFF)
    past = hold(until="2026-04-01T10:00:00+08:00")
    assert hospital.say(SubmissionKind.HOLD, past).codes == ["HOLD_ENDS_BEFORE"]
    assert hospital.releases("H-0").codes == ["HOLD_UNKNOWN"]
    number = staff.holds()
    assert hospital.say(SubmissionKind.HOLD, hold()).codes == ["EPISODE_HELD"]
    assert hospital.releases(number).codes == ["HOLD_OF_ANOTHER"]
    assert staff.releases(number).status == 200
    assert staff.releases("H-0").codes == ["HOLD_UNKNOWN"]


def test_a_hold_that_has_ended_never_changes(rig: Rig) -> None:
    visit = rig.visit(policy_number())
    desk = Repairer(rig, visit.episode)
    desk.releases(desk.holds())
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="HOLD_FIXED"):
        rig.change(
            "update episode_hold set released_at = null where episode_id = %(id)s",
            id=visit.episode,
        )


def test_a_bill_that_needs_no_question_is_split_while_the_episode_is_held(rig: Rig) -> None:
    visit = rig.visit(policy_number())
    Repairer(rig, visit.episode).holds(AT)
    assert rig.standing(visit.episode, AT).ready_for_bills
    visit.accepted()
    assert len(rig.splits(visit.episode)) == 1
