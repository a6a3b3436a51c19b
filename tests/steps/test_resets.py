"""A run that was begun anew in the middle of a step sends no claim and no payout twice: what it
needs to know stands in our rows."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from temporalio.testing import ActivityEnvironment

from activities.claims import ClaimSteps
from activities.orders import Subject
from activities.payouts import PayoutSteps
from activities.sending import Attempt
from crossclaim.store.transaction import SqlTransaction
from tests.steps.bill_cycle import Cycle
from tests.steps.payout_desk import PayoutDesk
from tests.steps.rig import HARBOUR, Rig
from tests.steps.test_bill_cycle import billed


class RunEnded(Exception):
    """The run, and with it its step, is over."""


@dataclass
class EndsAt:
    """Ends the run at a named point of a step, once."""

    point: str
    reached: list[str] = field(default_factory=list)

    def __call__(self, point: str) -> None:
        if point == self.point and not self.reached:
            self.reached.append(point)
            raise RunEnded(point)


def claimed_by_two_runs(stay: Cycle) -> int:
    """How many claims the insurer got: the first run ended once it had sent, the second began by
    the rows."""
    due = stay.standing().claim_due
    assert due is not None
    world = replace(stay.rig.world, fault_point=EndsAt("claim-sent"))
    with pytest.raises(RunEnded):
        ClaimSteps(world).submit_claim(stay.about(due))
    again = stay.standing()
    assert again.claim_due == due, "the step is due by our rows, whatever the first run knew"
    ClaimSteps(world).submit_claim(stay.about(due))
    return len(stay.examiners[HARBOUR].orders)


def test_a_claim_of_which_the_first_run_never_heard_is_asked_about_and_not_sent_again(
    rig: Rig,
) -> None:
    stay = billed(rig)
    assert claimed_by_two_runs(stay) == 1
    assert stay.living(HARBOUR).state == "queued"


def test_a_run_that_begins_anew_without_its_attempt_rows_claims_twice(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Attempt, "repeated", False)
    assert claimed_by_two_runs(billed(rig)) == 2


def ordered_by_two_runs(desk: PayoutDesk) -> list[str]:
    """Names of the files that the bank can see: the first run ended once it had released one."""
    episode = desk.reserved()
    reference = desk.payout(episode).reference
    order = Subject(episode_id=episode, subject=reference, at=desk.at)
    world = replace(desk.world, fault_point=EndsAt("file-released"))
    with pytest.raises(RunEnded):
        ActivityEnvironment().run(PayoutSteps(world).send_payout, order)
    standing = desk.standing(episode)
    assert standing.payout is not None and standing.payout.send_due
    ActivityEnvironment().run(PayoutSteps(world).send_payout, order)
    assert desk.payout(episode).state == "sent"
    found = desk.desk.select(
        "select file_name from payout_attempt where reference = %(r)s and kind = 'order'",
        r=reference,
    )
    return [row["file_name"] for row in found]


def test_a_payout_whose_file_the_first_run_released_is_not_ordered_again(
    rig: Rig, tmp_path: Path
) -> None:
    assert len(ordered_by_two_runs(PayoutDesk.of(rig, tmp_path))) == 1


def test_a_run_that_begins_anew_without_its_staged_file_orders_twice(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SqlTransaction, "payout_attempts", lambda *_: [])
    assert len(ordered_by_two_runs(PayoutDesk.of(rig, tmp_path))) == 2
