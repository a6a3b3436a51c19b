"""What one funder settles with one hospital on one day, entry by entry, net of claw-backs. Pure.

Everything is read from the ledger, so the lines of all days are the ledger's sums. A return went
back by the bank itself and is told apart; a claw-back is held against what is paid, and what a day
cannot bear is carried over to the next one. Insurers hold nothing against what they pay: what goes
back to them comes by a payment of the hospital's own, and is listed beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.submission import FunderKind


class LineKind(StrEnum):
    """Each has a name in three languages."""

    PAYMENT = "payment"
    CLAW_BACK = "claw_back"
    """The funder's again: held against what it pays."""
    RETURN = "return"
    """A payment that the bank brought back: nobody owes it, nothing is held against it."""
    GIVEN_BACK = "given_back"
    """The hospital gave it back by a payment of its own, and the funder has confirmed it."""


class Basis(StrEnum):
    PAID = "paid"
    """We were told that the hospital has the money."""
    SETTLED = "settled"
    """The funder took the debt over; what its bank pays, nobody tells us."""


class _Source(Frozen):
    funder: FunderKind
    account: str
    """The kind of the hospital's account on which it stands."""
    sign: int
    """What one minor unit of debit on that account is to the hospital."""
    basis: Basis
    back: LineKind
    """What its reversal is."""
    kind: LineKind = LineKind.PAYMENT


SOURCES: dict[str, _Source] = {
    "credit": _Source(
        funder=FunderKind.INSURER,
        account="hospital_bills",
        sign=1,
        basis=Basis.PAID,
        back=LineKind.RETURN,
    ),
    "paid_in_place": _Source(
        funder=FunderKind.INSURER,
        account="hospital_bills",
        sign=1,
        basis=Basis.PAID,
        back=LineKind.RETURN,
    ),
    "claw_back": _Source(
        funder=FunderKind.INSURER,
        account="hospital_bills",
        sign=1,
        basis=Basis.PAID,
        back=LineKind.GIVEN_BACK,
        kind=LineKind.GIVEN_BACK,
    ),
    "claw_back_undone": _Source(
        funder=FunderKind.INSURER,
        account="hospital_bills",
        sign=1,
        basis=Basis.PAID,
        back=LineKind.GIVEN_BACK,
        kind=LineKind.GIVEN_BACK,
    ),
    "settlement": _Source(
        funder=FunderKind.BASIC_INSURANCE,
        account="hospital_bills",
        sign=1,
        basis=Basis.SETTLED,
        back=LineKind.CLAW_BACK,
    ),
    "voucher_reimbursed": _Source(
        funder=FunderKind.VOUCHER,
        account="voucher_receivable",
        sign=-1,
        basis=Basis.PAID,
        back=LineKind.CLAW_BACK,
    ),
    "pay_later_settlement": _Source(
        funder=FunderKind.PAY_LATER,
        account="pay_later_receivable",
        sign=-1,
        basis=Basis.PAID,
        back=LineKind.CLAW_BACK,
    ),
}
"""Kinds of entries with which a funder settles; a reversal is of the same funder."""
_HELD = (LineKind.PAYMENT, LineKind.CLAW_BACK)

NOT_SETTLED_WITH: dict[str, str] = {
    "bill": "what is owed, not what is settled",
    "tender": "the patient pays at the window or by his card",
    "tender_refund": "the patient's own money goes back to him",
    "voucher_claim": "becomes a receivable; settled when the Department reimburses it",
    "pay_later_charge": "becomes a receivable; settled when the platform pays it",
}
"""Other kinds of entries on a hospital's account, and why they are no settlement."""

_REVERSAL = "reversal_"


class Booked(Frozen):
    """One posting on an account of the hospital's, with what its entry is about."""

    key: str
    kind: str
    account: str
    """The account's kind."""
    organisation: str | None = None
    """Whose clearing account, or whose due, the entry moves: the insurer."""
    amount_minor: int
    """A debit above zero."""
    currency: str
    at: datetime
    day: date
    episode: str
    visit: str = ""
    bill: str = ""
    claim: str = ""
    claim_number: str = ""
    payout: str = ""


