"""``crossclaim privacy``: what no rule of retention keeps any more, and how erasures stand."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import typer

from crossclaim.cli.episode import house_of
from crossclaim.cli.options import DATA_DIR, AsJson, DataDir

app = typer.Typer(no_args_is_help=True, help="Retention and erasure.")

_DUE = """
select d.scope, d.rule, d.due_on from retention_due d
where not exists (select 1 from erased_scope e where e.scope = d.scope) order by d.due_on, d.scope
"""
_ERASURES = """
select b.id, b.state, b.done_at, b.rewrapped,
       (select count(*) from erased_scope e where e.batch_id = b.id) as erased
from erasure_batch b order by b.begun_at
"""


@app.command("due")
def due(as_json: AsJson = False, data_dir: DataDir = DATA_DIR) -> None:
    """List records that no rule keeps any more; they go when two persons ask for it."""
    found = _read(_DUE, data_dir)
    if as_json:
        typer.echo(json.dumps(found, indent=2))
        return
    for one in found:
        typer.echo(f"{one['scope']}  since {one['due_on']}  {one['rule']}")
    typer.echo(f"{len(found)} records are kept by no rule any more.")


@app.command("erasures")
def erasures(as_json: AsJson = False, data_dir: DataDir = DATA_DIR) -> None:
    """List the daily batches: how many keys were destroyed, how many were wrapped anew."""
    found = _read(_ERASURES, data_dir)
    if as_json:
        typer.echo(json.dumps(found, indent=2))
        return
    for one in found:
        typer.echo(
            f"{one['id']}  {one['state']}  {one['erased']} erased, {one['rewrapped']} wrapped anew"
        )
    typer.echo(f"{len(found)} batches.")


def _read(statement: str, data_dir: Any) -> list[dict[str, Any]]:
    house = house_of(data_dir)
    try:
        with house.database.begin() as connection:
            rows = connection.execute(statement).mappings()
    finally:
        house.database.close()
    return [{name: _plain(value) for name, value in row.items()} for row in rows]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value
