"""What was claimed and paid for the versions that a bill has replaced: a correction pays the
difference only. Pure, from the rows."""

from __future__ import annotations

from collections.abc import Collection

from crossclaim.domain.bill_rows import DECISION, TWICE, line_of
from crossclaim.domain.records import BillRow, ClaimRow, EpisodeRows, PayoutRow

REPLACED = "replaced"
"""State of a claim whose place another version's claim has taken."""


_ENDED = ("voided", "withdrawing")
_UNDECIDED = ("due", "submitted", "queued", "pended", "suspended")
PAID_TWICE = "PAYOUT_PAID_TWICE"
"""Exception: two payouts of one amount were made; the row of the payout says it."""
CAME_BACK = ("rejected", "returned")
DEAD = (*CAME_BACK, "cancelled")
NOT_SENT = ("to_be_approved", "reserved")


def replaced_claims(rows: EpisodeRows, claim: ClaimRow) -> list[ClaimRow]:
    """Claims of the same kind on the same funder for earlier versions, the newest version first.

    What a later decision pays more is a claim beside the one that replaces them.
    """
    if claim.supplements is not None:
        return []
    return replaced_on(rows, claim.bill_id, claim.kind, claim.organisation_id)


def replaced_on(
    rows: EpisodeRows, bill_id: str, kind: str, organisation: str | None
) -> list[ClaimRow]:
    """Of one kind on one funder, for the versions that a bill has replaced."""
    found = []
    for older in line_of(rows.bills, bill_id)[1:]:
        own = rows.claims_of(older, kind)
        found += [c for c in own if c.organisation_id == organisation]
    return [c for c in found if c.state == REPLACED]


def replaces(rows: EpisodeRows, claim: ClaimRow) -> str:
    """Reference of the claim that this one takes the place of at its insurer; none: a first one."""
    known = (c.reference for c in replaced_claims(rows, claim))
    return next(known, "")


def paid_before(rows: EpisodeRows, claim: ClaimRow) -> int:
    """Fen that payouts of the replaced claims have brought or will bring, less what goes back.

    One that came back counts: it goes out again, to another account, with the same amount.
    """
    return paid_for(rows, {c.id for c in replaced_claims(rows, claim)}, claim.id)


def paid_for(rows: EpisodeRows, claims: Collection[str], heir: str = "") -> int:
    """As ``paid_before``, of these claims and the one in their place, ``heir``: what a later
    decision on that one asks back is of its own payouts."""
    once = (p for p in current_payouts(rows).values() if p.claim_id in claims)
    paid = sum(p.amount_minor - p.less_minor for p in once if p.state != "cancelled")
    asked = [b for b in rows.claw_backs if b.cause != TWICE]
    own = (b for b in asked if b.claim_id == heir and b.cause != DECISION)
    backs = (*(b for b in asked if b.claim_id in claims), *own)
    return paid - sum(b.amount_minor for b in backs if b.counts)


def current_payouts(rows: EpisodeRows) -> dict[str, PayoutRow]:
    """Claim → the payout that counts for it: the newest, or one that is found as paid after the one
    in its place has ended. What was paid twice counts for none."""
    found: dict[str, PayoutRow] = {}
    for payout in rows.payouts:
        known = found.get(payout.claim_id)
        stays = known is not None and known.state not in DEAD and payout.state in DEAD
        if not payout.paid_twice and not stays:
            found[payout.claim_id] = payout
    return found


def current_payout(rows: EpisodeRows, claim_id: str) -> PayoutRow | None:
    return current_payouts(rows).get(claim_id)


def left_to_pay(rows: EpisodeRows, claim: ClaimRow) -> int:
    """Fen of a decided claim that no payout has been made for; below zero: too much was paid."""
    return claim.to_pay - paid_before(rows, claim)


def waits_unsent(payout: PayoutRow) -> bool:
    """No file of it can have been seen by the bank."""
    return payout.state in NOT_SENT and payout.orders == 0


def not_out(rows: EpisodeRows, claim: ClaimRow) -> int:
    """Fen of a claim that nobody has, and no bank may still pay: its payout was not made yet, or
    came back. Less of it can be paid instead of asking anything back."""
    if not payable(rows, claim):
        return 0
    own = current_payout(rows, claim.id)
    if own is None:
        return left_to_pay(rows, claim)
    free = waits_unsent(own) or own.state in DEAD
    return min(own.amount_minor, left_to_pay(rows, claim)) if free else 0


def standing_payouts(rows: EpisodeRows, bill: BillRow) -> list[tuple[ClaimRow, PayoutRow]]:
    """The newest payout of every claim that a bill or a version before it had paid."""
    line = line_of(rows.bills, bill.id)
    claims = {c.id: c for c in rows.claims if c.bill_id in line}
    newest = current_payouts(rows).values()
    return [(claims[p.claim_id], p) for p in newest if p.claim_id in claims]


def was_paid(rows: EpisodeRows, bill: BillRow, organisation: str | None) -> bool:
    """An insurer has paid of an earlier version: it is asked about this one even for nothing."""
    older = set(line_of(rows.bills, bill.id)[1:])
    claims = {
        c.id
        for c in rows.claims
        if c.bill_id in older and c.organisation_id == organisation and c.state == REPLACED
    }
    return any(p.claim_id in claims for p in rows.payouts)


