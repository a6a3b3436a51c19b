"""``crossclaim bank copy``: a processed file of a bank, opened for whoever says why."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crossclaim.cli.connection import settings_for
from crossclaim.cli.options import DATA_DIR, AsJson, DataDir
from crossclaim.cli.said import say


def copy(
    bank: Annotated[str, typer.Argument(help="A bank profile's id.")],
    name: Annotated[str, typer.Argument(help="As it lies in inbound/done or bad: NAME.sealed.")],
    to: Annotated[Path, typer.Option("--to", help="Where the opened file is written; it is new.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; the audit keeps that it was read.")],
    by: Annotated[str, typer.Option("--by", help="Who reads it.")],
    bad: Annotated[bool, typer.Option("--bad", help="It lies in inbound/bad.")] = False,
    as_json: AsJson = False,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Open a file that a bank sent, as it came; a mark stands for who was erased.

    It names persons in the clear: write it where nobody else reads, and remove it afterwards.
    """
    import os

    from crossclaim.store.bank_copies import note_opened
    from crossclaim.wiring import worker_house

    house = worker_house(settings_for(data_dir))
    try:
        pieces = house.bank_copies().read(bank, "bad" if bad else "done", name)
        note_opened(house.database, f"{bank}/{name}", by, reason)
        descriptor = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            for piece in pieces:
                file.write(piece)
    finally:
        house.database.close()
    size = to.stat().st_size
    say(as_json, {"file": str(to), "bytes": size}, f"{to}: {size} bytes")
