"""Rule files activated beside a running process: none is missed, none can stop the others."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import ExitStack

import psycopg
import pytest

from crossclaim.plans.loader import DATA, load_plans
from crossclaim.plans.shelf import LOOK_EVERY_S, PlanShelf
from crossclaim.stack import Stack
from crossclaim.store.plan_tables import SqlPlans
from crossclaim.store.session import Database
from tests.steps.rig import Rig

VOUCHER, SCALE, NETWORK = "voucher-ehcv-gba", "hospital-scale-hk", "gba-network-hk"
_INSERT = (
    "insert into plan_activation (plan_id, version, content, activated_by, reason)"
    " values (%s, 'next', %s, 'officer', 'test')"
)


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def pass_a_look(self) -> None:
        self.now += LOOK_EVERY_S


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def shelf(rig: Rig, clock: Clock) -> Iterator[PlanShelf]:
    plans = SqlPlans(rig.database)
    yield PlanShelf(load_plans(), plans, demonstration=False, clock=clock)
    for one in plans.newest():
        plans.activate(one.plan_id, "", None, "officer", "the test has ended")


def changed(plan: str) -> str:
    """The plan's file with another title."""
    text = (DATA / f"{plan}.yaml").read_text(encoding="utf-8")
    assert "\n  en: " in text
    return text.replace("\n  en: ", "\n  en: Another ", 1)


def version(shelf: PlanShelf, plan: str) -> str:
    found = shelf.plans().find(plan)
    assert found is not None
    return found.version


def test_an_activation_that_became_visible_late_is_still_noticed(
    stack: Stack, shelf: PlanShelf, clock: Clock
) -> None:
    url = stack.settings.database_worker_url.get_secret_value()
    shipped = version(shelf, VOUCHER)
    with psycopg.connect(url) as slow:
        slow.execute(_INSERT, (VOUCHER, changed(VOUCHER)))
        with psycopg.connect(url) as quick:
            quick.execute(_INSERT, (SCALE, None))
        clock.pass_a_look()
        assert version(shelf, VOUCHER) == shipped
    clock.pass_a_look()
    assert version(shelf, VOUCHER) != shipped


def without_the_benefits_own_line(plan: str) -> str:
    lines = (DATA / f"{plan}.yaml").read_text(encoding="utf-8").splitlines()
    lines.remove("    stay:")
    return "\n".join(lines)


@pytest.mark.parametrize(
    "broken",
    [without_the_benefits_own_line(SCALE), "- " * 2000 + "a", "\x01", "{[", ""],
    ids=["benefit", "nested", "control", "open", "empty"],
)
def test_a_file_that_breaks_the_reader_leaves_the_running_version(
    rig: Rig, shelf: PlanShelf, clock: Clock, caplog: pytest.LogCaptureFixture, broken: str
) -> None:
    plans, shipped = SqlPlans(rig.database), version(shelf, SCALE)
    plans.activate(SCALE, "next", changed(SCALE), "officer", "test")
    clock.pass_a_look()
    running, network = version(shelf, SCALE), version(shelf, NETWORK)
    assert running != shipped
    plans.activate(SCALE, "broken", broken, "officer", "test")
    plans.activate(NETWORK, "next", changed(NETWORK), "officer", "test")
    clock.pass_a_look()
    with caplog.at_level(logging.ERROR, "crossclaim.plans"):
        assert version(shelf, SCALE) == running
    assert version(shelf, NETWORK) != network, "every other plan goes on"
    assert f"the activated plan {SCALE} cannot be used" in caplog.text


class WatchedPlans(SqlPlans):
    """Tells when somebody has come to look."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.came = threading.Event()

    def mark(self) -> int:
        self.came.set()
        return super().mark()


def test_who_holds_the_last_connection_gets_plans_while_another_waits_for_one(
    stack: Stack, clock: Clock
) -> None:
    database = Database(stack.settings.database_worker_url.get_secret_value(), pool_size=1)
    activations = WatchedPlans(database)
    shelf = PlanShelf(load_plans(), activations, demonstration=False, clock=clock)
    known = shelf.plans()
    clock.pass_a_look()
    activations.came.clear()
    looked: list[object] = []
    other = threading.Thread(target=lambda: looked.append(shelf.plans()), daemon=True)
    with ExitStack() as held:
        for _ in range(2):  # the pool's one connection and the one that it may add
            held.enter_context(database.begin()).execute("select 1").all()
        other.start()
        assert activations.came.wait(30)
        assert shelf.plans() is known
        assert other.is_alive(), "the other one still waits for a connection"
    other.join(30)
    assert looked == [known]
    database.close()
