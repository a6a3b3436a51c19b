"""How a bank's contradiction ends: two keys and the statement's entry, and no second payment."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import psycopg
import pytest

from activities import apply_payout_finding
from activities.orders import Subject
from activities.payout_again import PayoutAgainSteps
from activities.payout_intent import account_sha256
from activities.payouts import PayoutSteps
from crossclaim.domain.bank_account import AccountKey
from crossclaim.domain.submission import SubmissionKind
from crossclaim.store.bank_bridge import bridge_of
from tests.flows.hospital import Body
from tests.gateways.bank_scene import document
from tests.steps.paper_claims import APPROVED, INSURER
from tests.steps.payout_desk import AMOUNT, FENCE, PAYER, PayoutDesk, status
from tests.steps.rig import Answer, Rig
from tests.steps.test_paper_claims import proposal, word
from tests.steps.test_payout_words import OWED, owed

FIND, CONFIRM = SubmissionKind.PAYOUT_FINDING, SubmissionKind.PAYOUT_FINDING_DECISION
DAY = date(2026, 4, 15)
PAID = {
    f"funder:insurer:{INSURER}:due": -362,
    f"fx:drift:{INSURER}": 362,
}


@pytest.fixture
def desk(rig: Rig, tmp_path: Path) -> PayoutDesk:
    return PayoutDesk.of(rig, tmp_path)


def finding(reference: str, outcome: str, entry: int | None = None, number: str = "F-1") -> Body:
    return {
        "number": number,
        "payout_reference": reference,
        "outcome": outcome,
        "bank_entry": entry,
        "evidence": "the bank's letter HB-17",
        "found_at": "2026-04-17T10:00:00+08:00",
    }


def confirmed(reference: str, *, approved: bool = True, number: str = "F-1") -> Body:
    return {
        "number": number,
        "payout_reference": reference,
        "approved": approved,
        "decided_at": "2026-04-17T11:00:00+08:00",
        "reason": "compared with the statement",
    }


def found(desk: PayoutDesk, episode: str, said: Body) -> Answer:
    """Proposed by one key and confirmed by another."""
    proposed = desk.say(FIND, said, episode, "finder")
    assert proposed.status == 202, proposed.body
    assert "PAYOUT_FINDING_PROPOSED" in desk.rig.exceptions(episode)
    reference = said["payout_reference"]
    alone = desk.say(CONFIRM, confirmed(reference), episode, "finder")
    assert alone.codes == ["PAYOUT_SECOND_KEY"]
    return desk.say(CONFIRM, confirmed(reference), episode, "checker")


def refused_and_paid(desk: PayoutDesk) -> tuple[str, str]:
    """The bank refuses a payout for a passing reason, then says that it credited it."""
    episode = desk.reserved()
    reference = desk.send(episode)
    desk.bank_says(episode, status((reference, "RJCT", "TECH")))
    assert owed(desk, episode)
    desk.bank_says(episode, status((reference, "ACCC", ""), number=2))
    assert "PAYOUT_CREDITED_AFTER_CLOSE" in desk.rig.exceptions(episode)
    desk.at = APPROVED + FENCE + timedelta(hours=1)
    return episode, reference


def test_found_as_paid_it_is_booked_as_paid_and_nothing_follows(desk: PayoutDesk) -> None:
    episode, reference = refused_and_paid(desk)
    entry = desk.debited(reference, DAY)
    answer = found(desk, episode, finding(reference, "paid", entry))
    assert answer.status == 200 and answer.body["outcome"] == "paid"
    payout = desk.payout(episode)
    assert payout.state == "credited" and payout.credited_at is not None
    assert desk.trial(episode) == PAID
    standing = desk.standing(episode)
    assert standing.payout is None and standing.payout_again_due is None
    assert not {"PAYOUT_CREDITED_AFTER_CLOSE", "PAYOUT_REJECTED"} & set(
        desk.rig.exceptions(episode)
    )
    key = AccountKey(bank=desk.desk.bank, account=account_sha256(PAYER), organisation=INSURER)
    desk.desk.work.match(key, "statement", desk.at)
    with desk.rig.database.begin() as connection:
        (told,) = bridge_of(connection, key, DAY).lines
    assert (told.key, told.reason.value) == (f"payout:{reference}", "LEDGER_LATER")


def test_what_was_to_follow_is_cancelled_before_it_was_sent(desk: PayoutDesk) -> None:
    episode = desk.reserved()
    reference = desk.send(episode)
    desk.bank_says(episode, status((reference, "RJCT", "TECH")))
    again = Subject(episode_id=episode, subject=reference, at=APPROVED + timedelta(hours=1))
    PayoutAgainSteps(desk.world).repeat_payout(again)
    assert desk.payout(episode).reference == f"{reference}-2"
    desk.desk.comes(status((reference, "ACCC", ""), number=2))
    desk.apply(episode, reference)
    entry = desk.debited(reference, DAY)
    assert found(desk, episode, finding(reference, "paid", entry)).status == 200
    first, second = desk.rig.rows(episode).payouts
    assert (first.state, second.state) == ("credited", "cancelled")
    assert desk.trial(episode) == PAID
    assert desk.standing(episode).payout is None


def test_found_as_not_paid_the_same_money_goes_out_once_more(desk: PayoutDesk) -> None:
    episode, reference = refused_and_paid(desk)
    assert found(desk, episode, finding(reference, "not_paid")).status == 200
    assert owed(desk, episode)
    assert desk.standing(episode).payout_again_due == reference
    again = Subject(episode_id=episode, subject=reference, at=desk.at)
    PayoutAgainSteps(desk.world).repeat_payout(again)
    assert desk.payout(episode).state == "reserved"


def test_before_the_fence_nothing_is_found_as_not_paid(desk: PayoutDesk) -> None:
    episode, reference = refused_and_paid(desk)
    desk.at = APPROVED + FENCE - timedelta(seconds=1)
    told = desk.say(FIND, finding(reference, "not_paid"), episode, "finder")
    assert told.codes == ["PAYOUT_FENCE_STANDS"]


def test_a_statement_that_shows_the_debit_stands_against_not_paid(desk: PayoutDesk) -> None:
    episode, reference = refused_and_paid(desk)
    entry = desk.debited(reference, DAY)
    told = desk.say(FIND, finding(reference, "not_paid"), episode, "finder")
    assert told.codes == ["PAYOUT_FOUND_ON_STATEMENT"]
    assert desk.say(FIND, finding(reference, "paid", entry), episode, "finder").status == 202


def test_without_the_debit_of_its_amount_nothing_is_found_as_paid(desk: PayoutDesk) -> None:
    episode, reference = refused_and_paid(desk)
    for entry in (None, 1, 2**40):
        said = finding(reference, "paid", entry)
        assert desk.say(FIND, said, episode, "finder").codes == ["PAYOUT_ENTRY_PROVES_NOTHING"]
    other, foreign = refused_and_paid(desk)
    assert other != episode
    anothers = finding(reference, "paid", desk.debited(foreign, DAY))
    assert desk.say(FIND, anothers, episode, "finder").codes == ["PAYOUT_ENTRY_PROVES_NOTHING"]


def test_while_another_payout_of_the_claim_is_on_its_way_nothing_is_found_as_paid(
    desk: PayoutDesk,
) -> None:
    episode = desk.reserved()
    reference = desk.send(episode)
    desk.bank_says(episode, status((reference, "RJCT", "TECH")))
    again = Subject(episode_id=episode, subject=reference, at=APPROVED + timedelta(hours=1))
    PayoutAgainSteps(desk.world).repeat_payout(again)
    second = desk.send(episode)
    desk.desk.comes(status((reference, "ACCC", ""), number=2))
    desk.apply(episode, reference)
    entry = desk.debited(reference, DAY)
    told = desk.say(FIND, finding(reference, "paid", entry), episode, "finder")
    assert told.codes == ["PAYOUT_FOLLOWED"]
    # Both were paid in the end: what is too much is owed by the payee, and a person asks for it.
    desk.bank_says(episode, status((second, "ACCC", ""), number=3))
    assert found(desk, episode, finding(reference, "paid", entry)).status == 200
    assert desk.trial(episode) == {
        **PAID,
        f"funder:insurer:{INSURER}:due": -362 - AMOUNT,
        f"overpaid:{INSURER}": AMOUNT,
    }
    assert "PAYOUT_PAID_TWICE" in desk.rig.exceptions(episode)


def test_a_credited_payout_that_was_never_made_is_taken_back(desk: PayoutDesk) -> None:
    episode = desk.reserved()
    reference = desk.send(episode)
    desk.bank_says(episode, status((reference, "ACCC", "")))
    assert desk.trial(episode) == PAID
    desk.bank_says(episode, status((reference, "RJCT", "AC04"), number=2))
    desk.at = APPROVED + FENCE + timedelta(hours=1)
    assert found(desk, episode, finding(reference, "not_paid")).status == 200
    payout = desk.payout(episode)
    assert (payout.state, payout.reason) == ("returned", "FOUND_NOT_PAID")
    assert owed(desk, episode)
    assert desk.standing(episode).waiting_for == "PAYEE_ACCOUNT"


def test_a_refused_finding_books_nothing_and_another_may_be_told(desk: PayoutDesk) -> None:
    episode, reference = refused_and_paid(desk)
    entry = desk.debited(reference, DAY)
    desk.say(FIND, finding(reference, "paid", entry), episode, "finder")
    no = confirmed(reference, approved=False)
    assert desk.say(CONFIRM, no, episode, "checker").body["status"] == "refused"
    assert owed(desk, episode)
    assert "PAYOUT_CREDITED_AFTER_CLOSE" in desk.rig.exceptions(episode)
    yes = finding(reference, "paid", entry, number="F-2")
    assert desk.say(FIND, yes, episode, "finder").status == 202


def test_the_database_lets_no_closed_payout_become_paid_without_two_keys(
    desk: PayoutDesk,
) -> None:
    episode, reference = refused_and_paid(desk)
    with pytest.raises(psycopg.Error), desk.world.records.transaction() as tx:
        tx.change_intent(reference, state="credited")
    entry = desk.debited(reference, DAY)
    desk.say(FIND, finding(reference, "paid", entry), episode, "finder")
    with pytest.raises(psycopg.Error), desk.world.records.transaction() as tx:
        tx.decide_finding(reference, "F-1", "finder", True, "", desk.at)


def test_a_twin_that_believes_the_finder_pays_a_second_time(
    desk: PayoutDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a look at the statement the same money would go out again, and it must not."""
    episode, reference = refused_and_paid(desk)
    desk.debited(reference, DAY)
    monkeypatch.setattr(apply_payout_finding, "net_debit", lambda entries: 0)
    assert found(desk, episode, finding(reference, "not_paid")).status == 200
    assert desk.standing(episode).payout_again_due == reference


