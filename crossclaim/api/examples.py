"""One example a kind of submission, shown in the API's description; each is without fault."""

from __future__ import annotations

from typing import Any

from crossclaim.api.bill_examples import BILL_EXAMPLES
from crossclaim.api.examples_appeals import APPEAL_EXAMPLES
from crossclaim.api.examples_bank import BANK_EXAMPLES
from crossclaim.api.examples_credit import CREDIT_EXAMPLES
from crossclaim.api.examples_payout import PAYOUT_EXAMPLES
from crossclaim.api.examples_repair import REPAIR_EXAMPLES
from crossclaim.api.examples_webhooks import WEBHOOK_EXAMPLES
from crossclaim.api.family_examples import FAMILY_EXAMPLES
from crossclaim.domain.appointment import AppointmentSubmission
from crossclaim.domain.examination import (
    ClaimConfirmationSubmission,
    ClaimDecisionSubmission,
    SampleReviewSubmission,
)
from crossclaim.domain.guarantee_submission import (
    GuaranteeDecisionSubmission,
    GuaranteeRequestSubmission,
    GuaranteeWithdrawalSubmission,
)
from crossclaim.domain.information_submission import (
    InformationAnswerSubmission,
    InformationChangeSubmission,
    InformationRequestSubmission,
)
from crossclaim.domain.paper_claim import PaperClaimSubmission
from crossclaim.domain.pay_later_confirmation import PayLaterConfirmation
from crossclaim.domain.payee_account import PayeeAccountSubmission, PayeeDecisionSubmission
from crossclaim.domain.record_submission import RecordDepositSubmission, RecordRequestSubmission
from crossclaim.domain.submission import (
    AdmissionSubmission,
    BillSubmission,
    ConsentSubmission,
    DischargeSubmission,
    EpisodeSubmission,
    ReimbursementSubmission,
    TenderSubmission,
    VoidSubmission,
    Wire,
)
from crossclaim.domain.tender_submission import RefundConfirmation
from crossclaim.domain.transfer_submission import HandOverSubmission
from crossclaim.domain.voucher_submission import (
    IdentityCheckSubmission,
    SpouseSubmission,
    VoucherConfirmationSubmission,
)

_EHEALTH_JOIN = {
    "type": "EHEALTH_JOIN",
    "text_version": "2025-01",
    "signed_at": "2025-10-14T08:40:00+08:00",
    "channel": "paper",
}

_EPISODE: dict[str, Any] = {
    "hospital": "jiangmen-central",
    "visit": {
        "number": "MZ20251014-0312",
        "encounter_class": "outpatient",
        "department": "internal-medicine",
        "channel": "voucher_dedicated",
    },
    "patient": {
        "name": {"zh": "何美玲", "en": "HO Mei Ling"},
        "birth_date": "1949-05-01",
        "documents": [{"type": "hkid", "number": "A123456(3)"}],
    },
    "diagnoses": [{"system": "icd-10", "code": "I10", "text": "Essential hypertension"}],
    "coverages": [{"funder": "voucher"}],
    "consents": [_EHEALTH_JOIN],
}

_BILL: dict[str, Any] = {
    "number": "MZF20251014-0312",
    "version": 1,
    "status": "final",
    "issued_at": "2025-10-14T10:30:00+08:00",
    "service_completed_at": "2025-10-14T10:20:00+08:00",
    "lines": [
        {
            "number": 1,
            "category": "drug",
            "code": "DRUG-RX",
            "description": "Prescribed medicines, four weeks",
            "service_date": "2025-10-14",
            "quantity": 4,
            "unit_price": {"amount": "135.00", "currency": "CNY"},
            "amount": {"amount": "540.00", "currency": "CNY"},
        }
    ],
    "total": {"amount": "540.00", "currency": "CNY"},
}

_BILL_NAMED = {"bill_number": "MZF20251014-0312", "bill_version": 1}

