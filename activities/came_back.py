"""What came back of payouts: how much of it goes out again, and which payment counts then.

One amount of money is owed once: what an insurer has asked back of a payout that comes back is not
given back, and of that much nothing goes out again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from activities.claw_backs import (
    CODE,
    CORRECTION,
    not_paid,
    paid_after_all,
    take_off,
)
from activities.records import EpisodeTransaction
from crossclaim.domain.bill_chain import (
    CAME_BACK,
    PAID_TWICE,
    REPLACED,
    current_payouts,
    is_over,
    stands_for,
)
from crossclaim.domain.bill_rows import DECISION, TWICE, ClawBackRow
from crossclaim.domain.claw_back_excess import excess, given_back, given_for, related
from crossclaim.domain.claw_back_finding import GIVEN_BACK_TWICE
from crossclaim.domain.claw_back_write_off import PROPOSED
from crossclaim.domain.ledger_claw_backs import in_place_entry
from crossclaim.domain.payout_again import contradicted
from crossclaim.domain.records import ClaimRow, EpisodeRows, PayoutRow

_WAITS = ["PAYOUT_REJECTED", "PAYOUT_RETURNED", "PAYEE_ACCOUNT_PROPOSED"]


def nobody_has(tx: EpisodeTransaction, rows: EpisodeRows, payout: PayoutRow, at: datetime) -> None:
    """A payout has ended without its payee's having the money, or the money is back."""
    claim = rows.claim(payout.claim_id)
    if payout.paid_twice:
        second_came_back(tx, rows, payout, at)
    elif takes_its_place(tx, rows, payout, at):
        return
    elif is_over(rows, claim):
        _given_back_as_well(tx, rows, payout, at)
    elif claim.state == REPLACED and payout.state in CAME_BACK:
        goes_out_less(tx, rows, payout, at)
    else:
        not_paid(tx, rows, payout, at)


def _given_back_as_well(
    tx: EpisodeTransaction, rows: EpisodeRows, payout: PayoutRow, at: datetime
) -> None:
    """Its settlement was cancelled and its payee had given the money back before the bank did."""
    claim = rows.claim(payout.claim_id)
    given = given_back(rows, claim, payout.payee)
    if given and excess(rows, claim, payout.payee) > 0:
        tx.open_exception(rows.episode.id, GIVEN_BACK_TWICE, given[-1].reference, {}, at)


def goes_out_less(
    tx: EpisodeTransaction, rows: EpisodeRows, payout: PayoutRow, at: datetime
) -> None:
    """A payout of a replaced claim came back: what a correction, or a later decision on that claim,
    has asked back of it."""
    claim, left = rows.claim(payout.claim_id), payout.amount_minor - payout.less_minor
    about = claim.supplements or claim.id
    for back in rows.claw_backs:
        own = (back.claim_id, back.cause) == (about, DECISION)
        heirs = back.cause == CORRECTION and related(rows, back, claim, payout.payee)
        if left and back.open and (own or heirs):
            less = min(left, back.amount_minor)
            take_off(tx, rows, back, less, at)
            left -= less
    _keep_less(tx, rows.episode.id, payout, payout.amount_minor - left, at)


def less_again(
    tx: EpisodeTransaction,
    rows: EpisodeRows,
    claims: Iterable[ClaimRow],
    over_fen: int,
    at: datetime,
) -> int:
    """The claim in their place pays less than they were paid: first, less goes out again of what
    came back. Fen that are left to be asked back."""
    replaced, left = {claim.id for claim in claims}, over_fen
    for payout in reversed([*current_payouts(rows).values()]):
        theirs = payout.claim_id in replaced and payout.state in CAME_BACK
        if not left or not theirs or contradicted(rows, payout.claim_id):
            continue
        less = min(left, payout.amount_minor - payout.less_minor)
        _keep_less(tx, rows.episode.id, payout, payout.less_minor + less, at)
        left -= less
    return left


def _keep_less(
    tx: EpisodeTransaction, episode_id: str, payout: PayoutRow, less: int, at: datetime
) -> None:
    if less == payout.less_minor:
        return
    tx.change_intent(payout.reference, less_minor=less, less_at=at)
    if less == payout.amount_minor:
        # Nobody has to name an account for it: it stays with whose money it is.
        tx.resolve_exceptions(episode_id, _WAITS, at, payout.reference)


def end_if_not_owed(tx: EpisodeTransaction, episode_id: str, reference: str, at: datetime) -> None:
    """What came back and goes out no more asks nothing of anybody."""
    rows = tx.rows(episode_id)
    payout = next(p for p in rows.payouts if p.reference == reference)
    current = current_payouts(rows).get(payout.claim_id)
    stands_in = current is not None and current.reference != reference
    over = payout.paid_twice or is_over(rows, rows.claim(payout.claim_id))
    if stands_in or over or payout.less_minor == payout.amount_minor:
        tx.resolve_exceptions(episode_id, _WAITS, at, reference)


