"""``crossclaim claims requests``: what insurers still want to see of undecided claims."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated

import typer

from crossclaim.cli.episode import house_of
from crossclaim.cli.options import DATA_DIR, AsJson, DataDir


def requests(
    status: Annotated[
        str | None, typer.Option(help="open, answered, withdrawn or ended; by default all.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    as_json: AsJson = False,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """List information requests, the newest first: who is asked, until when, what is left."""
    from crossclaim.domain.stay import REGION_ZONE
    from crossclaim.service.information import requests_listed

    house = house_of(data_dir)
    try:
        found = requests_listed(house.database, None, status, limit, None)
    finally:
        house.database.close()
    if as_json:
        typer.echo(json.dumps(found["information_requests"], indent=2, ensure_ascii=False))
        return
    for one in found["information_requests"]:
        due = datetime.fromisoformat(one["due_at"]).astimezone(REGION_ZONE)
        late = "  OVERDUE" if one["overdue_at"] and one["status"] == "open" else ""
        typer.echo(
            f"{one['request']}  {one['status']:<9}  {due:%Y-%m-%d %H:%M}  {one['asked_of']:<8}"
            f"  {one['left']} of {one['documents']} left  {one['insurer']}  {one['episode_id']}"
            f"{late}"
        )
