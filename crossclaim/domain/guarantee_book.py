"""The reserved money of letters of guarantee: what was promised, what bills use, what is let go.

Pure. ``held`` is what still stands of a promise; ``used`` is the part of it that bills have taken,
and the rest is open. Only what is open is ever let go; what is used goes with its bill alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.guarantee_terms import GuaranteeTerms
from crossclaim.domain.ledger import Account, Entry, Posting, exposure
from crossclaim.domain.money import Money, counted
from crossclaim.domain.records import BillRow, EpisodeRows, GuaranteeRow

LIVE = "granted"
GONE = ("expired", "withdrawn", "cancelled")
"""States of a letter that gives no more, while bills may still hold what they took of it."""
_TAKEN_BACK = ("cancelling", "cancelled")


class Book(Frozen):
    """One letter's money, in minor units of its currency."""

    held: int = 0
    used: int = 0

    @property
    def open(self) -> int:
        return self.held - self.used

    def raised(self, delta: int) -> Book:
        assert delta >= 0, "a promise is never made smaller, only its rest let go"
        return Book(held=self.held + delta, used=self.used)

    def using(self, wanted: int) -> Book:
        """Bills together use ``wanted`` of it, or as much of that as there is."""
        return Book(held=self.held, used=min(wanted, self.held))

    def let_go(self) -> Book:
        """Nothing is open any more; what is used stays."""
        return Book(held=self.used, used=self.used)


def book_of(guarantee: GuaranteeRow) -> Book:
    """Letters of before uses were counted hold all that they promised until they are released."""
    if guarantee.held_minor is not None:
        return Book(held=guarantee.held_minor, used=guarantee.used_minor)
    stands = guarantee.state in (LIVE, "cancelling")
    return Book(held=(guarantee.limit_minor or 0) if stands else 0)


def move_entry(key: str, guarantee: GuaranteeRow, before: Book, after: Book) -> Entry:
    """The ledger's side of one change: open, used and committed money by the difference."""
    insurer, currency = guarantee.insurer_id, guarantee.currency
    legs = [
        (exposure(insurer, "reserved", currency), after.open - before.open),
        (exposure(insurer, "used", currency), after.used - before.used),
        (exposure(insurer, "committed", currency), before.held - after.held),
    ]
    return Entry(key=key, kind=_kind(before, after), postings=_postings(legs))


def _kind(before: Book, after: Book) -> str:
    if after.held > before.held:
        return "guarantee_raise"
    return "guarantee_use" if after.held == before.held else "guarantee_release"


def _postings(legs: Sequence[tuple[Account, int]]) -> list[Posting]:
    return [Posting(account=a, amount_minor=amount) for a, amount in legs if amount]


def letters_of(rows: EpisodeRows, insurer: str | None) -> list[GuaranteeRow]:
    """An insurer's letters, oldest first."""
    return [g for g in rows.guarantees if g.insurer_id == insurer]


def uses(rows: EpisodeRows, insurer: str | None) -> dict[str, Book]:
    """Guarantee id → its book once the bills that stand have taken theirs, oldest letter first.

    A letter that has expired or was withdrawn lets its rest go with the bill that stands; where one
    was voided, it waits for the bill that comes in its place.
    """
    wanted, found = _wanted(rows, insurer), {}
    for letter in letters_of(rows, insurer):
        before = book_of(letter)
        after = before.using(wanted)
        wanted -= after.used
        if letter.state == "cancelled" or (letter.state in GONE and billed(rows, insurer)):
            after = after.let_go()
        found[letter.id] = after
    return found


def at_end(rows: EpisodeRows, letter: GuaranteeRow, *, care_given: bool) -> Book:
    """What is left of a letter when it ends. ``care_given``: care that it covers has begun; while
    no bill tells how much of it, the rest waits for that bill."""
    before = book_of(letter)
    waits = care_given and not billed(rows, letter.insurer_id)
    return before if waits else before.let_go()


def billed(rows: EpisodeRows, insurer: str | None) -> bool:
    """Some bill that stands tells what the insurer has a part of."""
    return any(_part(rows, bill, insurer) is not None for bill in _standing(rows))


def _standing(rows: EpisodeRows) -> list[BillRow]:
    return [bill for bill in rows.bills if bill.state == "current"]


def _wanted(rows: EpisodeRows, insurer: str | None) -> int:
    """What final bills take; while there is none, what interim bills say."""
    bills = _standing(rows)
    final = [p for b in bills if b.payable and (p := _part(rows, b, insurer)) is not None]
    if any(final):
        return sum(final)
    interim = (_part(rows, b, insurer) for b in bills if not b.payable)
    return sum(part or 0 for part in interim)


def _part(rows: EpisodeRows, bill: BillRow, insurer: str | None) -> int | None:
    """The direct part in what the insurer counts in; None where it has none."""
    split = rows.allocation(bill.id)
    part = None if split is None else split.result.insurer(insurer)
    if part is None or part.in_funder_currency is None:
        return None
    return part.in_funder_currency.amount_minor


def left_for(rows: EpisodeRows, insurer: str | None, number: str) -> Money | None:
    """What the insurer's letters leave for the bill of this number; None: there is no letter.

    A letter that a withdrawn consent took back counts as it was: what the insurers after it pay is
    judged by that. One that has ended still holds what its bills took of it.
    """
    letters = [g for g in letters_of(rows, insurer) if counts(g)]
    if not letters:
        return _confirmed(rows, insurer, number)
    taken = sum(_others(rows, insurer, number))
    held = sum(_held(letter) for letter in letters)
    return counted(max(held - taken, 0), letters[-1].currency)


def _confirmed(rows: EpisodeRows, insurer: str | None, number: str) -> Money | None:
    """A letter that was let go at the end covers what was confirmed of the same bill, no more; of
    a bill in the place of one whose settlement was cancelled, what had been confirmed of that."""
    released = [g for g in letters_of(rows, insurer) if g.state == "released"]
    final = next((b for b in rows.bills if b.payable and b.number == number), None)
    if final is None and not any(_others(rows, insurer, number)):
        cancelled = (b for b in reversed(rows.bills) if b.status == "final" and b.state == "voided")
        final = next((b for b in cancelled if _part(rows, b, insurer) is not None), None)
    part = None if final is None else _part(rows, final, insurer)
    return None if part is None or not released else counted(part, released[-1].currency)


def terms_of(rows: EpisodeRows, insurer: str | None) -> GuaranteeTerms | None:
    """Those of the newest letter that counts."""
    letters = [g for g in letters_of(rows, insurer) if counts(g)]
    if not letters:
        return None
    newest = letters[-1]
    days = [day for day in (newest.valid_until, newest.ended_on) if day is not None]
    return GuaranteeTerms(
        last_day=min(days) if days else None,
        conditions=tuple(newest.conditions),
        exclusions=tuple(newest.exclusions),
    )


def counts(letter: GuaranteeRow) -> bool:
    """It was granted, and something of it stands."""
    if letter.limit_minor is None:
        return False
    if letter.state in (LIVE, *_TAKEN_BACK):
        return True
    return letter.state in GONE and book_of(letter).held > 0


def _held(letter: GuaranteeRow) -> int:
    taken_back = letter.state in _TAKEN_BACK
    return (letter.limit_minor or 0) if taken_back else book_of(letter).held


def _others(rows: EpisodeRows, insurer: str | None, number: str) -> list[int]:
    others = (b for b in rows.bills if b.payable and b.number != number)
    return [part for b in others if (part := _part(rows, b, insurer)) is not None]