def test_a_return_three_days_after_the_credit_and_the_new_account_also_wrong(
    desk: PayoutDesk,
) -> None:
    episode = desk.reserved()
    first = desk.send(episode)
    desk.bank_says(episode, status((first, "ACCC", "")))
    assert desk.trial(episode) == PAID
    desk.at = APPROVED + timedelta(days=3)
    desk.debited(first, DAY)
    desk.debited(first, DAY + timedelta(days=2), sign="CRDT", net=AMOUNT)
    desk.desk.comes(_return(first))
    desk.apply(episode, first)
    assert desk.payout(episode).state == "returned" and owed(desk, episode)
    paused = desk.standing(episode, APPROVED + timedelta(days=30))
    assert paused.clock_breach_due is None and paused.waiting_for == "PAYEE_ACCOUNT"
    second = _another_account(desk, episode, first, "N-1", "6205500000000000004")
    desk.bank_says(episode, status((second, "RJCT", "AC01")))
    assert owed(desk, episode)
    third = _another_account(desk, episode, second, "N-2", "6200000000000021")
    desk.bank_says(episode, status((third, "ACCC", "")))
    assert desk.trial(episode) == PAID
    states = [(p.reference, p.state) for p in desk.rig.rows(episode).payouts]
    assert states == [(first, "returned"), (second, "rejected"), (third, "credited")]
    told = desk.rig.story(episode, desk.at)
    for reference, ended in ((first, "returned"), (second, "rejected"), (third, "credited")):
        assert reference in told and ended in told
    assert told.count("was fixed: CNY 1,421.86") == 3


