"""Reference data: consistent in themselves, found by id and day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crossclaim.domain.money import Currency
from crossclaim.domain.reference import Reference
from crossclaim.domain.submission import ConsentType
from tests.unit.faulty import REFERENCE


def test_reference_data_that_contradict_themselves_are_refused() -> None:
    raw = REFERENCE.model_dump(mode="json")
    with pytest.raises(ValueError, match="listed twice"):
        Reference.model_validate(raw | {"insurers": raw["insurers"] * 2})
    with pytest.raises(ValueError, match="unknown insurer"):
        Reference.model_validate(raw | {"insurers": []})
    other = {**raw["insurers"][0], "id": "another-insurer"}
    with pytest.raises(ValueError, match="pay from one account"):
        Reference.model_validate(raw | {"insurers": [*raw["insurers"], other]})


def test_a_series_of_policies_stands_in_examples_only() -> None:
    raw = REFERENCE.model_dump(mode="json")
    with pytest.raises(ValueError, match="in examples only"):
        Reference.model_validate(raw | {"example": False})


def test_reference_data_find_the_rate_the_policy_and_the_text_of_a_day() -> None:
    day = datetime(2026, 3, 9, tzinfo=UTC).date()
    row = REFERENCE.exchange_rate(Currency.HKD, Currency.CNY, on=day)
    assert row is not None and str(row.rate) == "0.9150"
    assert REFERENCE.exchange_rate(Currency.HKD, Currency.CNY, on=day - timedelta(days=1)) is None
    policy = REFERENCE.policy("kowloon-mutual", "KM-2025-000054")
    assert policy is not None and policy.guarantee_limit.amount_minor == 3_000_000
    assert policy.in_force(policy.in_force_until)
    assert REFERENCE.policy("kowloon-mutual", "KM-2025-000054-7") == policy
    assert REFERENCE.policy("kowloon-mutual", "KM-2025-0000547") is None
    assert REFERENCE.consent_text(ConsentType.PI_PROVIDE, "2026-01") is not None
