"""Account and name are checked before the first payout to an account, where its bank says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

from activities import payout_intent
from activities.world import World
from crossclaim.config import BankProfile
from crossclaim.domain.account_check import ASKED_AT_MOST
from crossclaim.domain.submission import SubmissionKind
from crossclaim.gateways.bank import HostToHostBank
from tests.gateways.bank_scene import document
from tests.steps.paper_claims import APPROVED, claim, member, paper
from tests.steps.payout_desk import FENCE, HABITS, PayoutDesk, at_hour, status
from tests.steps.rig import Answer, Rig
from tests.steps.test_paper_claims import proposal, word
from tests.steps.test_payout_findings import PAID
from tests.steps.test_payout_rails import VISITS, limited
from tests.steps.test_payout_words import OWED

_accounts, _persons = count(1), count(60_000)
SILENCE = timedelta(seconds=HABITS.answer_within_s)


@pytest.fixture
def desk(rig: Rig, tmp_path: Path) -> PayoutDesk:
    """A bank that says whose an account is."""
    return asking(PayoutDesk.of(rig, tmp_path))


def asking(desk: PayoutDesk) -> PayoutDesk:
    bank = desk.desk.bank
    profile = BankProfile(bank=bank, folder=desk.desk.folder, recalls=True, account_checks=True)
    world = replace(
        desk.world,
        banks={bank: HostToHostBank(profile)},
        bank_habits={bank: replace(HABITS, account_checks=True)},
    )
    both = replace(desk.desk, world=world, rig=replace(desk.rig, world=world))
    return replace(desk, rig=both.rig, desk=both)


def card() -> str:
    """A number that nobody was paid to."""
    return f"62177770{next(_accounts):08d}"


def reserved(desk: PayoutDesk, number: str, **changes: Any) -> tuple[str, str]:
    account = {**claim()["account"], "number": number}
    episode = desk.reserved(account=account, **changes)
    return episode, desk.payout(episode).reference


def orders(desk: PayoutDesk, reference: str) -> set[str]:
    """Files that the bank can see about a payout."""
    outbound = desk.desk.folder / "outbound"
    return {path.name for path in outbound.iterdir() if path.name.startswith(reference)}


def told(
    reference: str, answer: str, reason: str = "", *, number: int = 1, proposed: str = ""
) -> str:
    """An acmt.024."""
    why = f"<Rsn><Cd>{reason}</Cd></Rsn>" if reason else ""
    name = f"<UpdtdPtyAndAcctId><Pty><Nm>{proposed}</Nm></Pty></UpdtdPtyAndAcctId>"
    return document(
        "acmt.024.001.03",
        f"<IdVrfctnRpt><Assgnmt><MsgId>V-{reference}-{number}</MsgId>"
        "<CreDtTm>2026-04-14T11:00:00+08:00</CreDtTm></Assgnmt>"
        f"<Rpt><OrgnlId>{reference}</OrgnlId><Vrfctn>{answer}</Vrfctn>{why}"
        f"{name if proposed else ''}</Rpt></IdVrfctnRpt>",
        check=False,
    )


def asked(desk: PayoutDesk, number: str = "") -> tuple[str, str]:
    """The first step of sending: the bank is asked, and nothing else."""
    episode, reference = reserved(desk, number or card())
    standing = desk.standing(episode).payout
    assert standing is not None and standing.send_due
    desk.hand_over(episode)
    assert orders(desk, reference) == {f"{reference}-v1.xml"}
    waits = desk.standing(episode).payout
    assert waits is not None and not waits.due and waits.look_again_at == desk.at + SILENCE
    return episode, reference


def release(desk: PayoutDesk, episode: str, reference: str, approved: bool = True) -> Answer:
    content = {
        "payout_reference": reference,
        "approved": approved,
        "decided_at": desk.at.isoformat(),
        "reason": "compared",
    }
    return desk.say(SubmissionKind.PAYOUT_APPROVAL, content, episode, "checker")


def test_nothing_is_sent_before_the_bank_has_said_that_the_account_is_its_holders(
    desk: PayoutDesk,
) -> None:
    episode, reference = asked(desk)
    desk.hand_over(episode)
    assert orders(desk, reference) == {f"{reference}-v1.xml"}, "asked once, however often it runs"
    request = (desk.desk.folder / "outbound" / f"{reference}-v1.xml").read_text()
    assert f"<Vrfctn><Id>{reference}</Id>" in request and "<Nm>" in request
    desk.bank_says(episode, told(reference, "true"))
    desk.send(episode)
    assert f"{reference}-1.xml" in orders(desk, reference)
    desk.bank_says(episode, status((reference, "ACCC", "")))
    assert desk.payout(episode).state == "credited" and desk.trial(episode) == PAID
    story = desk.rig.story(episode, desk.at)
    assert "whether the account of payout" in story
    assert f"confirms that the account of payout {reference} is its holder's" in story


def test_an_account_of_ones_own_that_matched_or_was_paid_is_not_asked_about_again(
    desk: PayoutDesk,
) -> None:
    number, person = card(), member(next(_persons))
    episode, reference = reserved(desk, number, patient=person, papers=VISITS[0])
    desk.hand_over(episode)
    desk.bank_says(episode, told(reference, "true"))
    second, other = reserved(desk, number, patient=person, papers=VISITS[1])
    assert desk.payout(second).account_check is None
    desk.send(second)
    assert orders(desk, other) == {f"{other}-1.xml"}, "no message more than before"
    paid, person = card(), member(next(_persons))
    before = replace(desk, rig=replace(desk.rig, world=silent_world(desk)))
    first, known = reserved(before, paid, patient=person, papers=VISITS[0])
    before.send(first)
    before.bank_says(first, status((known, "ACCC", "")))
    third, _ = reserved(desk, paid, patient=person, papers=VISITS[1])
    assert desk.payout(third).account_check is None


def test_another_persons_account_is_asked_about_however_well_it_is_known(
    desk: PayoutDesk,
) -> None:
    """Red before: a number that had matched for one was taken for everybody's."""
    number = card()
    episode, reference = asked(desk, number)
    desk.bank_says(episode, told(reference, "true"))
    matched, _ = reserved(desk, number)
    assert desk.payout(matched).account_check == "due"
    desk.send(episode)
    desk.bank_says(episode, status((reference, "ACCC", "")))
    paid, other = reserved(desk, number)
    assert desk.payout(paid).account_check == "due"
    desk.hand_over(paid)
    assert orders(desk, other) == {f"{other}-v1.xml"}


