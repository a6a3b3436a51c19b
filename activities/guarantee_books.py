"""Keeps a letter's row and the ledger together: each change is one entry, in one transaction.

Every caller holds the episode's lock, so of two changes the second sees what the first left.
"""

from __future__ import annotations

from datetime import date, datetime

from activities.records import EpisodeTransaction
from crossclaim.domain.guarantee_book import (
    LIVE,
    Book,
    at_end,
    book_of,
    letters_of,
    move_entry,
    uses,
)
from crossclaim.domain.ledger import guarantee_entry
from crossclaim.domain.money import Money
from crossclaim.domain.records import EpisodeRows, GuaranteeRow

PUT_RIGHT = ["GUARANTEE_AT_DESK", "GUARANTEE_ANSWER_LATE", "GUARANTEE_TO_CONFIRM"]
OVER = ["GUARANTEE_CHANGE_REFUSED", "GUARANTEE_EXPIRED", "GUARANTEE_WITHDRAWN"]
"""Nothing of it matters any more once all is paid."""


def grant(
    tx: EpisodeTransaction,
    episode_id: str,
    guarantee: GuaranteeRow,
    limit: Money,
    at: datetime,
    **fields: object,
) -> None:
    """The insurer promises; its money is reserved by the same commit."""
    tx.change_guarantee(
        guarantee.id,
        state=LIVE,
        limit_minor=limit.amount_minor,
        held_minor=limit.amount_minor,
        answered_at=at,
        **fields,
    )
    entry = guarantee_entry(f"guarantee:{guarantee.id}", guarantee.insurer_id, limit)
    tx.post(episode_id, entry, at)


def raise_limit(
    tx: EpisodeTransaction,
    episode_id: str,
    guarantee: GuaranteeRow,
    limit: Money,
    at: datetime,
    **fields: object,
) -> None:
    """The promise grows to ``limit``; only what is new is reserved. It never shrinks."""
    delta = max(limit.amount_minor - (guarantee.limit_minor or 0), 0)
    before = book_of(guarantee)
    if delta:
        fields["limit_minor"] = limit.amount_minor
    _moved(tx, episode_id, guarantee, before.raised(delta), at, **fields)


def use_guarantees(tx: EpisodeTransaction, rows: EpisodeRows, at: datetime) -> None:
    """Bills hold what they take of the letters; what a bill gives back is open again.

    ``rows`` are as this transaction leaves them. Said twice it changes nothing.
    """
    for insurer in dict.fromkeys(g.insurer_id for g in rows.guarantees):
        found = uses(rows, insurer)
        for letter in letters_of(rows, insurer):
            _moved(tx, rows.episode.id, letter, found[letter.id], at)


def end(
    tx: EpisodeTransaction,
    rows: EpisodeRows,
    guarantee: GuaranteeRow,
    state: str,
    at: datetime,
    *,
    care_given: bool = False,
    ended_on: date | None = None,
) -> None:
    """The letter gives no more: what is open is free again, what bills use stays theirs.

    ``care_given``: care that it covers has begun and no bill tells how much; then the rest waits
    for that bill.
    """
    after = at_end(rows, guarantee, care_given=care_given)
    fields: dict[str, object] = {"state": state, "released_at": at}
    if ended_on is not None:
        fields["ended_on"] = ended_on
    _moved(tx, rows.episode.id, guarantee, after, at, **fields)
    lapse(tx, rows, guarantee, at)


def settle(
    tx: EpisodeTransaction, rows: EpisodeRows, guarantee: GuaranteeRow, at: datetime
) -> None:
    """Everything is paid: nothing is reserved or used any more."""
    if guarantee.moves == 0 and guarantee.state in (LIVE, "cancelling"):
        tx.reverse(rows.episode.id, f"guarantee:{guarantee.id}", at)
        tx.change_guarantee(
            guarantee.id, state="released", released_at=at, held_minor=0, used_minor=0
        )
    else:
        _moved(tx, rows.episode.id, guarantee, Book(), at, state="released", released_at=at)
    lapse(tx, rows, guarantee, at)


def settle_all(tx: EpisodeTransaction, rows: EpisodeRows, at: datetime) -> None:
    """At the close: letters that ended before, of which bills had used something, and questions
    that nobody has answered."""
    for guarantee in rows.guarantees:
        if guarantee.state != LIVE and book_of(guarantee).held:
            settle(tx, rows, guarantee, at)
        elif guarantee.state == "at_desk":
            tx.change_guarantee(guarantee.id, state="cancelled")
            lapse(tx, rows, guarantee, at)


def lapse(tx: EpisodeTransaction, rows: EpisodeRows, guarantee: GuaranteeRow, at: datetime) -> None:
    for request in rows.guarantee_requests:
        if request.guarantee_id == guarantee.id and request.open:
            tx.lapse_guarantee_requests(guarantee.id, at)
            tx.resolve_exceptions(rows.episode.id, PUT_RIGHT, at, request.reference)


def _moved(
    tx: EpisodeTransaction,
    episode_id: str,
    guarantee: GuaranteeRow,
    after: Book,
    at: datetime,
    **fields: object,
) -> None:
    before = book_of(guarantee)
    if after != before:
        number = guarantee.moves + 1
        key = f"guarantee:{guarantee.id}:{number}"
        tx.post(episode_id, move_entry(key, guarantee, before, after), at)
        fields |= {"held_minor": after.held, "used_minor": after.used, "moves": number}
    if fields:
        tx.change_guarantee(guarantee.id, **fields)
