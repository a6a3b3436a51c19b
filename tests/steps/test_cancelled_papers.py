"""A cancelled claim with papers: the insurer's money goes back, and no cashier hears of care that
the patient had and paid himself."""

from __future__ import annotations

import pytest

from activities.information_requests import InformationSteps
from activities.orders import Subject
from crossclaim.domain.submission import SubmissionKind
from tests.steps.appeals import Papers
from tests.steps.asked import asked
from tests.steps.paper_claims import INSURER
from tests.steps.repairing import LATER, STAFF, Repairer
from tests.steps.rig import Rig


@pytest.mark.parametrize("stage", ["asked", "decided", "paid", "appealed"])
def test_nobody_is_told_to_give_back_what_was_paid_for_the_care(rig: Rig, stage: str) -> None:
    episode = _at(rig, stage)
    desk = Repairer(rig, episode, STAFF)
    assert "tender_refunded" not in {step.what for step in desk.plan().steps}
    assert desk.cancels().status == 200
    rows = rig.rows(episode)
    assert rows.refunds == [] and all(tender.reversed for tender in rows.tenders)
    for back in rows.claw_backs:
        assert (stage in ("paid", "appealed"), back.payee) == (True, "patient")
        told = {
            "claw_back": back.reference,
            "receipt": "RC-1",
            "received_at": LATER.isoformat(),
        }
        kind = SubmissionKind.CLAW_BACK
        assert rig.say(kind, told, episode, organisation=INSURER)[1].status == 200
    assert rig.balances(episode) == {}
    assert "cashier" not in rig.story(episode, LATER)
    due = rig.standing(episode, LATER).information
    if due is not None:
        order = Subject(episode_id=episode, subject=due.due, at=LATER)
        InformationSteps(rig.world).follow_information_request(order)
    assert rig.standing(episode, LATER).closable


def _at(rig: Rig, stage: str) -> str:
    if stage == "asked":
        return asked(rig, "receipt").episode
    papers = Papers.decided(rig) if stage == "decided" else Papers.paid(rig)
    if stage == "appealed":
        assert papers.appeal().status < 300
    return papers.episode
