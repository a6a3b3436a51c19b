"""A payout that was found as paid, came back and was credited once more ends like any other."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from activities.payout_intent import account_sha256
from crossclaim.domain.bank_account import AccountKey
from crossclaim.domain.submission import SubmissionKind
from crossclaim.store.bank_bridge import bridge_of
from crossclaim.store.claw_back_reads import read_claw_backs
from tests.flows.hospital import Body
from tests.steps.bank_rig import OPENING, booked
from tests.steps.paper_claims import INSURER
from tests.steps.payout_desk import AMOUNT, FENCE, PAYER, PayoutDesk, status
from tests.steps.rig import Answer, Rig
from tests.steps.test_paid_twice import (
    OVERPAID,
    TWICE,
    confirms,
    finds,
    open_codes,
    paid_twice,
    receipt,
)
from tests.steps.test_paper_claims import proposal, word
from tests.steps.test_payout_findings import (
    CONFIRM,
    DAY,
    FIND,
    PAID,
    _another_account,
    _return,
    confirmed,
    finding,
    refused_and_paid,
)
from tests.steps.test_payout_words import OWED


@pytest.fixture
def desk(rig: Rig, tmp_path: Path) -> PayoutDesk:
    return PayoutDesk.of(rig, tmp_path)


def listed(desk: PayoutDesk, reference: str, days: int, sign: str = "DBIT") -> int:
    """The payer's statement of a day lists it under a booking of its own; the entry's number."""
    day, net = DAY + timedelta(days=days), AMOUNT if sign == "CRDT" else -AMOUNT
    line = booked(sign, reference, AMOUNT, day=day, booking=f"B-{reference}-{days}")
    said = desk.desk.statement(
        line, net=net, day=day, payer=PAYER, opening=OPENING, number=days + 1
    )
    desk.desk.comes(said)
    (row,) = desk.desk.select(
        "select max(id) as id from bank_entry where bank = %(bank)s and reference = %(r)s",
        r=reference,
    )
    return int(row["id"])


def says_two(desk: PayoutDesk, episode: str, said: Body) -> Answer:
    """One key finds, another confirms."""
    proposed = desk.say(FIND, said, episode, "finder")
    if proposed.status != 202:
        return proposed
    number, reference = str(said["number"]), str(said["payout_reference"])
    return desk.say(CONFIRM, confirmed(reference, number=number), episode, "checker")


def returned(desk: PayoutDesk, episode: str, reference: str, days: int) -> None:
    """The bank brings it back, and its statement says so."""
    listed(desk, reference, days, "CRDT")
    said = _return(reference).replace(f"RT-{reference}", f"RT-{reference}-{days}")
    desk.desk.comes(said)
    desk.apply(episode, reference)


def credited_again(desk: PayoutDesk, episode: str, reference: str, number: int) -> None:
    at = "2026-04-19T12:00:00+08:00"
    desk.desk.comes(status((reference, "ACCC", ""), number=number, at=at))
    desk.apply(episode, reference)
    assert "PAYOUT_CREDITED_AFTER_CLOSE" in desk.rig.exceptions(episode)


def found_and_returned(desk: PayoutDesk) -> tuple[str, str, int]:
    """Refused, found as paid, brought back: all that was booked is taken back."""
    episode, reference = refused_and_paid(desk)
    entry = listed(desk, reference, 0)
    assert says_two(desk, episode, finding(reference, "paid", entry)).status == 200
    returned(desk, episode, reference, 2)
    assert desk.payout(episode).state == "returned" and desk.trial(episode) == OWED
    return episode, reference, entry


def test_what_was_found_as_paid_came_back_and_was_credited_once_more_settles(
    desk: PayoutDesk,
) -> None:
    """Red before: the second finding was refused as one that had been told before, for ever."""
    episode, reference, _ = found_and_returned(desk)
    credited_again(desk, episode, reference, 9)
    entry = listed(desk, reference, 4)
    answer = says_two(desk, episode, finding(reference, "paid", entry, number="F-2"))
    assert answer.status == 200, answer.body
    assert desk.payout(episode).state == "credited" and desk.trial(episode) == PAID
    assert desk.rig.exceptions(episode).keys() == set(), "nobody has to look at it any more"
    assert desk.standing(episode).waiting_for == ""
    assert desk.standing(episode).payout_again_due is None
    key = AccountKey(bank=desk.desk.bank, account=account_sha256(PAYER), organisation=INSURER)
    with desk.rig.database.begin() as connection:
        told = bridge_of(connection, key, desk.at.date())
    assert {line.key for line in told.lines} <= {f"payout:{reference}", f"return:{reference}"}
    returned(desk, episode, reference, 6)
    assert desk.trial(episode) == OWED, "and what comes back a second time is taken back too"


def test_an_entry_proves_a_payment_once_until_its_return_must_have_been_booked(
    desk: PayoutDesk,
) -> None:
    """The return's own credit may come with a later statement than the bank's word."""
    episode, reference = refused_and_paid(desk)
    entry = listed(desk, reference, 0)
    says_two(desk, episode, finding(reference, "paid", entry))
    desk.desk.comes(_return(reference))
    desk.apply(episode, reference)
    credited_again(desk, episode, reference, 9)
    said = finding(reference, "paid", entry, number="F-2")
    assert desk.say(FIND, said, episode, "finder").codes == ["PAYOUT_FOUND_BEFORE"]
    desk.at += FENCE
    assert says_two(desk, episode, said).status == 200, "no credit was booked: the money is out"
    assert desk.trial(episode) == PAID


def test_while_the_return_stands_on_the_statement_the_old_entry_proves_nothing(
    desk: PayoutDesk,
) -> None:
    episode, reference, entry = found_and_returned(desk)
    credited_again(desk, episode, reference, 9)
    desk.at += FENCE
    said = finding(reference, "paid", entry, number="F-2")
    assert desk.say(FIND, said, episode, "finder").codes == ["PAYOUT_ENTRY_PROVES_NOTHING"]
    assert says_two(desk, episode, finding(reference, "not_paid", number="F-3")).status == 200
    assert desk.trial(episode) == OWED
    assert desk.standing(episode).waiting_for == "PAYEE_ACCOUNT"


def test_credited_once_more_after_its_follower_was_paid_it_is_asked_back(
    desk: PayoutDesk,
) -> None:
    episode, reference, _ = found_and_returned(desk)
    second = _another_account(desk, episode, reference, "N-1", "6205500000000000004")
    desk.bank_says(episode, status((second, "ACCC", "")))
    assert desk.trial(episode) == PAID
    credited_again(desk, episode, reference, 9)
    entry = listed(desk, reference, 4)
    answer = says_two(desk, episode, finding(reference, "paid", entry, number="F-2"))
    assert answer.status == 200, answer.body
    assert desk.trial(episode) == OVERPAID
    (back,) = desk.rig.rows(episode).claw_backs
    assert (back.cause, back.amount_minor, back.state) == ("PAID_TWICE", AMOUNT, "due")
    assert receipt(desk, episode).status == 200
    assert desk.trial(episode) == PAID and open_codes(desk, episode) == set()


def again_twice(desk: PayoutDesk, *before: str) -> tuple[str, str]:
    """Paid twice, then what is named, then the second payment is credited once more and found."""
    episode, first, _ = paid_twice(desk)
    for number, what in enumerate(before):
        if what == "receipt":
            assert receipt(desk, episode).status == 200
        else:
            returned(desk, episode, first, 2 + number)
    credited_again(desk, episode, first, 9)
    entry = listed(desk, first, 5)
    answer = says_two(desk, episode, finding(first, "paid", entry, number="F-2"))
    assert answer.status == 200, answer.body
    return episode, first


def test_a_second_payment_that_came_back_and_was_made_again_is_asked_back_again(
    desk: PayoutDesk,
) -> None:
    episode, first = again_twice(desk, "return")
    assert desk.trial(episode) == OVERPAID
    states = [back.state for back in desk.rig.rows(episode).claw_backs]
    assert sorted(states) == ["due", "needless"]
    returned(desk, episode, first, 7)
    assert desk.trial(episode) == PAID, "the bank ends the one that is open"
    assert {back.state for back in desk.rig.rows(episode).claw_backs} == {"needless"}
    assert open_codes(desk, episode) == set()


@pytest.mark.parametrize("order", [("receipt", "return"), ("return", "receipt")])
def test_what_was_given_back_and_brought_back_and_then_made_again_is_even(
    desk: PayoutDesk, order: tuple[str, str]
) -> None:
    """Its insurer had it twice; the bank's new payment is the second one sent back."""
    episode, first = again_twice(desk, *order)
    assert desk.trial(episode) == PAID
    assert desk.payout(episode).state == "credited"
    assert not any(back.open for back in desk.rig.rows(episode).claw_backs)
    assert "GIVEN_BACK_TWICE" not in desk.rig.exceptions(episode)
    assert open_codes(desk, episode) == set()
    returned(desk, episode, first, 7)
    assert "GIVEN_BACK_TWICE" in desk.rig.exceptions(episode), "now he has it twice again"