def _another_account(
    desk: PayoutDesk, episode: str, reference: str, number: str, account: str
) -> str:
    given = proposal(reference, number, account)
    assert desk.say(SubmissionKind.PAYEE_ACCOUNT, given, episode, "maker").status == 202
    decision = SubmissionKind.PAYEE_DECISION
    approved = desk.say(decision, word(reference, number=number), episode, "checker")
    assert approved.status == 200, approved.body
    return desk.send(episode, desk.at)


def _return(reference: str) -> str:
    return document(
        "pacs.004.001.11",
        f"<PmtRtr><GrpHdr><MsgId>RT-{reference}</MsgId>"
        "<CreDtTm>2026-04-17T10:00:00+08:00</CreDtTm><NbOfTxs>1</NbOfTxs>"
        "<SttlmInf><SttlmMtd>CLRG</SttlmMtd></SttlmInf></GrpHdr><TxInf>"
        f"<OrgnlEndToEndId>{reference}</OrgnlEndToEndId>"
        f'<RtrdIntrBkSttlmAmt Ccy="CNY">{AMOUNT / 100:.2f}</RtrdIntrBkSttlmAmt>'
        "<IntrBkSttlmDt>2026-04-17</IntrBkSttlmDt><RtrRsnInf><Rsn><Cd>AC04</Cd></Rsn></RtrRsnInf>"
        "</TxInf></PmtRtr>",
        check=False,
    )