_ACCOUNT = {
    "holder": "HO Mei Ling",
    "number": "6200000000000047",
    "bank_name": "Example City Bank, Jiangmen Branch",
    "bank_code": "313000000016",
}
_VISIT_PRICE = {"amount": "860.00", "currency": "CNY"}
_PAPER_CLAIM: dict[str, Any] = {
    "number": "VH-2026-000871",
    "policy_number": "VH-2026-000001",
    "plan": "outpatient-visits-hk",
    "hospital": "jiangmen-central",
    "patient": _EPISODE["patient"],
    "diagnoses": _EPISODE["diagnoses"],
    "papers": [
        {
            "number": "MZF20260302-0041",
            "encounter_class": "outpatient",
            "department": "internal-medicine",
            "issued_at": "2026-03-02T11:00:00+08:00",
            "lines": [
                {
                    "number": 1,
                    "category": "specialist",
                    "code": "SPEC-VISIT",
                    "description": "Specialist's visit",
                    "service_date": "2026-03-02",
                    "quantity": 1,
                    "unit_price": _VISIT_PRICE,
                    "amount": _VISIT_PRICE,
                }
            ],
            "total": _VISIT_PRICE,
            "paid": [{"method": "wechat", "amount": _VISIT_PRICE, "reference": "WX-4200871"}],
        }
    ],
    "account": _ACCOUNT,
    "requested_at": "2026-04-10T09:00:00+08:00",
    "consents": [],
}