def second_came_back(
    tx: EpisodeTransaction, rows: EpisodeRows, payout: PayoutRow, at: datetime
) -> None:
    """What was paid twice is back by the bank: nobody is asked for it any more. If its payee had
    given it back as well, its insurer has it twice, and a person sees to it."""
    asked = [b for b in rows.claw_backs if b.payout_reference == payout.reference]
    for back in asked:
        if back.state in ("due", "written_off"):
            _over(tx, rows, back, at)
    for back in asked:
        # Each receipt by itself: what one says has ended may be had twice once more.
        if back.kept_minor > 0:
            tx.open_exception(rows.episode.id, GIVEN_BACK_TWICE, back.reference, {}, at)


def takes_its_place(
    tx: EpisodeTransaction, rows: EpisodeRows, ended: PayoutRow, at: datetime
) -> bool:
    """Of two payments of one amount the other one came back: the one that was too much is the
    payment that is owed, and nothing goes out again for it."""
    claim = rows.claim(ended.claim_id)
    for back in rows.claw_backs:
        twice = next((p for p in rows.payouts if p.reference == back.payout_reference), None)
        if twice is None or not twice.paid_twice or back.state not in ("due", "written_off"):
            continue
        if given_for(rows, twice):
            continue  # Its payee has not all of it: the other one is owed as it is.
        about = rows.claim(twice.claim_id)
        if about.id == claim.id or stands_for(rows, claim, about):
            _over(tx, rows, back, at)
            insurer, hospital = back.organisation_id, rows.episode.hospital_id
            key = f"in-place:{twice.reference}"
            entry = in_place_entry(key, insurer, hospital, twice.payee, twice.amount_minor)
            tx.post_anew(rows.episode.id, entry, at)
            tx.change_intent(twice.reference, paid_twice=False)
            paid_after_all(tx, tx.rows(rows.episode.id), twice, at)
            return True
    return False


def _over(tx: EpisodeTransaction, rows: EpisodeRows, back: ClawBackRow, at: datetime) -> None:
    if back.state == "written_off":
        tx.reverse(rows.episode.id, f"write-off:{back.reference}", at)
    tx.claw_back_needless(back.reference, at)
    codes = [CODE, PAID_TWICE, PROPOSED]
    for reference in (back.reference, back.payout_reference or ""):
        tx.resolve_exceptions(rows.episode.id, codes, at, reference)


def _leaves_its_place(
    tx: EpisodeTransaction, rows: EpisodeRows, back: ClawBackRow, at: datetime
) -> bool:
    """The other payment came back first, so this one was the one that is owed; now it is given back
    as well, and what the bank brought back goes out again. False: it is not so."""
    claim = rows.claim(back.claim_id)
    kept = next((p for p in rows.payouts if p.reference == back.payout_reference), None)
    in_place = kept is not None and not kept.paid_twice and kept.state == "credited"
    if kept is None or not in_place or claim.state == REPLACED or is_over(rows, claim):
        return False
    own = (p for p in rows.payouts if p.claim_id == claim.id and p.reference != kept.reference)
    others = [p for p in own if not p.paid_twice]
    if not others or others[-1].state not in CAME_BACK:
        return False
    tx.reverse_anew(rows.episode.id, f"in-place:{kept.reference}", at)
    tx.change_intent(kept.reference, paid_twice=True)
    other = others[-1]
    details = {"reason": other.reason}
    tx.open_exception(
        rows.episode.id, f"PAYOUT_{other.state.upper()}", other.reference, details, at
    )
    return True


def received_after_all(
    tx: EpisodeTransaction, rows: EpisodeRows, back: ClawBackRow, at: datetime
) -> bool:
    """Whose money it is says that it has got what it needed no more, since the bank brought the
    payout back: as if that word had come before the bank's. False: the money is out again."""
    claim = rows.claim(back.claim_id)
    if back.cause == TWICE and _leaves_its_place(tx, rows, back, at):
        return True
    if back.cause == TWICE or is_over(rows, claim):
        tx.open_exception(rows.episode.id, GIVEN_BACK_TWICE, back.reference, {}, at)
        return True
    current = current_payouts(rows)
    if back.cause == DECISION and claim.state != REPLACED:
        own = current.get(claim.id)
        if own is None or own.state not in CAME_BACK or claim.lowered_fen < back.amount_minor:
            return False
        tx.change_claim(claim.id, lowered_fen=claim.lowered_fen - back.amount_minor)
        return True
    for payout in current.values():
        theirs = related(rows, back, rows.claim(payout.claim_id), payout.payee)
        if theirs and payout.state in CAME_BACK and payout.less_minor >= back.amount_minor:
            less = payout.less_minor - back.amount_minor
            tx.change_intent(payout.reference, less_minor=less, less_at=at)
            code = f"PAYOUT_{payout.state.upper()}"
            details = {"reason": payout.reason}
            tx.open_exception(rows.episode.id, code, payout.reference, details, at)
            return True
    return False
