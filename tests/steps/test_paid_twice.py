"""What was paid twice ends: given back, brought back by the bank, or let go by two persons."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from activities.orders import Subject
from activities.payout_again import PayoutAgainSteps
from crossclaim.domain.bill_rows import ClawBackRow
from crossclaim.domain.submission import SubmissionKind
from tests.flows.hospital import Body
from tests.steps.paper_claims import APPROVED, INSURER
from tests.steps.payout_desk import AMOUNT, FENCE, PayoutDesk, status
from tests.steps.rig import Answer, Rig
from tests.steps.test_paper_claims import proposal
from tests.steps.test_payout_findings import DAY, PAID, _return, finding, found

OVERPAID = {
    **PAID,
    f"funder:insurer:{INSURER}:due": PAID[f"funder:insurer:{INSURER}:due"] - AMOUNT,
    f"overpaid:{INSURER}": AMOUNT,
}
CODES = {"PAYOUT_PAID_TWICE", "CLAW_BACK_DUE", "CLAW_BACK_WRITE_OFF_PROPOSED"}


@pytest.fixture
def desk(rig: Rig, tmp_path: Path) -> PayoutDesk:
    return PayoutDesk.of(rig, tmp_path)


def paid_twice(desk: PayoutDesk) -> tuple[str, str, str]:
    """The bank refused a payout, another one was made, and the first was made after all."""
    episode = desk.reserved()
    first = desk.send(episode)
    desk.bank_says(episode, status((first, "RJCT", "TECH")))
    again = Subject(episode_id=episode, subject=first, at=APPROVED + timedelta(hours=1))
    PayoutAgainSteps(desk.world).repeat_payout(again)
    second = desk.send(episode)
    desk.bank_says(episode, status((second, "ACCC", ""), number=3))
    desk.desk.comes(status((first, "ACCC", ""), number=2))
    desk.apply(episode, first)
    desk.at = APPROVED + FENCE + timedelta(hours=1)
    entry = desk.debited(first, DAY)
    assert found(desk, episode, finding(first, "paid", entry)).status == 200
    assert desk.trial(episode) == OVERPAID
    return episode, first, second


def owed(desk: PayoutDesk, episode: str) -> ClawBackRow:
    (back,) = desk.rig.rows(episode).claw_backs
    return back


def open_codes(desk: PayoutDesk, episode: str) -> set[str]:
    return CODES & desk.rig.exceptions(episode).keys()


def receipt(desk: PayoutDesk, episode: str) -> Answer:
    told = {
        "claw_back": owed(desk, episode).reference,
        "receipt": "RC-1",
        "received_at": desk.at.isoformat(),
    }
    return desk.say(SubmissionKind.CLAW_BACK, told, episode, "finance")


def comes_back(desk: PayoutDesk, episode: str, reference: str) -> None:
    """The bank brings a payout back."""
    desk.desk.comes(_return(reference))
    desk.apply(episode, reference)


def proposes(desk: PayoutDesk, episode: str, key: str = "one", number: str = "WO-1") -> Answer:
    content: Body = {
        "claw_back": owed(desk, episode).reference,
        "number": number,
        "reason": "payee_not_found",
        "note": "Two letters came back.",
        "proposed_at": desk.at.isoformat(),
    }
    return desk.say(SubmissionKind.WRITE_OFF, content, episode, key)


def says(desk: PayoutDesk, episode: str, key: str = "two", approved: bool = True) -> Answer:
    content: Body = {
        "claw_back": owed(desk, episode).reference,
        "number": "WO-1",
        "approved": approved,
        "decided_at": desk.at.isoformat(),
    }
    return desk.say(SubmissionKind.WRITE_OFF_DECISION, content, episode, key)


def test_what_was_paid_twice_is_asked_back_and_ends_when_its_payee_has_given_it_back(
    desk: PayoutDesk,
) -> None:
    episode, first, _ = paid_twice(desk)
    back = owed(desk, episode)
    assert (back.cause, back.amount_minor, back.payout_reference) == ("PAID_TWICE", AMOUNT, first)
    assert desk.standing(episode).waiting_for == "PAYEE_CLAW_BACK"
    assert not desk.standing(episode).closable
    assert receipt(desk, episode).status == 200
    assert desk.trial(episode) == PAID
    assert open_codes(desk, episode) == set()
    assert desk.standing(episode).waiting_for != "PAYEE_CLAW_BACK"
    assert receipt(desk, episode).codes == ["CLAW_BACK_UNKNOWN"]


def test_what_was_paid_twice_ends_when_the_bank_brings_it_back(desk: PayoutDesk) -> None:
    episode, first, _ = paid_twice(desk)
    comes_back(desk, episode, first)
    assert owed(desk, episode).state == "needless"
    assert desk.trial(episode) == PAID
    assert open_codes(desk, episode) == set()
    assert "PAYOUT_RETURNED" not in desk.rig.exceptions(episode), "nobody names an account for it"
    standing = desk.standing(episode)
    assert standing.waiting_for != "PAYEE_ACCOUNT" and standing.payout_again_due is None
    told = proposal(first, "N-1", "6205500000000000004")
    asked = desk.say(SubmissionKind.PAYEE_ACCOUNT, told, episode, "maker")
    assert asked.codes == ["PAYOUT_NOT_WAITING"]


def test_where_the_other_payment_comes_back_nothing_goes_out_again(desk: PayoutDesk) -> None:
    episode, first, second = paid_twice(desk)
    comes_back(desk, episode, second)
    assert owed(desk, episode).state == "needless"
    assert desk.trial(episode) == PAID, "the payee has it once, by the first one"
    rows = desk.rig.rows(episode)
    assert [(p.reference, p.state, p.paid_twice) for p in rows.payouts] == [
        (first, "credited", False),
        (second, "returned", False),
    ]
    told = proposal(second, "N-1", "6205500000000000004")
    asked = desk.say(SubmissionKind.PAYEE_ACCOUNT, told, episode, "maker")
    assert asked.codes == ["PAYOUT_NOT_WAITING"], "it would be paid twice once more"
    assert desk.standing(episode).waiting_for != "PAYEE_ACCOUNT"


def test_two_persons_let_go_what_was_paid_twice_and_the_loss_is_to_be_seen(
    desk: PayoutDesk,
) -> None:
    episode, _, _ = paid_twice(desk)
    asked = proposes(desk, episode)
    assert (asked.status, asked.body["status"]) == (202, "proposed")
    assert "CLAW_BACK_WRITE_OFF_PROPOSED" in desk.rig.exceptions(episode)
    assert desk.trial(episode) == OVERPAID
    assert says(desk, episode, "one").codes == ["PAYOUT_SECOND_KEY"]
    assert says(desk, episode).body["status"] == "written_off"
    assert owed(desk, episode).state == "written_off"
    left = {k: v for k, v in OVERPAID.items() if not k.startswith("overpaid")}
    assert desk.trial(episode) == {**left, f"written_off:{INSURER}": AMOUNT}
    assert open_codes(desk, episode) == set()
    assert desk.standing(episode).waiting_for != "PAYEE_CLAW_BACK"
    told = desk.rig.story(episode, desk.at)
    assert "proposed to ask for CNY 1,421.86" in told and "the payee is not found" in told
    assert "A second key agreed: nobody is asked for CNY 1,421.86" in told


def test_a_refused_write_off_leaves_it_owed_and_what_is_given_back_is_not_let_go(
    desk: PayoutDesk,
) -> None:
    episode, _, _ = paid_twice(desk)
    proposes(desk, episode)
    assert says(desk, episode, approved=False).body["status"] == "refused"
    assert says(desk, episode).codes == ["WRITE_OFF_DECIDED"]
    assert desk.trial(episode) == OVERPAID
    assert open_codes(desk, episode) == {"PAYOUT_PAID_TWICE", "CLAW_BACK_DUE"}
    assert proposes(desk, episode, number="WO-2").status == 202
    assert receipt(desk, episode).status == 200
    assert open_codes(desk, episode) == set()
    assert proposes(desk, episode, number="WO-3").codes == ["CLAW_BACK_UNKNOWN"]


def test_what_was_let_go_and_comes_back_all_the_same_is_no_loss(desk: PayoutDesk) -> None:
    episode, first, _ = paid_twice(desk)
    proposes(desk, episode)
    says(desk, episode)
    comes_back(desk, episode, first)
    assert desk.trial(episode) == PAID
    assert owed(desk, episode).state == "needless"


def test_what_was_let_go_and_is_given_back_all_the_same_is_no_loss(desk: PayoutDesk) -> None:
    """Red before: the receipt was refused, and the books kept a loss that nobody has."""
    episode, first, _ = paid_twice(desk)
    proposes(desk, episode)
    says(desk, episode)
    assert receipt(desk, episode).status == 200
    assert desk.trial(episode) == PAID
    assert owed(desk, episode).state == "received"
    assert "has CNY 1,421.86 back" in desk.rig.story(episode, desk.at)
    assert receipt(desk, episode).codes == ["CLAW_BACK_UNKNOWN"]
    comes_back(desk, episode, first)
    assert "GIVEN_BACK_TWICE" in desk.rig.exceptions(episode)


@pytest.mark.parametrize("order", [("receipt", "return"), ("return", "receipt")])
def test_given_back_and_brought_back_a_person_sees_to_what_the_insurer_has_twice(
    desk: PayoutDesk, order: tuple[str, str]
) -> None:
    episode, first, _ = paid_twice(desk)
    for what in order:
        if what == "receipt":
            assert receipt(desk, episode).status == 200
        else:
            comes_back(desk, episode, first)
    due = f"funder:insurer:{INSURER}:due"
    expected = {**PAID, due: PAID[due] + AMOUNT, f"overpaid:{INSURER}": -AMOUNT}
    assert desk.trial(episode) == expected
    assert "GIVEN_BACK_TWICE" in desk.rig.exceptions(episode)


def test_the_database_lets_nothing_be_written_off_without_two_persons(desk: PayoutDesk) -> None:
    episode, _, _ = paid_twice(desk)
    reference = owed(desk, episode).reference
    with pytest.raises(psycopg.Error), desk.world.records.transaction() as tx:
        tx.claw_back_written_off(reference, desk.at)
    proposes(desk, episode)
    with pytest.raises(psycopg.Error), desk.world.records.transaction() as tx:
        tx.decide_write_off(reference, "WO-1", "one", True, desk.at)


def test_an_earlier_payout_found_as_paid_after_its_follower_failed_is_the_payment(
    desk: PayoutDesk,
) -> None:
    """Red before: the follower that was refused waited for an account and was paid as well."""
    episode = desk.reserved()
    first = desk.send(episode)
    desk.bank_says(episode, status((first, "RJCT", "TECH")))
    again = Subject(episode_id=episode, subject=first, at=APPROVED + timedelta(hours=1))
    PayoutAgainSteps(desk.world).repeat_payout(again)
    second = desk.send(episode)
    desk.bank_says(episode, status((second, "RJCT", "AC01"), number=3))
    desk.desk.comes(status((first, "ACCC", ""), number=2))
    desk.apply(episode, first)
    desk.at = APPROVED + FENCE + timedelta(hours=1)
    entry = desk.debited(first, DAY)
    assert found(desk, episode, finding(first, "paid", entry)).status == 200
    assert desk.trial(episode) == PAID
    told = proposal(second, "N-1", "6205500000000000004")
    asked = desk.say(SubmissionKind.PAYEE_ACCOUNT, told, episode, "maker")
    assert asked.codes == ["PAYOUT_NOT_WAITING"]
    assert desk.standing(episode).waiting_for != "PAYEE_ACCOUNT"


def finds(
    desk: PayoutDesk,
    episode: str,
    outcome: str,
    key: str = "one",
    n: int = 1,
    amount: str = "1421.86",
    currency: str = "CNY",
) -> Answer:
    content: Body = {
        "claw_back": owed(desk, episode).reference,
        "number": f"GF-{n}",
        "outcome": outcome,
        "amount": {"amount": amount, "currency": currency},
        "proof": "TRF-1",
        "note": "Compared with the statement of the day.",
        "found_at": desk.at.isoformat(),
    }
    return desk.say(SubmissionKind.CLAW_BACK_FINDING, content, episode, key)


def confirms(
    desk: PayoutDesk, episode: str, key: str = "two", approved: bool = True, n: int = 1
) -> Answer:
    content: Body = {
        "claw_back": owed(desk, episode).reference,
        "number": f"GF-{n}",
        "approved": approved,
        "decided_at": desk.at.isoformat(),
    }
    return desk.say(SubmissionKind.CLAW_BACK_FINDING_DECISION, content, episode, key)


def had_twice(desk: PayoutDesk) -> tuple[str, str]:
    """The payee has given the second payment back, and then the bank has brought it back."""
    episode, first, _ = paid_twice(desk)
    assert finds(desk, episode, "sent_back").codes == ["CLAW_BACK_NOT_HAD_TWICE"]
    assert receipt(desk, episode).status == 200
    comes_back(desk, episode, first)
    return episode, first


def number_told(desk: PayoutDesk, episode: str, code: str) -> str:
    """The proposal that an open exception is about."""
    (row,) = desk.desk.select(
        "select details from exception_item where episode_id = %(id)s and code = %(code)s"
        " and resolved_at is null",
        id=episode,
        code=code,
    )
    return str(row["details"]["number"])


TWICE = {"GIVEN_BACK_TWICE", "CLAW_BACK_FINDING_PROPOSED"}


def test_what_an_insurer_has_twice_ends_when_two_persons_have_found_out(desk: PayoutDesk) -> None:
    episode, _ = had_twice(desk)
    before = desk.trial(episode)
    assert finds(desk, episode, "sent_back").body["status"] == "proposed"
    assert TWICE & desk.rig.exceptions(episode).keys() == TWICE
    assert desk.trial(episode) == before, "nothing is booked by one person's word"
    assert confirms(desk, episode, "one").codes == ["PAYOUT_SECOND_KEY"]
    told = confirms(desk, episode).body
    assert (told["status"], told["amount"]["amount"]) == ("confirmed", "1421.86")
    assert desk.trial(episode) == PAID
    assert not TWICE & desk.rig.exceptions(episode).keys()
    assert owed(desk, episode).undone_minor == AMOUNT
    story = desk.rig.story(episode, desk.at)
    assert "has back twice" in story and "the second one was sent to the payee" in story
    assert "has the money once, and the books say so" in story
    assert confirms(desk, episode).codes == ["CLAW_BACK_FINDING_DECIDED"]
    assert finds(desk, episode, "sent_back", n=2).codes == ["CLAW_BACK_NOT_HAD_TWICE"]


def test_of_two_findings_a_refused_one_leaves_the_other_waiting(desk: PayoutDesk) -> None:
    episode, _ = had_twice(desk)
    assert finds(desk, episode, "sent_back").status == 202
    assert finds(desk, episode, "not_received", n=2).status == 202
    assert confirms(desk, episode, approved=False).body["status"] == "refused"
    assert number_told(desk, episode, "CLAW_BACK_FINDING_PROPOSED") == "GF-2"
    assert confirms(desk, episode, n=2).body["outcome"] == "not_received"
    assert desk.trial(episode) == PAID
    assert not TWICE & desk.rig.exceptions(episode).keys()


def test_a_twin_that_books_what_one_person_says_is_refused_by_the_database(
    desk: PayoutDesk,
) -> None:
    episode, _ = had_twice(desk)
    finds(desk, episode, "sent_back")
    with pytest.raises(psycopg.Error), desk.world.records.transaction() as tx:
        tx.claw_back_undone(owed(desk, episode).reference, AMOUNT)
    with pytest.raises(psycopg.Error), desk.world.records.transaction() as tx:
        reference = owed(desk, episode).reference
        tx.decide_claw_back_finding(reference, "GF-1", "one", True, desk.at)


def test_of_two_write_offs_a_refused_one_leaves_the_other_waiting(desk: PayoutDesk) -> None:
    """Red before: the second one waited, and no exception said so."""
    episode, _, _ = paid_twice(desk)
    proposes(desk, episode)
    proposes(desk, episode, key="three", number="WO-2")
    assert says(desk, episode, approved=False).body["status"] == "refused"
    assert number_told(desk, episode, "CLAW_BACK_WRITE_OFF_PROPOSED") == "WO-2"


def test_what_is_had_twice_may_be_found_out_in_parts(desk: PayoutDesk) -> None:
    """One part was sent back, the other was never received: each has its own proof."""
    episode, _ = had_twice(desk)
    due = f"funder:insurer:{INSURER}:due"
    told = finds(desk, episode, "sent_back", amount="1000.00")
    assert told.status == 202 and confirms(desk, episode).body["amount"]["amount"] == "1000.00"
    left = AMOUNT - 100_000
    assert owed(desk, episode).undone_minor == 100_000
    assert desk.trial(episode) == {**PAID, due: PAID[due] + left, f"overpaid:{INSURER}": -left}
    assert TWICE & desk.rig.exceptions(episode).keys() == {"GIVEN_BACK_TWICE"}, "a part is left"
    more = finds(desk, episode, "not_received", n=2, amount="421.87")
    assert more.codes == ["CLAW_BACK_FINDING_AMOUNT"]
    assert finds(desk, episode, "not_received", n=3, amount="421.86").status == 202
    assert confirms(desk, episode, n=3).body["outcome"] == "not_received"
    assert desk.trial(episode) == PAID
    assert not TWICE & desk.rig.exceptions(episode).keys()
    story = desk.rig.story(episode, desk.at)
    assert "CNY 1,000.00" in story and "CNY 421.86" in story


def test_of_two_parts_that_are_more_than_the_whole_the_second_is_not_confirmed(
    desk: PayoutDesk,
) -> None:
    episode, _ = had_twice(desk)
    assert finds(desk, episode, "sent_back", amount="1000.00").status == 202
    assert finds(desk, episode, "not_received", n=2, amount="1000.00").status == 202
    assert confirms(desk, episode).status == 200
    assert number_told(desk, episode, "CLAW_BACK_FINDING_PROPOSED") == "GF-2", "it still waits"
    assert confirms(desk, episode, n=2).codes == ["CLAW_BACK_FINDING_AMOUNT"]
    assert confirms(desk, episode, n=2, approved=False).status == 200
    assert owed(desk, episode).undone_minor == 100_000


@pytest.mark.parametrize(
    ("amount", "currency", "code"),
    [
        ("1421.87", "CNY", "CLAW_BACK_FINDING_AMOUNT"),
        ("0.00", "CNY", "CLAW_BACK_FINDING_AMOUNT"),
        ("1421.86", "HKD", "CLAW_BACK_FINDING_CURRENCY"),
    ],
)
def test_a_finding_is_about_what_is_had_twice_and_in_its_currency(
    desk: PayoutDesk, amount: str, currency: str, code: str
) -> None:
    episode, _ = had_twice(desk)
    before = desk.trial(episode)
    told = finds(desk, episode, "sent_back", amount=amount, currency=currency)
    assert told.codes == [code] and desk.trial(episode) == before
    assert TWICE & desk.rig.exceptions(episode).keys() == {"GIVEN_BACK_TWICE"}
