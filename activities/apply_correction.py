"""A correction takes the place of a final version: its split anew, only the difference moves."""

from __future__ import annotations

from activities.apply_void import out_of_the_books
from activities.case import Case
from crossclaim.domain.allocation import Fault
from crossclaim.domain.appeal_clock import BREACH
from crossclaim.domain.bill_chain import REPLACED
from crossclaim.domain.bill_correction import correction_faults
from crossclaim.domain.bill_locks import GIVEN, TAKEN_WHOLE, correction_blocks
from crossclaim.domain.bill_rows import DRAFT
from crossclaim.domain.records import BillRow, EpisodeRows
from crossclaim.domain.stay import REGION_ZONE
from crossclaim.domain.step_faults import step_fault
from crossclaim.domain.submission import BillSubmission

_OVER_WITH_IT = [
    "CLAIM_STOPPED",
    "CLAIM_DENIED",
    "DECISION_DIFFERS",
    "DECISION_NOT_DIVIDED",
    BREACH,
]
_AT = "/correction/of_version"


def final_version(rows: EpisodeRows, number: str) -> BillRow | None:
    """The confirmed version of a bill."""
    return next((b for b in rows.bills if b.number == number and b.payable), None)


def corrected(case: Case, bill: BillSubmission) -> tuple[BillRow | None, list[Fault]]:
    """The version whose place this one takes, or everything that is wrong with that."""
    asked, rows = bill.correction, case.rows
    if asked is None:
        return None, []
    if bill.status == "interim":
        return None, [step_fault("CORRECTION_NOT_OF_INTERIM", "/correction")]
    final = final_version(rows, bill.number)
    if final is None:
        return None, [step_fault("CORRECTION_OF_WHAT", _AT, known=asked.of_version)]
    if final.version != asked.of_version:
        return None, [_outdated(rows, final, asked.of_version)]
    faults = correction_faults(case.transaction.bill_content(final.id), bill)
    if bill.status != DRAFT:
        faults += correction_blocks(rows, final, _AT)
    return final, faults


def take_its_place(case: Case, old: BillRow) -> None:
    """What nobody has heard of is dropped; what was decided stays paid, and only the difference
    to it is paid or given back under the claim that replaces it."""
    tx = case.transaction
    out_of_the_books(case, old)
    tx.resolve_exceptions(case.episode_id, ["BILL_FLAGGED"], case.at, old.id)
    for claim in (c for c in case.rows.claims if c.bill_id == old.id):
        if claim.state == "due":
            tx.change_claim(claim.id, state="voided")
        elif claim.kind not in TAKEN_WHOLE and claim.state in (*GIVEN, "failed"):
            tx.change_claim(claim.id, state=REPLACED)
            tx.resolve_exceptions(case.episode_id, _OVER_WITH_IT, case.at, claim.reference)


def _outdated(rows: EpisodeRows, final: BillRow, of: int) -> Fault:
    """Names who was quicker, with what and when."""
    known = rows.numbered_bill(final.number, of)
    if known is None:
        return step_fault("CORRECTION_OF_WHAT", _AT, known=of)
    at = final.occurred_at
    return step_fault(
        "CORRECTION_OUTDATED",
        _AT,
        known=final.version,
        kind=final.correction or "final",
        who=final.sent_by or rows.episode.hospital_id,
        at=f"{at.astimezone(REGION_ZONE):%Y-%m-%d %H:%M:%S}" if at else "",
        of=of,
    )
