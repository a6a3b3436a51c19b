"""The bench reports every figure from a stack of its own; what an episode costs is pinned."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner

from crossclaim.bench.command import bench, plan_of
from crossclaim.bench.measure import percentile
from crossclaim.bench.plan import Kind
from crossclaim.bench.report import Report, show

WATCHED_PER_SECOND = 6
"""Most actions of the runs that watch, by the second, at the intervals of the bench."""
COST = {
    "outpatient": (40, 14_000, 11),
    "inpatient": (120, 88_000, 36),
    "basic": (56, 13_000, 14),
}
"""Kind → at most so many history events, history bytes and billable actions. A stay is usually
100, 77 000 and 29; each file of the bank that comes by itself adds a signal, a step and a timer."""
COLUMNS = (
    "episodes/s, median of blocks",
    "window answer p50, ms",
    "window answer p99, ms",
    "history events",
    "history bytes",
    "billable actions (server's count)",
    "billable actions (in the history)",
    "database transactions",
    "largest worker process, MiB",
    "processor ms an episode: all",
)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    app = typer.Typer()
    app.command()(bench)
    place = tmp_path_factory.mktemp("bench") / "home"
    words = ["--episodes=4", "--kind=all", "--json", f"--data-dir={place}"]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    assert not place.exists()
    return Report.model_validate_json(result.stdout)


def test_a_run_reports_every_kind_beside_its_bare_workflow(report: Report) -> None:
    assert [figures.kind for figures in report.figures] == list(COST)
    for figures in report.figures:
        assert figures.bare is not None and figures.ratio is not None
        for side in (figures.ours, figures.bare):
            assert side.episodes == 4
            assert side.episodes_per_second > 0
            assert 0 < side.answer_p50_ms <= side.answer_p99_ms
            assert side.worker_mib > 0


@pytest.mark.parametrize("kind", COST)
def test_an_episode_costs_no_more_events_bytes_and_actions_than_pinned(
    report: Report, kind: str
) -> None:
    ours = next(figures.ours for figures in report.figures if figures.kind == kind)
    events, size, actions = COST[kind]
    assert ours.history_events <= events
    assert ours.history_bytes <= size
    assert ours.actions_by_history <= actions


@pytest.mark.parametrize("kind", COST)
def test_the_servers_counter_finds_the_actions_that_stand_in_the_history(
    report: Report, kind: str
) -> None:
    """It may find a few more: those of the runs that watch inboxes and sweep, by the second."""
    ours = next(figures.ours for figures in report.figures if figures.kind == kind)
    seconds_each = 1 / ours.episodes_per_second
    assert ours.actions_by_history <= ours.actions
    assert ours.actions <= ours.actions_by_history + max(6, WATCHED_PER_SECOND * seconds_each)


@pytest.mark.parametrize("kind", COST)
def test_the_bare_workflow_makes_the_round_trips_of_an_episode(report: Report, kind: str) -> None:
    figures = next(figures for figures in report.figures if figures.kind == kind)
    ours, bare = figures.ours.actions_of, figures.bare.actions_of if figures.bare else {}
    for name in ("start", "update", "activity"):
        assert bare.get(name, 0) == ours.get(name, 0), name
    # The bank's word comes in one file or in several.
    assert bare.get("signal", 0) <= ours.get("signal", 0)


def test_the_printed_tables_hold_every_figure_and_the_surroundings(report: Report) -> None:
    printed = io.StringIO()
    show(report, Console(file=printed, width=160))
    for column in COLUMNS:
        assert printed.getvalue().count(column) == len(COST), column
    for word in ("cores", "transferProcessorMaxPollRPS=300", "of bare"):
        assert word in printed.getvalue()


def test_a_rate_gives_the_patient_a_second_with_the_doctor_and_a_block_no_less_than_ten() -> None:
    plan = plan_of(60, "both", 8, 5.0, "1,2,4", 0.5, 10, None, True)
    assert plan.treatment_s == 1.0
    assert plan.workers == (1, 2, 4)
    assert plan.kinds == (Kind.OUTPATIENT, Kind.INPATIENT)
    assert sum(plan.blocks()) == 60 and min(plan.blocks()) >= 10


@pytest.mark.parametrize(("kind", "workers"), [("dental", "1"), ("both", "some"), ("both", "0")])
def test_an_option_that_cannot_be_used_is_refused_before_anything_starts(
    kind: str, workers: str, tmp_path: Path
) -> None:
    with pytest.raises(typer.BadParameter):
        plan_of(4, kind, 8, None, workers, 0.0, None, None, True)


def test_percentiles_are_values_that_were_measured() -> None:
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert percentile(range(1, 101), 0.99) == 99
    assert percentile([], 0.5) == 0.0