def test_a_finding_of_money_had_twice_waits_no_more_once_it_has_ended_by_itself(
    desk: PayoutDesk,
) -> None:
    """Red before: the list called it proposed for ever, and nobody could decide it."""
    episode, first, _ = paid_twice(desk)
    assert receipt(desk, episode).status == 200
    returned(desk, episode, first, 2)
    assert finds(desk, episode, "sent_back").status == 202
    assert (listing(desk, episode)["proposed"], listing(desk, episode)["had_twice"]) == (True, True)
    credited_again(desk, episode, first, 9)
    entry = listed(desk, first, 5)
    assert says_two(desk, episode, finding(first, "paid", entry, number="F-2")).status == 200
    assert (listing(desk, episode)["proposed"], listing(desk, episode)["had_twice"]) == (
        False,
        False,
    )
    assert not TWICE & desk.rig.exceptions(episode).keys()


def listing(desk: PayoutDesk, episode: str) -> dict[str, Any]:
    """The claw-back as its list has it."""
    with desk.rig.database.begin() as connection:
        found = read_claw_backs(connection, INSURER, [], 10_000)
    return next(dict(row) for row in found if row["episode_id"] == episode)


def partly_given_back(desk: PayoutDesk) -> tuple[str, str, str]:
    """The second payment was given back, and by a finding 421.86 of it kept; then it was credited
    once more, so that its payee owes the other 1,000.00: (episode, second payment, first one)."""
    episode, twice, other = paid_twice(desk)
    assert receipt(desk, episode).status == 200
    returned(desk, episode, twice, 2)
    assert finds(desk, episode, "sent_back", amount="1000.00").status == 202
    assert confirms(desk, episode).status == 200
    credited_again(desk, episode, twice, 9)
    entry = listed(desk, twice, 5)
    assert says_two(desk, episode, finding(twice, "paid", entry, number="F-2")).status == 200
    backs = desk.rig.rows(episode).claw_backs
    assert [(b.kept_minor, b.amount_minor, b.open) for b in backs] == [
        (AMOUNT - 100_000, AMOUNT, False),
        (0, 100_000, True),
    ]
    return episode, twice, other


