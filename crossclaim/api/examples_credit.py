"""One example a kind of submission about credit accounts; each is without fault."""

from __future__ import annotations

from typing import Any

from crossclaim.domain.credit_submission import (
    CreditApplicationSubmission,
    CreditCardCodeSubmission,
    CreditCardSubmission,
    CreditClosingSubmission,
    CreditInstalmentsSubmission,
    CreditRepaymentSubmission,
    CreditSignUpSubmission,
)
from crossclaim.domain.submission import Wire

_ASKED = {"amount": {"amount": "5000.00", "currency": "CNY"}}
_AT = "2026-03-18T09:10:00+08:00"

CREDIT_EXAMPLES: dict[type[Wire], dict[str, Any]] = {
    CreditSignUpSubmission: {
        "number": "HM20260318-0001",
        "plan": "huimin-dongguan",
        "channel": "hospital_account",
        "holder": {
            "name": {"zh": "李思敏"},
            "birth_date": "1990-03-07",
            "document": {"type": "mainland_id", "number": "441900199003070016"},
            "mobile": "13800000000",
        },
        "authorised_at": "2026-03-18T09:00:00+08:00",
        "details_confirmed_at": "2026-03-18T09:01:00+08:00",
        "face_checked_at": "2026-03-18T09:02:00+08:00",
        "face_check": "FC-1",
        "card_number": "6222020000000006621",
        "credit": _ASKED,
    },
    CreditCardSubmission: {
        "number": "C-1",
        "card_number": "6222020000000006621",
        "requested_at": _AT,
    },
    CreditCardCodeSubmission: {"number": "S-1", "sms_code": "314159", "confirmed_at": _AT},
    CreditApplicationSubmission: {"number": "A-1", "credit": _ASKED, "applied_at": _AT},
    CreditInstalmentsSubmission: {
        "draw": "CP01JQ4XM3V8ZK6T2Y5W7N9R1B0D-1",
        "count": 3,
        "chosen_at": _AT,
    },
    CreditRepaymentSubmission: {
        "number": "R-1",
        "source": "bank_card",
        "amount": {"amount": "240.00", "currency": "CNY"},
        "requested_at": _AT,
    },
    CreditClosingSubmission: {"number": "L-1", "requested_at": _AT},
}
