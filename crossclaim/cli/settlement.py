"""``crossclaim settlement``: what funders settled with hospitals, and its remittance advices."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crossclaim.cli.connection import settings_for
from crossclaim.cli.options import DATA_DIR, AsJson, DataDir
from crossclaim.domain.errors import CrossclaimError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crossclaim.domain.reference import Reference
    from crossclaim.domain.settlement import Settlement

app = typer.Typer(no_args_is_help=True, help="What funders settled with hospitals, by day.")

_DAY = "%Y-%m-%d"
_LANGUAGES = ("en", "zh-Hant", "zh-Hans")


@app.callback()
def begin() -> None:
    """What funders settled with hospitals, by day."""


@app.command("show")
def show(
    day: Annotated[datetime, typer.Option("--day", formats=[_DAY], help="As 2025-10-14.")],
    hospital: Annotated[str | None, typer.Option(help="Only this hospital.")] = None,
    funder: Annotated[
        str | None,
        typer.Option(help="An insurer's id, basic_insurance, voucher or pay_later."),
    ] = None,
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="The advice as CSV.")] = False,
    as_fhir: Annotated[bool, typer.Option("--fhir", help="As PaymentReconciliation.")] = False,
    as_pdf: Annotated[bool, typer.Option("--pdf", help="A PDF file for each.")] = False,
    folder: Annotated[Path, typer.Option(help="Where PDF files are written.")] = Path(),
    language: Annotated[str, typer.Option("--lang", help="en, zh-Hant or zh-Hans.")] = "en",
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Show each funder's day with each hospital: every episode, claw-backs and the net."""
    from crossclaim.service.settlement_forms import csv_of, fhir_of, json_of

    if language not in _LANGUAGES:
        raise CrossclaimError("--lang is en, zh-Hant or zh-Hans.")
    if as_json + as_csv + as_fhir + as_pdf > 1:
        raise CrossclaimError("Choose one of --json, --csv, --fhir and --pdf.")
    found, reference = _found(day, hospital, funder, data_dir)
    if as_json:
        told = [json_of(one, language) for one in found]
        typer.echo(json.dumps(told, indent=2, ensure_ascii=False))
    elif as_fhir:
        typer.echo(json.dumps([fhir_of(one, reference) for one in found], indent=2))
    elif as_csv:
        for one in found:
            typer.echo(csv_of(one, language), nl=False)
    elif as_pdf:
        _write(found, reference, folder, language)
    else:
        _table(found)


def _found(
    day: datetime, hospital: str | None, funder: str | None, data_dir: Path
) -> tuple[list[Settlement], Reference]:
    from crossclaim.store.settlement_reads import SqlSettlements
    from crossclaim.wiring import worker_house

    house = worker_house(settings_for(data_dir))
    try:
        reads = SqlSettlements(house.database)
        if hospital is not None and funder is not None:
            one = reads.read(hospital, funder, day.date())
            return ([] if one is None else [one]), house.reference
        found = reads.listed(day.date(), hospital)
        return [one for one in found if funder in (None, one.funder)], house.reference
    finally:
        house.database.close()


def _write(found: Sequence[Settlement], reference: Reference, folder: Path, language: str) -> None:
    from crossclaim.service.settlement_forms import number_of, pdf_of

    for one in found:
        file = folder / f"{number_of(one)}-{language}.pdf"
        file.write_bytes(pdf_of(one, reference, language))
        typer.echo(str(file))


def _table(found: Sequence[Settlement]) -> None:
    from crossclaim.cli.tables import console, table
    from crossclaim.service.settlement_forms import json_of

    moved = ("payments", "claw_backs", "returns", "given_back")
    figures = (*moved, "carried_in", "payable", "carried_out")
    shown = table("number", "lines", *figures, numbers=figures)
    for one in found:
        told = json_of(one, "en")
        sums = [f"{told[name]['amount']} {one.currency}" for name in figures]
        shown.add_row(told["number"], str(len(one.lines)), *sums)
    console().print(shown)