def payable(rows: EpisodeRows, claim: ClaimRow) -> bool:
    return claim.state in ("approved", "partial") and left_to_pay(rows, claim) > 0


def payout_wanted(rows: EpisodeRows, claim: ClaimRow) -> bool:
    """The claim pays more than the versions before it did, and nothing is ordered for it yet."""
    return payable(rows, claim) and not any(p.claim_id == claim.id for p in rows.payouts)


def money_there(rows: EpisodeRows, claim: ClaimRow, payout: PayoutRow) -> bool:
    """Its payee has it; what came back has to go out again, and what was called back is still owed
    while its claim is, or the one that has counted it as paid."""
    if payout.state in DEAD:
        return not owed_again(rows, claim, payout)
    return payout.credited_at is not None or payout.settled_at is not None


def owed_again(rows: EpisodeRows, claim: ClaimRow, payout: PayoutRow) -> bool:
    """What was not made, or came back, has to go out again. What came back of a replaced claim
    has, as far as the one in its place counts it as paid. Of what was paid twice nothing has."""
    if payout.paid_twice:
        return False
    if payout.state in CAME_BACK and claim.state == REPLACED:
        return payout.amount_minor > payout.less_minor
    return owed_fen(rows, claim) > 0


def called_back(rows: EpisodeRows) -> list[PayoutRow]:
    """Payouts that were cancelled before they were made, of claims that are owed all the same."""
    newest = current_payouts(rows)
    ended = (c for c in rows.claims if c.id in newest and newest[c.id].state == "cancelled")
    return [newest[c.id] for c in ended if owed_fen(rows, c) > 0]


def is_over(rows: EpisodeRows, claim: ClaimRow) -> bool:
    """Nothing is owed for it any more: it was ended, or the settlement of the version that had
    taken its place was cancelled."""
    if claim.state != REPLACED:
        return claim.state in _ENDED
    standing = (b for b in rows.bills if b.payable)
    return not any(claim.bill_id in line_of(rows.bills, b.id) for b in standing)


def denied_after(rows: EpisodeRows, claim: ClaimRow) -> bool:
    """The claim that took its place pays nothing, so all that was paid goes back."""
    if claim.state != REPLACED:
        return False
    heirs = [c for c in rows.claims if c.supplements is None and _later(rows, c, claim)]
    return bool(heirs) and heirs[-1].state == "denied"


def correction_waits(rows: EpisodeRows, claim: ClaimRow) -> bool:
    """The claim in a replaced one's place is not decided yet."""
    if claim.state != REPLACED:
        return False
    heirs = [c for c in rows.claims if c.supplements is None and _later(rows, c, claim)]
    return bool(heirs) and heirs[-1].state in _UNDECIDED


def over_by_heir(rows: EpisodeRows, claim: ClaimRow) -> tuple[ClaimRow, int] | None:
    """The decided claim in a replaced one's place, and fen that were paid above what it pays."""
    decided = ("approved", "partial", "denied")
    heirs = [c for c in rows.claims if c.supplements is None and _later(rows, c, claim)]
    if claim.state != REPLACED or not heirs or heirs[-1].state not in decided:
        return None
    heir = heirs[-1]
    own = current_payout(rows, heir.id)
    ordered = 0 if own is None or own.state in DEAD else own.amount_minor
    return heir, paid_before(rows, heir) + ordered - heir.to_pay


def payout_wait(rows: EpisodeRows) -> str:
    """Code of the wait for another account, or for a word on what was called back; empty: none.

    With its settlement cancelled no payout waits.
    """
    living = {c.id: c for c in rows.claims if not is_over(rows, c)}
    newest = current_payouts(rows).values()
    back = (p for p in newest if p.state in CAME_BACK and p.claim_id in living)
    if any(owed_again(rows, living[p.claim_id], p) for p in back):
        return "PAYEE_ACCOUNT"
    return "PAYOUT_CANCELLED" if called_back(rows) else ""


def owed_fen(rows: EpisodeRows, claim: ClaimRow) -> int:
    """What a payout of the claim that was cancelled leaves to be paid.

    A replaced claim's is owed only where the claim in its place had counted it as paid: that one's
    own payout was the difference.
    """
    if claim.state != REPLACED:
        return left_to_pay(rows, claim) if payable(rows, claim) else 0
    heir = next((c for c in rows.claims if stands_for(rows, c, claim)), None)
    ordered = None if heir is None else current_payout(rows, heir.id)
    if heir is None or ordered is None:
        return 0
    own = 0 if ordered.state == "cancelled" else ordered.amount_minor
    return left_to_pay(rows, heir) - own


def stands_for(rows: EpisodeRows, heir: ClaimRow, claim: ClaimRow) -> bool:
    """A decided claim of a later version, on the same funder, for the same payee."""
    decided = heir.supplements is None and heir.state in ("approved", "partial")
    return decided and _later(rows, heir, claim)


def _later(rows: EpisodeRows, heir: ClaimRow, claim: ClaimRow) -> bool:
    same = (heir.kind, heir.organisation_id) == (claim.kind, claim.organisation_id)
    return same and claim.bill_id in line_of(rows.bills, heir.bill_id)[1:]