EXAMPLES: dict[type[Wire], dict[str, Any]] = {
    EpisodeSubmission: _EPISODE,
    AdmissionSubmission: {"admitted_at": "2026-03-11T09:00:00+08:00"},
    DischargeSubmission: {"discharged_at": "2026-03-14T10:00:00+08:00"},
    BillSubmission: _BILL,
    TenderSubmission: {
        **_BILL_NAMED,
        "tendered_at": "2025-10-14T10:45:00+08:00",
        "legs": [
            {
                "method": "wechat",
                "amount": {"amount": "0.82", "currency": "CNY"},
                "reference": "WX-4200001",
            }
        ],
        "consents": [
            {
                "type": "VOUCHER_USE",
                "text_version": "2025-01",
                "signed_at": "2025-10-14T10:44:00+08:00",
                "channel": "electronic",
            }
        ],
    },
    VoidSubmission: {
        **_BILL_NAMED,
        "voided_at": "2025-10-14T11:00:00+08:00",
        "reason": "One test was not done.",
    },
    **BILL_EXAMPLES,
    ConsentSubmission: {
        "number": "C-2",
        "withdrawn": "PI_CROSS_BORDER",
        "stated_at": "2026-05-06T09:00:00+08:00",
    },
    RefundConfirmation: {
        "refund": "RF01K0000000000000000000000-1",
        "receipt": "TK-20251014-0031",
        "paid_back_at": "2025-10-14T15:20:00+08:00",
    },
    PayLaterConfirmation: {**_BILL_NAMED, "confirmed_at": "2026-03-18T10:50:00+08:00"},
    **CREDIT_EXAMPLES,
    **BANK_EXAMPLES,
    **PAYOUT_EXAMPLES,
    **REPAIR_EXAMPLES,
    **APPEAL_EXAMPLES,
    PaperClaimSubmission: _PAPER_CLAIM,
    PayeeAccountSubmission: {
        "number": "N-1",
        "payout_reference": "PO01K0000000000000000000000",
        "account": _ACCOUNT,
        "signed_at": "2026-04-15T10:00:00+08:00",
    },
    PayeeDecisionSubmission: {
        "number": "N-1",
        "payout_reference": "PO01K0000000000000000000000",
        "approved": True,
        "decided_at": "2026-04-15T11:00:00+08:00",
        "reason": "Called the member back on the number of his file.",
    },
    GuaranteeRequestSubmission: {
        "number": "GR-1",
        "insurer": "kowloon-mutual",
        "planned_amount": {"amount": "60000.00", "currency": "CNY"},
        "valid_until": "2026-04-30",
        "requested_at": "2026-03-12T09:30:00+08:00",
    },
    GuaranteeDecisionSubmission: {
        "request": "GU01K0000000000000000000000-0T1",
        "approved": True,
        "limit": {"amount": "65573.77", "currency": "HKD"},
        "valid_until": "2026-12-30",
        "conditions": ["encounter-class:inpatient"],
        "exclusions": ["goods"],
        "decided_at": "2026-03-12T10:10:00+08:00",
    },
    GuaranteeWithdrawalSubmission: {
        "guarantee": "GU01K0000000000000000000000-0",
        "reason": "POLICY_LAPSED",
        "withdrawn_at": "2026-03-13T09:00:00+08:00",
    },
    ClaimDecisionSubmission: {
        "number": "D-1",
        "claim": "cr_01K0000000000000000000000",
        "decided_at": "2026-04-14T10:00:00+08:00",
        "lines": [
            {
                "line": 1,
                "approved": {"amount": "400.00", "currency": "HKD"},
                "reason": "UNITS_NOT_SUPPORTED",
                "note": "Half of the units are in the notes of the ward.",
            }
        ],
    },
    ClaimConfirmationSubmission: {
        "number": "D-1",
        "claim": "cr_01K0000000000000000000000",
        "confirmed": True,
        "decided_at": "2026-04-14T11:00:00+08:00",
        "reason": "Compared with the papers.",
    },
    SampleReviewSubmission: {
        "claim": "cr_01K0000000000000000000000",
        "benefit": {"amount": "751.91", "currency": "HKD"},
        "reviewed_at": "2026-05-04T10:00:00+08:00",
    },
    InformationRequestSubmission: {
        "number": "IR-1",
        "claim": "cl_01K0000000000000000000000",
        "asked_of": "hospital",
        "documents": [
            {"type": "test_report", "line": 3, "note": "With the reference values, please."},
            {"type": "discharge_summary"},
        ],
    },
    InformationChangeSubmission: {
        "number": "IC-1",
        "request": "ir_01K0000000000000000000000",
        "withdrawn": True,
    },
    InformationAnswerSubmission: {
        "request": "ir_01K0000000000000000000000",
        "item": 1,
        "sha256": "0123456789abcdef" * 4,
    },
    ReimbursementSubmission: {
        **_BILL_NAMED,
        "account": _ACCOUNT,
        "requested_at": "2026-03-20T09:00:00+08:00",
    },
    RecordRequestSubmission: {
        "number": "RR-1",
        "requested_at": "2026-03-12T09:10:00+08:00",
        "requested_by": "DR-1024",
        "sections": ["encounters", "allergies", "medicines", "laboratory"],
        "application_code": "EXAMPLE-APPLICATION-CODE-0001",
        "password_code": "EXAMPLE-PASSWORD-CODE-0001",
    },
    RecordDepositSubmission: {
        "number": "RD-1",
        "stated_at": "2026-03-14T11:00:00+08:00",
        "items": [
            {
                "kind": "visit_summary",
                "sha256": "0123456789abcdef" * 4,
                "made_on": "2026-03-14",
            }
        ],
    },
    **FAMILY_EXAMPLES,
    **WEBHOOK_EXAMPLES,
    HandOverSubmission: {
        "number": "HO-1",
        "handed_over_by": {"institution": "hku-szh", "staff": "DR-1024"},
        "taken_over_by": {"institution": "example-hospital-hk", "staff": "AE-0071"},
        "departed_at": "2026-03-14T09:10:00+08:00",
        "handed_over_at": "2026-03-14T10:25:00+08:00",
        "condition": {
            "at_departure": "Stable after surgery, oxygen by mask",
            "at_hand_over": "Unchanged",
        },
        "crew": [{"role": "doctor", "staff": "DR-1024", "institution": "hku-szh"}],
        "vehicle": {
            "registration": "XB-0001",
            "approvals": [{"region": "HK", "number": "HK-AP-01", "valid_until": "2026-12-31"}],
        },
    },
    SpouseSubmission: {
        "name": {"zh": "陳志強", "en": "CHAN Chi Keung"},
        "birth_date": "1947-02-11",
        "document": {"type": "hkid", "number": "AB987654(3)"},
    },
    IdentityCheckSubmission: {
        "number": "IC-1",
        "document": "hkid",
        "checked_by": "FD-0021",
        "place": "voucher-service-point",
        "checked_at": "2025-10-14T08:30:00+08:00",
    },
    AppointmentSubmission: {
        "number": "YY-1",
        "version": 1,
        "state": "registered",
        "department": "stomatology",
        "starts_at": "2025-10-14T09:30:00+08:00",
        "entry": "wechat",
        "stated_at": "2025-10-10T20:15:00+08:00",
    },
    VoucherConfirmationSubmission: {
        **_BILL_NAMED,
        "confirmed_by": "EHCP-00871",
        "confirmed_at": "2025-10-14T17:05:00+08:00",
    },
}