def test_where_a_bank_never_says_credited_an_account_is_known_once_no_return_can_come(
    desk: PayoutDesk,
) -> None:
    """Red before: such an account was asked about for ever."""
    habits = replace(HABITS, credit_advice=False)
    unasked = replace(desk.world, bank_habits={desk.desk.bank: habits})
    before = replace(desk, rig=replace(desk.rig, world=unasked))
    number, person = card(), member(next(_persons))
    first, reference = reserved(before, number, patient=person, papers=VISITS[0])
    before.send(first)
    before.bank_says(first, status((reference, "ACSC", "")))
    assert desk.payout(first).state == "accepted"
    asks = {desk.desk.bank: replace(habits, account_checks=True)}
    now = replace(desk, rig=replace(desk.rig, world=replace(desk.world, bank_habits=asks)))
    early, _ = reserved(now, number, patient=person, papers=VISITS[1])
    assert desk.payout(early).account_check == "due", "it may still come back"
    now.at += FENCE + timedelta(hours=3)
    later = [paper("C1", "2026-03-24", "300.00")]
    late, _ = reserved(now, number, patient=person, papers=later)
    assert desk.payout(late).account_check is None


def silent_world(desk: PayoutDesk) -> World:
    return replace(desk.world, bank_habits={desk.desk.bank: HABITS})


