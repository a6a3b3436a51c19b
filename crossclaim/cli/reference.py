"""``crossclaim reference``: hospitals, insurers, texts, rates and policies of an installation."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crossclaim.cli.connection import settings_for
from crossclaim.cli.options import DATA_DIR, AsJson, DataDir
from crossclaim.cli.said import say
from crossclaim.domain.errors import CrossclaimError

app = typer.Typer(no_args_is_help=True, help="Reference data of this installation.")


@app.callback()
def begin() -> None:
    """Reference data of this installation."""


@app.command("load")
def load(
    file: Annotated[Path, typer.Argument(help="YAML like examples/reference.yaml.")],
    as_json: AsJson = False,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Load hospitals, insurers, consent texts, rates and policies; replaces those before."""
    from crossclaim.seed import read_reference
    from crossclaim.store.reference_tables import save_reference
    from crossclaim.wiring import worker_house

    reference = read_reference(file)
    settings = settings_for(data_dir)
    if reference.example and not settings.demonstration:
        raise CrossclaimError(
            f"{file.name} is flagged as an example; set CROSSCLAIM_DEMONSTRATION=true to use it."
        )
    house = worker_house(settings)
    save_reference(house.database, house.keyring, reference)
    house.database.close()
    counts = {"hospitals": len(reference.hospitals), "insurers": len(reference.insurers)}
    say(
        as_json,
        counts,
        f"Loaded {len(reference.hospitals)} hospitals and {len(reference.insurers)} insurers."
        " Restart API and workers to use them.",
    )
