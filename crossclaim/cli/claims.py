"""``crossclaim claims``: claims over all episodes."""

from __future__ import annotations

import typer

app = typer.Typer(no_args_is_help=True, help="Claims over all episodes.")


@app.callback()
def begin() -> None:
    """Claims over all episodes."""
