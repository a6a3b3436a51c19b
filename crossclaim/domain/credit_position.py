"""What is owed of each draw and when: worked out from facts that are only ever added. Pure.

A repayment is laid on what is due first. What is left of a draw lies on the last instalments of its
newest plan. All figures are fen.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.credit_rows import CreditChargeRow, CreditInstalmentRow, CreditRows


class InstalmentPosition(Frozen):
    """``left_minor`` is what is still owed of this part."""

    charge_reference: str
    plan: int
    number: int
    count: int
    due_on: date
    amount_minor: int
    left_minor: int

    @property
    def name(self) -> str:
        """Unique within the account, for ever."""
        return f"{self.charge_reference}-{self.plan}-{self.number}"


class DrawPosition(Frozen):
    """``left_minor`` = drawn and fees − repaid − refunded, never below zero."""

    charge_reference: str
    drawn_minor: int
    repaid_minor: int
    left_minor: int
    plan: int
    instalments: list[InstalmentPosition]

    @property
    def in_parts(self) -> bool:
        return self.plan > 1


def draws(rows: CreditRows) -> list[DrawPosition]:
    """Every draw, oldest first."""
    return [_position(rows, charge) for charge in rows.charges if charge.credit_minor > 0]


def _position(rows: CreditRows, charge: CreditChargeRow) -> DrawPosition:
    reference = charge.reference
    parts = [i for i in rows.instalments if i.charge_reference == reference]
    newest = max((i.plan for i in parts), default=0)
    plan = sorted((i for i in parts if i.plan == newest), key=lambda i: i.number)
    repaid = sum(r.amount_minor for r in rows.repaid if r.charge_reference == reference)
    left = 0 if charge.refunded_minor is not None else _left(plan, repaid)
    return DrawPosition(
        charge_reference=reference,
        drawn_minor=charge.credit_minor,
        repaid_minor=repaid,
        left_minor=left,
        plan=newest,
        instalments=_spread(plan, left),
    )


def _left(plan: list[CreditInstalmentRow], repaid: int) -> int:
    """A plan is laid on what was left when it was chosen; what was repaid before it is settled."""
    whole = sum(part.amount_minor for part in plan)
    before = plan[0].repaid_before_minor if plan else 0
    return max(whole - (repaid - before), 0)


def _spread(plan: list[CreditInstalmentRow], left: int) -> list[InstalmentPosition]:
    found: list[InstalmentPosition] = []
    for part in reversed(plan):
        owed = min(left, part.amount_minor)
        left -= owed
        members = part.model_dump(exclude={"repaid_before_minor"})
        found.append(InstalmentPosition(**members, left_minor=owed))
    return list(reversed(found))


def owed(rows: CreditRows) -> int:
    return sum(draw.left_minor for draw in draws(rows))


def available(rows: CreditRows) -> int:
    """Limit − what is open of the draws; nothing while no credit is in force."""
    if rows.account.credit_state != "granted":
        return 0
    return max(rows.account.limit_minor - owed(rows), 0)


def open_instalments(rows: CreditRows) -> list[InstalmentPosition]:
    """Parts of which something is owed, by due day."""
    found = [part for draw in draws(rows) for part in draw.instalments if part.left_minor > 0]
    return sorted(found, key=lambda part: (part.due_on, part.name))


def overdue(rows: CreditRows, today: date) -> list[InstalmentPosition]:
    """Parts whose due day has passed; what is paid on the due day is in time."""
    return [part for part in open_instalments(rows) if part.due_on < today]


def laid(rows: CreditRows, amount_minor: int) -> Iterator[tuple[str, int]]:
    """A repayment over the draws, what is due first first: (charge, fen), each charge once."""
    shares: dict[str, int] = {}
    for part in open_instalments(rows):
        share = min(amount_minor, part.left_minor)
        if share <= 0:
            break
        amount_minor -= share
        shares[part.charge_reference] = shares.get(part.charge_reference, 0) + share
    yield from shares.items()
