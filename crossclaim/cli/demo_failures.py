"""``crossclaim demo --failures``: what fails in real life, and how staff reads it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
import yaml

if TYPE_CHECKING:
    from rich.console import Console

    from crossclaim.config import Parties
    from crossclaim.demo.start import StartBar
    from crossclaim.stack import Stack
    from crossclaim.stack.signals import Asked

WIDTH = 110
SOON: dict[str, str] = {
    "CROSSCLAIM_BANK_SCAN_EVERY_S": "0.3",
    "CROSSCLAIM_WINDOW_TIMEOUT_S": "3",
}


def demo_failures(language: str, data_dir: Path, port_base: int | None, *, as_json: bool) -> None:
    """Plays all, prints every story, and leaves; ``DemoFailed`` when anything is otherwise."""
    from rich.console import Console

    from crossclaim import stack
    from crossclaim.demo.start import StartBar
    from crossclaim.seed import seed_demonstration

    # What a script reads stands alone on the standard output.
    console = Console(stderr=as_json)
    if not console.is_terminal:
        console = Console(stderr=as_json, width=WIDTH)
    with StartBar(console) as bar:
        play = _Play(console, bar, language, as_json=as_json)
        plan = stack.Plan(
            port_base=port_base,
            extra_env=SOON,
            progress=bar.said,
            seed=seed_demonstration,
            adjust_parties=impatient,
        )
        stack.up(data_dir, plan, ready=play.ready)
    if not play.ended:
        raise typer.Exit(130)


def impatient(parties: Parties) -> Parties:
    """Waits of minutes and days last seconds here; nothing else is otherwise."""
    bank = {"answer_within_s": 2, "inquire_every_s": 2, "max_execution_s": 7200}
    found: dict[str, Any] = {
        "timeout_s": 5.0,
        "banks": [b.model_copy(update=bank) for b in parties.banks],
        "insurers": [i.model_copy(update={"answer_within_s": 4.0}) for i in parties.insurers],
    }
    waits: dict[str, dict[str, float]] = {
        "ehealth": {"again_s": 0.5},
        "family_office": {"ask_every_s": 3.0, "settle_after_s": 2.0},
        "bureau": {"answer_within_s": 3.0},
        "huimin": {"answer_within_s": 1.0},
    }
    for name, update in waits.items():
        party = getattr(parties, name)
        found[name] = party and party.model_copy(update=update)
    return parties.model_copy(update=found)


class _Play:
    """What happens once the stack runs."""

    def __init__(self, console: Console, bar: StartBar, language: str, *, as_json: bool) -> None:
        self._console = console
        self._bar = bar
        self._language = language
        self._as_json = as_json
        self.ended = False

    def ready(self, running: Stack, asked: Asked) -> None:
        """Raises ``DemoFailed`` when anything is not as expected."""
        from crossclaim.demo.failure import DemoStopped
        from crossclaim.demo.failures.catalogue import read_catalogue
        from crossclaim.demo.failures.run import Place, play_all, raise_if_wrong
        from crossclaim.demo.failures.show import body_of, show
        from crossclaim.seed import EXAMPLES, KEYS_FILE

        self._bar.done()
        described = yaml.safe_load(running.settings.parties_file.read_text("utf-8"))
        place = Place(
            api=running.urls.api,
            keys=json.loads((running.home.root / KEYS_FILE).read_text(encoding="utf-8")),
            parties=running.urls.simulators,
            authority=Path(described["ca_file"]),
            examples=EXAMPLES,
            language=self._language,
        )
        catalogue = read_catalogue(EXAMPLES)
        try:
            results = play_all(catalogue, place, self._console, asked.event)
        except DemoStopped:
            return
        self.ended = True
        asked.event.set()
        if self._as_json:
            typer.echo(
                json.dumps(
                    body_of(results, catalogue, self._language), ensure_ascii=False, indent=2
                )
            )
        else:
            for result in results:
                show(result, catalogue, self._console, self._language)
        raise_if_wrong(results)
        self._console.print()
        self._console.rule()
        self._console.print(
            f"[bold green]{len(results)} failures played; all stories, codes and money are as"
            " expected."
        )
