"""Ends an insurer's part of an episode: cover, guarantee, claim, split; the patient has its part.

Reversal entries undo what was posted; nothing is erased.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from activities.apply_bill import bill_entry_key
from activities.came_back import less_again
from activities.claims_due import open_claims
from activities.claw_backs import CORRECTION, order_claw_back
from activities.covers import Scene, known_covers, use_covers
from activities.guarantee_books import end
from activities.lowered_payouts import end_unsent
from activities.records import EpisodeTransaction
from activities.world import World
from crossclaim.domain.allocation import TraceStep
from crossclaim.domain.bill_chain import paid_for, replaced_on
from crossclaim.domain.guarantee_rows import AT_DESK
from crossclaim.domain.insurer_turns import DECIDED
from crossclaim.domain.ledger import bill_entry
from crossclaim.domain.records import BillRow, EpisodeRows, GuaranteeRow
from crossclaim.domain.standing_examination import EXAMINATION, PENDED
from crossclaim.domain.withdrawal import Withdrawal
from crossclaim.domain.withdrawal_rows import CONSENT_WITHDRAWN
from crossclaim.domain.withdrawn_split import carries, without_insurer

_ENDABLE = ("due", PENDED, "failed", "suspended")
_OVER = [
    "CLAIM_STOPPED",
    "DECISION_WHILE_SUSPENDED",
    "ANSWER_NOT_USABLE",
    "DECISION_NOT_DIVIDED",
    *EXAMINATION,
]


def end_cover(
    tx: EpisodeTransaction,
    world: World,
    rows: EpisodeRows,
    insurer: str,
    found: Withdrawal,
    at: datetime,
) -> None:
    """``found`` says why, for the trace of each bill's new split."""
    episode = rows.episode.id
    for coverage in rows.insurers():
        if coverage.organisation_id == insurer:
            # What the insurer has said of the cover stays said; one not asked is asked no more.
            unasked = {"eligible": False, "eligibility_at": at} if coverage.eligible is None else {}
            tx.change_coverage(episode, coverage.ordinal, disposition=CONSENT_WITHDRAWN, **unasked)
    for guarantee in rows.guarantees:
        if guarantee.insurer_id == insurer:
            end_guarantee(tx, rows, guarantee, at)
    for claim in rows.claims:
        if claim.organisation_id == insurer and claim.state in _ENDABLE:
            tx.change_claim(claim.id, state="voided")
            tx.resolve_exceptions(episode, _OVER, at, claim.reference)
    for bill in rows.bills:
        if bill.payable:
            _split_without(tx, world, rows, bill, insurer, found.trace, at)
            _paid_before_it(tx, rows, bill, insurer, at)
    open_claims(tx, episode, at)


def _paid_before_it(
    tx: EpisodeTransaction, rows: EpisodeRows, bill: BillRow, insurer: str, at: datetime
) -> None:
    """The insurer has paid for a version that this one replaced, and cannot be asked about this
    one: the hospital gives it back, as the part is the patient's now."""
    claim = rows.direct_claim(bill.id, insurer)
    older = replaced_on(rows, bill.id, "direct", insurer)
    if not older or (claim is not None and claim.state in DECIDED):
        return
    rows = end_unsent(tx, rows, older, at)
    paid = paid_for(rows, {one.id for one in older})
    paid = less_again(tx, rows, older, paid, at)
    if paid > 0:
        order_claw_back(tx, rows, older[0], paid, CORRECTION, at)


def end_guarantee(
    tx: EpisodeTransaction, rows: EpisodeRows, guarantee: GuaranteeRow, at: datetime
) -> None:
    """What the insurer may know of is taken back there first; the rest ends here and now."""
    coverage = rows.insured_with(guarantee.insurer_id)
    there = coverage is not None and coverage.decides == "there"
    if there and guarantee.state in ("requested", "queued", "granted"):
        tx.change_guarantee(guarantee.id, state="cancelling")
    elif guarantee.state in ("due", "requested", "queued", AT_DESK, "granted"):
        drop_guarantee(tx, rows, guarantee, at)


def drop_guarantee(
    tx: EpisodeTransaction, rows: EpisodeRows, guarantee: GuaranteeRow, at: datetime
) -> None:
    """The reserved money is free again; a guarantee that reserved none leaves the books alone."""
    end(tx, rows, guarantee, "cancelled", at)


def _split_without(
    tx: EpisodeTransaction,
    world: World,
    rows: EpisodeRows,
    bill: BillRow,
    insurer: str,
    why: Sequence[TraceStep],
    at: datetime,
) -> None:
    """A part that the insurer has decided is no forecast any more and stays."""
    old, claim = rows.allocation(bill.id), rows.direct_claim(bill.id, insurer)
    if old is None or not carries(old.result, insurer):
        return
    if claim is not None and claim.state in DECIDED:
        return
    episode = rows.episode
    result = without_insurer(tx.split(bill.id), insurer, why)
    version = tx.add_allocation(episode.id, bill.id, result, CONSENT_WITHDRAWN, at)
    tx.reverse(episode.id, bill_entry_key(bill.id, old.version), at)
    key = bill_entry_key(bill.id, version)
    tx.post(episode.id, bill_entry(key, episode.hospital_id, result), at)
    tx.reverse_cover_use(bill.id, at)
    if result.covers:
        content = tx.bill_content(bill.id)
        scene = Scene(tx, world, rows, tx.episode_content(episode.id))
        known = known_covers(scene, content, bill.id)
        use_covers(scene, known, bill.id, version, result, at)
