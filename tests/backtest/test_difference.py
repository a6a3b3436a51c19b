"""Two versions of a plan differ by key and span of days, as an actuary reads them."""

from __future__ import annotations

from datetime import date

from crossclaim.plans.difference import difference
from crossclaim.plans.loader import DATA, read_plan
from tests.backtest.scene import INSURER_FILE, insurer_plan

VOUCHER_FILE = "voucher-ehcv-gba.yaml"
RUNNING = insurer_plan("{2019-04-01: 8000}")


def edited(file: str, old: str, new: str) -> str:
    text = (DATA / file).read_text(encoding="utf-8")
    assert old in text
    return text.replace(old, new, 1)


def test_a_value_that_differs_for_a_year_is_one_span_with_its_last_day_and_percentage() -> None:
    changed = insurer_plan("{2019-04-01: 8000, 2026-01-01: 10000, 2027-01-01: 8000}")
    found = difference(RUNNING, changed)
    assert found.texts == []
    (change,) = found.values
    assert (change.key, change.since, change.until) == (
        "deductible.per_year",
        date(2026, 1, 1),
        date(2026, 12, 31),
    )
    assert (change.before, change.after, change.by) == (
        "HKD/year 8000.00",
        "HKD/year 10000.00",
        "+25.0 %",
    )


def test_a_date_that_changes_nothing_is_no_difference() -> None:
    assert difference(RUNNING, insurer_plan("{2019-04-01: 8000, 2026-01-01: 8000}")).none
    assert difference(RUNNING, RUNNING).none


def test_neighbouring_spans_with_the_same_values_are_joined() -> None:
    one = insurer_plan("{2019-04-01: 9000}")
    two = insurer_plan("{2019-04-01: 9000, 2022-01-01: 9000}")
    assert len(difference(RUNNING, two).values) == 1
    assert difference(one, two).none


def test_another_first_day_is_a_span_in_which_one_side_has_none() -> None:
    text = edited(VOUCHER_FILE, "{2023-11-13: 500, ", "{2023-12-13: 500, ")
    before = read_plan((DATA / VOUCHER_FILE).read_text("utf-8"), VOUCHER_FILE)
    (change,) = difference(before, read_plan(text, VOUCHER_FILE)).values
    assert (change.since, change.until) == (date(2023, 11, 13), date(2023, 12, 12))
    assert (change.before, change.after, change.by) == ("HKD/year 500.00", None, "")


def test_codes_that_come_and_go_are_named() -> None:
    text = edited(VOUCHER_FILE, "[hkid, cert_exemption]", "[hkid, residence_permit]")
    before = read_plan((DATA / VOUCHER_FILE).read_text("utf-8"), VOUCHER_FILE)
    (change,) = difference(before, read_plan(text, VOUCHER_FILE)).values
    assert change.by == "+residence_permit -cert_exemption"


def test_unknown_and_closed_are_not_the_same() -> None:
    running = "values: {2023-11-13: 1000, 2027-01-01: null}"
    text = edited(VOUCHER_FILE, running, running.replace("null", "unknown"))
    before = read_plan((DATA / VOUCHER_FILE).read_text("utf-8"), VOUCHER_FILE)
    (change,) = difference(before, read_plan(text, VOUCHER_FILE)).values
    assert (change.before, change.after, change.since) == (None, "unknown", date(2027, 1, 1))


def test_words_sources_and_reviews_that_differ_stand_apart_from_values() -> None:
    text = edited(INSURER_FILE, "last_reviewed: 2026-03-31", "last_reviewed: 2026-09-30")
    text = text.replace("title: 星岛论坛, 2025-11-28", "title: 星岛论坛, 2025-11-29", 1)
    found = difference(RUNNING, read_plan(text, INSURER_FILE))
    assert found.values == []
    places = [change.place for change in found.texts]
    assert places[:2] == ["last_reviewed", "sources.forum"]
    assert (found.texts[0].before, found.texts[0].after) == ("2026-03-31", "2026-09-30")


def test_a_key_that_is_new_or_gone_is_a_difference_from_its_first_day_on() -> None:
    text = (DATA / INSURER_FILE).read_text(encoding="utf-8")
    line = next(one for one in text.splitlines(keepends=True) if "2019-04-01: 4300}" in one)
    without = read_plan(edited(INSURER_FILE, line, ""), INSURER_FILE)
    (gone,) = difference(RUNNING, without).values
    (new,) = difference(without, RUNNING).values
    assert (gone.key, gone.before, gone.after) == (
        "benefits.specialist.limit",
        "HKD/year 4300.00",
        None,
    )
    assert (new.before, new.after, new.until) == (None, "HKD/year 4300.00", None)
