"""Appeals on our rows: levels, deadlines, another reviewer, and only the difference moves."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest

from activities import late_reimbursements, redecisions
from activities.late_appeals import AppealSteps
from activities.orders import Subject
from crossclaim.domain.errors import NotFound
from crossclaim.domain.money import Money
from crossclaim.domain.records import ClaimRow, EpisodeRows
from crossclaim.domain.story import tell
from crossclaim.domain.story_facts import Runs
from crossclaim.service.party_story import own_facts
from crossclaim.store.story_rows import read_story_facts
from tests.steps.appeals import CLERK, E6_LINES, FIRST, LATER, SECOND, WON, Papers, lines
from tests.steps.examining import decide, decision, line, many_units, says, sent
from tests.steps.paper_claims import APPROVED, INSURER
from tests.steps.rig import HOSPITAL, Rig

FIRST_PAID, MORE = 142_186, 34_445
"""E6's payout, and HKD 375.96 at the rate of the second payout's day, 0.9162."""


def test_an_appeal_won_after_the_payout_pays_the_difference_by_a_payout_of_its_own(
    rig: Rig,
) -> None:
    papers = Papers.paid(rig)
    assert papers.appeal().status == 202
    standing = rig.standing(papers.episode, LATER)
    assert (standing.waiting_for, standing.insurer) == ("INSURER_APPEAL", INSURER)
    assert not standing.closable
    answer = papers.review(WON)
    assert answer.status == 200, answer.body
    first, second = papers.pay(LATER)
    assert (first.amount_minor, second.amount_minor) == (FIRST_PAID, MORE)
    assert second.reference != first.reference
    assert second.payee_account_sha256 == first.payee_account_sha256
    assert rig.balances(papers.episode) == {
        f"funder:insurer:{INSURER}:due": -362 - 45,
        f"fx:drift:{INSURER}": 362 + 45,
    }
    (claim, more) = papers.rows().claims
    assert (more.supplements, more.benefit_minor, more.decided_at) == (claim.id, 37_596, LATER)
    assert claim.benefit_minor == 155_191
    assert rig.standing(papers.episode, LATER).closable


def test_the_second_payout_has_a_three_day_clock_of_its_own(rig: Rig) -> None:
    papers = Papers.paid(rig)
    papers.appeal()
    papers.review(WON)
    due = rig.standing(papers.episode, LATER).clock_due_at
    assert due == LATER + timedelta(hours=72, seconds=1)
    late = rig.standing(papers.episode, LATER + timedelta(hours=73))
    assert late.clock_breach_due == f"{papers.claim.id}-A1"


def test_a_lost_appeal_moves_nothing(rig: Rig) -> None:
    papers = Papers.paid(rig)
    before = rig.balances(papers.episode)
    papers.appeal()
    answer = papers.review(None)
    assert (answer.status, answer.body["status"]) == (200, "upheld")
    assert answer.body["change"] == {"amount": "0.00", "currency": "CNY"}
    assert [p.amount_minor for p in papers.pay(LATER)] == [FIRST_PAID]
    assert rig.balances(papers.episode) == before
    (word,) = papers.rows().revisions
    assert (word.upheld, word.change_fen, word.benefit_minor) == (True, 0, 155_191)


def test_a_changed_decision_of_the_same_amounts_moves_nothing(rig: Rig) -> None:
    papers = Papers.paid(rig)
    papers.appeal()
    assert papers.review(E6_LINES).body["change"]["amount"] == "0.00"
    assert len(papers.rows().payouts) == len(papers.rows().claims) == 1


def test_a_decision_that_pays_less_is_owed_back_and_is_not_a_payout(rig: Rig) -> None:
    papers = Papers.paid(rig)
    papers.appeal()
    answer = papers.review(lines("751.91", "0.00", "0.00", "0.00"))
    back = FIRST_PAID - 68_890
    assert answer.body["change"]["amount"] == f"-{back / 100:.2f}"
    assert [p.amount_minor for p in papers.pay(LATER)] == [FIRST_PAID]
    balances = rig.balances(papers.episode)
    assert "claw_back" not in " ".join(balances), "the ledger moves when it is back"
    assert balances["patient:reimbursements"] == back
    assert "CLAW_BACK_DUE" in rig.exceptions(papers.episode)


def test_each_level_pays_only_what_it_adds(rig: Rig) -> None:
    papers = Papers.paid(rig)
    papers.appeal()
    papers.review(WON)
    papers.pay(LATER)
    at = LATER + timedelta(days=1)
    assert papers.appeal(level=2, at=at).status == 202
    answer = papers.review(
        lines("751.91", "375.96", "800.00", "100.00"), level=2, key=SECOND, at=at
    )
    assert answer.body["change"]["amount"] == "91.30"
    amounts = [p.amount_minor for p in papers.pay(at)]
    assert amounts == [FIRST_PAID, MORE, 9_162]
    assert [r.version for r in papers.rows().revisions] == [2, 3]


def test_counters_of_the_cover_follow_the_decision(rig: Rig) -> None:
    papers = Papers.paid(rig)
    used = "select sum(amount)::bigint as paid from cover_use where counter = 'lifetime.paid'"
    mine = f"{used} and episode_id = %(id)s"
    assert rig._select(mine, id=papers.episode)[0]["paid"] == 155_191
    papers.appeal()
    papers.review(WON)
    assert rig._select(mine, id=papers.episode)[0]["paid"] == 155_191 + 37_596


def paid_once(papers: Papers) -> None:
    """What the patient got is what the newest decision says, each part at its payout's rate."""
    papers.appeal()
    papers.review(WON)
    assert sum(p.amount_minor for p in papers.pay(LATER)) == FIRST_PAID + MORE


