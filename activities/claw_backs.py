"""Money of payouts that goes back to the funder: ordered once, booked when the funder has it."""

from __future__ import annotations

from datetime import datetime

from activities.records import EpisodeTransaction
from crossclaim.domain.bill_chain import (
    REPLACED,
    denied_after,
    is_over,
    not_out,
    over_by_heir,
)
from crossclaim.domain.bill_rows import DECISION, ClawBackRow
from crossclaim.domain.claw_back_excess import (
    asked_back,
    excess,
    given_back,
    had_twice,
    related,
)
from crossclaim.domain.claw_back_finding import FOUND, GIVEN_BACK_TWICE
from crossclaim.domain.money import fen
from crossclaim.domain.records import ClaimRow, EpisodeRows, PayoutRow

CODE = "CLAW_BACK_DUE"
CORRECTION, CANCELLATION = "CORRECTION", "CANCELLATION"


def order_claw_back(
    tx: EpisodeTransaction,
    rows: EpisodeRows,
    claim: ClaimRow,
    amount_fen: int,
    cause: str,
    at: datetime,
    payout_reference: str | None = None,
) -> ClawBackRow:
    """The hospital gives back what was paid directly, the patient what he was paid."""
    row = ClawBackRow(
        reference=_free_reference(rows, claim),
        claim_id=claim.id,
        bill_id=claim.bill_id,
        organisation_id=claim.organisation_id or "",
        payee="hospital" if claim.kind == "direct" else "patient",
        amount_minor=amount_fen,
        cause=cause,
        state="due",
        ordered_at=at,
        payout_reference=payout_reference,
    )
    tx.add_claw_back(rows.episode.id, row)
    details = {"amount": str(fen(amount_fen))}
    tx.open_exception(rows.episode.id, CODE, row.reference, details, at)
    return row


def _free_reference(rows: EpisodeRows, claim: ClaimRow) -> str:
    """Claims are numbered by ``-2`` too, so what is asked back again is not."""
    first, taken = f"GB{claim.id.partition('_')[2]}", {b.reference for b in rows.claw_backs}
    again = (f"{first}-R{number}" for number in range(2, len(taken) + 3))
    return next(name for name in (first, *again) if name not in taken)


def paid_after_all(
    tx: EpisodeTransaction, rows: EpisodeRows, payout: PayoutRow, at: datetime
) -> None:
    """Found as paid when nothing is owed for it any more, its settlement was cancelled; or less is,
    since a later decision took some of it off what was to be paid again."""
    claim = rows.claim(payout.claim_id)
    if is_over(rows, claim):
        _paid_for_nothing(tx, tx.rows(rows.episode.id), payout, at)
    elif claim.lowered_fen and claim.state != REPLACED:
        over = min(payout.amount_minor - not_out(rows, claim), claim.lowered_fen)
        if over > 0:
            tx.change_claim(claim.id, lowered_fen=claim.lowered_fen - over)
            about = rows.claim(claim.supplements or claim.id)
            order_claw_back(tx, rows, about, over, DECISION, at)
    elif (heir := over_by_heir(tx.rows(rows.episode.id), claim)) is not None and heir[1] > 0:
        # It was called back, and the claim in its place was decided as if nobody had it.
        order_claw_back(tx, rows, heir[0], heir[1], CORRECTION, at)


def _paid_for_nothing(
    tx: EpisodeTransaction, rows: EpisodeRows, payout: PayoutRow, at: datetime
) -> None:
    """Its payee gives back what he still has. Where he had given it back already, what its owner
    seemed to have twice it has once."""
    claim = rows.claim(payout.claim_id)
    left = -excess(rows, claim, payout.payee) - asked_back(rows, claim, payout.payee)
    if left > 0:
        amount = min(left, payout.amount_minor)
        order_claw_back(tx, rows, claim, amount, CANCELLATION, at)
    for back in given_back(rows, claim, payout.payee):
        if not had_twice(rows, back):
            codes = [GIVEN_BACK_TWICE, FOUND]
            tx.resolve_exceptions(rows.episode.id, codes, at, back.reference)


def back_already(
    tx: EpisodeTransaction, rows: EpisodeRows, payout: PayoutRow, at: datetime
) -> None:
    """What a cancelled settlement has ordered back was not paid, or the bank has brought it back:
    so much less of it is to be given back."""
    if is_over(rows, rows.claim(payout.claim_id)):
        _less_back(tx, rows, payout, at)


def called_back(tx: EpisodeTransaction, rows: EpisodeRows, payout: PayoutRow, at: datetime) -> None:
    """As ``back_already``, of a payout that is cancelled and does not go out again by itself: also
    what a correction that was denied has ordered back."""
    claim = rows.claim(payout.claim_id)
    if is_over(rows, claim) or denied_after(rows, claim):
        _less_back(tx, rows, payout, at)


def not_paid(tx: EpisodeTransaction, rows: EpisodeRows, payout: PayoutRow, at: datetime) -> None:
    """Nobody has it, and less of it goes out again: what a later decision asked back of it is not
    to be given back. What came back of a replaced claim is of ``came_back.goes_out_less``."""
    claim, left = rows.claim(payout.claim_id), payout.amount_minor
    if is_over(rows, claim) or (claim.state == REPLACED and payout.state != "cancelled"):
        return
    about = rows.claim(claim.supplements or claim.id)
    for back in rows.claw_backs:
        if left and back.open and (back.claim_id, back.cause) == (about.id, DECISION):
            less = min(left, back.amount_minor)
            take_off(tx, rows, back, less, at)
            left -= less
    if claim.state != REPLACED and left < payout.amount_minor:
        lowered = claim.lowered_fen + payout.amount_minor - left
        tx.change_claim(claim.id, lowered_fen=lowered)


def take_off(
    tx: EpisodeTransaction, rows: EpisodeRows, back: ClawBackRow, less: int, at: datetime
) -> None:
    """So much less is to be given back: the order ends, one about the rest is made."""
    tx.claw_back_needless(back.reference, at)
    tx.resolve_exceptions(rows.episode.id, [CODE], at, back.reference)
    if less < back.amount_minor:
        about = rows.claim(back.claim_id)
        order_claw_back(tx, rows, about, back.amount_minor - less, back.cause, at)


def _less_back(tx: EpisodeTransaction, rows: EpisodeRows, payout: PayoutRow, at: datetime) -> None:
    claim, left = rows.claim(payout.claim_id), payout.amount_minor
    for back in rows.claw_backs:
        if not left or not back.open or not related(rows, back, claim, payout.payee):
            continue
        less = min(left, back.amount_minor)
        take_off(tx, rows, back, less, at)
        left -= less
