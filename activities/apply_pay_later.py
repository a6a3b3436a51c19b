"""Applies the confirmation of a payment by pay-after-care (有感支付)."""

from __future__ import annotations

from activities.case import Case, Outcome, refused
from activities.claims_due import open_due_claims
from crossclaim.domain.pay_later_confirmation import PayLaterConfirmation
from crossclaim.domain.step_faults import step_fault


def apply_pay_later_confirmation(case: Case) -> Outcome:
    """From now on the platform may be charged. Early, late or twice it changes nothing more."""
    confirmed = PayLaterConfirmation.model_validate(case.stored.content)
    bill = case.rows.numbered_bill(confirmed.bill_number, confirmed.bill_version)
    if bill is None:
        return refused([step_fault("BILL_UNKNOWN", "/bill_number")])
    if bill.state != "current":
        return refused([step_fault("BILL_NOT_CURRENT", "/bill_version", state=bill.state)])
    if bill.status != "final":
        return refused([step_fault("BILL_NOT_FINAL", "/bill_version")])
    case.transaction.confirm_pay_later(case.episode_id, bill.id, confirmed.confirmed_at)
    open_due_claims(case)
    body = {
        "episode_id": case.episode_id,
        "bill": {"id": bill.id, "number": bill.number, "version": bill.version},
        "status": "confirmed",
    }
    return Outcome(200, body)
