"""What an insurer has back twice: from the payee of a payout, and from the bank. Pure."""

from __future__ import annotations

from crossclaim.domain.bill_chain import CAME_BACK, DEAD, current_payouts, is_over
from crossclaim.domain.bill_rows import TWICE, ClawBackRow, line_of
from crossclaim.domain.records import ClaimRow, EpisodeRows, PayoutRow


def related(rows: EpisodeRows, back: ClawBackRow, claim: ClaimRow, payee: str) -> bool:
    """It is about money that one insurer paid one payee for one bill, in whatever version; what was
    paid twice is apart."""
    same = (back.organisation_id, back.payee) == (claim.organisation_id, payee)
    return same and _one_bill(rows, back.bill_id, claim.bill_id) and back.cause != TWICE


def given_back(rows: EpisodeRows, claim: ClaimRow, payee: str) -> list[ClawBackRow]:
    """What the payee has given back for the bill of a claim, the oldest first."""
    ours = (b for b in rows.claw_backs if related(rows, b, claim, payee))
    return [back for back in ours if back.received_at is not None]


def asked_back(rows: EpisodeRows, claim: ClaimRow, payee: str) -> int:
    """Fen that the payee is asked for and has not given back."""
    ours = (b for b in rows.claw_backs if related(rows, b, claim, payee))
    return sum(back.amount_minor for back in ours if back.open)


def excess(rows: EpisodeRows, claim: ClaimRow, payee: str) -> int:
    """Fen above what the payee ever kept, where nothing is owed for the claim any more; below zero:
    the payee still has so much."""
    there = sum(
        p.amount_minor
        for p in current_payouts(rows).values()
        if (p.debtor_organisation_id, p.payee) == (claim.organisation_id, payee)
        and p.state not in DEAD
        and is_over(rows, own := rows.claim(p.claim_id))
        and _one_bill(rows, own.bill_id, claim.bill_id)
    )
    given = given_back(rows, claim, payee)
    return sum(back.amount_minor - back.undone_minor for back in given) - there


def given_for(rows: EpisodeRows, second: PayoutRow) -> int:
    """Fen of a second payment that its payee has given back, and that its owner has kept."""
    ours = (b for b in rows.claw_backs if b.payout_reference == second.reference)
    return sum(back.kept_minor for back in ours)


def had_twice(rows: EpisodeRows, back: ClawBackRow) -> list[tuple[ClawBackRow, int]]:
    """Fen of each receipt that its owner has from the bank as well; none: nothing is had twice."""
    if back.cause == TWICE:
        second = next((p for p in rows.payouts if p.reference == back.payout_reference), None)
        left = back.amount_minor - back.undone_minor
        came = second is not None and second.state in CAME_BACK and back.received_at is not None
        return [(back, left)] if came and left else []
    claim = rows.claim(back.claim_id)
    if not is_over(rows, claim):
        return []
    left, found = excess(rows, claim, back.payee), []
    for one in reversed(given_back(rows, claim, back.payee)):
        part = min(left, one.amount_minor - one.undone_minor)
        if part > 0:
            found.append((one, part))
            left -= part
    return found


def _one_bill(rows: EpisodeRows, one: str, other: str) -> bool:
    return one in line_of(rows.bills, other) or other in line_of(rows.bills, one)
