"""``crossclaim plans backtest``: claims of the past under the running and under changed plans."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crossclaim.cli.options import AsJson
from crossclaim.domain.errors import CrossclaimError

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

    from crossclaim.backtest.run import Comparison
    from crossclaim.domain.backtest_tally import Sums, Tally

BAR_CELLS = 20
Changed = Annotated[
    list[Path], typer.Argument(metavar="CHANGED...", help="Changed rule files, or their folders.")
]
ClaimsFile = Annotated[
    Path | None, typer.Option("--claims", help="Facts of bills: .jsonl, or .csv or .xlsx by line.")
]
Synthetic = Annotated[int | None, typer.Option(min=1, help="So many invented claims instead.")]
Seed = Annotated[int, typer.Option(help="Of the invented claims.")]
CsvFile = Annotated[
    Path | None, typer.Option("--csv", help="Write payer, hospital, month and amounts there.")
]
SavedClaims = Annotated[
    Path | None, typer.Option("--save-claims", help="Write the invented claims there, as .jsonl.")
]
Processes = Annotated[int, typer.Option(min=1, max=64, help="That decide side by side.")]


def backtest(
    changed: Changed,
    claims: ClaimsFile = None,
    synthetic: Synthetic = None,
    seed: Seed = 1,
    csv: CsvFile = None,
    save_claims: SavedClaims = None,
    processes: Processes = 2,
    as_json: AsJson = False,
) -> None:
    """Decide claims under the running and the changed plans; print who gains and who loses."""
    from crossclaim.backtest import report, run
    from crossclaim.cli.plan import faults_told
    from crossclaim.plans.loader import load_plans
    from crossclaim.plans.named import changed_plans

    if (claims is None) == (synthetic is None):
        raise CrossclaimError("Name the claims by either --claims FILE or --synthetic N.")
    if save_claims is not None and synthetic is None:
        raise CrossclaimError("Only invented claims are saved; give --synthetic N.")
    with faults_told():
        running = load_plans(demonstration=True)
        comparison = run.Comparison(running, running.replacing(changed_plans(changed, running)))
    if csv is not None:
        report.check_writable(csv)
    if synthetic is not None and save_claims is not None:
        _save(synthetic, seed, save_claims)
    portions = run.from_file(claims) if claims else run.invented(synthetic or 0, seed)
    with _progress(synthetic) as advance:
        tally = run.backtest(portions, comparison, processes=processes, progress=advance)
    if csv is not None:
        report.write_csv(tally, csv)
    if as_json:
        typer.echo(json.dumps(report.as_json(tally, comparison), indent=2, ensure_ascii=False))
    else:
        _print(tally, comparison)


def _save(count: int, seed: int, path: Path) -> None:
    from crossclaim.backtest.claims import json_line
    from crossclaim.backtest.synthetic import synthetic_claim

    try:
        with path.open("w", encoding="utf-8") as file:
            for number in range(count):
                file.write(json_line(synthetic_claim(seed, number)) + "\n")
    except OSError as error:
        raise CrossclaimError(f"{path} cannot be written: {error.strerror}.") from None


@contextmanager
def _progress(total: int | None) -> Iterator[Callable[[int], None]]:
    """On a terminal only, and on stderr, so that the figures can be piped."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (TextColumn("claims"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as shown:
        task = shown.add_task("claims", total=total)
        yield lambda more: shown.advance(task, more)


def _print(tally: Tally, comparison: Comparison) -> None:
    from crossclaim.backtest.report import by
    from crossclaim.cli.tables import console

    out = console()
    for plan in comparison.changed.plans:
        was = comparison.running.find(plan.id)
        if was is not None and was.version != plan.version:
            out.print(f"{plan.id}: version {was.version} → {plan.version}")
    moved = f"{tally.moved:,} of {tally.claims:,} claims come out otherwise"
    refused = f"refused {tally.refused_running:,} → {tally.refused_changed:,}"
    out.print(f"{moved}; {refused}. Amounts in CNY.\n")
    out.print(_sums("By payer", "payer", by(tally, "payer")))
    for dimension in ("hospital", "month"):
        sums = by(tally, dimension, patients_only=True)
        out.print(_sums(f"What patients pay, by {dimension}", dimension, sums))
    if tally.most_moved:
        out.print(_most_moved(tally))


def _sums(title: str, dimension: str, sums: dict[str, Sums]) -> RenderableType:
    from crossclaim.cli.tables import table

    numbers = ("claims", "running", "changed", "difference", "pays less", "pays more", "refused")
    shown = table(dimension, *numbers[:4], "", *numbers[4:], title=title, numbers=numbers)
    widest = max((abs(one.difference_fen) for one in sums.values()), default=0)
    for name, one in sums.items():
        shown.add_row(
            name,
            f"{one.claims:,}",
            _cny(one.running_fen),
            _cny(one.changed_fen),
            _cny(one.difference_fen, sign=True),
            bar(one.difference_fen, widest),
            f"{one.pays_less:,}",
            f"{one.pays_more:,}",
            f"{one.refused_running:,} → {one.refused_changed:,}",
        )
    return shown


def _most_moved(tally: Tally) -> RenderableType:
    from crossclaim.cli.tables import table

    numbers = ("running", "changed", "difference")
    shown = table(
        "hospital", "bill", "month", *numbers, title="Patients who move most", numbers=numbers
    )
    for one in tally.most_moved:
        amounts = _cny(one.running_fen), _cny(one.changed_fen), _cny(one.by_fen, sign=True)
        shown.add_row(one.hospital, one.bill, one.month, *amounts)
    return shown


def bar(amount: int, widest: int) -> Text:
    """Left of the middle pays less, right of it more; the longest bar is the widest amount."""
    from rich.text import Text

    half = BAR_CELLS // 2
    cells = 0 if not widest else -(-abs(amount) * half // widest)
    blocks = "█" * cells
    if amount < 0:
        return Text(f"{blocks:>{half}}│{'':{half}}", style="green")
    return Text(f"{'':{half}}│{blocks:<{half}}", style="red" if amount else "")


def _cny(amount_fen: int, *, sign: bool = False) -> str:
    whole, hundredths = divmod(abs(amount_fen), 100)
    mark = "-" if amount_fen < 0 else "+" if sign and amount_fen else ""
    return f"{mark}{whole:,}.{hundredths:02d}"
