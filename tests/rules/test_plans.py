"""Rule files are refused with file, line, key and what is allowed; good ones are dated values."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from crossclaim.domain.money import hk_cents
from crossclaim.domain.plan import Plan, RuleMissing, RuleUnknown, Unknown
from crossclaim.plans.fault import MOST, PlanInvalid
from crossclaim.plans.loader import DATA, load_plan, load_plans, read_plan
from tests.rules import facts as given

FILE = "vhis-standard-hk.yaml"
TEXT = (DATA / FILE).read_text(encoding="utf-8")
VOUCHER_TEXT = (DATA / "voucher-ehcv-gba.yaml").read_text(encoding="utf-8")

DEDUCTIBLE = "unit: HKD/year\n      values: {2019-04-01: 8000}"


def refused(text: str, file: str = FILE) -> PlanInvalid:
    with pytest.raises(PlanInvalid) as caught:
        read_plan(text, file)
    return caught.value


def changed(old: str, new: str, text: str = TEXT) -> str:
    assert old in text
    return text.replace(old, new, 1)


def line_of(text: str, part: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), 1) if part in line)


def test_every_delivered_file_loads_and_each_value_has_source_and_review_date() -> None:
    plans = load_plans()
    assert {p.id for p in plans.plans} == {path.stem for path in DATA.glob("*.yaml")}
    for plan in plans.plans:
        assert len(plan.version) == 16
        for parameter in plan.parameters.values():
            assert parameter.source in plan.sources
            assert parameter.last_reviewed >= date(2025, 1, 1)


def test_what_was_only_read_into_the_sources_is_marked_as_assumption() -> None:
    for plan in load_plans().plans:
        for parameter in plan.parameters.values():
            if parameter.source == "reading":
                assert parameter.assumption, parameter.key


@pytest.mark.parametrize(
    ("old", "new", "key", "allowed"),
    [
        ("fx_basis: quote", "fx_basis: noon", "fx_basis", "service_date"),
        ("fx_basis: quote\n", "", "fx_basis", ""),
        ("clock_basis: elapsed_hours\n", "", "clock_basis", ""),
        ("owner: Insurer's product owner", "owner:", "owner", ""),
        ("funder: insurer", "funder: insurrer", "funder", "insurer"),
        ("jurisdiction: HK", "jurisdiction: UK", "jurisdiction", "CN-GD"),
        ("note: >-", "nota: >-", "nota", "note"),
        ("{2019-04-01: 0.10}", "{2019-04-01: 1.10}", "coinsurance.ratio", "0 to 1"),
        ("{2019-04-01: 8000}", "{2019-04-01: 8000.001}", "deductible.per_year", "8000.00"),
        ("{2019-04-01: 8000}", "{2019-04-01: -1}", "deductible.per_year", "8000.00"),
        ("{2019-04-01: 8000}", "{}", "deductible.per_year.values", "2026-01-01"),
        ("{2019-04-01: 8000}", "{2019-13-01: 8000}", "deductible.per_year", "2026-01-01"),
        ("{2019-04-01: 8000}", "{2020-01-01: 8000, 2019-04-01: 9000}", "deductible", "earliest"),
        ("{2019-04-01: 8000}", "{2019-04-01: 8000, 2019-04-01: 9000}", "deductible", ""),
        ("{2019-04-01: 8000}", "{2019-04-01: null}", "deductible.per_year", "first"),
        (DEDUCTIBLE, DEDUCTIBLE.replace("HKD", "CNY"), "deductible.per_year", "HKD/year"),
        (DEDUCTIBLE, DEDUCTIBLE.replace("HKD/year", "dollars"), "unit", "HKD/year"),
        ("      source: product\n", "", "deductible.per_year.source", ""),
        ("source: product", "source: rumour", "deductible.per_year.source", "vhis"),
        ("[attending_doctor]", "[attending_docter]", "attending_doctor.categories", "surgeon"),
        ("[attending_doctor]", "[room]", "attending_doctor.categories", ""),
        ("[deductible, coinsurance,", "[deductible, discount,", "order", "coinsurance"),
        ("values: {2019-04-01: surgeon}", "values: {2019-04-01: theatre}", "share_of", "surgeon"),
        ("EXCLUDED_SPECIAL_DRUG", "EXCLUDED_EVERYTHING", "exclusions.special_drug", "EXCLUDED"),
        ("per_day: {unit: HKD/day", "per_dya: {unit: HKD/day", "per_dya", "benefits.*.per_day"),
        ("      days_limit:", "      days_limot:", "room.days_limit", ""),
        ("id: vhis-standard-hk", "id: vhis-standard", "id", "vhis-standard-hk"),
        ("id: vhis-standard-hk", "id: vhis-standard-hk\nexample: true", "example", ""),
        ("id: vhis-standard-hk", "id: &a vhis-standard-hk", "", ""),
        ("id: vhis-standard-hk", "id: [", "", ""),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_with_file_line_key_and_what_is_allowed(
    old: str, new: str, key: str, allowed: str
) -> None:
    faults = refused(changed(old, new)).faults
    hit = [f for f in faults if key in f.key and allowed in f.allowed]
    assert hit, [str(f) for f in faults]
    assert all(f.file == FILE and f.line >= 1 for f in faults)


def test_a_fault_names_the_line_on_which_it_stands() -> None:
    text = changed("{2019-04-01: 0.10}", "{2019-04-01: 1.10}")
    fault = refused(text).faults[0]
    assert fault.line == line_of(text, "1.10")
    assert str(fault).startswith(f"{FILE}:{fault.line}: parameters.coinsurance.ratio")


def test_all_faults_of_a_file_come_at_once() -> None:
    text = changed("fx_basis: quote", "fx_basis: noon")
    text = changed("{2019-04-01: 0.10}", "{2019-04-01: 7}", text)
    text = changed("{2019-04-01: 8000}", "{2019-04-01: eight}", text)
    assert len(refused(text).faults) == 3


def test_of_a_file_that_is_nothing_but_faults_the_first_are_told_and_that_there_are_more() -> None:
    faults = refused("".join(f"no_key_of_ours_{n}: 1\n" for n in range(5000))).faults
    assert len(faults) == MOST + 1
    assert f"the first {MOST}" in faults[-1].reason


def test_all_faults_of_all_files_come_at_once(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(changed("fx_basis: quote", "fx_basis: noon"), "utf-8")
    other = changed("[hkid, cert_exemption]", "[hkid, library_card]", VOUCHER_TEXT)
    (tmp_path / "voucher-ehcv-gba.yaml").write_text(other, "utf-8")
    with pytest.raises(PlanInvalid) as caught:
        load_plans(tmp_path)
    assert {f.file for f in caught.value.faults} == {FILE, "voucher-ehcv-gba.yaml"}
    (tmp_path / "latin.yaml").write_bytes(b"id: \xe9")
    with pytest.raises(PlanInvalid, match="not UTF-8"):
        load_plan(tmp_path / "latin.yaml")


def test_an_unknown_department_or_service_point_is_refused() -> None:
    text = changed("            - dermatology", "            - dermatologie", VOUCHER_TEXT)
    assert "names the unknown dermatologie" in str(refused(text, "voucher-ehcv-gba.yaml"))
    text = changed("    foshan-first:\n", "    foshan-furst:\n", VOUCHER_TEXT)
    assert "names the unknown foshan-furst" in str(refused(text, "voucher-ehcv-gba.yaml"))


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlanInvalid, match="holds no rule file"):
        load_plans(tmp_path)


def test_an_example_plan_is_allowed_in_a_demonstration_only() -> None:
    text = changed("id: vhis-standard-hk", "id: vhis-standard-hk\nexample: true")
    assert read_plan(text, FILE, demonstration=True).example


def test_the_version_follows_the_content_and_nothing_else() -> None:
    version = read_plan(TEXT, FILE).version
    assert read_plan("# a remark\n" + TEXT, FILE).version == version
    assert (
        read_plan(changed("{2019-04-01: 8000}", "{2019-04-01: 8000.00}"), FILE).version == version
    )
    assert read_plan(changed("{2019-04-01: 8000}", "{2019-04-01: 8001}"), FILE).version != version
    assert (
        read_plan(changed("last_reviewed: 2026-03-31", "last_reviewed: 2026-04-01"), FILE).version
        != version
    )


def reward() -> Plan:
    plan = given.PLANS.find(given.VOUCHER_PLAN)
    assert plan is not None
    return plan


def test_the_newest_value_not_after_the_day_holds_and_null_closes() -> None:
    plan = reward()
    assert plan.on(date(2023, 11, 12)).find("reward.amount") is None
    assert plan.on(date(2023, 11, 13)).amount("reward.amount") == hk_cents(50000)
    assert plan.on(date(2026, 12, 31)).amount("reward.amount") == hk_cents(50000)
    assert plan.on(date(2027, 1, 1)).find("reward.amount") is None
    with pytest.raises(RuleMissing):
        plan.on(date(2027, 1, 1)).amount("reward.amount")


def test_an_unknown_value_is_never_a_value() -> None:
    at = reward().on(date(2026, 1, 1))
    rule = at.find("service_points.huizhou-central.departments")
    assert rule is not None and rule.value is Unknown.UNKNOWN
    with pytest.raises(RuleUnknown):
        at.codes("service_points.huizhou-central.departments")


def test_jiangmen_designates_its_16_departments_with_chinese_names() -> None:
    plan = reward()
    codes = plan.on(date(2025, 8, 21)).codes("service_points.jiangmen-central.departments")
    assert len(codes) == 16
    names = (
        "内科 外科 妇科 骨科 眼科 耳鼻咽喉科 口腔科 急诊科 感染科 皮肤科 "
        "精神心理科 中医科 康复医学科 营养科 健康管理 护理专科"
    )
    assert [plan.terms[code].zh_hans for code in codes] == names.split()


def test_21_service_points_are_listed() -> None:
    assert len(reward().on(date(2026, 1, 1)).under("service_points")) == 21
