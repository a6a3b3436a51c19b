"""A step that dies once our rows are committed, and is run again by an engine that heard nothing:
the same answer, and not an entry, a claim, a payout or a claw-back more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from activities.orders import Apply
from activities.submissions import SubmissionSteps
from crossclaim.domain.records import EpisodeRows
from crossclaim.domain.submission import SubmissionKind
from tests.flows.hospital import Body
from tests.steps.appeals import LATER, WON, Papers, lines
from tests.steps.asked import asked
from tests.steps.bill_cycle import Cycle
from tests.steps.paper_claims import INSURER
from tests.steps.rig import HARBOUR, HOSPITAL, Rig
from tests.steps.test_bill_cycle import settled
from tests.steps.test_changed_minds import says

Said = tuple[SubmissionKind, Body, str, str]
"""Kind, content, sender and episode."""


class Killed(BaseException):
    """No handler of ours outlives it."""


def document(rig: Rig) -> Said:
    one = asked(rig, "receipt")
    content = {"request": one.request, "item": 1, "cannot_be_had": "lost"}
    return SubmissionKind.INFORMATION_ANSWER, content, INSURER, one.episode


def appeal(rig: Rig) -> Said:
    return _reviewed(rig, WON)


def lowering_appeal(rig: Rig) -> Said:
    return _reviewed(rig, lines("751.91", "0.00", "0.00", "0.00"))


def _reviewed(rig: Rig, decided: list[Body]) -> Said:
    papers = Papers.paid(rig)
    papers.appeal()
    word = {
        "claim_id": papers.claim.id,
        "level": 1,
        "outcome": "changed",
        "reason": "Two departments on one day.",
        "lines": decided,
        "decided_at": LATER.isoformat(),
    }
    return SubmissionKind.APPEAL_DECISION, word, INSURER, papers.episode


def claw_back(rig: Rig) -> Said:
    stay = _paid_stay(rig)
    assert says(stay, HARBOUR, "10000.00").status == 200
    (back,) = stay.rows().claw_backs
    content = {"claw_back": back.reference, "receipt": "RC", "received_at": LATER.isoformat()}
    return SubmissionKind.CLAW_BACK, content, HARBOUR, stay.episode


def cancellation(rig: Rig) -> Said:
    stay = _paid_stay(rig)
    content = {"bill_number": stay.bill["number"], "bill_version": 1}
    content |= {"cancelled_at": LATER.isoformat(), "reason": "The wrong patient."}
    return SubmissionKind.CANCELLATION, content, HOSPITAL, stay.episode


def _paid_stay(rig: Rig) -> Cycle:
    return settled(rig)


def seen(rig: Rig, episode: str) -> tuple[EpisodeRows, list[str]]:
    """Every row of the episode but its revision, and every entry of its ledger."""
    found = "select key from entry where episode_id = %(id)s order by id"
    keys = [str(row["key"]) for row in rig._select(found, id=episode)]
    rows = rig.rows(episode)
    level = rows.episode.model_copy(update={"revision": 0})
    return rows.model_copy(update={"episode": level}), keys


@pytest.mark.parametrize("about", [document, appeal, lowering_appeal, claw_back, cancellation])
def test_what_was_committed_and_not_heard_of_is_done_once(
    rig: Rig, about: Callable[[Rig], Said]
) -> None:
    kind, content, sender, episode = about(rig)

    def strike(point: str) -> None:
        if point == f"{kind.value}-committed":
            raise Killed

    dying = replace(rig, world=replace(rig.world, fault_point=strike))
    with pytest.raises(Killed):
        dying.say(kind, content, episode, organisation=sender, key_id="key-later", at=LATER)
    after = seen(rig, episode)
    found = "select id from submission where episode_id = %(id)s and kind = %(kind)s"
    (row,) = rig._select(found, id=episode, kind=kind.value)
    order = Apply(episode_id=episode, submission_id=str(row["id"]), at=LATER)
    assert SubmissionSteps(rig.world).apply_submission(order).receipt.status == 200
    assert seen(rig, episode) == after
