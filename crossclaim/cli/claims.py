"""``crossclaim claims``: automatic decisions that were drawn, and what their review says of all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crossclaim.cli.episode import house_of
from crossclaim.cli.options import DATA_DIR, AsJson, DataDir

if TYPE_CHECKING:
    from crossclaim.domain.claim_sampling import Extrapolated
    from crossclaim.store.claim_samples import Samples

app = typer.Typer(no_args_is_help=True, help="Claims that are decided here.")


@app.callback()
def begin() -> None:
    """Claims that are decided here."""


@app.command("sample")
def sample(
    insurer: Annotated[str | None, typer.Option(help="Only this insurer's.")] = None,
    as_json: AsJson = False,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Show what reviews of drawn decisions say of all automatic ones, with intervals of 95 %."""
    from crossclaim.service.claim_reviews import samples_body

    found = _read(insurer, data_dir)
    if as_json:
        typer.echo(json.dumps(samples_body(found), indent=2))
        return
    if not found.estimates:
        typer.echo("The rules have decided no claim by themselves yet.")
    for one in found.estimates:
        _show(one)


def _read(insurer: str | None, data_dir: Path) -> Samples:
    from crossclaim.store.claim_samples import read_samples

    house = house_of(data_dir)
    try:
        with house.database.begin() as connection:
            return read_samples(connection, insurer)
    finally:
        house.database.close()


def _show(one: Extrapolated) -> None:
    typer.echo(
        f"{one.currency}: {one.decisions} automatic decisions, {one.drawn} drawn,"
        f" {one.reviewed} reviewed, {one.wrong} of them wrong."
    )
    if one.share_wrong is None:
        return
    typer.echo(
        f"  wrong among all: {one.decisions_wrong}"
        f" ({one.decisions_wrong_low} to {one.decisions_wrong_high}),"
        f" share {one.share_wrong} ({one.share_low} to {one.share_high})"
    )
    between = f" ({one.overpaid_low} to {one.overpaid_high})" if one.overpaid_low else ""
    typer.echo(f"  paid too much, less too little: {one.overpaid}{between}")
