"""The runs of scenario E12: a consent that ends before, in and after the claim, or in danger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crossclaim.demo.example_file import ExampleFile
from crossclaim.demo.script import HOSPITAL_INPATIENT, Closed, Guaranteed, Run, Until

_E12 = "e12-consent-withdrawn"


def _of_e12(letter: str, insurer: str, policy: str) -> dict[str, str]:
    """Every point at which the consent may end is a visit of its own, with a policy of its own."""
    visit, bill = "MZ20260504-0120", "F20260504-0120"
    own = {visit: f"{visit}-{letter}", bill: f"{bill}-{letter}"}
    return {**own, "harbour-life": insurer, "HL-2025-E12A1": policy}


def _withdrawn_first() -> Run:
    file = ExampleFile(_E12)
    steps = (
        file.opens(),
        Guaranteed(),
        file.send("Consent withdrawn", "consents", "withdrawal"),
        Until("The guarantee is cancelled", _guarantee_cancelled),
        file.send("The bill is split", "bills"),
        file.send("Patient pays the whole", "tenders"),
        Closed(title="Closed, the consent withdrawn"),
    )
    about = "Before the claim: the guarantee is cancelled, the patient pays it all (E12 a)."
    title, replaced = "Consent ends before the claim", _of_e12("A", "harbour-life", "HL-2025-E12A1")
    return Run("withdrawn-first", title, about, HOSPITAL_INPATIENT, steps, replaced=replaced)


def _withdrawn_suspended() -> Run:
    file = ExampleFile(_E12)
    steps = (
        file.opens(),
        Guaranteed(),
        file.send("The bill is split", "bills"),
        file.send("Patient pays his part", "tenders", "tender-part"),
        Until("The insurer has the claim", _claim_taken),
        file.send("Consent withdrawn", "consents", "withdrawal"),
        Until("The insurer is told to stop", _insurer_told),
        file.send("A new consent", "consents", "consent"),
        Closed(payouts=1, title="The claim goes on and is paid"),
    )
    about = "Before the decision: the claim is suspended, a new consent takes it on (E12 b)."
    title, replaced = "Claim suspended, new consent", _of_e12("B", "harbour-life", "HL-2025-E12B1")
    return Run("withdrawn-suspended", title, about, HOSPITAL_INPATIENT, steps, replaced=replaced)


def _withdrawn_approved() -> Run:
    file = ExampleFile(_E12)
    steps = (
        file.opens(),
        Guaranteed(),
        file.send("The bill is split", "bills"),
        Until("The bank has the payment", _payment_ordered),
        file.send("Consent withdrawn", "consents", "withdrawal"),
        Until("The payment goes on", _met_before_payout),
        file.send("Patient pays his part", "tenders", "tender-part"),
        Closed(payouts=1, title="Paid with account data alone"),
    )
    about = "After approval: the payment is completed, without medical data (E12 c)."
    title, replaced = "Consent ends after approval", _of_e12("C", "tolo-mutual", "TM-2025-E12C-1")
    return Run("withdrawn-approved", title, about, HOSPITAL_INPATIENT, steps, replaced=replaced)


def _withdrawn_emergency() -> Run:
    file = ExampleFile(_E12)
    missing = ("RECORD_CONSENT_MISSING",)
    steps = (
        file.opens(),
        Guaranteed(),
        file.send("Consent withdrawn", "consents", "withdrawal"),
        file.send("Refused: no consent", "record-requests", "record-request", *missing),
        file.send("In an emergency, with its reason", "record-requests", "emergency"),
        Until("The Hospital Authority answers", _record_answered),
        file.send("The bill is split", "bills"),
        file.send("Patient pays the whole", "tenders"),
        Closed(title="The money is as without the emergency"),
    )
    about = "A life in danger: the record is asked for, the reason is on record (E12 f)."
    title, replaced = "Emergency without consent", _of_e12("F", "harbour-life", "HL-2025-E12A2")
    return Run("withdrawn-emergency", title, about, HOSPITAL_INPATIENT, steps, replaced=replaced)


def _guarantee_cancelled(found: Mapping[str, Any]) -> bool:
    return any(guarantee["state"] == "cancelled" for guarantee in found["guarantees"])


def _claim_taken(found: Mapping[str, Any]) -> bool:
    return any(claim["state"] not in ("due", "submitted") for claim in found["claims"])


def _insurer_told(found: Mapping[str, Any]) -> bool:
    return any(withdrawal["told"] for withdrawal in found["withdrawals"])


def _payment_ordered(found: Mapping[str, Any]) -> bool:
    return bool(found["payouts"])


def _met_before_payout(found: Mapping[str, Any]) -> bool:
    return any(one["branch"] == "before_payout" for one in found["withdrawals"])


def _record_answered(found: Mapping[str, Any]) -> bool:
    return any(request["state"] == "answered" for request in found["record_requests"])


WITHDRAWN = (
    _withdrawn_first(),
    _withdrawn_suspended(),
    _withdrawn_approved(),
    _withdrawn_emergency(),
)
