"""``crossclaim demo``: the embedded stack, the example episodes on it, and every figure checked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from crossclaim.cli.episode import Language
from crossclaim.cli.options import DATA_DIR, AsJson, DataDir, PortBase
from crossclaim.cli.up import addresses

if TYPE_CHECKING:
    from rich.console import Console

    from crossclaim.config import Parties
    from crossclaim.demo.start import StartBar
    from crossclaim.stack import Stack
    from crossclaim.stack.signals import Asked

WIDTH_MIN = 110
CREDIT_ASKED_AFTER_S = 2.0


def demo(
    once: Annotated[bool, typer.Option("--once", help="Leave after the last episode.")] = False,
    every: Annotated[
        bool, typer.Option("--all", help="Run the episodes of every funding system.")
    ] = False,
    failures: Annotated[
        bool, typer.Option("--failures", help="Play what fails in real life, and leave.")
    ] = False,
    lang: Annotated[
        Language, typer.Option(help="Language of the failures' stories.")
    ] = Language.EN,
    as_json: AsJson = False,
    data_dir: DataDir = DATA_DIR,
    port_base: PortBase = None,
) -> None:
    """Run the example episodes on real engines and check every figure."""
    if failures:
        from crossclaim.cli.demo_failures import demo_failures

        demo_failures(lang.value, data_dir, port_base, as_json=as_json)
        return
    if as_json:
        raise typer.BadParameter("--json is about --failures; add it.")
    from crossclaim import stack
    from crossclaim.demo.start import StartBar
    from crossclaim.seed import seed_demonstration

    console = _console()
    with StartBar(console) as bar:
        demonstration = _Demonstration(console, bar, once=once, every=every)
        plan = stack.Plan(
            port_base=port_base,
            progress=bar.said,
            seed=seed_demonstration,
            adjust_parties=_asked_soon,
        )
        stack.up(data_dir, plan, ready=demonstration.ready)
    if not demonstration.ended:
        raise typer.Exit(130)


def _asked_soon(parties: Parties) -> Parties:
    """The bank behind pay after care decides within a second here, and is asked soon after."""
    huimin = parties.huimin
    if huimin is None:
        return parties
    soon = huimin.model_copy(update={"answer_within_s": CREDIT_ASKED_AFTER_S})
    return parties.model_copy(update={"huimin": soon})


def _console() -> Console:
    """As wide as the terminal; wide enough for the tables where there is none."""
    from rich.console import Console

    console = Console()
    return console if console.is_terminal else Console(width=WIDTH_MIN)


class _Demonstration:
    """What happens once the stack runs."""

    def __init__(self, console: Console, bar: StartBar, *, once: bool, every: bool) -> None:
        self._console = console
        self._bar = bar
        self._once = once
        self._every = every
        self.ended = False

    def ready(self, running: Stack, asked: Asked) -> None:
        """Raises ``DemoFailed`` when anything is not as expected."""
        from crossclaim.demo.demonstration import demonstrate
        from crossclaim.demo.failure import DemoStopped
        from crossclaim.demo.scenarios import ALL_RUNS
        from crossclaim.demo.script import RUNS
        from crossclaim.seed import EXAMPLES, KEYS_FILE

        self._bar.done()
        keys = json.loads((running.home.root / KEYS_FILE).read_text(encoding="utf-8"))
        try:
            runs = ALL_RUNS if self._every else RUNS
            demonstrate(runs, running.urls.api, keys, EXAMPLES, self._console, asked.event)
        except DemoStopped:
            return
        self.ended = True
        for line in addresses(running):
            self._console.print(line, highlight=False, soft_wrap=True)
        if self._once:
            asked.event.set()
            return
        self._console.print("Ctrl-C stops it; `crossclaim up` goes on with the same data.")
