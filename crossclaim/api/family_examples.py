"""Examples of what is sent about family sharing: the people of E8, with invented numbers."""

from __future__ import annotations

from typing import Any

from crossclaim.domain.family_submission import (
    FamilyBindingSubmission,
    FamilyCodeEndSubmission,
    FamilyCodeLinkSubmission,
    FamilyUnbindSubmission,
)
from crossclaim.domain.submission import Wire

_JIANGMEN = {"pool": "jiangmen", "province": "guangdong"}
_DAUGHTER = {
    "name": {"zh": "李晓梅", "en": "LI Xiaomei"},
    "document": {"type": "mainland_id", "number": "44070319850601000X"},
}
_FATHER = {
    "name": {"zh": "李国强", "en": "LI Guoqiang"},
    "document": {"type": "mainland_id", "number": "440703195803150005"},
}
_CONSENT = {
    "text_version": "2024-08",
    "signed_at": "2026-03-02T09:10:00+08:00",
    "channel": "app",
}

FAMILY_EXAMPLES: dict[type[Wire], dict[str, Any]] = {
    FamilyBindingSubmission: {
        "number": "QQ20260302-0007",
        "channel": "alipay",
        "applied_at": "2026-03-02T09:15:00+08:00",
        "relation": "parent",
        "authoriser": {**_DAUGHTER, "insurance": "EMPLOYEE", "area": _JIANGMEN},
        "user": {**_FATHER, "insured": True, "area": _JIANGMEN},
        "papers": [
            {"kind": "identity_document", "name": "身份证.jpg", "sha256": "1f" * 32},
            {"kind": "household_register", "name": "户口本.pdf", "sha256": "2e" * 32},
            {"kind": "undertaking", "name": "承诺书.pdf", "sha256": "3d" * 32},
        ],
        "consent": _CONSENT,
    },
    FamilyUnbindSubmission: {"asked_by": "authoriser", "asked_at": "2026-09-01T10:00:00+08:00"},
    FamilyCodeLinkSubmission: {
        "number": "QQM20260302-0003",
        "linked_at": "2026-03-02T09:20:00+08:00",
        "relation": "parent",
        "shower": _DAUGHTER,
        "relative": _FATHER,
        "consent": _CONSENT,
    },
    FamilyCodeEndSubmission: {"ended_at": "2026-09-01T10:05:00+08:00"},
}