def gives_the_rest_back(desk: PayoutDesk, episode: str) -> None:
    (due,) = (back for back in desk.rig.rows(episode).claw_backs if back.open)
    told = {
        "claw_back": due.reference,
        "receipt": "RC-2",
        "received_at": desk.at.isoformat(),
    }
    assert desk.say(SubmissionKind.CLAW_BACK, told, episode, "finance").status == 200


def test_a_payment_of_which_a_part_was_given_back_never_stands_for_the_other_one(
    desk: PayoutDesk,
) -> None:
    """Red before: the other one came back and nothing went out again, with 1,000.00 of 1,421.86
    left to its payee."""
    episode, _, other = partly_given_back(desk)
    returned(desk, episode, other, 7)
    assert sum(back.open for back in desk.rig.rows(episode).claw_backs) == 1, "it is owed as it is"
    given = proposal(other, "N-1", "6205500000000000004")
    assert desk.say(SubmissionKind.PAYEE_ACCOUNT, given, episode, "maker").status == 202
    agreed = desk.say(SubmissionKind.PAYEE_DECISION, word(other, number="N-1"), episode, "two")
    assert agreed.status == 200, agreed.body
    third = desk.send(episode)
    desk.bank_says(episode, status((third, "ACCC", ""), number=4))
    gives_the_rest_back(desk, episode)
    assert desk.trial(episode) == PAID, "its payee has it once, and its insurer nothing too much"


def test_each_receipt_of_money_that_is_had_twice_again_is_looked_at(desk: PayoutDesk) -> None:
    """Red before: only the last one was, and the first could be found out by nobody."""
    episode, twice, _ = partly_given_back(desk)
    gives_the_rest_back(desk, episode)
    returned(desk, episode, twice, 7)
    opened = desk.desk.select(
        "select reference from exception_item where episode_id = %(id)s"
        " and code = 'GIVEN_BACK_TWICE' and resolved_at is null",
        id=episode,
    )
    backs = desk.rig.rows(episode).claw_backs
    assert {row["reference"] for row in opened} == {back.reference for back in backs}
    assert len(backs) == 2


def test_found_as_paid_and_then_as_not_paid_the_books_say_that_it_is_owed(
    desk: PayoutDesk,
) -> None:
    """Red before: what the first finding had booked stood on, and the payout went out again."""
    episode, reference = refused_and_paid(desk)
    entry = listed(desk, reference, 0)
    says_two(desk, episode, finding(reference, "paid", entry))
    assert desk.trial(episode) == PAID
    desk.bank_says(episode, status((reference, "RJCT", "AC04"), number=7))
    assert "PAYOUT_REJECTED_AFTER_CREDIT" in desk.rig.exceptions(episode)
    listed(desk, reference, 2, "CRDT")
    answer = says_two(desk, episode, finding(reference, "not_paid", number="F-2"))
    assert answer.status == 200, answer.body
    assert desk.trial(episode) == OWED


def test_a_contradiction_of_what_was_found_as_paid_ends_by_the_same_entry(
    desk: PayoutDesk,
) -> None:
    """Red before: neither outcome could be told, while the statement shows one debit."""
    episode, reference = refused_and_paid(desk)
    entry = listed(desk, reference, 0)
    says_two(desk, episode, finding(reference, "paid", entry))
    desk.bank_says(episode, status((reference, "RJCT", "AC04"), number=7))
    said = finding(reference, "paid", entry, number="F-2")
    assert says_two(desk, episode, said).status == 200
    assert desk.trial(episode) == PAID
    assert "PAYOUT_REJECTED_AFTER_CREDIT" not in desk.rig.exceptions(episode)


def test_the_database_asks_for_two_keys_each_time_that_a_closed_payout_becomes_paid(
    desk: PayoutDesk,
) -> None:
    """The twin trusts the first finding for ever."""
    _, reference, _ = found_and_returned(desk)
    refused = pytest.raises(psycopg.Error, match="PAYOUT_CLOSED")
    with refused, desk.world.records.transaction() as tx:
        tx.change_intent(reference, state="credited")