@pytest.mark.parametrize(("reason", "kept"), [("AC01", "AC01"), ("", "NMTC"), ("AM04", "NMTC")])
def test_what_does_not_match_is_never_paid_and_its_claimant_is_asked_once(
    desk: PayoutDesk, reason: str, kept: str
) -> None:
    """A reason for sending again (AM04) is not taken for one here."""
    episode, reference = asked(desk)
    for number in (1, 2):
        desk.bank_says(episode, told(reference, "false", reason, number=number))
    payout = desk.payout(episode)
    assert (payout.state, payout.reason) == ("rejected", kept)
    assert desk.trial(episode) == OWED
    late = desk.standing(episode, APPROVED + timedelta(days=30))
    assert late.waiting_for == "PAYEE_ACCOUNT" and late.payout_again_due is None
    assert late.clock_breach_due is None, "the clock stands still while an account is awaited"
    assert orders(desk, reference) == {f"{reference}-v1.xml"}
    opened = desk.desk.select(
        "select code from exception_item where episode_id = %(id)s and resolved_at is null",
        id=episode,
    )
    assert [row["code"] for row in opened] == ["PAYOUT_REJECTED"]
    assert "is not its holder's" in desk.rig.story(episode, desk.at)


def test_the_new_account_is_asked_about_as_well(desk: PayoutDesk) -> None:
    episode, reference = asked(desk)
    desk.bank_says(episode, told(reference, "false", "AC01"))
    given = proposal(reference, "N-1", card())
    assert desk.say(SubmissionKind.PAYEE_ACCOUNT, given, episode, "maker").status == 202
    agreed = desk.say(SubmissionKind.PAYEE_DECISION, word(reference, number="N-1"), episode, "two")
    assert agreed.status == 200, agreed.body
    second = desk.payout(episode).reference
    desk.hand_over(episode)
    assert orders(desk, second) == {f"{second}-v1.xml"}
    desk.bank_says(episode, told(second, "true"))
    desk.send(episode)
    desk.bank_says(episode, status((second, "ACCC", "")))
    assert desk.trial(episode) == PAID


@pytest.mark.parametrize(
    ("reason", "proposed", "verdict"),
    [("CMTC", "", "close"), ("", "CHAN TAI MAN", "close"), ("NOAP", "", "unanswered")],
)
def test_what_the_bank_leaves_open_waits_for_a_second_key(
    desk: PayoutDesk, reason: str, proposed: str, verdict: str
) -> None:
    episode, reference = asked(desk)
    desk.bank_says(episode, told(reference, "false", reason, proposed=proposed))
    payout = desk.payout(episode)
    assert (payout.state, payout.account_check) == ("to_be_approved", verdict)
    assert "PAYOUT_TO_APPROVE" in desk.rig.exceptions(episode)
    held = desk.standing(episode).payout
    assert held is not None and not held.due
    story = desk.rig.story(episode, desk.at)
    assert "leaves it open" in story and "CHAN" not in story
    assert release(desk, episode, reference).status == 200
    desk.send(episode)
    assert f"{reference}-1.xml" in orders(desk, reference)


def test_what_a_bank_says_twice_takes_back_no_release(desk: PayoutDesk) -> None:
    """Red before: the same word, told once more, ended what a person had just released."""
    episode, reference = asked(desk)
    desk.bank_says(episode, told(reference, "false", "CMTC"))
    assert release(desk, episode, reference).status == 200
    desk.bank_says(episode, told(reference, "false", "CMTC", number=2))
    assert desk.payout(episode).state == "reserved"
    desk.send(episode)
    assert f"{reference}-1.xml" in orders(desk, reference)


def test_what_a_second_key_has_released_is_not_asked_about_again_on_another_day(
    desk: PayoutDesk,
) -> None:
    """Red before: written anew for its rail, it waited for the same key's word again."""
    desk = limited(desk)
    desk.at = at_hour(date(2026, 4, 13), 10)
    papers, person = VISITS[0], member(next(_persons))
    episode, reference = reserved(desk, card(), patient=person, papers=papers)
    desk.hand_over(episode)
    desk.bank_says(episode, told(reference, "false", "CMTC"))
    assert release(desk, episode, reference).status == 200
    for day in (14, 15):
        desk.at = at_hour(date(2026, 4, day), 10)
        desk.hand_over(episode)
        anew = desk.payout(episode)
        assert (anew.state, anew.account_check) == ("reserved", None), day
    assert len(desk.rig.rows(episode).payouts) == 3
    desk.send(episode)
    assert orders(desk, anew.reference) == {f"{anew.reference}-1.xml"}


