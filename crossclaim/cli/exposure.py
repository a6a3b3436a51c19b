"""``crossclaim exposure``: what insurers have promised to hospitals and not paid yet."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from crossclaim.cli.connection import settings_for
from crossclaim.cli.options import DATA_DIR, AsJson, DataDir

_MOMENT = "%Y-%m-%dT%H:%M:%S"


def exposure(
    insurer: Annotated[str | None, typer.Option("--insurer", help="Of this insurer only.")] = None,
    hospital: Annotated[str | None, typer.Option("--hospital", help="To this one only.")] = None,
    at: Annotated[
        datetime | None, typer.Option("--at", formats=[_MOMENT], help="As it stood then, in UTC.")
    ] = None,
    as_json: AsJson = False,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Show what letters of guarantee promise and no payment has settled, by the ledger."""
    from crossclaim.store.exposures import SqlExposures
    from crossclaim.wiring import worker_house

    house = worker_house(settings_for(Path(data_dir)))
    try:
        moment = at.replace(tzinfo=UTC) if at is not None else None
        found = SqlExposures(house.database).exposures(
            insurer=insurer, hospital=hospital, at=moment
        )
    finally:
        house.database.close()
    if as_json:
        typer.echo(json.dumps([one.told() for one in found], indent=2))
        return
    for one in found:
        told = one.told()
        amounts = "  ".join(
            f"{name} {_text(told[name])}" for name in ("open", "used", "exposure", "owed_back")
        )
        typer.echo(f"{one.insurer}  {one.hospital}  {amounts}")


def _text(amount: object) -> str:
    assert isinstance(amount, dict), "amounts are told as on the wire"
    return f"{amount['currency']} {amount['amount']}"
