"""The rule file of health records: a slip is refused with file, key and reason."""

from __future__ import annotations

from datetime import date

import pytest

from crossclaim.plans.fault import PlanInvalid
from crossclaim.plans.loader import DATA, load_plans, read_plan

FILE = "health-records.yaml"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[EHEALTH_SHARE]", "[E_SHARE]", "names the unknown E_SHARE"),
        ("[parent, guardian]", "[neighbour]", "names the unknown neighbour"),
        ("unit: minutes", "unit: HKD", "code_valid"),
        ("    window:", "    windov:", "is not a parameter of a patient plan"),
        ("2025-12-24: 3}", "2025-12-24: -3}", "is not readable"),
    ],
)
def test_a_wrong_rule_of_records_is_refused(old: str, new: str, said: str) -> None:
    text = (DATA / FILE).read_text("utf-8")
    assert old in text
    with pytest.raises(PlanInvalid, match=said):
        read_plan(text.replace(old, new, 1), FILE)


@pytest.mark.parametrize(
    ("start", "key"),
    [
        ("    window:", "request.window"),
        ("    code_valid:", "request.code_valid"),
        ("    answer_within:", "request.answer_within"),
        ("    minor:", "substitute.minor"),
    ],
)
def test_a_rule_without_the_others_that_it_needs_is_refused(start: str, key: str) -> None:
    lines = (DATA / FILE).read_text("utf-8").splitlines()
    kept = [line for line in lines if not line.startswith(start)]
    assert len(kept) == len(lines) - 1
    with pytest.raises(PlanInvalid, match=f"parameters.{key}: is missing"):
        read_plan("\n".join(kept) + "\n", FILE)


@pytest.mark.parametrize(
    ("day", "key", "known"),
    [
        (date(2025, 12, 23), "request.window", False),
        (date(2025, 12, 24), "request.window", True),
        (date(2025, 11, 30), "deposit.needs", False),
        (date(2025, 12, 1), "deposit.needs", True),
        (date(2025, 12, 31), "deposit.images", False),
        (date(2026, 1, 1), "deposit.images", True),
    ],
)
def test_each_rule_begins_on_its_day(day: date, key: str, known: bool) -> None:
    plan = load_plans(demonstration=False).find("health-records")
    assert plan is not None
    assert (plan.on(day).find(key) is not None) is known
