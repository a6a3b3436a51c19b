"""A plan as a person reads it on a day: values with units, sources, what is assumed or unknown."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from crossclaim.domain.plan import DatedValue, Plan, Unit, Unknown, Value
from crossclaim.domain.plan_reading import (
    between_days,
    between_plans,
    named,
    read_on,
    readable,
    readable_on,
)
from crossclaim.domain.plan_words import GROUPS, JURISDICTIONS, SWITCH, UNITS, UNKNOWN
from crossclaim.plans.loader import load_plans

PLANS = load_plans(demonstration=True)
DAY = date(2026, 11, 22)


def plan(name: str) -> Plan:
    found = PLANS.find(name)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("unit", "value", "en", "hant"),
    [
        (Unit.HKD_PER_YEAR, 42_000_000, "HKD 420,000.00 a year", "每年 HKD 420,000.00"),
        (Unit.CNY, 5, "CNY 0.05", "CNY 0.05"),
        (Unit.RATIO, Decimal("0.855"), "85.5 %", "85.5 %"),
        (Unit.RATIO, Decimal("1"), "100 %", "100 %"),
        (Unit.DAYS, 30, "30 day(s)", "30 日"),
        (Unit.SWITCH, True, "yes", "是"),
        (Unit.CODES, (), "–", "–"),
        (Unit.HKD, Unknown.UNKNOWN, "not stated: a person decides", "未有說明：由人手決定"),
    ],
)
def test_a_value_is_read_with_its_unit_in_words(
    unit: Unit, value: Value, en: str, hant: str
) -> None:
    found = readable(plan("vhis-standard-hk"), unit, value)
    assert (found.en, found.zh_hant) == (en, hant)


def test_codes_are_read_by_the_files_own_terms() -> None:
    voucher = plan("voucher-ehcv-gba")
    found = readable(voucher, Unit.CODE, "jiangmen-central")
    assert found.zh_hant == "江門市中心醫院"
    assert "Jiangmen Central Hospital" in named(voucher, "service_points.jiangmen-central.open").en


@pytest.mark.parametrize("one", PLANS.plans, ids=lambda one: one.id)
def test_every_rule_in_force_is_read_once_with_its_source_and_review(one: Plan) -> None:
    shown = {rule.key: rule for group in read_on(one, DAY) for rule in group.rules}
    held = {key: rule for key, rule in one.on(DAY).rules.items() if rule.value is not None}
    assert set(shown) == set(held)
    for key, rule in shown.items():
        parameter = one.parameters[key]
        assert (rule.assumption, rule.since) == (parameter.assumption, held[key].since)
        assert rule.source and rule.last_reviewed == parameter.last_reviewed
        assert rule.unknown is (held[key].value is Unknown.UNKNOWN)
        assert rule.value.en and rule.value.zh_hant and rule.value.zh_hans


def moved(one: Plan, key: str, on: date, value: Value) -> Plan:
    parameter = one.parameters[key]
    values = (*parameter.values, DatedValue(since=on, value=value))
    changed = parameter.model_copy(update={"values": values})
    return one.model_copy(update={"parameters": {**one.parameters, key: changed}})


def test_two_days_and_two_files_differ_by_exactly_what_was_changed() -> None:
    old = plan("vhis-standard-hk")
    key = next(k for k, p in old.parameters.items() if p.unit is Unit.HKD_PER_YEAR)
    new = moved(old, key, date(2027, 1, 1), 1)
    (change,) = between_days(new, date(2026, 12, 31), date(2027, 1, 1))
    assert (change.key, change.after and change.after.en) == (key, "HKD 0.01 a year")
    assert between_plans(old, new, date(2026, 12, 31)) == []
    (same,) = between_plans(old, new, date(2027, 1, 1))
    assert same.before == readable_on(old, key, date(2027, 1, 1)) == change.before
    rule = next(r for g in read_on(new, DAY) for r in g.rules if r.key == key)
    assert rule.next_from == date(2027, 1, 1)


WITHOUT_WORDS = (Unit.RATIO, Unit.CODE, Unit.SWITCH, Unit.COUNT, Unit.CODES)
"""A figure or a word by itself."""


def test_every_unit_has_words_and_every_word_three_languages() -> None:
    for unit in Unit:
        if unit.currency is None and unit not in WITHOUT_WORDS:
            assert unit.value in UNITS
        elif unit.currency and "/" in unit.value:
            assert f"/{unit.value.partition('/')[2]}" in UNITS
    assert {one.jurisdiction for one in PLANS.plans} <= set(JURISDICTIONS)
    for words in (*GROUPS.values(), *SWITCH.values(), *JURISDICTIONS.values(), UNKNOWN):
        assert words[0].isascii() and not words[1].isascii() and not words[2].isascii()