class SettlementLine(Frozen):
    """``amount_minor``: below zero for what comes off."""

    kind: LineKind
    entry: str
    amount_minor: int
    at: datetime
    episode: str
    visit: str = ""
    bill: str = ""
    claim: str = ""
    claim_number: str = ""
    payout: str = ""


class Settlement(Frozen):
    """``payable_minor``: what the funder pays of this day; ``carried_out_minor``: what is left of
    claw-backs for the next day, zero or below."""

    hospital: str
    funder: str
    """An insurer's id, or the kind of any other funder."""
    basis: Basis
    day: date
    currency: str
    lines: list[SettlementLine] = []
    carried_in_minor: int
    """What claw-backs of the days before left over, zero or below: never to be forgotten."""

    def total(self, kind: LineKind) -> int:
        return sum(line.amount_minor for line in self.lines if line.kind is kind)

    @property
    def ledger_minor(self) -> int:
        """What the ledger moved on this day, whichever way."""
        return sum(line.amount_minor for line in self.lines)

    @property
    def net_minor(self) -> int:
        held = self.total(LineKind.PAYMENT) + self.total(LineKind.CLAW_BACK)
        return self.carried_in_minor + held

    @property
    def payable_minor(self) -> int:
        return max(self.net_minor, 0)

    @property
    def carried_out_minor(self) -> int:
        return min(self.net_minor, 0)

    @property
    def carry_reason(self) -> str:
        return "CLAW_BACKS_EXCEED_THE_DAY" if self.carried_out_minor else ""


def source_of(kind: str) -> tuple[_Source, bool] | None:
    """The source of an entry of this kind, and whether the entry takes one back."""
    back = kind.startswith(_REVERSAL)
    source = SOURCES.get(kind.removeprefix(_REVERSAL))
    return None if source is None else (source, back)


def line_of(booked: Booked) -> tuple[str, SettlementLine] | None:
    """(funder, line); None for a posting that settles nothing."""
    found = source_of(booked.kind)
    if found is None or found[0].account != booked.account:
        return None
    source, back = found
    funder = source.funder.value
    if source.funder is FunderKind.INSURER:
        assert booked.organisation is not None, "an insurer's entry moves an account of its own"
        funder = booked.organisation
    told = booked.model_dump(exclude={"key", "kind", "account", "organisation", "currency", "day"})
    amount = booked.amount_minor * source.sign
    kind = source.back if back else source.kind
    told |= {"kind": kind, "entry": booked.key, "amount_minor": amount}
    return funder, SettlementLine(**told)


def carried_over(held: Iterable[int]) -> int:
    """What days, oldest first, leave of claw-backs for the next one: zero or below."""
    carried = 0
    for one in held:
        carried = min(carried + one, 0)
    return carried


def is_held(kind: str) -> bool:
    """Whether entries of this kind are held against each other: a return is not, nor what the
    hospital gave back itself."""
    found = source_of(kind)
    return found is not None and (found[0].back if found[1] else found[0].kind) in _HELD


def kinds_with(funder: str) -> list[str]:
    """Kinds of entries, and of their reversals, with which a funder settles."""
    first = SOURCES[source_for(funder)[0]]
    same = [k for k, s in SOURCES.items() if (s.funder, s.account) == (first.funder, first.account)]
    return [name for kind in same for name in (kind, f"reversal_{kind}")]


def source_for(funder: str) -> tuple[str, str, int, Basis]:
    """(kind of entry, kind of account, sign, basis) of a funder by its name in an address."""
    for kind, source in SOURCES.items():
        if source.funder.value == funder:
            return kind, source.account, source.sign, source.basis
    return "credit", SOURCES["credit"].account, SOURCES["credit"].sign, SOURCES["credit"].basis


def settlement_of(
    hospital: str,
    funder: str,
    day: date,
    booked: Iterable[Booked],
    carried_in_minor: int,
    currency: str = "CNY",
) -> Settlement:
    """One day of one funder's. ``booked``: of this day; what is another funder's is left out."""
    chosen = sorted(booked, key=lambda one: (one.at, one.key))
    own = [line for line in map(line_of, chosen) if line is not None]
    return Settlement(
        hospital=hospital,
        funder=funder,
        basis=source_for(funder)[3],
        day=day,
        currency=currency,
        lines=[line for name, line in own if name == funder],
        carried_in_minor=carried_in_minor,
    )
