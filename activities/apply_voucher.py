"""Applies what a hospital sends about vouchers alone: spouse, identity check, confirmation."""

from __future__ import annotations

from activities.case import Case, Outcome, refused
from activities.claims_due import open_due_claims
from crossclaim.domain.identity import normalised
from crossclaim.domain.step_faults import step_fault
from crossclaim.domain.submission import FunderKind
from crossclaim.domain.voucher_submission import (
    IdentityCheckSubmission,
    SpouseSubmission,
    VoucherConfirmationSubmission,
)


def _not_covered(case: Case) -> Outcome | None:
    if case.rows.coverage(FunderKind.VOUCHER) is not None:
        return None
    return refused([step_fault("VOUCHER_NOT_COVERED", "")])


def apply_spouse(case: Case) -> Outcome:
    """Names the spouse; the voucher system is asked about the pairing before the next bill."""
    spouse = SpouseSubmission.model_validate(case.stored.content)
    wrong = _not_covered(case)
    if wrong is not None:
        return wrong
    patient = case.transaction.episode_content(case.episode_id).patient
    if normalised(spouse.document.number) in {normalised(d.number) for d in patient.documents}:
        return refused([step_fault("SPOUSE_IS_PATIENT", "/document/number")])
    case.transaction.put_spouse(case.episode_id, spouse, case.at)
    return Outcome(201, {"episode_id": case.episode_id, "status": "named"})


def apply_identity_check(case: Case) -> Outcome:
    """The patient was seen in person, at no fee; an account may now be opened for him."""
    check = IdentityCheckSubmission.model_validate(case.stored.content)
    wrong = _not_covered(case)
    if wrong is not None:
        return wrong
    case.transaction.add_identity_check(case.episode_id, check)
    body = {"episode_id": case.episode_id, "number": check.number, "fee": "0.00"}
    return Outcome(201, body)


def apply_confirmation(case: Case) -> Outcome:
    """The provider's word; it is kept also when it comes before the claims are entered."""
    said = VoucherConfirmationSubmission.model_validate(case.stored.content)
    bill = case.rows.numbered_bill(said.bill_number, said.bill_version)
    if bill is None:
        return refused([step_fault("BILL_UNKNOWN", "/bill_number")])
    if bill.state != "current":
        return refused([step_fault("BILL_NOT_CURRENT", "/bill_version", state=bill.state)])
    if bill.status != "final":
        return refused([step_fault("BILL_NOT_FINAL", "/bill_version")])
    content = case.transaction.bill_content(bill.id)
    if said.confirmed_at < (content.service_completed_at or content.issued_at):
        return refused([step_fault("VOUCHER_CONFIRMED_EARLIER", "/confirmed_at")])
    case.transaction.add_voucher_confirmation(
        case.episode_id, bill.id, said.confirmed_by, said.confirmed_at
    )
    open_due_claims(case)
    body: dict[str, object] = {
        "episode_id": case.episode_id,
        "bill": {"id": bill.id, "number": bill.number, "version": bill.version},
        "status": "confirmed",
    }
    return Outcome(200, body)
