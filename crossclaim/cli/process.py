"""``crossclaim worker`` and ``crossclaim api``: one process, told all by settings."""

from __future__ import annotations

from typing import Annotated

import typer


def worker(
    make_current: Annotated[
        bool,
        typer.Option("--make-current", help="First make this build the one that new runs go to."),
    ] = False,
) -> None:
    """Run one worker until SIGTERM; running steps end first."""
    from workers.main import leave, main

    if make_current:
        from crossclaim.config import Settings
        from workers.deployment import set_current

        set_current(Settings())
    leave(main())


def api() -> None:
    """Run the API until SIGTERM; open requests are answered first."""
    from crossclaim.app import main

    raise typer.Exit(main())
