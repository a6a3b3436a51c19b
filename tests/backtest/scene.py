"""Claims and changed plans that the back-test's tests share."""

from __future__ import annotations

from pathlib import Path

from crossclaim.backtest.run import Comparison
from crossclaim.domain.plan import Plan, PlanSet
from crossclaim.plans.loader import DATA, read_plan
from tests.rules import facts as given

INSURER_FILE = "vhis-standard-hk.yaml"
DEDUCTIBLE = "{2019-04-01: 8000}"


def insurer_text(deductible: str) -> str:
    """The insurer's file with other values of the deductible."""
    text = (DATA / INSURER_FILE).read_text(encoding="utf-8")
    assert DEDUCTIBLE in text
    return text.replace(DEDUCTIBLE, deductible, 1)


def insurer_plan(deductible: str) -> Plan:
    return read_plan(insurer_text(deductible), INSURER_FILE)


def changed_file(folder: Path, deductible: str = "{2019-04-01: 9000}") -> Path:
    path = folder / INSURER_FILE
    path.write_text(insurer_text(deductible), encoding="utf-8")
    return path


def under(*changed: Plan) -> Comparison:
    running: PlanSet = given.PLANS
    return Comparison(running, running.replacing(changed))
