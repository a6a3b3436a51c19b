"""``crossclaim reconcile``: settlements of some days compared with the bureau's, and shown."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crossclaim.cli.connection import settings_for
from crossclaim.cli.options import DATA_DIR, AsJson, DataDir
from crossclaim.domain.errors import CrossclaimError

if TYPE_CHECKING:
    from activities.reconciliations import ComparedTotal

WORDS = {
    "NOT_WITH_BUREAU": "the bureau has no such settlement",
    "NOT_WITH_HOSPITAL": "we have no such settlement",
    "AMOUNT_DIFFERS": "the amounts differ",
}
_DAY = "%Y-%m-%d"
Day = Annotated[datetime | None, typer.Option(formats=[_DAY], help="First day; by default today.")]
To = Annotated[
    datetime | None, typer.Option(formats=[_DAY], help="Last day; by default the first.")
]


def reconcile(
    hospital: Annotated[str, typer.Option(help="Id of a designated hospital.")],
    day: Day = None,
    to: To = None,
    as_json: AsJson = False,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Compare a hospital's settlements with the healthcare security bureau's (3201, 3202).

    Every difference about an episode becomes an exception of it. Exit status 1 when sums differ.
    """
    begins = day.date() if day else datetime.now().astimezone().date()
    found = _compared(hospital, begins, to.date() if to else begins, data_dir)
    if as_json:
        typer.echo(json.dumps([_plain(one) for one in found], indent=2, ensure_ascii=False))
    else:
        for one in found:
            _show(one)
    if not all(one.equal for one in found):
        raise typer.Exit(1)


def _compared(hospital: str, begins: date, ends: date, data_dir: Any) -> list[ComparedTotal]:
    from activities.orders import Comparison
    from activities.reconciliations import ReconciliationSteps
    from activities.world import World
    from crossclaim.store.transaction import SqlRecords
    from crossclaim.wiring import worker_house

    house = worker_house(settings_for(data_dir))
    try:
        world = World(
            records=SqlRecords(house.database, house.keyring),
            plan_shelf=house.plan_shelf.plans,
            reference=house.reference,
            bureau=house.bureau(),
        )
        if world.bureau is None:
            raise CrossclaimError("No bureau is configured; see docs/settings.md.")
        order = Comparison(hospital=hospital, begins=begins, ends=ends, at=datetime.now(UTC))
        return ReconciliationSteps(world).compare(hospital, order)
    finally:
        house.database.close()


def _plain(one: ComparedTotal) -> dict[str, Any]:
    held = one.held
    return {
        "insurance": held.insurance.value,
        "stays": held.stay,
        "area": held.area_code,
        "begins": held.begins.isoformat(),
        "ends": held.ends.isoformat(),
        "settlements": held.count,
        "fee": held.fee.decimal_text(),
        "fund": held.fund.decimal_text(),
        "account": held.account.decimal_text(),
        "equal": one.equal,
        "differences": [d.model_dump(mode="json") for d in one.differences],
    }


def _show(one: ComparedTotal) -> None:
    held = one.held
    verdict = "equal" if one.equal else "UNEQUAL"
    kind = "stays" if held.stay else "visits"
    typer.echo(
        f"{held.insurance.value:<9} {kind:<6} {held.area_code}  {held.begins} to {held.ends}"
        f"  {held.count} settlement(s), fund {held.fund.decimal_text()},"
        f" accounts {held.account.decimal_text()}: {verdict}"
    )
    for difference in one.differences:
        typer.echo(f"  {difference.settlement}: {WORDS[difference.kind]}")
