"""Statements come in and are matched: missing, doubled and foreign ones are told, nothing moves."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from crossclaim.domain.matching import digest_of
from tests.steps.bank_rig import DAY, OPENING, Desk, booked
from tests.steps.rig import Rig

NEXT = DAY + timedelta(days=1)
THIRD = DAY + timedelta(days=2)


@pytest.fixture
def desk(rig: Rig, tmp_path: Path) -> Desk:
    return Desk.of(rig, tmp_path)


def test_a_statement_with_a_missing_a_doubled_and_a_foreign_entry(desk: Desk) -> None:
    good, doubled, absent = desk.payout(5000), desk.payout(700), desk.payout(900)
    before = desk.postings()
    desk.comes(
        desk.statement(
            booked("DBIT", good, 5000),
            booked("DBIT", doubled, 700, booking="B1"),
            booked("DBIT", doubled, 700, booking="B2"),
            booked("DBIT", "SOMEBODY", 900, payee=""),
            net=-7300,
        )
    )
    assert desk.entries() == [
        (good, "matched", "REFERENCE_AND_AMOUNT"),
        (doubled, "matched", "REFERENCE_AND_AMOUNT"),
        (doubled, "duplicate", "PAID_AGAIN"),
        (digest_of("SOMEBODY"), "missing", "NOTHING_EXPECTED"),
    ]
    assert desk.expected() == {good: "matched", doubled: "matched", absent: "missing"}
    (foreign,) = desk.select(
        "select candidates from bank_entry where bank = %(bank)s and starts_with(reference, '#')"
    )
    assert foreign["candidates"] == [{"item": f"payout:{absent}", "because": "SAME_AMOUNT"}]
    assert desk.postings() == before
    assert desk.days() == {}
    assert set(desk.engines.told) == {good, doubled}


def test_a_day_closes_when_all_is_matched(desk: Desk) -> None:
    one = desk.payout(5000)
    desk.comes(desk.statement(booked("DBIT", one, 5000), net=-5000))
    assert desk.days() == {DAY: "closed"}
    assert desk.events() == [(DAY, "closed", "ALL_MATCHED_OR_EXPLAINED")]
    desk.match()
    assert len(desk.events()) == 1
    assert desk.faults() == []


def test_the_same_file_twice_changes_nothing_and_is_noticed(desk: Desk) -> None:
    one = desk.payout(5000)
    content = desk.statement(booked("DBIT", one, 5000), net=-5000)
    desk.comes(content, "first.xml")
    for name in ("second.xml", "first.xml"):
        desk.comes(content, name)
        assert desk.faults() == ["STATEMENT_REPEATED"]
    assert desk.entries() == [(one, "matched", "REFERENCE_AND_AMOUNT")]
    assert desk.days() == {DAY: "closed"}
    assert desk.lies_in("done") == {"first.xml", "second.xml", "first-1.xml"}


def test_a_file_that_a_crash_left_in_the_folder_is_no_second_statement(desk: Desk) -> None:
    content = desk.statement(net=0)
    name = desk.comes(content)
    done = desk.folder / "inbound" / "done" / name
    done.unlink()
    desk.comes(content, name)
    assert desk.faults() == []


def test_the_same_statement_under_another_message_id_counts_once(desk: Desk) -> None:
    one = desk.payout(5000)
    for _ in range(2):
        desk.comes(desk.statement(booked("DBIT", one, 5000), net=-5000))
    assert desk.faults() == ["STATEMENT_REPEATED"]
    assert desk.entries() == [(one, "matched", "REFERENCE_AND_AMOUNT")]


def test_a_message_id_with_other_content_is_set_aside_and_moves_nothing(desk: Desk) -> None:
    one, two = desk.payout(5000), desk.payout(700)
    desk.comes(desk.statement(booked("DBIT", one, 5000), net=-5000, message="M-1"))
    later = desk.statement(
        booked("DBIT", two, 700),
        net=-700,
        message="M-1",
        day=NEXT,
        number=2,
        opening=OPENING - 5000,
    )
    name = desk.comes(later)
    assert desk.faults() == ["BANK_MESSAGE_REUSED"]
    assert {name, f"{name}.reason.txt"} <= desk.lies_in("bad")
    assert set(desk.engines.told) == {one}


def test_a_gap_keeps_later_days_open_until_the_late_statement_fills_it(desk: Desk) -> None:
    one, two, three = desk.payout(100), desk.payout(200, day=NEXT), desk.payout(300, day=THIRD)
    first = desk.statement(booked("DBIT", one, 100), net=-100)
    second = desk.statement(
        booked("DBIT", two, 200, day=NEXT), net=-200, day=NEXT, number=2, opening=OPENING - 100
    )
    third = desk.statement(
        booked("DBIT", three, 300, day=THIRD), net=-300, day=THIRD, number=3, opening=OPENING - 300
    )
    desk.comes(first)
    desk.comes(third)
    assert desk.faults() == ["STATEMENT_GAP"]
    (gap,) = desk.select("select details, blocks from statement_exception where bank = %(bank)s")
    assert gap["blocks"] and gap["details"]["difference_minor"] == -200
    assert desk.days() == {DAY: "closed"}
    # Its time is not covered, so that its absence is no proof of anything.
    assert desk.expected()[two] == "expected"
    desk.comes(second)
    assert desk.faults() == ["STATEMENT_OUT_OF_ORDER"]
    assert desk.days() == {DAY: "closed", NEXT: "closed", THIRD: "closed"}
    assert set(desk.expected().values()) == {"matched"}


def test_balances_that_do_not_follow_are_noticed_although_the_numbers_do(desk: Desk) -> None:
    desk.comes(desk.statement(net=0))
    desk.comes(desk.statement(net=0, day=NEXT, number=2, opening=OPENING - 1))
    assert desk.faults() == ["STATEMENT_BALANCE_BREAK"]
    assert desk.days() == {DAY: "closed"}


def test_a_number_that_was_used_before_is_noticed(desk: Desk) -> None:
    desk.comes(desk.statement(net=0))
    desk.comes(desk.statement(net=0, day=NEXT, number=1))
    assert desk.faults() == ["STATEMENT_NUMBER_REUSED"]


BAD: dict[str, str] = {
    "sums": "BANK_STATEMENT_SUMS",
    "bomb": "BANK_FILE_FORBIDDEN",
    "version": "BANK_VERSION_UNKNOWN",
    "large": "BANK_FILE_TOO_LARGE",
    "garbage": "BANK_FILE_UNREADABLE",
    "type": "BANK_FILE_UNREADABLE",
}


@pytest.mark.parametrize("kind", BAD)
def test_what_no_honest_bank_sends_is_kept_told_and_moves_nothing(desk: Desk, kind: str) -> None:
    one = desk.payout(5000)
    good = desk.statement(booked("DBIT", one, 5000), net=-5000)
    bad = {
        "sums": desk.statement(booked("DBIT", one, 5000), net=-5000, off=1),
        "bomb": good.replace("<Document", '<!DOCTYPE D [<!ENTITY a "aa">]><Document', 1),
        "version": good.replace("053.001.08", "053.001.77"),
        "large": good.replace("</Document>", " " * 1024 * 1024 + "</Document>"),
        "garbage": good[:-30],
        "type": good.replace("camt.053", "camt.052"),
    }[kind]
    before = desk.postings()
    name = desk.comes(bad)
    assert desk.faults() == [BAD[kind]]
    assert {name, f"{name}.reason.txt"} <= desk.lies_in("bad")
    assert (desk.entries(), desk.expected(), desk.engines.told) == ([], {}, [])
    assert desk.postings() == before
    desk.comes(good)
    assert desk.entries() == [(one, "matched", "REFERENCE_AND_AMOUNT")]


def test_a_late_entry_opens_a_closed_day_with_a_trace(desk: Desk) -> None:
    one = desk.payout(100)
    desk.comes(desk.statement(booked("DBIT", one, 100), net=-100))
    late = desk.statement(
        booked("DBIT", "STRANGER", 50, day=DAY, payee=""),
        net=-50,
        day=NEXT,
        number=2,
        opening=OPENING - 100,
    )
    desk.comes(late)
    assert desk.days()[DAY] == "open"
    assert desk.events()[-2:] == [
        (DAY, "reopened", "LATE_ENTRY"),
        (NEXT, "closed", "ALL_MATCHED_OR_EXPLAINED"),
    ]
    assert desk.faults() == ["STATEMENT_LATE_ENTRY"]


def test_a_returned_payment_is_matched_by_its_return(desk: Desk) -> None:
    one = desk.payout(5000)
    desk.comes(
        desk.statement(
            booked("DBIT", one, 5000, booking="B1"),
            booked("CRDT", one, 5000, booking="B2", sub_family="RRTN"),
            net=0,
        )
    )
    assert [status for _, status, _ in desk.entries()] == ["matched", "matched"]
    assert desk.days() == {DAY: "closed"}


def test_a_part_waits_for_the_rest_that_comes_a_day_later(desk: Desk) -> None:
    one = desk.payout(5000)
    desk.comes(desk.statement(booked("DBIT", one, 2000), net=-2000))
    assert desk.entries() == [(one, "under", "LESS_THAN_EXPECTED")]
    rest = booked("DBIT", one, 3000, day=NEXT)
    desk.comes(desk.statement(rest, net=-3000, day=NEXT, number=2, opening=OPENING - 2000))
    assert [status for _, status, _ in desk.entries()] == ["split", "split"]
    assert desk.days() == {DAY: "closed", NEXT: "closed"}


def test_what_the_bank_takes_for_itself_is_booked_once(desk: Desk) -> None:
    fee = booked("DBIT", "", 30, payee="", sub_family="CHRG", booking=f"FEE{desk.bank}")
    desk.comes(desk.statement(fee, net=-30))
    desk.match()
    assert [status for _, status, _ in desk.entries()] == ["matched"]
    found = desk.select(
        "select p.account_id, p.amount_minor from posting p join entry e on e.id = p.entry_id"
        " where e.key like %(key)s order by p.ordinal",
        key=f"bank-charge:{desk.bank}:%",
    )
    assert [tuple(row.values()) for row in found] == [
        ("bank:charges:harbour-life:CNY", 30),
        ("bank:own:harbour-life:CNY", -30),
    ]
    assert desk.days() == {DAY: "closed"}


def test_an_account_that_nobody_here_has_is_told_and_none_of_it_is_kept(desk: Desk) -> None:
    desk.comes(desk.statement(booked("DBIT", "X1", 10), net=-10, payer="1000000000000001"))
    assert desk.faults() == ["STATEMENT_ACCOUNT_UNKNOWN"]
    assert desk.entries() == []


def test_an_order_that_the_bank_rejected_and_paid_is_named_as_a_candidate(desk: Desk) -> None:
    dead = desk.payout(5000, state="rejected", settled=False)
    desk.comes(desk.statement(booked("DBIT", dead, 5000), net=-5000))
    assert desk.entries() == [(dead, "missing", "NOTHING_EXPECTED")]
    (row,) = desk.select("select candidates from bank_entry where bank = %(bank)s")
    assert row["candidates"][0]["because"] == "CLOSED_REFERENCE"


def test_a_run_over_the_same_rows_changes_nothing(desk: Desk) -> None:
    one = desk.payout(5000)
    desk.comes(
        desk.statement(booked("DBIT", one, 5001), booked("DBIT", "Z", 1, payee=""), net=-5002)
    )
    before = desk.entries(), desk.expected(), desk.events()
    tally = desk.match()
    assert (desk.entries(), desk.expected(), desk.events()) == before
    assert tally.statuses == {"over": 1, "missing": 1}


def test_a_payment_without_a_name_from_before_the_order_is_not_the_order(desk: Desk) -> None:
    """The same hospital, the same amount, a day too early: it is somebody else's payment."""
    one = desk.payout(5000)
    before = DAY - timedelta(days=1)
    desk.comes(desk.statement(booked("DBIT", "", 5000, day=before), day=before, net=-5000))
    assert desk.entries() == [("", "missing", "NOTHING_EXPECTED")]
    assert desk.days() == {}
    paid = booked("DBIT", one, 5000)
    desk.comes(desk.statement(paid, net=-5000, opening=OPENING - 5000, number=2))
    assert desk.entries()[1] == (one, "matched", "REFERENCE_AND_AMOUNT")
    assert desk.days() == {DAY: "closed"}
