"""``crossclaim bench``: hands its words on to the bench, which reads them itself."""

from __future__ import annotations

import typer

PASSED_ON = {
    "allow_extra_args": True,
    "ignore_unknown_options": True,
    "help_option_names": [],
}


def soak(context: typer.Context) -> None:
    """Run thousands of mixed episodes while everything fails, and prove the books."""
    from crossclaim.soak.command import soak as run

    alone = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    alone.command("soak")(run)
    alone(args=context.args, prog_name="crossclaim soak")
