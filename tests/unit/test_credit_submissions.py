"""Every fault of a submission about a credit account at once, in three languages."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from typing import Any

import pytest

from crossclaim.api.examples_credit import CREDIT_EXAMPLES
from crossclaim.domain.credit_sentences import EVENT_TEXTS, EXCEPTION_TEXTS, WAITING_TEXTS
from crossclaim.domain.credit_submission import (
    CreditRepaymentSubmission,
    CreditSignUpSubmission,
    credit_key,
)
from crossclaim.domain.fault_context import Context
from crossclaim.domain.fault_sentences_credit import CREDIT_STEP_TEXTS, CREDIT_TEXTS
from crossclaim.domain.faults import SHAPES, read_submission
from crossclaim.domain.submission import SubmissionKind
from tests.unit.faulty import REFERENCE

CONTEXT = Context(received_at=datetime(2026, 3, 18, 2, 0, tzinfo=UTC), hospital="dongguan-tcm")


def codes(kind: SubmissionKind, body: dict[str, Any]) -> set[str]:
    return {fault.code for fault in read_submission(kind, body, REFERENCE, CONTEXT).faults}


@pytest.mark.parametrize("model", list(CREDIT_EXAMPLES), ids=lambda model: model.__name__)
def test_the_example_of_each_kind_is_without_fault_and_has_a_key_of_its_own(model: Any) -> None:
    kind = next(kind for kind, shape in SHAPES.items() if shape is model)
    read = read_submission(kind, CREDIT_EXAMPLES[model], REFERENCE, CONTEXT)
    assert read.faults == []
    assert read.model is not None
    assert credit_key(read.model, "ca_1")


def test_a_sign_up_tells_all_its_faults_at_once() -> None:
    body = copy.deepcopy(CREDIT_EXAMPLES[CreditSignUpSubmission])
    body["holder"]["name"] = {}
    body["holder"]["birth_date"] = "1990-03-08"
    body["face_checked_at"] = "2026-03-18T08:00:00+08:00"
    body["card_number"] = "12"
    body["credit"]["amount"] = {"amount": "5000.00", "currency": "HKD"}
    found = codes(SubmissionKind.CREDIT_SIGN_UP, body)
    assert found == {
        "NAME_MISSING",
        "HOLDER_BIRTH_DATE",
        "SIGN_UP_ORDER",
        "ACCOUNT_NUMBER_FORM",
        "CURRENCY_MIXED",
    }


def test_a_sign_up_needs_a_mainland_card_and_some_means_of_payment() -> None:
    body = copy.deepcopy(CREDIT_EXAMPLES[CreditSignUpSubmission])
    body["holder"]["document"] = {"type": "hkid", "number": "A123456(3)"}
    del body["card_number"], body["credit"]
    assert codes(SubmissionKind.CREDIT_SIGN_UP, body) == {
        "HOLDER_DOCUMENT_TYPE",
        "SIGN_UP_WITHOUT_MEANS",
    }


def test_nothing_cannot_be_repaid() -> None:
    body = CREDIT_EXAMPLES[CreditRepaymentSubmission] | {
        "amount": {"amount": "0.00", "currency": "CNY"}
    }
    assert codes(SubmissionKind.CREDIT_REPAYMENT, body) == {"REPAYMENT_OF_NOTHING"}


@pytest.mark.parametrize(
    "texts", [EVENT_TEXTS, EXCEPTION_TEXTS, WAITING_TEXTS, CREDIT_TEXTS, CREDIT_STEP_TEXTS]
)
def test_every_code_has_a_sentence_in_three_languages_with_the_same_values(texts: Any) -> None:
    for code, three in texts.items():
        assert len(three) == 3, code
        assert all(three), code
        values = [sorted(part.split("}")[0] for part in text.split("{")[1:]) for text in three]
        assert values[0] == values[1] == values[2], code