def test_an_appeal_that_pays_the_new_whole_amount_is_noticed(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    paid_once(Papers.paid(rig))

    def whole(rows: EpisodeRows, claim: ClaimRow) -> int:
        return 0

    def nothing(rows: EpisodeRows, claim: ClaimRow) -> Money:
        return claim.counted(0)

    monkeypatch.setattr(redecisions, "promised", whole)
    monkeypatch.setattr(late_reimbursements, "promised", whole)
    monkeypatch.setattr(redecisions, "benefit_of", nothing)
    with pytest.raises(AssertionError):
        paid_once(Papers.paid(rig))


def test_a_decision_that_is_sent_twice_moves_money_once(rig: Rig) -> None:
    papers = Papers.paid(rig)
    papers.appeal()
    assert papers.review(WON).status == 200
    again = papers.review(WON, key=SECOND)
    assert (again.status, again.codes) == (422, ["APPEAL_DECIDED"])
    assert [p.amount_minor for p in papers.pay(LATER)] == [FIRST_PAID, MORE]


def test_who_appealed_or_decided_before_does_not_review(rig: Rig) -> None:
    papers = Papers.paid(rig)
    papers.appeal()
    assert papers.review(WON, key=CLERK).codes == ["REVIEWER_DECIDED_BEFORE"]
    assert papers.review(WON, key="").codes == ["REVIEWER_DECIDED_BEFORE"]
    assert papers.review(None, key=FIRST).status == 200
    papers.appeal(level=2)
    assert papers.review(WON, level=2, key=FIRST).codes == ["REVIEWER_DECIDED_BEFORE"]
    assert papers.review(WON, level=2, key=SECOND).status == 200


@pytest.mark.parametrize(
    "attack",
    [
        "update appeal set state = 'upheld', decided_by = appellant_key, decided_at = now()",
        "update appeal set state = 'open', decided_by = null, decided_at = null",
        "update appeal set not_by = '{}'",
        "delete from appeal",
        "update claim_revision set pay_fen = pay_fen + 1",
        "delete from claim_revision",
    ],
)
def test_the_database_itself_holds_who_may_decide_and_what_was_decided(
    rig: Rig, attack: str
) -> None:
    papers = Papers.paid(rig)
    papers.appeal()
    if "decided_by = appellant_key" not in attack:
        papers.review(WON)
    held = (psycopg.errors.InsufficientPrivilege, psycopg.errors.CheckViolation)
    with pytest.raises(held):
        rig.change(f"{attack} where episode_id = %(id)s", id=papers.episode)


def test_levels_and_deadlines_of_an_appeal_are_the_plans(rig: Rig) -> None:
    papers = Papers.paid(rig)
    assert papers.appeal(level=3).codes == ["APPEAL_LEVEL_UNKNOWN"]
    assert papers.appeal(level=2).codes == ["APPEAL_LEVEL_EARLIER"]
    assert papers.appeal(at=APPROVED + timedelta(days=61)).codes == ["APPEAL_TOO_LATE"]
    assert papers.appeal(at=APPROVED + timedelta(days=60)).status == 202
    assert papers.appeal().codes == ["APPEAL_LEVEL_TAKEN"]


def test_an_appeal_that_nobody_may_lodge_is_refused(rig: Rig) -> None:
    papers = Papers.decided(rig)
    with pytest.raises(NotFound):
        papers.appeal(sender=HOSPITAL)
    assert papers.appeal(claim_id="cr_unknown").codes == ["CLAIM_UNKNOWN"]
    assert papers.appeal(lines=[2, 9]).codes == ["CHARGE_LINE_UNKNOWN"]
    rig.change("update claim set state = 'due' where id = %(id)s", id=papers.claim.id)
    assert papers.appeal().codes == ["CLAIM_UNDECIDED"]
    assert papers.rows().appeals == []


def test_a_reviewers_word_that_cannot_be_is_refused_with_every_fault(rig: Rig) -> None:
    papers = Papers.paid(rig)
    assert papers.review(WON).codes == ["APPEAL_UNKNOWN"]
    papers.appeal()
    assert papers.review([]).codes == ["APPEAL_LINES_MISSING"]
    assert papers.review(None, lines=WON).codes == ["APPEAL_LINES_UNWANTED"]
    wrong = lines("939.90", "1.00", "-1.00", "0.00")
    wrong[1]["approved"]["currency"] = "CNY"
    del wrong[3]["reason"]
    assert papers.review([*wrong, {**wrong[0], "line": 9}]).codes == [
        "DECISION_ABOVE_BILLED",
        "DECISION_CURRENCY",
        "DECISION_NEGATIVE",
        "DECISION_REASON_MISSING",
        "DECISION_LINE_UNKNOWN",
    ]
    assert papers.review([WON[0], WON[0]]).codes == [
        "DECISION_LINE_TWICE",
        "DECISION_LINES_MISSING",
    ]
    assert papers.review(lines("939.89", "0.00", "0.00", "0.00")).status == 200


def test_a_reviewer_who_is_late_is_told_of_once_and_may_still_decide(rig: Rig) -> None:
    papers = Papers.paid(rig)
    papers.appeal()
    (appeal,) = papers.rows().appeals
    in_time = rig.standing(papers.episode, appeal.due_at)
    assert in_time.appeal is not None and in_time.appeal.breach_due is None
    assert in_time.deadline() == appeal.due_at + timedelta(seconds=1)
    late = appeal.due_at + timedelta(minutes=1)
    about = Subject(episode_id=papers.episode, subject=appeal.id, at=late)
    assert rig.standing(papers.episode, late).appeal.breach_due == appeal.id  # type: ignore[union-attr]
    told = AppealSteps(rig.world).note_late_appeal(about)
    assert told.appeal is not None and told.appeal.breach_due is None
    revision = told.revision
    assert AppealSteps(rig.world).note_late_appeal(about).revision == revision
    assert "APPEAL_LATE" in rig.exceptions(papers.episode)
    assert papers.review(WON, at=late).status == 200
    assert "APPEAL_LATE" not in rig.exceptions(papers.episode)


def story_of(papers: Papers) -> list[str]:
    """What the insurer's story says, in its order, each line in all three languages."""
    with papers.rig.database.begin() as connection:
        facts = read_story_facts(connection, papers.episode)
    assert facts is not None
    own, rows = own_facts(INSURER, facts), papers.rows()
    standing = papers.rig.standing(papers.episode, LATER)
    known = papers.rig.world.reference
    story = tell(own, rows, standing, Runs(), known, LATER, "en")
    assert all(told.text.zh_hant and told.text.zh_hans for told in story.lines)
    waits = [story.waiting.text.en] if story.waiting else []
    return [told.text.en for told in story.lines] + waits


def test_the_story_tells_who_appealed_what_came_of_it_and_what_is_waited_for(rig: Rig) -> None:
    papers = Papers.paid(rig)
    papers.appeal()
    told = story_of(papers)
    assert any("appealed the decision on claim" in text for text in told)
    assert told[-1].startswith("Waits for Victoria Health Insurance's reviewer")
    papers.review(WON)
    papers.pay(LATER)
    told = story_of(papers)
    (won,) = (text for text in told if text.startswith("The appeal on claim"))
    assert "HKD 1,927.87" in won and "CNY 344.00" in won
    assert not any("A1" in text and "claimed" in text for text in told)


def test_an_examiner_does_not_review_his_own_decision_and_the_difference_is_to_his(
    rig: Rig,
) -> None:
    episode, _ = sent(rig, many_units())
    decide(rig, episode)
    papers = Papers(rig, episode)
    cut = line(1, "400.00", reason="UNITS_NOT_SUPPORTED")
    assert says(rig, episode, decision(papers.claim.id, cut)).status == 200
    (key,) = rig._select(
        "select decided_by from claim_examination where episode_id = %(id)s", id=episode
    )
    papers.pay(APPROVED)
    assert papers.appeal().status == 202
    more = lines("600.00")
    assert papers.review(more, key=key["decided_by"]).codes == ["REVIEWER_DECIDED_BEFORE"]
    assert papers.review(more).body["change"]["amount"] == "183.00"
    assert [p.amount_minor for p in papers.pay(LATER)] == [36_648, 18_324]
    paid = "select sum(amount)::bigint as paid from cover_use where counter = 'lifetime.paid'"
    (counted,) = rig._select(f"{paid} and episode_id = %(id)s", id=episode)
    assert counted["paid"] == 60_000
