"""Each way to spoil a rule file is refused with file, line, key, reason and what is allowed."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from crossclaim.plans.fault import PlanFault, PlanInvalid
from crossclaim.plans.loader import DATA, read_plan

INSURER = "vhis-standard-hk.yaml"
VOUCHER = "voucher-ehcv-gba.yaml"


class Spoilt(NamedTuple):
    """One slip: ``old`` is replaced by ``new``; the fault names the line, or its parameter's."""

    name: str
    file: str
    old: str
    new: str
    key: str
    reason: str
    allowed: str


SLIPS = [
    Spoilt(
        "overlapping dates",
        INSURER,
        "{2019-04-01: 0.10}",
        "{2020-01-01: 0.10, 2019-04-01: 0.20}",
        "parameters.coinsurance.ratio.values.2019-04-01",
        "dates do not ascend",
        "earliest first",
    ),
    Spoilt(
        "two values from one day on",
        INSURER,
        "{2019-04-01: 0.10}",
        "{2019-04-01: 0.10, 2019-04-01: 0.20}",
        "parameters.coinsurance.ratio.values.2019-04-01",
        "the key stands twice",
        "",
    ),
    Spoilt(
        "a gap",
        INSURER,
        "values: {2019-04-01: 420000}",
        "values: {2019-04-01: 420000, 2025-01-01: null, 2025-07-01: 450000}",
        "parameters.annual_limit",
        "leaves a gap from 2025-01-01 to 2025-06-30",
        "a value, or unknown, for these days",
    ),
    Spoilt(
        "a needed rule that ends before the others",
        INSURER,
        "values: {2019-04-01: 420000}",
        "values: {2019-04-01: 420000, 2025-01-01: null}",
        "parameters.annual_limit",
        "leaves a gap from 2025-01-01 on",
        "a value, or unknown, as long as the plan holds",
    ),
    Spoilt(
        "a companion that begins later",
        INSURER,
        "days_limit: {unit: days/year, values: {2019-04-01: 180}",
        "days_limit: {unit: days/year, values: {2020-04-01: 180}",
        "parameters.benefits.room.days_limit",
        "leaves a gap from 2019-04-01 on, when per_day holds",
        "a value, or unknown, as long as per_day holds",
    ),
    Spoilt(
        "a companion that ends earlier",
        INSURER,
        "days_limit: {unit: days/year, values: {2019-04-01: 180}",
        "days_limit: {unit: days/year, values: {2019-04-01: 180, 2024-01-01: null}",
        "parameters.benefits.room.days_limit",
        "leaves a gap from 2024-01-01 on, when per_day holds",
        "a value, or unknown, as long as per_day holds",
    ),
    Spoilt(
        "a value without a source",
        VOUCHER,
        "values: {2019-06-26: 8000}\n      source: hcv-background\n",
        "values: {2019-06-26: 8000}\n",
        "parameters.amounts.accumulation_limit.source",
        "is missing",
        "hcv-background",
    ),
    Spoilt(
        "a value without a unit",
        INSURER,
        "    unit: HKD/year\n    values: {2019-04-01: 420000}",
        "    values: {2019-04-01: 420000}",
        "parameters.annual_limit.unit",
        "is missing",
        "HKD/year",
    ),
    Spoilt(
        "a plan without a basis of its rates",
        VOUCHER,
        "fx_basis: quote\nclock_basis",
        "clock_basis",
        "fx_basis",
        "is missing",
        "approval, payout_date, quote, service_date",
    ),
    Spoilt(
        "a plan without a basis of its clocks",
        VOUCHER,
        "clock_basis: calendar_days\nlast_reviewed",
        "last_reviewed",
        "clock_basis",
        "is missing",
        "calendar_days, elapsed_hours, working_days",
    ),
    Spoilt(
        "an order with a limit that has no value",
        INSURER,
        "  annual_limit:",
        "  annual_limits:",
        "parameters.annual_limit",
        "is missing: order has annual_limit",
        "a value or unknown",
    ),
    Spoilt(
        "a source that the file does not list",
        VOUCHER,
        "source: reward-news",
        "source: hearsay",
        "parameters.reward.minimum.source",
        "'hearsay' is not known",
        "reward-news",
    ),
    Spoilt(
        "an unknown key of a plan",
        VOUCHER,
        "owner: Department",
        "ownr: Department",
        "ownr",
        "is not a known key",
        "owner",
    ),
    Spoilt(
        "an unknown key of a parameter",
        INSURER,
        "    says: annual benefit limit HK$420,000",
        "    sais: annual benefit limit HK$420,000",
        "parameters.annual_limit.sais",
        "is not a known key",
        "says",
    ),
    Spoilt(
        "an unknown parameter",
        INSURER,
        "  annual_limit:",
        "  anual_limit:",
        "parameters.anual_limit",
        "is not a parameter of a insurer plan",
        "annual_limit",
    ),
    Spoilt(
        "a ratio above 1",
        INSURER,
        "{2019-04-01: 0.10}",
        "{2019-04-01: 1.000001}",
        "parameters.coinsurance.ratio.values.2019-04-01",
        "the ratio 1.000001 is above 1",
        "0 to 1",
    ),
    Spoilt(
        "a limit in another currency",
        INSURER,
        "    unit: HKD/year\n    values: {2019-04-01: 420000}",
        "    unit: CNY/year\n    values: {2019-04-01: 420000}",
        "parameters.annual_limit",
        "is in CNY; the plan counts in HKD",
        "amounts in HKD",
    ),
    Spoilt(
        "a percentage of itself",
        INSURER,
        "values: {2019-04-01: surgeon}, source: vhis}\n      share: {unit: ratio, values: "
        '{2019-04-01: 0.35}, source: vhis, says: "35% of the surgeon\'s fee payable"}\n    theatre',
        "values: {2019-04-01: anaesthetist}, source: vhis}\n      share: {unit: ratio, values: "
        '{2019-04-01: 0.35}, source: vhis, says: "35% of the surgeon\'s fee payable"}\n    theatre',
        "parameters.benefits.anaesthetist.share_of",
        "is a circular percentage: anaesthetist of anaesthetist",
        "a share of a benefit that is not a share itself",
    ),
    Spoilt(
        "an unknown department",
        VOUCHER,
        "            - dermatology",
        "            - dermatologie",
        "parameters.service_points.jiangmen-central.departments",
        "names the unknown dermatologie",
        "dermatology",
    ),
]


