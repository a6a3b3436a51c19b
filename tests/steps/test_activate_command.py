"""``crossclaim plans activate`` on a running system refuses what coverages would stumble over."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from crossclaim.cli.application import app
from crossclaim.domain.errors import CrossclaimError
from crossclaim.plans.loader import DATA
from crossclaim.stack import Stack
from crossclaim.store.plan_tables import SqlPlans
from tests.steps.rig import Rig

ALONE = ["voucher-ehcv-gba", "family-account-guangdong", "huimin-dongguan"]
"""The only plan of its funder: coverages may leave it out."""


def renamed(plan: str, name: str, folder: Path) -> Path:
    """The plan's file under another id."""
    text = (DATA / f"{plan}.yaml").read_text(encoding="utf-8")
    file = folder / f"{name}.yaml"
    file.write_text(text.replace(f"id: {plan}", f"id: {name}", 1), encoding="utf-8")
    return file


def activate(stack: Stack, file: Path) -> CrossclaimError | None:
    words = ["plans", "activate", str(file), "--reason", "test", "--by", "officer"]
    result = CliRunner().invoke(app, [*words, "--data-dir", str(stack.home.root)])
    if result.exception is None:
        return None
    assert isinstance(result.exception, CrossclaimError), result.output
    return result.exception


@pytest.mark.parametrize("plan", ALONE)
def test_a_second_plan_of_a_funder_that_coverages_may_leave_unnamed_is_refused(
    rig: Rig, stack: Stack, tmp_path: Path, plan: str
) -> None:
    error = activate(stack, renamed(plan, "second", tmp_path))
    assert error is not None and f"{plan} is the only plan of" in error.detail
    assert SqlPlans(rig.database).history("second") == []


def test_a_plan_of_another_funder_does_not_take_a_known_plans_place(
    rig: Rig, stack: Stack, tmp_path: Path
) -> None:
    error = activate(stack, renamed("consent-withdrawal", "outpatient-visits-hk", tmp_path))
    assert error is not None
    assert "is a plan of insurer and cannot become one of patient" in error.detail
    assert SqlPlans(rig.database).history("outpatient-visits-hk") == []


def test_one_more_plan_of_a_funder_whose_plans_are_named_is_activated(
    rig: Rig, stack: Stack, tmp_path: Path
) -> None:
    assert activate(stack, renamed("gba-network-hk", "gba-network-two", tmp_path)) is None
    plans = SqlPlans(rig.database)
    assert [one.plan_id for one in plans.history("gba-network-two")] == ["gba-network-two"]
    plans.activate("gba-network-two", "", None, "officer", "the test has ended")
