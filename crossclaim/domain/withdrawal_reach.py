"""Which insurers a withdrawn consent cuts off, and how far each one's claim had come. Pure.

What stands in the rows under the episode's lock was committed before the withdrawal, whatever its
business time says; so its moments count as not later.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from crossclaim.domain.allocation import AllocationResult, FunderTotal
from crossclaim.domain.fault_consent import NEEDED_FOR_INSURER
from crossclaim.domain.insurer_turns import DECIDED
from crossclaim.domain.money import Money, fen
from crossclaim.domain.records import BillRow, ClaimRow, EpisodeRows
from crossclaim.domain.submission import ConsentType, EncounterClass, FunderKind
from crossclaim.domain.withdrawal import Send, WithdrawalFacts
from crossclaim.domain.withdrawal_effect import Parts

UNDECIDED = ("submitted", "queued", "suspended")


class Signed(Protocol):
    """A consent as rows and stories have it."""

    @property
    def type(self) -> str: ...
    @property
    def recipient(self) -> str: ...
    @property
    def given_by(self) -> str: ...
    @property
    def withdrawn_at(self) -> datetime | None: ...


def reaches(consents: Iterable[Signed], insurer: str) -> bool:
    """Every consent that a send to this insurer rests on is in force."""
    given = {
        c.type
        for c in consents
        if c.withdrawn_at is None and c.given_by == "patient" and c.recipient in ("", insurer)
    }
    return given.issuperset(NEEDED_FOR_INSURER)


def closed_off(withdrawn_from: Iterable[str], consents: Iterable[Signed], insurer: str) -> bool:
    """What was sent to the insurer is only stored, and it reads no bill and no split: a withdrawal
    met its part, and not every consent that it needs was given anew since."""
    return insurer in withdrawn_from and not reaches(consents, insurer)


def cut_off(before: EpisodeRows, after: EpisodeRows) -> list[str]:
    """Insurers of the episode that could be sent to before and cannot now, in its order."""
    known = dict.fromkeys(c.organisation_id or "" for c in before.insurers())
    ended = before.ended_covers()
    return [
        insurer
        for insurer in known
        if insurer not in ended
        and reaches(before.consents, insurer)
        and not reaches(after.consents, insurer)
    ]


def newest_claim(rows: EpisodeRows, insurer: str) -> ClaimRow | None:
    """What the insurer is asked to decide now; else the hospital's claim on it, else any."""
    gone = ("voided", "withdrawing")
    own = [c for c in rows.claims if c.organisation_id == insurer and c.state not in gone]
    asked = [c for c in own if was_sent(c)]
    direct = [c for c in own if c.kind == "direct"]
    return next(iter([*reversed(asked), *reversed(direct), *reversed(own)]), None)


def was_sent(claim: ClaimRow) -> bool:
    """Its attempt row was committed, and the insurer has not decided."""
    return claim.state in UNDECIDED or (claim.state == "failed" and claim.submitted_at is not None)


def billed(rows: EpisodeRows, insurer: str) -> BillRow | None:
    """The bill that the insurer's part, or its claim, is about."""
    claim = newest_claim(rows, insurer)
    if claim is not None:
        return rows.bill(claim.bill_id)
    payable = [bill for bill in rows.bills if bill.payable]
    laid = (b for b in payable if (a := rows.allocation(b.id)) and a.result.insurer(insurer))
    return next(laid, payable[-1] if payable else None)


def _to_patient(claim: ClaimRow | None) -> bool:
    return claim is not None and claim.kind == "reimbursement"


def _part(result: AllocationResult, insurer: str, claim: ClaimRow | None) -> FunderTotal | None:
    """What the hospital gets of the insurer, or the patient whose claim it is."""
    return result.later_of(insurer) if _to_patient(claim) else result.insurer(insurer)


def parts_before(rows: EpisodeRows, insurer: str) -> Parts:
    """Who carries what of the bill as it stands; nothing while there is no bill."""
    bill = billed(rows, insurer)
    split = None if bill is None else rows.allocation(bill.id)
    if split is None:
        return Parts(insurer=fen(0), pending=fen(0), patient=fen(0))
    claim = newest_claim(rows, insurer)
    part = _part(split.result, insurer, claim)
    amount = part.amount if part is not None else fen(0)
    patient, nothing = split.result.of(FunderKind.PATIENT), fen(0)
    if claim is not None and claim.state in DECIDED:
        return Parts(insurer=amount, pending=nothing, patient=patient)
    return Parts(insurer=nothing, pending=amount, patient=patient)


def facts_of(
    rows: EpisodeRows,
    insurer: str,
    consent: ConsentType,
    moment: datetime,
    now: datetime,
    sends: Iterable[Send] = (),
) -> WithdrawalFacts:
    """``rows`` as they stood when the withdrawal, at ``moment``, took the episode's lock."""
    bill, claim = billed(rows, insurer), newest_claim(rows, insurer)
    split = None if bill is None else rows.allocation(bill.id)
    guarantee = rows.guarantee_of(insurer)
    held = guarantee is not None and guarantee.state in ("requested", "queued", "granted")
    base = WithdrawalFacts(
        withdrawn=frozenset({consent}),
        withdrawn_at=moment,
        now=now,
        bill=fen(0) if bill is None else fen(bill.total_minor),
        guarantee_issued=held,
        forecast=fen(0),
        sends=tuple(Send(reference=s.reference, at=min(s.at, moment)) for s in sends),
        inpatient=rows.episode.encounter_class is EncounterClass.INPATIENT,
    )
    if split is None:
        return base
    part = _part(split.result, insurer, claim)
    amount = part.amount if part is not None else fen(0)
    others = split.result.total - split.result.of(FunderKind.PATIENT)
    if not _to_patient(claim):
        others = others - amount
    known: dict[str, object] = {"others": others, "forecast": amount}
    direct = part.in_funder_currency if part is not None else None
    return base.model_copy(update=known | _moments(rows, claim, direct, moment))


def _moments(
    rows: EpisodeRows, claim: ClaimRow | None, direct: Money | None, moment: datetime
) -> dict[str, object]:
    """How far the claim had come; nothing before it was sent."""
    if claim is None:
        return {}
    decided = claim.state in DECIDED
    if not decided and not was_sent(claim):
        return {}
    found: dict[str, object] = {"submitted_at": moment}
    if not decided:
        return found
    allocation = rows.allocation(claim.bill_id)
    found |= {
        "decided_at": moment,
        "approved": direct or claim.counted(0),
        "rate": allocation.result.rate_of(claim.organisation_id) if allocation else None,
    }
    return found | ({"paid_at": moment} if _paid(rows, claim) else {})


def _paid(rows: EpisodeRows, claim: ClaimRow) -> bool:
    """The payee has the money, and it has not come back."""
    payouts = [p for p in rows.payouts if p.claim_id == claim.id]
    if not payouts or payouts[-1].state in ("rejected", "returned", "cancelled"):
        return False
    return payouts[-1].credited_at is not None or payouts[-1].settled_at is not None
