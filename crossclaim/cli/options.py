"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

DataDir = Annotated[Path, typer.Option("--data-dir", help="Where the embedded stack keeps all.")]
PortBase = Annotated[
    int | None,
    typer.Option("--port-base", min=0, max=65000, help="First of a row of ports; 0: any free."),
]
AsJson = Annotated[bool, typer.Option("--json", help="As JSON, for scripts.")]

DATA_DIR = Path(".crossclaim")