def test_a_bank_that_is_silent_for_two_days_and_answers_twice_pays_once(desk: PayoutDesk) -> None:
    episode = desk.reserved()
    reference = desk.send(episode)
    at = APPROVED + timedelta(minutes=10)
    asked = 0
    while at < APPROVED + timedelta(days=2):
        standing = desk.standing(episode, at)
        assert standing.payout is not None and not standing.payout.send_due
        if standing.payout.inquiry_due:
            order = Subject(episode_id=episode, subject=reference, at=at)
            PayoutSteps(desk.world).inquire_payout(order)
            asked += 1
        at += timedelta(hours=6)
    assert asked == 6 and desk.payout(episode).state == "unknown"
    late = "2026-04-16T12:00:00+08:00"
    for number in (1, 2):
        desk.bank_says(episode, status((reference, "ACCC", ""), number=number, at=late))
    assert desk.payout(episode).state == "credited" and desk.trial(episode) == PAID
    assert desk.rig.exceptions(episode) == {}
    names = {path.name for path in (desk.desk.folder / "outbound").iterdir()}
    assert f"{reference}-1.xml" in names and f"{reference}-2.xml" not in names
    told = desk.rig.story(episode, at)
    assert f"stands (inquiry {asked})" in told and told.count("was handed to") == 1
    assert told.count("the payee's account was credited at 2026-04-16 12:00") == 2


def test_of_a_payout_file_that_is_partly_rejected_each_payment_goes_its_own_way(
    desk: PayoutDesk,
) -> None:
    good, bad = desk.reserved(), desk.reserved()
    paid, wrong = desk.send(good), desk.send(bad)
    partly = status((paid, "ACCC", ""), (wrong, "RJCT", "AC01"), group="PART")
    desk.desk.comes(partly)
    desk.apply(good, paid)
    desk.apply(bad, wrong)
    assert (desk.payout(good).state, desk.payout(bad).state) == ("credited", "rejected")
    assert desk.trial(good) == PAID and desk.trial(bad) == OWED
    assert desk.standing(bad).waiting_for == "PAYEE_ACCOUNT"
    told = [desk.rig.story(episode, desk.at) for episode in (good, bad)]
    assert "the payee's account was credited" in told[0] and "rejected" not in told[0]
    assert f"rejected payout {wrong} (wrong account number, AC01); no money moved" in told[1]
    assert told[1].endswith("Waits for a person: the payee's account did not take the money.")
