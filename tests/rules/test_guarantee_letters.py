"""Letters of guarantee and the bills that use them, by a table and entry by entry."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from crossclaim.domain.allocation import AllocationResult, FunderTotal
from crossclaim.domain.guarantee_book import (
    Book,
    at_end,
    billed,
    book_of,
    left_for,
    move_entry,
    terms_of,
    uses,
)
from crossclaim.domain.money import Currency, counted, fen
from crossclaim.domain.records import AllocationRow, BillRow, EpisodeRow, EpisodeRows, GuaranteeRow
from crossclaim.domain.submission import EncounterClass, FunderKind
from tests.rules.test_tables import Case, cases

INSURER = "kowloon-mutual"
EPISODE = EpisodeRow(
    id="ep",
    hospital_id="hku-szh",
    encounter_class=EncounterClass.INPATIENT,
    status="open",
    revision=1,
    opened_at=datetime(2026, 3, 9, tzinfo=UTC),
)


def letter_of(number: int, told: Case) -> GuaranteeRow:
    known = {"state": "granted", "insurer": INSURER} | {
        name: None if value == "none" else value for name, value in told.items()
    }
    return GuaranteeRow(
        id=f"gu{number}",
        insurer_id=known["insurer"],
        reference=f"GU{number}",
        state=known["state"],
        limit_minor=known.get("limit", known["held"]),
        held_minor=known["held"],
        used_minor=known.get("used", 0),
        currency=Currency(known.get("currency", "HKD")),
        valid_until=known.get("valid_until"),
        ended_on=known.get("ended_on"),
        conditions=known.get("conditions", []),
        exclusions=known.get("exclusions", []),
    )


def bill_of(number: int, told: Case) -> BillRow:
    return BillRow(
        id=f"bl{number}",
        number=told["number"],
        version=number,
        status=told.get("status", "final"),
        state=told.get("state", "current"),
        total_minor=5_000,
    )


def split_of(bill: BillRow, told: Case) -> AllocationRow:
    totals = []
    if "part" in told or "fen" in told:
        currency = Currency(told.get("currency", "HKD"))
        own = counted(told["part"], currency) if "part" in told else None
        total = FunderTotal(
            funder=FunderKind.INSURER,
            organisation=told.get("insurer", INSURER),
            amount=fen(told.get("fen", 4_000)),
            in_funder_currency=own,
        )
        totals.append(total)
    result = AllocationResult(total=fen(5_000), totals=totals)
    return AllocationRow(bill_id=bill.id, version=bill.version, result=result)


def rows_of(asked: Case) -> EpisodeRows:
    told = asked.get("bills", [])
    bills = [bill_of(number, one) for number, one in enumerate(told, 1)]
    both = zip(bills, told, strict=True)
    return EpisodeRows(
        episode=EPISODE,
        guarantees=[letter_of(n, one) for n, one in enumerate(asked.get("letters", []), 1)],
        bills=bills,
        allocations=[split_of(bill, one) for bill, one in both if one.get("split", True)],
    )


def books_of(rows: EpisodeRows) -> list[list[int]]:
    return [[book.held, book.used] for book in uses(rows, INSURER).values()]


def terms_told(rows: EpisodeRows) -> Any:
    terms = terms_of(rows, INSURER)
    if terms is None:
        return "none"
    return {
        "last_day": terms.last_day or "none",
        "conditions": list(terms.conditions),
        "exclusions": list(terms.exclusions),
    }


@pytest.mark.parametrize("case", cases("guarantee-letters.yaml"))
def test_a_letter_is_used_and_left_as_the_table_says(case: Case) -> None:
    rows, wanted = rows_of(case["input"]), case["output"]
    currency = Currency(wanted.get("currency", "HKD"))
    for number, minor in wanted.get("left", {}).items():
        left = None if minor == "none" else counted(minor, currency)
        assert left_for(rows, INSURER, number) == left
    told = {"books": books_of(rows), "billed": billed(rows, INSURER), "terms": terms_told(rows)}
    asked = [name for name in wanted if name in told]
    assert {name: told[name] for name in asked} == {name: wanted[name] for name in asked}


@pytest.mark.parametrize(
    ("state", "limit", "held"),
    [
        ("granted", 1_000, 1_000),
        ("cancelling", 1_000, 1_000),
        ("expired", 1_000, 0),
        ("cancelled", 1_000, 0),
        ("released", 1_000, 0),
        ("granted", None, 0),
    ],
)
def test_a_letter_of_before_uses_were_counted_holds_its_promise_until_it_ends(
    state: str, limit: int | None, held: int
) -> None:
    letter = letter_of(1, {"state": state, "limit": limit, "held": None, "used": 300})
    assert book_of(letter) == Book(held=held, used=0)


BOOK = Book(held=1_000, used=300)


@pytest.mark.parametrize(
    ("after", "kind", "moved"),
    [
        (BOOK.raised(50), "guarantee_raise", {"reserved": 50, "committed": -50}),
        (BOOK.using(450), "guarantee_use", {"reserved": -150, "used": 150}),
        (BOOK.using(0), "guarantee_use", {"reserved": 300, "used": -300}),
        (BOOK.let_go(), "guarantee_release", {"reserved": -700, "committed": 700}),
        (Book(), "guarantee_release", {"reserved": -700, "used": -300, "committed": 1_000}),
        (BOOK, "guarantee_use", {}),
    ],
)
def test_each_change_of_a_letter_posts_its_difference_and_balances(
    after: Book, kind: str, moved: dict[str, int]
) -> None:
    letter = letter_of(1, {"held": 1_000, "used": 300, "currency": "MOP"})
    entry = move_entry("k", letter, BOOK, after)
    names = {side: f"guarantee:{INSURER}:{side}:MOP" for side in moved}
    posted = {p.account.id: p.amount_minor for p in entry.postings}
    assert (entry.key, entry.kind) == ("k", kind)
    assert posted == {names[side]: amount for side, amount in moved.items()}
    assert sum(posted.values()) == 0


def test_what_is_open_is_what_is_held_and_not_used() -> None:
    assert (BOOK.open, BOOK.let_go().open, BOOK.using(999).open) == (700, 0, 1)
    assert BOOK.using(1_001) == Book(held=1_000, used=1_000)


@pytest.mark.parametrize(
    ("bills", "care_given", "left"),
    [
        ([], True, (1_000, 300)),
        ([], False, (300, 300)),
        ([{"number": "A", "part": 300}], True, (300, 300)),
        ([{"number": "A", "part": 300}], False, (300, 300)),
        ([{"number": "A", "part": 300, "insurer": "harbour-life"}], True, (1_000, 300)),
    ],
)
def test_the_rest_of_a_letter_that_ends_waits_only_for_the_bill_of_care_that_was_given(
    bills: list[Case], care_given: bool, left: tuple[int, int]
) -> None:
    rows = rows_of({"letters": [{"held": 1_000, "used": 300}], "bills": bills})
    book = at_end(rows, rows.guarantees[0], care_given=care_given)
    assert (book.held, book.used) == left
