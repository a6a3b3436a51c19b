"""A day of an acquirer's statement beside our own rows: what differs, and how. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Literal

from crossclaim.domain.acquirer import StatementKind, StatementLine
from crossclaim.domain.allocation import Frozen

DifferenceKind = Literal["NOT_WITH_ACQUIRER", "NOT_WITH_US", "AMOUNT_DIFFERS", "PAID_TWICE"]


class OurMovement(Frozen):
    """A payment or a refund as our rows have it. ``done``: paid, or given back."""

    kind: StatementKind
    reference: str
    number: str
    amount_minor: int
    episode_id: str
    done: bool = True


class DayHeld(Frozen):
    """The sums of one hospital's day by our rows."""

    hospital: str
    day: date
    payments: int
    paid_minor: int
    refunds: int
    refunded_minor: int


class DayDifference(Frozen):
    """``theirs`` None: the statement does not have it; ``ours`` None: we do not."""

    kind: DifferenceKind
    movement: StatementKind
    reference: str
    number: str
    ours: OurMovement | None = None
    their_minor: int | None = None
    their_at: datetime | None = None


def day_held(hospital: str, day: date, ours: Sequence[OurMovement]) -> DayHeld:
    paid = [m.amount_minor for m in ours if m.kind is StatementKind.PAYMENT]
    back = [m.amount_minor for m in ours if m.kind is StatementKind.REFUND]
    return DayHeld(
        hospital=hospital,
        day=day,
        payments=len(paid),
        paid_minor=sum(paid),
        refunds=len(back),
        refunded_minor=sum(back),
    )


def day_differences(
    ours: Sequence[OurMovement], lines: Sequence[StatementLine]
) -> list[DayDifference]:
    """One by one, by reference and number. A second payment under one reference is ``PAID_TWICE``;
    which of the two we know decides which of them is too much."""
    return [*_theirs(ours, lines), *_missing(ours, lines)]


def _theirs(ours: Sequence[OurMovement], lines: Sequence[StatementLine]) -> Iterator[DayDifference]:
    held = {(m.kind, m.reference, m.number): m for m in ours if m.done}
    known = {(m.kind, m.reference): m for m in reversed(ours)}
    counted = Counter((line.kind, line.reference) for line in lines)
    for line in lines:
        own = held.get((line.kind, line.reference, line.number))
        kind: DifferenceKind
        if own is not None:
            if own.amount_minor == line.amount_minor:
                continue
            kind = "AMOUNT_DIFFERS"
        else:
            own = known.get((line.kind, line.reference))
            payment = line.kind is StatementKind.PAYMENT and own is not None and own.done
            twice = payment and counted[line.kind, line.reference] > 1
            kind = "PAID_TWICE" if twice else "NOT_WITH_US"
        yield DayDifference(
            kind=kind,
            movement=line.kind,
            reference=line.reference,
            number=line.number,
            ours=own,
            their_minor=line.amount_minor,
            their_at=line.at,
        )


def _missing(
    ours: Sequence[OurMovement], lines: Sequence[StatementLine]
) -> Iterator[DayDifference]:
    stated = {(line.kind, line.reference, line.number) for line in lines}
    for own in ours:
        if own.done and (own.kind, own.reference, own.number) not in stated:
            yield DayDifference(
                kind="NOT_WITH_ACQUIRER",
                movement=own.kind,
                reference=own.reference,
                number=own.number,
                ours=own,
            )
