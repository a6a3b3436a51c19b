"""``crossclaim bench``: hands its words on to the bench, which reads them itself."""

from __future__ import annotations

import typer

PASSED_ON = {
    "allow_extra_args": True,
    "ignore_unknown_options": True,
    "help_option_names": [],
}


def bench(context: typer.Context) -> None:
    """Measure what episodes cost, beside a bare workflow."""
    from crossclaim.bench.command import bench as measure

    alone = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    alone.command("bench")(measure)
    alone(args=context.args, prog_name="crossclaim bench")
