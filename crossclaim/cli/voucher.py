"""``crossclaim voucher``: what the Department of Health reimbursed, against our claims."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crossclaim.cli.connection import settings_for
from crossclaim.cli.options import DATA_DIR, AsJson, DataDir
from crossclaim.domain.errors import CrossclaimError

if TYPE_CHECKING:
    from crossclaim.domain.voucher_months import Month

app = typer.Typer(no_args_is_help=True, help="Vouchers: the Department of Health's months.")

_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


@app.callback()
def begin() -> None:
    """Vouchers: the Department of Health's months."""


@app.command("reconcile")
def reconcile(
    month: Annotated[str, typer.Option(help="The month of the claims, as 2025-10.")],
    hospital: Annotated[str | None, typer.Option(help="Only this hospital.")] = None,
    as_json: AsJson = False,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Compare a month's reimbursement with our claims, book what was paid, name every difference.

    A repeat books nothing twice. The exit status is 1 when a statement does not add up.
    """
    if not _MONTH.fullmatch(month):
        raise CrossclaimError("A month is written as 2025-10.")
    found = _reconciled(month, hospital, data_dir)
    if as_json:
        typer.echo(json.dumps([m.model_dump(mode="json") for m in found], indent=2))
    else:
        for one in found:
            _show(one)
        if not found:
            typer.echo(f"No hospital has a voucher claim of {month}.")
    if not all(one.adds_up for one in found):
        raise typer.Exit(1)


def _reconciled(month: str, hospital: str | None, data_dir: Path) -> list[Month]:
    from crossclaim.domain.voucher_months import MonthAsked
    from crossclaim.store.voucher_months import SqlVoucherMonths
    from crossclaim.wiring import worker_house

    house = worker_house(settings_for(data_dir))
    try:
        work = house.voucher_reimbursements()
        if work is None:
            raise CrossclaimError("No voucher system is configured.")
        claimed = SqlVoucherMonths(house.database).hospitals_with_claims(month)
        hospitals = [hospital] if hospital else claimed
        at = datetime.now(UTC)
        return [work.reconcile(MonthAsked(hospital=h, month=month, at=at)) for h in hospitals]
    finally:
        house.database.close()


def _show(month: Month) -> None:
    from crossclaim.cli.tables import console, table
    from crossclaim.domain.money import hk_cents
    from crossclaim.domain.voucher_months import Outcome

    name = f"{month.hospital}, {month.month}"
    if month.statement is None:
        typer.echo(f"{name}: the Department of Health has no statement yet.")
        return
    paid = month.of(Outcome.PAID)
    total = hk_cents(month.total_minor)
    typer.echo(f"{name}: statement {month.statement} over {total}; {len(paid)} claims as ours.")
    if not month.adds_up:
        typer.echo("The statement's total is not the sum of its lines; nothing was booked.")
    if not month.differences:
        return
    rows = table("claim", "difference", "ours", "theirs", "episode", numbers=("ours", "theirs"))
    for line in month.differences:
        rows.add_row(
            line.reference,
            line.outcome.value,
            "-" if line.claimed_minor is None else str(hk_cents(line.claimed_minor)),
            "-" if line.paid_minor is None else str(hk_cents(line.paid_minor)),
            line.episode_id or "-",
        )
    console().print(rows)