def text_of(file: str) -> str:
    return (DATA / file).read_text(encoding="utf-8")


def spoilt(slip: Spoilt) -> str:
    text = text_of(slip.file)
    assert slip.old in text, slip.name
    return text.replace(slip.old, slip.new, 1)


def refused(text: str, file: str) -> list[PlanFault]:
    with pytest.raises(PlanInvalid) as caught:
        read_plan(text, file)
    return caught.value.faults


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.name)
def test_a_slip_is_refused_with_file_line_key_reason_and_what_is_allowed(slip: Spoilt) -> None:
    text = spoilt(slip)
    faults = refused(text, slip.file)
    hit = [f for f in faults if f.key == slip.key and slip.reason in f.reason]
    assert hit, [str(f) for f in faults]
    fault = hit[0]
    assert slip.allowed in fault.allowed
    assert fault.file == slip.file
    first = text[: text.index(slip.new)].count("\n") + 1
    assert first - 20 <= fault.line <= first + slip.new.count("\n")


def test_two_percentages_of_each_other_are_refused_with_the_way_round() -> None:
    text = text_of(INSURER)
    at = text.index("    anaesthetist:")
    head, tail = text[:at], text[at:]
    tail = tail.replace("values: {2019-04-01: surgeon}", "values: {2019-04-01: theatre}", 1)
    tail = tail.replace("values: {2019-04-01: surgeon}", "values: {2019-04-01: anaesthetist}", 1)
    reasons = {f.reason for f in refused(head + tail, INSURER)}
    assert "is a circular percentage: anaesthetist of theatre of anaesthetist" in reasons
    assert "is a circular percentage: theatre of anaesthetist of theatre" in reasons


def test_a_plan_that_ends_as_a_whole_leaves_no_gap() -> None:
    text = text_of("basic-insurance-exclusions.yaml")
    since = next(line for line in text.splitlines() if "values:" in line)
    plan = read_plan(
        text.replace(since, since.rstrip().rstrip("}") + ", 2030-01-01: null}"),
        "basic-insurance-exclusions.yaml",
    )
    assert len(plan.parameters["excluded_channels"].values) == 2


def test_unknown_bridges_a_time_that_nobody_has_stated() -> None:
    old = "values: {2019-04-01: 420000}"
    new = "values: {2019-04-01: 420000, 2025-01-01: unknown, 2025-07-01: 450000}"
    plan = read_plan(text_of(INSURER).replace(old, new, 1), INSURER)
    assert len(plan.parameters["annual_limit"].values) == 3


def test_lists_within_lists_are_a_fault_and_end_no_page() -> None:
    with pytest.raises(PlanInvalid) as refused:
        read_plan(f"id: {'[' * 500}{']' * 500}", "deep.yaml", demonstration=True)
    assert "nested too deeply" in str(refused.value)
