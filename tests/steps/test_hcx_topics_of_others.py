"""A payor that wrote about an episode hears by topics of its own claims, letters, covers and
payouts there, and of no other insurer's."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossclaim.domain.hcx import COMMUNICATION
from crossclaim.domain.hcx_topics import Subscription, Topic
from crossclaim.store.hcx_notices import SqlHcxNotices, SqlHcxSubscriptions
from tests.steps.bank_rig import Desk as BankDesk
from tests.steps.rig import AT, HARBOUR, HOSPITAL, MUTUAL
from tests.steps.test_hcx_notices import OURS, There, desk, visited
from tests.steps.test_hcx_notices import Desk as NoticeDesk

__all__ = ["desk"]
PAYOR = "payor@hcx"
_OTHERS = {
    Topic.CLAIM_STATUS: "update claim set state = 'pended' where episode_id = %(episode)s",
    Topic.ELIGIBILITY: "update coverage set eligible = not coalesce(eligible, false)"
    " where episode_id = %(episode)s",
}


def told_of(desk: NoticeDesk, organisation: str, topic: Topic) -> list[str]:
    """How the notices ended that a payor's own message about an episode of MUTUAL's brought."""
    there = There()
    desk.news._calls = {**desk.news._calls, PAYOR: there}  # type: ignore[dict-item]
    wish = Subscription(
        topic=topic, subscriber=PAYOR, sender=OURS, active=True, expires_at=AT.replace(year=2050)
    )
    SqlHcxSubscriptions(desk.api.database).add(organisation, wish)
    visit = visited(desk)
    desk.asked(visit, organisation=organisation, sender=PAYOR, action=COMMUNICATION)
    visit.accepted()
    desk.rig.change(_OTHERS[topic], episode=visit.episode)
    found = [desk.tell(number) for number in desk.waiting(visit)]
    SqlHcxSubscriptions(desk.api.database).add(
        organisation, wish.model_copy(update={"active": False})
    )
    assert len(there.sent) == found.count("told")
    return found


@pytest.mark.parametrize("topic", sorted(_OTHERS))
def test_a_payor_hears_of_its_own_and_of_no_other_insurers(desk: NoticeDesk, topic: Topic) -> None:
    assert "told" in told_of(desk, MUTUAL, topic)
    others = told_of(desk, HARBOUR, topic)
    assert others
    assert "told" not in others


def test_the_naive_twin_tells_whoever_wrote_about_the_episode(
    desk: NoticeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SqlHcxNotices, "sees", lambda *_: True)
    assert "told" in told_of(desk, HARBOUR, Topic.CLAIM_STATUS)


def test_a_payout_is_told_to_its_hospital_and_to_its_debtor_alone(
    desk: NoticeDesk, tmp_path: Path
) -> None:
    visit = visited(desk)
    visit.accepted()
    bank = BankDesk.of(desk.rig, tmp_path)
    reference = bank.payout(500_00, under=(visit.episode, visit.claim("direct").id))
    about = (visit.episode, Topic.REIMBURSEMENT.value, reference)
    (row,) = bank.select(
        "select debtor_organisation_id as debtor from payout_intent where reference = %(r)s",
        r=reference,
    )
    told = {row["debtor"], HOSPITAL}
    for organisation in {MUTUAL, HARBOUR, HOSPITAL, *told}:
        assert desk.rows.sees(organisation, *about) == (organisation in told)
