"""Shows the failures as staff reads them, as pages and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from crossclaim.demo.failures.catalogue import Catalogue
from crossclaim.demo.failures.run import Result
from crossclaim.demo.failures.stage import Moment
from crossclaim.domain.reference import Names

_MEMBERS = {"en": "en", "zh-Hant": "zh_hant", "zh-Hans": "zh_hans"}
_HEADS = {
    "en": ("While it fails", "Afterwards"),
    "zh-Hant": ("故障期間", "其後"),
    "zh-Hans": ("故障期间", "其后"),
}


def spoken(names: Names, language: str) -> str:
    name: str = getattr(names, _MEMBERS[language])
    return name


def show(result: Result, catalogue: Catalogue, console: Console, language: str) -> None:
    """One failure: what happens, what staff reads meanwhile, how it ends, what is wrong."""
    failure, (meanwhile, after) = result.failure, _HEADS[language]
    console.print()
    console.rule(f"[bold]{spoken(catalogue.systems[failure.system], language)}: {failure.name}")
    console.print(f"{failure.happens}\n{failure.switched_on}. {result.subject}\n", highlight=False)
    told: set[str] = set()
    if result.failing is not None:
        console.print(f"[bold]{meanwhile}")
        console.print(_page(result.failing, told), highlight=False)
        console.print(f"{result.failing.waiting}\n", highlight=False)
        told = {line["text"] for line in result.failing.story}
    if result.ended is not None:
        console.print(f"[bold]{after}")
        console.print(_page(result.ended, told), highlight=False)
        console.print(f"{result.ended.waiting}\n", highlight=False)
    console.print(failure.ends, highlight=False)
    for difference in result.wrong:
        console.print(f"[bold red]{failure.name}: {difference}", highlight=False, soft_wrap=True)


def _page(moment: Moment, told: set[str]) -> Table:
    """What was not told before."""
    page = Table.grid(padding=(0, 2))
    for line in moment.story:
        if line["text"] not in told:
            page.add_row(Text(str(line["at"])[11:19], style="dim"), Text(line["text"]))
    return page


def body_of(results: Sequence[Result], catalogue: Catalogue, language: str) -> dict[str, Any]:
    """The same for scripts."""
    return {
        "language": language,
        "as_expected": not any(result.wrong for result in results),
        "failures": [_body(result, catalogue, language) for result in results],
    }


def _body(result: Result, catalogue: Catalogue, language: str) -> dict[str, Any]:
    failure = result.failure
    return {
        "name": failure.name,
        "system": spoken(catalogue.systems[failure.system], language),
        "happens": failure.happens,
        "switched_on": failure.switched_on,
        "ends": failure.ends,
        "subject": result.subject,
        "failing": _moment(result.failing),
        "ended": _moment(result.ended),
        "wrong": list(result.wrong),
    }


def _moment(moment: Moment | None) -> dict[str, Any] | None:
    if moment is None:
        return None
    told = [{"at": line["at"], "text": line["text"]} for line in moment.story]
    return {**moment.found.model_dump(), "waiting": moment.waiting, "story": told}
