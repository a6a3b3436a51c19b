"""What a running process reads its rules from."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import date

import pytest

from crossclaim.plans.fault import PlanInvalid
from crossclaim.plans.loader import DATA, load_plans, read_plan
from crossclaim.plans.shelf import LOOK_EVERY_S, PlanShelf

PLAN = "vhis-standard-hk"
TEXT = (DATA / f"{PLAN}.yaml").read_text(encoding="utf-8")
CHANGED = TEXT.replace("2019-04-01: 420000", "2019-04-01: 430000")


@dataclass
class Row:
    plan_id: str
    content: str | None


@dataclass
class Table:
    rows: list[Row] = field(default_factory=list)
    looked: int = 0

    def mark(self) -> int:
        self.looked += 1
        return len(self.rows)

    def newest(self) -> list[Row]:
        return list({row.plan_id: row for row in self.rows}.values())


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def limit(shelf: PlanShelf) -> str:
    plan = shelf.plans().find(PLAN)
    assert plan is not None
    return str(plan.parameters["annual_limit"].values[0].value)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def shelf_over(table: Table, clock: Clock) -> PlanShelf:
    return PlanShelf(load_plans(), table, demonstration=False, clock=clock)


def test_the_changed_file_is_plainly_another_one() -> None:
    assert CHANGED != TEXT


def test_an_activated_file_is_used_after_five_seconds_and_its_withdrawal_too(clock: Clock) -> None:
    table = Table()
    shelf = shelf_over(table, clock)
    assert limit(shelf) == "42000000"
    table.rows.append(Row(PLAN, CHANGED))
    assert limit(shelf) == "42000000", "nobody looks again so soon"
    clock.now += LOOK_EVERY_S
    assert limit(shelf) == "43000000"
    table.rows.append(Row(PLAN, None))
    clock.now += LOOK_EVERY_S
    assert limit(shelf) == "42000000"


def test_asking_often_looks_once_in_five_seconds(clock: Clock) -> None:
    table = Table()
    shelf = shelf_over(table, clock)
    for _ in range(50):
        shelf.plans()
    assert table.looked == 1


def test_a_file_that_cannot_be_used_leaves_the_running_version_and_says_why(
    clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    table = Table([Row(PLAN, CHANGED)])
    shelf = shelf_over(table, clock)
    assert limit(shelf) == "43000000"
    table.rows.append(Row(PLAN, CHANGED.replace("unit: HKD/year", "unit: pounds")))
    clock.now += LOOK_EVERY_S
    with caplog.at_level(logging.ERROR, "crossclaim.plans"):
        assert limit(shelf) == "43000000"
    assert "the running version stays" in caplog.text and f"{PLAN}.yaml" in caplog.text


def test_a_file_that_an_older_program_activated_stays_in_force_as_it_was_read(
    clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """It says nothing of counters that nobody stated: read so it would be refused, and the
    program's own file would take its place unasked."""
    said = [line for line in CHANGED.splitlines(keepends=True) if "forecast_none" in line]
    assert len(said) == 3
    old = CHANGED.replace("  unstated_use:\n" + "".join(said), "")
    with pytest.raises(PlanInvalid):
        read_plan(old, f"{PLAN}.yaml")
    shelf = shelf_over(Table([Row(PLAN, old)]), clock)
    assert limit(shelf) == "43000000" and caplog.text == ""
    plan = shelf.plans().find(PLAN)
    assert plan is not None and plan.on(date(2026, 3, 11)).code("unstated_use.deductible") == (
        "forecast_none"
    )


def test_other_plans_stay_as_they_are(clock: Clock) -> None:
    shelf = shelf_over(Table([Row(PLAN, CHANGED)]), clock)
    shipped = {p.id: p.version for p in load_plans().plans if p.id != PLAN}
    assert {p.id: p.version for p in shelf.plans().plans if p.id != PLAN} == shipped
