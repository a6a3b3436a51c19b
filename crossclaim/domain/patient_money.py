"""What a patient has paid, what comes back to him and when. Pure; fen of RMB throughout."""

from __future__ import annotations

from datetime import date, datetime

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.insurer_turns import DECIDED
from crossclaim.domain.records import ClaimRow, EpisodeRows, PayoutRow
from crossclaim.domain.stay import local_day

_GONE = ("voided", "withdrawing")
_ENDED = ("rejected", "returned", "cancelled")


class Paid(Frozen):
    """One payment of the patient's that counts."""

    method: str
    amount_minor: int
    paid_at: datetime | None = None


class Back(Frozen):
    """One sum on its way back to him, or there."""

    source: str
    """``hospital`` (of what he paid too much) or ``insurer``."""
    organisation: str
    amount_minor: int
    state: str
    """``expected``: nobody has decided; ``decided``; ``sent``; ``account``: the bank gave it back;
    ``there``."""
    expected_on: date | None = None
    """By the rail that carries it; None: nobody can say."""
    credited_on: date | None = None


def paid(rows: EpisodeRows) -> list[Paid]:
    """In the order of the rows; what was reversed is no payment."""
    return [
        Paid(method=t.method, amount_minor=t.amount_minor, paid_at=t.tendered_at)
        for t in rows.tenders
        if not t.reversed and t.amount_minor
    ]


def coming_back(rows: EpisodeRows, expected: dict[str, date] | None = None) -> list[Back]:
    """``expected``: by when the rail of a payout, by its reference, brings it."""
    return [*_refunds(rows), *_benefits(rows, expected or {})]


def _refunds(rows: EpisodeRows) -> list[Back]:
    return [
        Back(
            source="hospital",
            organisation=rows.episode.hospital_id,
            amount_minor=r.amount_minor,
            state="there" if r.refunded_at else "sent" if r.state != "due" else "decided",
            credited_on=local_day(r.refunded_at) if r.refunded_at else None,
        )
        for r in rows.refunds
        if r.counts
    ]


def _benefits(rows: EpisodeRows, expected: dict[str, date]) -> list[Back]:
    found = []
    for claim in rows.claims:
        if claim.kind != "reimbursement" or claim.state in _GONE:
            continue
        payouts = [p for p in rows.payouts if p.claim_id == claim.id and p.payee == "patient"]
        if payouts:
            found += [_of_payout(p, expected) for p in _that_count(payouts)]
        elif (told := _of_claim(rows, claim)) is not None:
            found.append(told)
    return found


def _that_count(payouts: list[PayoutRow]) -> list[PayoutRow]:
    """What took another's place tells of it; one that ended without a successor stays told."""
    newest = payouts[-1]
    return [p for p in payouts if p.state not in _ENDED or p is newest]


def _of_payout(payout: PayoutRow, expected: dict[str, date]) -> Back:
    there = payout.credited_at or payout.settled_at
    state = "there" if there else "sent" if payout.sent_at else "decided"
    if payout.state in _ENDED:
        state, there = "account", None
    return Back(
        source="insurer",
        organisation=payout.debtor_organisation_id,
        amount_minor=payout.amount_minor,
        state=state,
        expected_on=expected.get(payout.reference) if state == "sent" else None,
        credited_on=local_day(there) if there else None,
    )


def _of_claim(rows: EpisodeRows, claim: ClaimRow) -> Back | None:
    """Before there is a payout: by the decision, else by the split."""
    insurer = claim.organisation_id or ""
    if claim.state in DECIDED:
        if not claim.to_pay:
            return None
        return Back(
            source="insurer", organisation=insurer, amount_minor=claim.to_pay, state="decided"
        )
    allocation = rows.allocation(claim.bill_id)
    later = None if allocation is None else allocation.result.later_of(claim.organisation_id)
    if later is None or not later.amount.amount_minor:
        return None
    amount = later.amount.amount_minor
    return Back(source="insurer", organisation=insurer, amount_minor=amount, state="expected")
