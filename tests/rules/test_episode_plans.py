"""Rule files of payouts and withdrawn consents: a slip is refused with file, key and reason."""

from __future__ import annotations

import pytest

from crossclaim.plans.fault import PlanInvalid
from crossclaim.plans.loader import DATA, read_plan


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("payout-rails", "[MS03, TECH,", "[MS03, AC01,", "AC01 stands under refusals.new_account"),
        ("payout-rails", "[AM05]", "[AM05, RR04]", "RR04 stands under refusals.stop too"),
        (
            "claim-appeals",
            "levels: {unit: count, values: {2014-07-01: 2}",
            "levels: {unit: count, values: {2014-07-01: 3}",
            "is missing beside appeals.levels",
        ),
        (
            "claim-appeals",
            "    warn_before:",
            "    warned_before:",
            "is missing beside appeals.levels",
        ),
        ("payout-rails", "[cips]", "[swift]", "names the unknown swift"),
        ("payout-rails", "[person]", "[persons]", "names the unknown persons"),
        ("payout-rails", "HKD/day, values", "HKD/visit, values", "is in HKD/visit"),
        ("payout-rails", "HKD/year, values", "CNY/year, values", "is in CNY/year"),
        ("payout-rails", "10000}", "-1}", "is not readable"),
        ("payout-rails", "[needs_account]", "[holiday]", "names the unknown holiday"),
        ("payout-rails", "    due: {", "    duo: {", "is not a parameter of a patient plan"),
        ("payout-rails", "clock_basis: elapsed_hours\n", "", "clock_basis"),
        ("payout-rails", "clock_basis: elapsed_hours", "clock_basis: visits/day", "clock_basis"),
        ("payout-rails", "fx_basis: approval\n", "", "fx_basis"),
        ("consent-withdrawal", "[EHEALTH_SHARE]", "[PI_SENSITIVE]", "withdrawal.stops_insurer too"),
        ("consent-withdrawal", "[EHEALTH_SHARE]", "[E_SHARE]", "names the unknown E_SHARE"),
        ("consent-withdrawal", "[account]", "[diagnoses]", "names the unknown diagnoses"),
        ("consent-withdrawal", "storage_only", "deleted", "names the unknown deleted"),
    ],
)
def test_a_wrong_rule_of_an_episode_is_refused(file: str, old: str, new: str, said: str) -> None:
    text = (DATA / f"{file}.yaml").read_text("utf-8")
    assert old in text
    with pytest.raises(PlanInvalid, match=said):
        read_plan(text.replace(old, new, 1), f"{file}.yaml")


@pytest.mark.parametrize(
    ("file", "start", "key"),
    [
        ("payout-rails", "  split:", "split"),
        ("payout-rails", "    pauses_in:", "clock.pauses_in"),
        ("payout-rails", "    cips:", "rails.cips.payers"),
        ("consent-withdrawal", "    suspended:", "withdrawal.suspended"),
        ("consent-withdrawal", "    sent_before:", "withdrawal.sent_before"),
        ("consent-withdrawal", "    outpatient:", "retention.outpatient"),
    ],
)
def test_a_rule_without_the_others_that_it_needs_is_refused(
    file: str, start: str, key: str
) -> None:
    lines = (DATA / f"{file}.yaml").read_text("utf-8").splitlines()
    first = next(n for n, line in enumerate(lines) if line.startswith(start))
    depth = len(start) - len(start.lstrip())
    last = first + 1
    while last < len(lines) and lines[last].startswith(" " * (depth + 1)):
        last += 1
    with pytest.raises(PlanInvalid, match=f"parameters.{key}: is missing"):
        read_plan("\n".join([*lines[:first], *lines[last:]]) + "\n", f"{file}.yaml")
