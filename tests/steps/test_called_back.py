"""What was called back of a corrected bill, and who reads of money that is to go back."""

from __future__ import annotations

from activities.claims import ClaimSteps
from crossclaim.domain.story import tell
from crossclaim.domain.story_facts import Runs
from crossclaim.domain.submission import SubmissionKind
from crossclaim.service.party_story import own_facts
from crossclaim.service.party_view import own_rows
from crossclaim.store.story_rows import read_story_facts
from tests.steps.bill_cycle import Cycle
from tests.steps.rig import AT, HARBOUR, MUTUAL, Rig
from tests.steps.test_bill_cycle import CANCEL, settled
from tests.steps.test_paper_claims import proposal
from tests.steps.two_insurers import second_here


def test_what_was_called_back_of_a_corrected_bill_is_paid_by_its_successor_and_nobody_is_asked(
    rig: Rig,
) -> None:
    stay = Cycle(**vars(Cycle.opened(rig, [second_here(4)])))
    stay.billed()
    stay.decide()
    stay.reserve()
    (called,) = stay.rows().payouts
    wish = {
        "number": "RC-1",
        "payout_reference": called.reference,
        "reason": "CUST",
        "asked_at": "2026-04-14T11:00:00+08:00",
    }
    recall, another = SubmissionKind.PAYOUT_RECALL, SubmissionKind.PAYEE_ACCOUNT
    done = rig.say(recall, wish, stay.episode, organisation=MUTUAL, key_id="maker")[1]
    assert done.status == 200, done.body
    assert "PAYOUT_CANCELLED" in rig.exceptions(stay.episode)
    assert stay.correct("replace", stay.bill["version"], stay.bill["lines"]).status == 200
    (due,) = (c for c in stay.rows().claims if c.state == "due")
    ClaimSteps(rig.world).decide_claim(stay.about(due.id))
    stay.reserve()
    standing = [p.amount_minor for p in stay.rows().payouts if p.state != "cancelled"]
    assert standing == [called.amount_minor]
    given = proposal(called.reference)
    asked = rig.say(another, given, stay.episode, organisation=MUTUAL, key_id="maker")[1]
    assert asked.codes == ["PAYOUT_NOT_WAITING"]
    assert "PAYOUT_CANCELLED" not in rig.exceptions(stay.episode)


def test_an_insurer_reads_of_its_own_money_that_is_to_go_back_and_of_no_others(rig: Rig) -> None:
    stay = settled(rig)
    assert stay.order(CANCEL, 1).status == 200
    rows = stay.rows()
    with rig.database.begin() as connection:
        facts = read_story_facts(connection, stay.episode)
    assert facts is not None
    for insurer, other in ((HARBOUR, MUTUAL), (MUTUAL, HARBOUR)):
        mine = {b.reference for b in rows.claw_backs if b.organisation_id == insurer}
        theirs = {b.reference for b in rows.claw_backs if b.organisation_id == other}
        seen = own_rows(insurer, rows)
        assert {x.reference for x in seen.exceptions if x.code == "CLAW_BACK_DUE"} == mine
        standing = rig.standing(stay.episode, AT)
        own = own_facts(insurer, facts)
        told = tell(own, seen, standing, Runs(), rig.world.reference, AT, "en")
        text = " ".join(line.text.en for line in told.lines)
        assert all(f"({name})" in text for name in mine)
        assert not any(f"({name})" in text for name in theirs)
