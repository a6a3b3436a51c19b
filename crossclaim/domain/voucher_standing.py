"""Where an episode's vouchers stand: look-ups, claims, their stages, use records. Pure."""

from __future__ import annotations

from datetime import datetime

from crossclaim.domain.records import AllocationRow, BillRow, ClaimRow, EpisodeRows
from crossclaim.domain.submission import ConsentType, FunderKind
from crossclaim.domain.voucher_rows import KINDS, LANGUAGES, OWN, SPOUSE

_GONE = ("voided", "failed")
_TAKEN = ("queued", "approved")
"""States of a claim that the voucher system has; ``queued``: entered, not complete yet."""
_ACCOUNTS = {OWN: "own", SPOUSE: "spouse"}


def part_of(split: AllocationRow | None, kind: str) -> tuple[int, int]:
    """(HK cents, fen) that one account carries of a bill; zeros when it carries nothing."""
    if split is None:
        return 0, 0
    uses = split.result.voucher_uses
    for use in uses:
        if use.account == _ACCOUNTS[kind]:
            return use.dollars * 100, use.amount.amount_minor
    if uses or kind == SPOUSE:
        return 0, 0
    totals = [t for t in split.result.totals if t.funder is FunderKind.VOUCHER]
    cents = sum(t.in_funder_currency.amount_minor for t in totals if t.in_funder_currency)
    return cents, sum(t.amount.amount_minor for t in totals)


def alive(rows: EpisodeRows, bill_id: str, kind: str) -> ClaimRow | None:
    """The claim of a bill on one account that is neither voided nor failed."""
    claims = (c for c in rows.claims_of(bill_id, kind) if c.state not in _GONE)
    return next(claims, None)


def taken(rows: EpisodeRows, bill_id: str, kind: str) -> ClaimRow | None:
    """The claim of a bill on one account that the voucher system has taken."""
    claim = alive(rows, bill_id, kind)
    return claim if claim is not None and claim.state in _TAKEN else None


def signed_for(rows: EpisodeRows, kind: str) -> bool:
    """Those who must have signed for the use of that account: for a spouse's, both."""
    use, share = ConsentType.VOUCHER_USE, ConsentType.SPOUSE_SHARE
    if not rows.signed(use):
        return False
    if kind == OWN:
        return True
    return rows.signed(use, "spouse") and rows.signed(share) and rows.signed(share, "spouse")


def claim_wanted(rows: EpisodeRows, bill: BillRow, kind: str) -> bool:
    """The account carries a part, all signed, the patient paid the rest; the own goes first."""
    split = rows.allocation(bill.id)
    if not bill.payable or not part_of(split, kind)[1] or alive(rows, bill.id, kind) is not None:
        return False
    if kind == SPOUSE and part_of(split, OWN)[1] and taken(rows, bill.id, OWN) is None:
        return False
    return signed_for(rows, kind) and rows.tendered(bill.id) >= rows.patient_share(bill.id)


def wanted_kinds(rows: EpisodeRows, bill: BillRow) -> list[str]:
    return [kind for kind in KINDS if claim_wanted(rows, bill, kind)]


def voucher_answered(rows: EpisodeRows, bill: BillRow) -> bool:
    """Every account that carries a part has a claim that was confirmed and is complete."""
    split = rows.allocation(bill.id)
    return all(
        any(c.state == "approved" for c in rows.claims_of(bill.id, kind))
        for kind in KINDS
        if part_of(split, kind)[1]
    )


def waits_for_signature(rows: EpisodeRows, bill: BillRow) -> bool:
    """An account carries a part, and somebody has not signed for it."""
    split = rows.allocation(bill.id)
    return any(
        part_of(split, kind)[1] > 0
        and not rows.claims_of(bill.id, kind)
        and not signed_for(rows, kind)
        for kind in KINDS
    )


def account_wanted(rows: EpisodeRows) -> bool:
    """No account exists; the patient came in person and agreed to one and to eHealth."""
    voucher = rows.voucher
    if voucher is None or voucher.status != "none" or not rows.identity_checks:
        return False
    return rows.signed(ConsentType.VOUCHER_ACCOUNT) and rows.signed(ConsentType.EHEALTH_JOIN)


def voucher_standing(rows: EpisodeRows, at: datetime, *, records: bool) -> dict[str, object]:
    """Members of ``Standing`` about vouchers that are set; ``records``: use records are kept."""
    found: dict[str, object] = {}
    if account_wanted(rows):
        found["voucher_account_due"] = True
    if _spouse_look_up_due(rows):
        found["voucher_spouse_look_up_due"] = True
    claims = [c for kind in KINDS for c in rows.claims if c.kind == kind]
    for claim in claims:
        if claim.state == "voiding":
            found.setdefault("voucher_void_due", claim.id)
        elif claim.state in ("due", "submitted"):
            found.setdefault("voucher_claim_due", claim.id)
        elif claim.state == "queued":
            _stage_standing(rows, claim, at, found)
        elif records and _record_due(rows, claim):
            found.setdefault("voucher_record_due", claim.id)
    return found


def _spouse_look_up_due(rows: EpisodeRows) -> bool:
    spouse, own = rows.spouse, rows.voucher
    unasked = spouse is not None and spouse.looked_up_at is None
    return unasked and own is not None and not account_wanted(rows)


def _stage_standing(
    rows: EpisodeRows, claim: ClaimRow, at: datetime, found: dict[str, object]
) -> None:
    stage = rows.stage(claim.id)
    if stage is None:
        return
    confirmed = any(c.bill_id == claim.bill_id for c in rows.voucher_confirmations)
    refused = any(
        x.code == "VOUCHER_CONFIRMATION_REFUSED" and x.reference == claim.reference
        for x in rows.exceptions
        if x.resolved_at is None
    )
    if stage.confirmed_at is None and confirmed and not refused and stage.lapsed_at is None:
        found.setdefault("voucher_confirm_due", claim.id)
    chase_at = stage.chase_at()
    if chase_at is None:
        return
    if chase_at <= at:
        found.setdefault("voucher_chase_due", claim.id)
    else:
        known = found.get("voucher_chase_at")
        found["voucher_chase_at"] = (
            min(known, chase_at) if isinstance(known, datetime) else chase_at
        )


def _record_due(rows: EpisodeRows, claim: ClaimRow) -> bool:
    """Of a use; and of one that was taken back after its record went out, as void."""
    own = [r for r in rows.voucher_records if r.claim_id == claim.id]
    void = claim.state == "voided"
    if not claim.number or (not void and claim.state != "approved") or (void and not own):
        return False
    return not {r.language for r in own if r.void is void}.issuperset(LANGUAGES)


def stage_wait(rows: EpisodeRows) -> str:
    """What an entered claim waits for; empty when none does."""
    for claim in rows.claims:
        stage = rows.stage(claim.id) if claim.state == "queued" else None
        if stage is not None and stage.confirmed_at is None:
            return "PROVIDER_CONFIRMATION"
        if stage is not None and stage.validated_at is None:
            return "VOUCHER_VALIDATION"
    return ""
