"""How each version of a bill stands, and who has confirmed or locked which part when. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from crossclaim.domain.allocation import Frozen, FunderTotal
from crossclaim.domain.bill_locks import ASKED, GIVEN
from crossclaim.domain.bill_rows import COUNTS, DRAFT, REOPENED, line_of
from crossclaim.domain.money import Money
from crossclaim.domain.records import BillRow, ClaimRow, EpisodeRows, PayoutRow
from crossclaim.domain.standing_bureau import KIND
from crossclaim.domain.standing_pay_later import PAY_LATER_CLAIM
from crossclaim.domain.submission import FunderKind
from crossclaim.domain.voucher_rows import KINDS as VOUCHER_KINDS

VersionStatus = Literal[
    "interim", "draft", "confirmed", "locked", "final", "superseded", "voided", "reopened"
]
PartState = Literal["open", "asked", "confirmed", "locked", "settled", "refused"]
_KINDS = {
    FunderKind.VOUCHER: VOUCHER_KINDS,
    FunderKind.BASIC_INSURANCE: (KIND,),
    FunderKind.PAY_LATER: (PAY_LATER_CLAIM,),
    FunderKind.PERSONAL_ACCOUNT: (KIND, PAY_LATER_CLAIM),
}
_FIRM = ("locked", "settled")


class FunderPart(Frozen):
    """``confirmed``: the funder has given its word; ``locked``: its money is ordered or taken, and
    only a correction moves it; ``settled``: who was to have it has it."""

    funder: FunderKind
    organisation: str | None = None
    amount: Money
    state: PartState
    confirmed_at: datetime | None = None
    locked_at: datetime | None = None


class StandingVersion(Frozen):
    """``funders`` of the newest split."""

    id: str
    number: str
    version: int
    status: VersionStatus
    correction: str = ""
    corrects: int | None = None
    sent_at: datetime | None = None
    total_minor: int
    funders: list[FunderPart] = []


def versions_of(rows: EpisodeRows, number: str) -> list[StandingVersion]:
    """Every version of a bill, the oldest first."""
    known = {bill.id: bill.version for bill in rows.bills}
    found = []
    for bill in sorted((b for b in rows.bills if b.number == number), key=lambda b: b.version):
        allocation = rows.allocation(bill.id)
        totals = allocation.result.totals if allocation is not None else []
        parts = [_part(rows, bill, t) for t in totals if t.amount.amount_minor]
        found.append(
            StandingVersion(
                id=bill.id,
                number=bill.number,
                version=bill.version,
                status=_status(rows, bill, parts),
                correction=bill.correction,
                corrects=known.get(bill.corrects or ""),
                sent_at=bill.occurred_at,
                total_minor=bill.total_minor,
                funders=parts if bill.payable else [_unmoved(part) for part in parts],
            )
        )
    return found


def _status(rows: EpisodeRows, bill: BillRow, parts: list[FunderPart]) -> VersionStatus:
    match bill.state:
        case "superseded":
            return "superseded"
        case "voided":
            return "voided"
    if bill.state in (DRAFT, REOPENED):
        return "reopened" if bill.state == REOPENED else "draft"
    if bill.status != "final" or bill.state != COUNTS:
        return "interim"
    line = line_of(rows.bills, bill.id)
    owed = any(back.open and back.bill_id in line for back in rows.claw_backs)
    if all(part.state == "settled" for part in parts) and not owed:
        return "final"
    firm = [part for part in parts if part.state in (*_FIRM, "confirmed")]
    return "locked" if len(firm) == len(parts) else "confirmed"


def _unmoved(part: FunderPart) -> FunderPart:
    """Of a version that does not count nobody has confirmed anything."""
    return part.model_copy(update={"state": "open", "confirmed_at": None, "locked_at": None})


def _part(rows: EpisodeRows, bill: BillRow, total: FunderTotal) -> FunderPart:
    part = FunderPart(
        funder=total.funder,
        organisation=total.organisation,
        amount=total.amount,
        state="open",
    )
    if total.funder is FunderKind.PATIENT:
        return _patients(rows, bill, part)
    if total.funder is FunderKind.INSURER:
        return _insurers(rows, bill, part)
    kinds = _KINDS.get(total.funder, ())
    claims = [c for c in rows.claims if c.bill_id == bill.id and c.kind in kinds]
    lives = [c for c in claims if c.state != "voided"]
    return _taken_whole(part, lives[-1]) if lives else part


def _patients(rows: EpisodeRows, bill: BillRow, part: FunderPart) -> FunderPart:
    """Paying is the patient's word."""
    paid = [t for t in rows.tenders_of(bill.id) if not t.reversed]
    times = [t.tendered_at for t in paid if t.tendered_at is not None]
    if not paid:
        return part.model_copy(update={"state": "asked" if rows.paying(bill.id) else "open"})
    whole = rows.tendered(bill.id) >= part.amount.amount_minor
    last = max(times, default=None)
    return part.model_copy(
        update={
            "state": "settled" if whole else "confirmed",
            "confirmed_at": min(times, default=None),
            "locked_at": last if whole else None,
        }
    )


def _insurers(rows: EpisodeRows, bill: BillRow, part: FunderPart) -> FunderPart:
    claim = rows.direct_claim(bill.id, part.organisation)
    if claim is None or claim.state not in (*ASKED, *GIVEN):
        return part
    if claim.state in ASKED:
        return part.model_copy(update={"state": "asked"})
    if claim.state == "denied":
        return part.model_copy(update={"state": "refused", "confirmed_at": claim.decided_at})
    payout = _newest(rows, bill, part.organisation)
    state: PartState = "confirmed"
    if payout is not None:
        came = payout.credited_at or payout.settled_at
        back = payout.state in ("rejected", "returned")
        state = "settled" if came and not back else "locked"
    return part.model_copy(
        update={
            "state": state,
            "confirmed_at": claim.decided_at,
            "locked_at": payout.reserved_at if payout is not None else None,
        }
    )


def _newest(rows: EpisodeRows, bill: BillRow, organisation: str | None) -> PayoutRow | None:
    """The last payout to the hospital for this version, or for those that it corrects."""
    for bill_id in line_of(rows.bills, bill.id):
        claim = rows.direct_claim(bill_id, organisation)
        own = [p for p in rows.payouts if claim is not None and p.claim_id == claim.id]
        if own:
            return own[-1]
    return None


def _taken_whole(part: FunderPart, claim: ClaimRow) -> FunderPart:
    """A funder that takes its part gives its word and its money in one."""
    if claim.state == "approved":
        when = {"confirmed_at": claim.decided_at, "locked_at": claim.decided_at}
        return part.model_copy(update={"state": "settled", **when})
    state: PartState = "refused" if claim.state == "failed" else "open"
    return part.model_copy(update={"state": "asked" if claim.state in ASKED else state})
