"""Whatever happens to a letter in any order: nothing is reserved twice, nothing used let go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossclaim.domain.allocation import AllocationResult, FunderTotal
from crossclaim.domain.guarantee_book import (
    GONE,
    LIVE,
    Book,
    at_end,
    billed,
    book_of,
    left_for,
    move_entry,
    uses,
)
from crossclaim.domain.ledger import Entry, guarantee_entry
from crossclaim.domain.money import fen, hk_cents
from crossclaim.domain.records import AllocationRow, BillRow, EpisodeRow, EpisodeRows, GuaranteeRow
from crossclaim.domain.submission import EncounterClass, FunderKind
from crossclaim.domain.trial_balance import trial_balance

INSURER = "kowloon-mutual"
EPISODE = EpisodeRow(
    id="ep",
    hospital_id="hku-szh",
    encounter_class=EncounterClass.INPATIENT,
    status="open",
    revision=1,
    opened_at=datetime(2026, 3, 9, tzinfo=UTC),
)
EVENTS = ("grant", "raise", "interim", "final", "void", "expire", "withdraw", "cancel", "close")
steps = st.lists(
    st.tuples(st.sampled_from(EVENTS), st.integers(0, 9_000), st.booleans()), max_size=14
)
Ending = Callable[[EpisodeRows, GuaranteeRow, bool], Book]


def by_the_rules(rows: EpisodeRows, letter: GuaranteeRow, care_given: bool) -> Book:
    return at_end(rows, letter, care_given=care_given)


def naive(rows: EpisodeRows, letter: GuaranteeRow, care_given: bool) -> Book:
    """The twin that lets the whole letter go, whatever bills use of it."""
    return Book()


@dataclass
class Play:
    """The rows and the ledger as the steps keep them, one event after the other."""

    ending: Ending
    rows: EpisodeRows = field(default_factory=lambda: EpisodeRows(episode=EPISODE))
    entries: list[Entry] = field(default_factory=list)
    promised: int = 0
    released: int = 0

    def happen(self, event: str, amount: int, care: bool) -> None:
        live = next((g for g in self.rows.guarantees if g.state == LIVE), None)
        if event == "grant" and live is None and amount:
            self._grant(amount)
        elif event == "raise" and live is not None:
            self.promised += amount
            self._move(live, book_of(live).raised(amount))
        elif event in ("interim", "final"):
            self._bill(event, amount)
        elif event == "void":
            self._bills({b.id: "voided" for b in self.rows.bills})
        elif event in ("expire", "withdraw", "cancel") and live is not None:
            ends = {"expire": "expired", "withdraw": "withdrawn", "cancel": "cancelled"}
            after = self.ending(self.rows, live, care and event != "cancel")
            self._move(live, after, state=ends[event])
        elif event == "close":
            for letter in self.rows.guarantees:
                self._move(letter, Book(), state="released")
        self._sync()
        self.holds()

    def _grant(self, amount: int) -> None:
        number = len(self.rows.guarantees)
        letter = GuaranteeRow(
            id=f"gu{number}",
            insurer_id=INSURER,
            reference=f"GU{number}",
            state=LIVE,
            limit_minor=amount,
            held_minor=amount,
        )
        self.promised += amount
        self.entries.append(guarantee_entry(f"guarantee:{letter.id}", INSURER, hk_cents(amount)))
        self._put(guarantees=[*self.rows.guarantees, letter])

    def _bill(self, status: str, amount: int) -> None:
        self._bills({b.id: "superseded" for b in self.rows.bills})
        left = left_for(self.rows, INSURER, "F")
        part = amount if left is None else min(amount, left.amount_minor)
        number = len(self.rows.bills) + 1
        bill = BillRow(
            id=f"bl{number}",
            number="F",
            version=number,
            status=status,
            state="current",
            total_minor=amount,
        )
        own = FunderTotal(
            funder=FunderKind.INSURER,
            organisation=INSURER,
            amount=fen(part),
            in_funder_currency=hk_cents(part),
        )
        split = AllocationResult(total=fen(amount), totals=[own])
        row = AllocationRow(bill_id=bill.id, version=1, result=split)
        bills, splits = [*self.rows.bills, bill], [*self.rows.allocations, row]
        self._put(bills=bills, allocations=splits)

    def _bills(self, states: dict[str, str]) -> None:
        current = [b for b in self.rows.bills if b.state == "current"]
        changed = {b.id: b.model_copy(update={"state": states[b.id]}) for b in current}
        self._put(bills=[changed.get(b.id, b) for b in self.rows.bills])

    def _sync(self) -> None:
        found = uses(self.rows, INSURER)
        for letter in self.rows.guarantees:
            self._move(letter, found[letter.id])

    def _move(self, letter: GuaranteeRow, after: Book, state: str = "") -> None:
        before, number = book_of(letter), letter.moves
        if after != before:
            number += 1
            self.released += max(before.held - after.held, 0)
            key = f"guarantee:{letter.id}:{number}"
            self.entries.append(move_entry(key, letter, before, after))
        update = {
            "held_minor": after.held,
            "used_minor": after.used,
            "moves": number,
            "state": state or letter.state,
        }
        new = letter.model_copy(update=update)
        self._put(guarantees=[new if g.id == letter.id else g for g in self.rows.guarantees])

    def _put(self, **changes: object) -> None:
        self.rows = self.rows.model_copy(update=changes)

    def holds(self) -> None:
        left = trial_balance(self.entries)
        names = {side: f"guarantee:{INSURER}:{side}" for side in ("reserved", "used", "committed")}
        reserved, used, committed = (left.get(name, 0) for name in names.values())
        books = [book_of(g) for g in self.rows.guarantees]
        assert (reserved, used) == (sum(b.open for b in books), sum(b.used for b in books))
        assert reserved >= 0 and 0 <= used <= used + reserved == -committed
        assert used + reserved == self.promised - self.released <= self.promised
        for letter in self.rows.guarantees:
            book = book_of(letter)
            assert 0 <= book.used <= book.held
            if letter.state in GONE and billed(self.rows, INSURER):
                assert book.open == 0, "the rest of what has ended is free once a bill has told"


@settings(max_examples=300, deadline=None)
@given(steps)
def test_nothing_is_reserved_twice_and_nothing_that_is_used_is_let_go(
    events: list[tuple[str, int, bool]],
) -> None:
    play = Play(by_the_rules)
    for event, amount, care in events:
        wanted = _taken(play)
        play.happen(event, amount, care)
        if event in ("expire", "withdraw"):
            assert _taken(play) == wanted, "an end takes nothing from a bill"


def _taken(play: Play) -> int:
    return sum(book_of(g).used for g in play.rows.guarantees)


def test_a_twin_that_lets_a_letter_go_whole_takes_it_from_its_bill() -> None:
    """What the property above forbids, by the shortest way there."""
    for ending, kept in ((by_the_rules, 500), (naive, 0)):
        play = Play(ending)
        for event, amount in (("grant", 1_000), ("interim", 500), ("expire", 0)):
            play.happen(event, amount, False)
        assert _taken(play) == kept


def test_a_second_letter_is_used_after_the_first_has_ended() -> None:
    play = Play(by_the_rules)
    for event, amount in (("grant", 1_000), ("interim", 600), ("expire", 0), ("grant", 700)):
        play.happen(event, amount, False)
    left = left_for(play.rows, INSURER, "F")
    assert left == hk_cents(1_300), "600 held of the first and 700 of the second"
    play.happen("final", 1_200, False)
    assert [book_of(g) for g in play.rows.guarantees] == [
        Book(held=600, used=600),
        Book(held=700, used=600),
    ]


@pytest.mark.parametrize("times", [1, 2])
def test_said_twice_a_use_changes_nothing(times: int) -> None:
    play = Play(by_the_rules)
    for event, amount in (("grant", 1_000), ("final", 400)):
        play.happen(event, amount, False)
    entries = len(play.entries)
    for _ in range(times):
        play.happen("raise", 0, False)
    assert len(play.entries) == entries