def test_a_second_key_that_refuses_what_is_only_close_sends_nothing(desk: PayoutDesk) -> None:
    episode, reference = asked(desk)
    desk.bank_says(episode, told(reference, "false", "CMTC"))
    assert release(desk, episode, reference, approved=False).status == 200
    assert desk.payout(episode).state == "cancelled" and desk.trial(episode) == OWED
    assert orders(desk, reference) == {f"{reference}-v1.xml"}


def test_a_silent_bank_is_asked_so_often_and_then_a_person_decides(desk: PayoutDesk) -> None:
    episode, reference = asked(desk)
    for number in range(2, ASKED_AT_MOST + 1):
        desk.at += SILENCE
        desk.hand_over(episode)
        assert f"{reference}-v{number}.xml" in orders(desk, reference)
    desk.at += SILENCE
    desk.hand_over(episode)
    assert desk.payout(episode).state == "to_be_approved"
    assert len(orders(desk, reference)) == ASKED_AT_MOST
    breach = desk.standing(episode, APPROVED + timedelta(hours=73))
    assert breach.clock_breach_due is not None, "its silence never moves the time that is due"
    desk.bank_says(episode, told(reference, "false", "AC04"))
    assert desk.payout(episode).state == "rejected", "its late word is still in time"
    assert "PAYOUT_TO_APPROVE" not in desk.rig.exceptions(episode)
    assert release(desk, episode, reference).codes == ["PAYOUT_NOT_TO_APPROVE"]
    assert desk.trial(episode) == OWED


def test_once_the_order_is_out_a_late_word_about_the_account_moves_nothing(
    desk: PayoutDesk,
) -> None:
    episode, reference = asked(desk)
    desk.bank_says(episode, told(reference, "true"))
    desk.send(episode)
    desk.bank_says(episode, told(reference, "false", "AC01", number=2))
    assert desk.payout(episode).state == "sent", "the money may be on its way"
    desk.bank_says(episode, status((reference, "ACCC", "")))
    assert desk.trial(episode) == PAID


def test_a_bank_that_takes_no_question_is_paid_through_as_before_and_the_trace_says_so(
    rig: Rig, tmp_path: Path
) -> None:
    desk = PayoutDesk.of(rig, tmp_path)
    episode, reference = reserved(desk, card())
    desk.send(episode)
    assert orders(desk, reference) == {f"{reference}-1.xml"}
    assert "takes no question about account and name" in desk.rig.story(episode, desk.at)


def test_the_database_hands_over_no_order_to_an_account_that_was_not_found(
    desk: PayoutDesk,
) -> None:
    episode, reference = asked(desk)
    refused = pytest.raises(psycopg.Error, match="PAYOUT_ACCOUNT_UNCHECKED")
    with refused, desk.world.records.transaction() as tx:
        tx.hold(episode)
        tx.add_payout_attempt(episode, reference, "order", 1, "x.xml", desk.at)


def test_a_twin_that_asks_nobody_sends_to_another_persons_account(
    desk: PayoutDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(payout_intent, "check_wanted", lambda *given: False)
    episode, reference = reserved(desk, card())
    desk.send(episode)
    assert orders(desk, reference) == {f"{reference}-1.xml"}


def test_the_step_that_sends_does_so_by_itself_after_a_match(desk: PayoutDesk) -> None:
    episode, reference = asked(desk)
    standing = desk.bank_says(episode, told(reference, "true"))
    assert standing.payout is not None and standing.payout.send_due
    assert desk.payout(episode).state == "reserved"
