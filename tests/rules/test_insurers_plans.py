"""Insurers' plan files: what a file may say, what it must, and what would never apply."""

from __future__ import annotations

import pytest

from crossclaim.domain.submission import FunderKind
from crossclaim.plans.fault import PlanInvalid
from crossclaim.plans.loader import DATA, read_plan
from tests.rules import facts as given

SEED = ("special_drug", "cross_border_ambulance", "long_term_physiotherapy")


def faults_of(file: str, old: str, new: str) -> str:
    text = (DATA / file).read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(PlanInvalid) as caught:
        read_plan(text.replace(old, new, 1), file)
    return str(caught.value)


@pytest.mark.parametrize(
    "plan", [p for p in given.PLANS.plans if p.funder is FunderKind.INSURER], ids=lambda p: p.id
)
def test_every_insurers_plan_excludes_what_seed_003_says_is_not_covered(plan: given.Plan) -> None:
    for category in SEED:
        parameter = plan.parameters[f"exclusions.{category}"]
        assert plan.sources[parameter.source].title.startswith("星岛论坛")
        assert "未纳入理赔范围" in parameter.quote


VISITS, SCALE, NETWORK = "outpatient-visits-hk", "hospital-scale-hk", "gba-network-hk"
NAMED = "hku-szh, guangdong-clifford, zhuhai-peoples"


@pytest.mark.parametrize(
    ("plan", "old", "new", "said"),
    [
        (VISITS, "[coinsurance,", "[deductible, coinsurance,", "order has deductible"),
        (VISITS, "[coinsurance, annual_limit]", "[annual_limit]", "order lacks coinsurance"),
        (VISITS, "payout_date}", "noon}", "names the unknown noon"),
        (VISITS, "    fx_basis:", "    fx_bases:", "is missing beside fx_basis: service_date"),
        (VISITS, "y, values: {2024-01-01: 1}", "y, values: {2024-01-01: 1.5}", "'1.5'"),
        (VISITS, "per_visit: {unit: HKD/visit", "per_visit: {unit: CNY/visit", "is in CNY/visit"),
        (VISITS, "limit: {unit: HKD/year", "limit: {unit: HKD/lifetime", "is in HKD/lifetime"),
        (VISITS, "[outpatient, emergency]", "[outpatient, teleport]", "names the unknown teleport"),
        (VISITS, "0.20}", "0.20, 2025-01-01: null}", "leaves a gap from 2025-01-01 on"),
        (SCALE, "0.25}", "1.25}", "above 1"),
        (SCALE, "0.50}", "0.20}", "falls below the year before"),
        (SCALE, "    year_2:", "    year_5:", "is missing in the scale"),
        (SCALE, "    year_2:", "    year_two:", "names the unknown year_two"),
        (SCALE, "[pre_existing, annual_limit]", "[annual_limit]", "order lacks pre_existing"),
        (NETWORK, NAMED, "hku-szh, st-elsewhere", "names the unknown st-elsewhere"),
        (NETWORK, "annual_limit, lifetime_limit]", "annual_limit]", "order lacks lifetime_limit"),
        (NETWORK, "[consultation]", "[consultation, travel]", "names the unknown travel"),
        (NETWORK, "    outside_ratio:", "    outside_share:", "order has network"),
        (NETWORK, "copay: {unit: HKD/visit", "per_day: {unit: HKD/day", "stands beside per_day"),
    ],
)  # fmt: skip
def test_a_rule_that_never_applies_or_lacks_its_value_is_refused(
    plan: str, old: str, new: str, said: str
) -> None:
    assert said in faults_of(f"{plan}.yaml", old, new)
