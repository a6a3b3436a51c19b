"""``crossclaim bill``: versions of a bill, differences, what a cancellation would undo."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from crossclaim.cli.episode import Language, house_of
from crossclaim.cli.options import DATA_DIR, AsJson, DataDir
from crossclaim.security.roles import Principal, Role

app = typer.Typer(no_args_is_help=True, help="Bills: their versions, differences, cancellations.")

_READER = Principal(organisation="", role=Role.SUPPORT, key_id="command-line")
_WORDS = {Language.EN: "en", Language.ZH_HANT: "zh_hant", Language.ZH_HANS: "zh_hans"}

EpisodeId = Annotated[str, typer.Argument(metavar="EPISODE")]
Number = Annotated[str, typer.Argument(metavar="NUMBER", help="The bill's number.")]
Lang = Annotated[Language, typer.Option(help="Language of the sentences.")]


@app.callback()
def begin() -> None:
    """Bills: their versions, differences, cancellations."""


@app.command("versions")
def versions(
    episode_id: EpisodeId,
    number: Number,
    lang: Lang = Language.EN,
    as_json: AsJson = False,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Print how each version of a bill stands, and who has confirmed which part of it."""
    told = _told(data_dir, "versions_told", episode_id, number)
    _print(told, _versions(told, _WORDS[lang]), as_json=as_json)


@app.command("differences")
def differences(
    episode_id: EpisodeId,
    number: Number,
    older: Annotated[int, typer.Option("--from", min=1, help="The earlier version.")],
    newer: Annotated[int, typer.Option("--to", min=1, help="The later version.")],
    lang: Lang = Language.EN,
    as_json: AsJson = False,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Print the difference of two versions, line by line and funder by funder."""
    told = _told(data_dir, "difference_told", episode_id, number, older, newer)
    _print(told, _differences(told, _WORDS[lang]), as_json=as_json)


@app.command("cancellation")
def cancellation(
    episode_id: EpisodeId,
    number: Number,
    lang: Lang = Language.EN,
    as_json: AsJson = False,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Print what cancelling a bill's settlement would undo; nothing is changed."""
    told = _told(data_dir, "cancellation_told", episode_id, number)
    _print(told, _cancellation(told, _WORDS[lang]), as_json=as_json)


def _told(data_dir: Path, question: str, *about: object) -> dict[str, Any]:
    from crossclaim.service.bills import SqlBills

    house = house_of(data_dir)
    try:
        told: dict[str, Any] = getattr(SqlBills(house.database), question)(_READER, *about)
    finally:
        house.database.close()
    return told


def _print(told: dict[str, Any], lines: Iterator[str], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(told, indent=2, ensure_ascii=False, default=str))
        return
    for line in lines:
        typer.echo(line)


def _versions(told: dict[str, Any], words: str) -> Iterator[str]:
    for one in told["versions"]:
        kind = f" ({one['correction']} of {one['corrects']})" if one["correction"] else ""
        yield f"{told['number']} version {one['version']}  {one['status']}{kind}"
        yield f"  {one['text'][words]}"
        for part in one["funders"]:
            at = part["confirmed_at"] or ""
            who = part["organisation"] or part["funder"]
            yield f"  {who:<20}  {_money(part['amount']):>16}  {part['state']:<9}  {at[:19]}"


def _differences(told: dict[str, Any], words: str) -> Iterator[str]:
    before, after = _money(told["before"]), _money(told["after"])
    yield f"{told['number']}: version {told['from_version']} {before}"
    yield f"{told['number']}: version {told['to_version']} {after}  ({_money(told['change'])})"
    for line in told["lines"]:
        yield line["text"][words]
        yield from _funders(line["funders"])
    yield "="
    yield from _funders(told["funders"])


def _funders(funders: list[dict[str, Any]]) -> Iterator[str]:
    for part in funders:
        who = part["organisation"] or part["funder"]
        moved = f"{_money(part['before']):>16} > {_money(part['after']):>16}"
        yield f"  {who:<20}  {moved}  {' '.join(part['reasons'])}".rstrip()


def _cancellation(told: dict[str, Any], words: str) -> Iterator[str]:
    bill = told["bill"]
    yield f"{bill['number']} version {bill['version']}"
    for step in told["steps"]:
        yield f"  {'out' if step['out'] else '   '}  {step['text'][words]}"
    for fault in told["errors"]:
        yield f"  not now: {fault['text'][words]}"


def _money(amount: dict[str, str]) -> str:
    return f"{amount['currency']} {amount['amount']}"
