"""Every fault of a record request or a deposit at once, each with pointer and three sentences."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from crossclaim.domain.fault_context import Context
from crossclaim.domain.faults import read_submission
from crossclaim.domain.record_faults import RECORD_TEXTS
from crossclaim.domain.submission import SubmissionKind
from tests.flows.flow_stack import flow_reference

CONTEXT = Context(received_at=datetime(2026, 4, 2, 6, 0, tzinfo=UTC))
REQUEST: dict[str, Any] = {
    "number": "RR-1",
    "requested_at": "2026-04-02T13:58:00+08:00",
    "requested_by": "DR-1",
    "application_code": "APPLICATION-CODE-0001",
    "password_code": "PASSWORD-CODE-0000001",
}
DEPOSIT: dict[str, Any] = {
    "number": "RD-1",
    "stated_at": "2026-04-02T13:58:00+08:00",
    "items": [{"kind": "visit_summary", "sha256": "0" * 64, "made_on": "2026-04-02"}],
}


def faults(kind: SubmissionKind, content: dict[str, Any]) -> list[tuple[str, str]]:
    _, found = read_submission(kind, content, flow_reference(), CONTEXT)
    for fault in found:
        assert fault.text.en and fault.text.zh_hant and fault.text.zh_hans
    return [(fault.code, fault.pointer) for fault in found]


def asked(**changes: Any) -> list[tuple[str, str]]:
    merged = {**REQUEST, **changes}
    content = {name: value for name, value in merged.items() if value is not None}
    return faults(SubmissionKind.RECORD_REQUEST, content)


def test_a_right_request_and_a_right_deposit_have_none() -> None:
    assert asked() == []
    assert faults(SubmissionKind.RECORD_DEPOSIT, DEPOSIT) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"application_code": None}, [("RECORD_CODES_MISSING", "/application_code")]),
        (
            {"application_code": None, "password_code": None},
            [
                ("RECORD_CODES_MISSING", "/application_code"),
                ("RECORD_CODES_MISSING", "/password_code"),
            ],
        ),
        (
            {"password_code": REQUEST["application_code"]},
            [("RECORD_CODES_ALIKE", "/password_code")],
        ),
        ({"password_code": "1234"}, [("CODE_FORM", "/password_code")]),
        ({"sections": []}, [("RECORD_SECTION_MISSING", "/sections")]),
        ({"sections": ["encounters"] * 2}, [("RECORD_SECTION_MISSING", "/sections")]),
        ({"requested_at": "2026-04-02T14:10:00+08:00"}, [("RECORD_TIME_AHEAD", "/requested_at")]),
        (
            {"system": "hospital-authority"},
            [
                ("RECORD_CODES_NOT_WANTED", "/application_code"),
                ("RECORD_CODES_NOT_WANTED", "/password_code"),
            ],
        ),
    ],
)
def test_each_slip_of_a_request_is_named_where_it_stands(
    changes: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert asked(**changes) == expected


def test_several_slips_come_back_together_and_no_code_is_ever_repeated() -> None:
    content = {**REQUEST, "password_code": "short-canary", "sections": [], "more": 1}
    _, found = read_submission(SubmissionKind.RECORD_REQUEST, content, flow_reference(), CONTEXT)
    assert {f.code for f in found} == {"CODE_FORM", "RECORD_SECTION_MISSING", "MEMBER_UNKNOWN"}
    assert "canary" not in repr(found)


def test_a_deposit_names_documents_each_once() -> None:
    item = DEPOSIT["items"][0]
    for items in ([], [item, item]):
        found = faults(SubmissionKind.RECORD_DEPOSIT, {**DEPOSIT, "items": items})
        assert found == [("DEPOSIT_ITEMS_MISSING", "/items")]


def test_every_code_has_words() -> None:
    assert all(all(texts) for texts in RECORD_TEXTS.values())
