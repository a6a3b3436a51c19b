"""A payout above an amount waits for a second key; one is taken back before it is settled."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from crossclaim.domain.errors import NotFound
from crossclaim.domain.submission import SubmissionKind
from tests.flows.hospital import Body
from tests.steps.paper_claims import APPROVED, INSURER, claim, member
from tests.steps.payout_desk import AMOUNT, PayoutDesk, resolution, status
from tests.steps.rig import Rig
from tests.steps.test_paper_claims import proposal, word
from tests.steps.test_payout_rails import VISITS

MINUTE = timedelta(minutes=1)
APPROVE, RECALL = SubmissionKind.PAYOUT_APPROVAL, SubmissionKind.PAYOUT_RECALL
OWED = {
    f"funder:insurer:{INSURER}:due": AMOUNT - 362,
    f"fx:drift:{INSURER}": 362,
    "patient:reimbursements": -AMOUNT,
}
"""The benefit was judged at other rates than it is paid at: what that makes is a posting of its
own, and what is left is owed."""


@pytest.fixture
def strict(rig: Rig, tmp_path: Path) -> PayoutDesk:
    return PayoutDesk.of(rig, tmp_path, payout_approval_above_fen=AMOUNT - 1)


@pytest.fixture
def desk(rig: Rig, tmp_path: Path) -> PayoutDesk:
    return PayoutDesk.of(rig, tmp_path)


def released(reference: str, *, approved: bool = True) -> Body:
    return {
        "payout_reference": reference,
        "approved": approved,
        "decided_at": "2026-04-14T11:00:00+08:00",
        "reason": "compared with the decision",
    }


def wanted_back(reference: str, reason: str = "CUST") -> Body:
    return {
        "number": "RC-1",
        "payout_reference": reference,
        "reason": reason,
        "asked_at": "2026-04-14T11:00:00+08:00",
    }


def owed(desk: PayoutDesk, episode: str) -> bool:
    return desk.trial(episode) == OWED


def test_above_the_amount_nothing_is_sent_before_another_key_has_released_it(
    strict: PayoutDesk,
) -> None:
    episode = strict.reserved("maker")
    payout = strict.payout(episode)
    standing = strict.standing(episode)
    assert payout.state == "to_be_approved"
    assert standing.payout is not None and not standing.payout.send_due and not standing.closable
    assert standing.waiting_for == "BANK_TO_BE_APPROVED"
    assert "PAYOUT_TO_APPROVE" in strict.rig.exceptions(episode)
    said = released(payout.reference)
    assert strict.say(APPROVE, said, episode, "maker").codes == ["PAYOUT_SECOND_KEY"]
    assert strict.say(APPROVE, said, episode, "checker").status == 200
    after = strict.standing(episode)
    assert after.payout is not None and after.payout.send_due
    assert "PAYOUT_TO_APPROVE" not in strict.rig.exceptions(episode)
    assert strict.say(APPROVE, said, episode, "third").codes == ["PAYOUT_NOT_TO_APPROVE"]


def test_at_the_amount_itself_nobody_is_asked(rig: Rig, tmp_path: Path) -> None:
    desk = PayoutDesk.of(rig, tmp_path, payout_approval_above_fen=AMOUNT)
    assert desk.payout(desk.reserved()).state == "reserved"


def test_a_refusal_closes_the_intent_and_reverses_it_and_two_keys_pay_it_anew(
    strict: PayoutDesk,
) -> None:
    episode = strict.reserved("maker")
    reference = strict.payout(episode).reference
    said = released(reference, approved=False)
    assert strict.say(APPROVE, said, episode, "checker").status == 200
    closed = strict.payout(episode)
    assert (closed.state, closed.reason) == ("cancelled", "NOT_APPROVED")
    assert owed(strict, episode)
    assert strict.standing(episode).waiting_for == "PAYOUT_CANCELLED"
    same = proposal(reference, account="6200000000000047")
    assert strict.say(SubmissionKind.PAYEE_ACCOUNT, same, episode, "maker").status == 202
    decision = SubmissionKind.PAYEE_DECISION
    assert strict.say(decision, word(reference), episode, "checker").status == 200
    new = strict.payout(episode)
    assert (new.reference, new.state) == (f"{reference}-2", "reserved")
    assert "PAYOUT_CANCELLED" not in strict.rig.exceptions(episode)


def test_the_database_itself_refuses_one_key_for_both_and_a_release_without_a_word(
    strict: PayoutDesk,
) -> None:
    episode = strict.reserved("maker")
    reference = strict.payout(episode).reference
    with pytest.raises(psycopg.Error), strict.world.records.transaction() as tx:
        tx.decide_approval(reference, "maker", True, "", APPROVED)
    with pytest.raises(psycopg.Error), strict.world.records.transaction() as tx:
        tx.change_intent(reference, state="reserved")


def test_a_twin_that_does_not_compare_the_keys_is_stopped_by_the_database(
    strict: PayoutDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    episode = strict.reserved("maker")
    reference = strict.payout(episode).reference

    class Blind:
        approved = None
        made_by = "nobody"

    monkeypatch.setattr(
        "crossclaim.store.payout_word_tables.PayoutWordTables.approval",
        lambda self, reference: Blind(),
    )
    with pytest.raises((RuntimeError, psycopg.Error)):
        strict.say(APPROVE, released(reference), episode, "maker")
    assert strict.payout(episode).state == "to_be_approved"


def test_nobody_but_the_insurer_whose_money_it_is_releases_or_recalls(strict: PayoutDesk) -> None:
    reference = strict.payout(episode := strict.reserved("maker")).reference
    for kind, said in ((APPROVE, released(reference)), (RECALL, wanted_back(reference))):
        with pytest.raises(NotFound):
            strict.rig.say(kind, said, episode, organisation="harbour-life", key_id="k")
    other = strict.payout(strict.reserved("maker")).reference
    assert strict.say(APPROVE, released(other), episode, "checker").codes == ["PAYOUT_UNKNOWN"]


def test_the_first_payout_to_a_persons_account_waits_and_the_next_one_does_not(
    rig: Rig, tmp_path: Path
) -> None:
    desk = PayoutDesk.of(rig, tmp_path, payout_check_first_account=True)
    account = {**claim()["account"], "number": "6205500000000000012"}
    person = member(70_001)
    first = desk.reserved("maker", account=account, patient=person, papers=VISITS[0])
    reference = desk.payout(first).reference
    assert desk.payout(first).state == "to_be_approved"
    assert desk.say(APPROVE, released(reference), first, "checker").status == 200
    desk.send(first)
    desk.bank_says(first, status((reference, "ACCC", "")))
    again = desk.reserved("maker", account=account, patient=person, papers=VISITS[1])
    assert desk.payout(again).state == "reserved"
    other = desk.reserved("maker", account=account)
    assert desk.payout(other).state == "to_be_approved", "for another person it is the first one"


def test_before_a_file_is_written_a_payout_is_cancelled_without_the_bank(desk: PayoutDesk) -> None:
    episode = desk.reserved()
    reference = desk.payout(episode).reference
    answer = desk.say(RECALL, wanted_back(reference), episode, "maker")
    assert (answer.status, answer.body["status"]) == (200, "cancelled")
    assert desk.payout(episode).state == "cancelled" and owed(desk, episode)
    standing = desk.standing(episode)
    assert standing.payout is None and standing.waiting_for == "PAYOUT_CANCELLED"
    assert list((desk.desk.folder / "outbound").iterdir()) == []
    assert desk.say(RECALL, wanted_back(reference), episode, "maker").status == 422


def recalled(desk: PayoutDesk) -> tuple[str, str]:
    """One payout that the bank has, and whose payer wants it back; the bank was asked."""
    episode = desk.reserved()
    reference = desk.send(episode)
    answer = desk.say(RECALL, wanted_back(reference), episode, "maker")
    assert answer.status == 202, answer.body
    standing = desk.standing(episode)
    assert standing.payout is not None and standing.payout.recall_due
    desk.recall(episode, APPROVED)
    asked = (desk.desk.folder / "outbound" / f"{reference}-r1.xml").read_text()
    assert "<Cd>CUST</Cd>" in asked and f"<OrgnlEndToEndId>{reference}</OrgnlEndToEndId>" in asked
    return episode, reference


def test_what_the_bank_cancels_is_closed_and_reversed(desk: PayoutDesk) -> None:
    episode, reference = recalled(desk)
    desk.bank_says(episode, resolution(reference, "ACCR", reason="CUST"))
    assert desk.payout(episode).state == "cancelled" and desk.payout(episode).recall == "accepted"
    assert owed(desk, episode)
    assert "PAYOUT_RECALL_ASKED" not in desk.rig.exceptions(episode)
    assert "PAYOUT_CANCELLED" in desk.rig.exceptions(episode)


def test_what_the_bank_does_not_cancel_goes_on_and_is_credited(desk: PayoutDesk) -> None:
    episode, reference = recalled(desk)
    desk.bank_says(episode, resolution(reference, "RJCR", reason="AGNT"))
    payout = desk.payout(episode)
    assert (payout.state, payout.recall) == ("sent", "refused")
    desk.bank_says(episode, status((reference, "ACCC", "")))
    assert desk.payout(episode).state == "credited"
    assert "patient:reimbursements" not in desk.trial(episode)


def test_a_silent_bank_is_asked_again_and_its_order_never_sent_a_second_time(
    desk: PayoutDesk,
) -> None:
    episode, reference = recalled(desk)
    standing = desk.standing(episode, APPROVED + 9 * MINUTE)
    assert standing.payout is not None and not standing.payout.recall_due
    late = APPROVED + 10 * MINUTE
    asked = desk.standing(episode, late)
    assert asked.payout is not None and asked.payout.recall_due
    desk.recall(episode, late)
    desk.recall(episode, late)
    assert desk.payout(episode).recall_messages == 2 and desk.payout(episode).recall == "unknown"
    denied = status((reference, "RJCT", "NOOR"), at="2026-04-17T12:00:00+08:00")
    desk.bank_says(episode, denied, APPROVED + timedelta(days=3))
    after = desk.standing(episode, APPROVED + timedelta(days=4))
    assert after.payout is not None and not after.payout.send_due


def test_a_bank_that_cancels_and_pays_all_the_same_contradicts_itself(desk: PayoutDesk) -> None:
    episode, reference = recalled(desk)
    desk.bank_says(episode, resolution(reference, "ACCR", reason="CUST"))
    desk.bank_says(episode, status((reference, "ACCC", ""), number=2))
    assert "PAYOUT_CREDITED_AFTER_CLOSE" in desk.rig.exceptions(episode)
    assert owed(desk, episode)
    same = proposal(reference)
    desk.say(SubmissionKind.PAYEE_ACCOUNT, same, episode, "maker")
    told = desk.say(SubmissionKind.PAYEE_DECISION, word(reference), episode, "checker")
    assert told.codes == ["PAYOUT_CONTRADICTED"]


def test_what_is_settled_or_over_or_at_a_bank_without_recalls_is_not_taken_back(
    desk: PayoutDesk,
) -> None:
    episode, reference = recalled(desk)
    back = wanted_back(reference)
    assert desk.say(RECALL, back, episode, "maker").codes == ["PAYOUT_RECALLED_BEFORE"]
    settled = desk.reserved()
    other = desk.send(settled)
    desk.bank_says(settled, status((other, "ACSC", "")))
    assert desk.say(RECALL, wanted_back(other), settled, "maker").codes == ["PAYOUT_SETTLED"]


def test_an_answer_that_says_less_than_yes_or_no_ends_nothing(desk: PayoutDesk) -> None:
    episode, reference = recalled(desk)
    desk.bank_says(episode, resolution(reference, "PDCR"))
    payout = desk.payout(episode)
    assert (payout.state, payout.recall) == ("sent", "sent")
