"""``crossclaim settlement items``: what others than banks say beside ours, and what people say."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from crossclaim.cli.bank import Limit, OnlyOpen, Reason, Status, Whose, list_rows
from crossclaim.cli.bank_output import format_of
from crossclaim.cli.connection import settings_for
from crossclaim.cli.options import DATA_DIR, AsJson, DataDir
from crossclaim.cli.said import say
from crossclaim.domain.errors import CrossclaimError

By = Annotated[str, typer.Option("--by", help="Who at the organisation says so.")]
Items = Annotated[list[int], typer.Option("--item", help="An item's id.")]


def items(
    day: Annotated[
        datetime | None, typer.Option("--day", formats=["%Y-%m-%d"], help="As 2025-10-14.")
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(help="remittance, bureau_total, bureau_detail or voucher."),
    ] = None,
    organisation: Whose = None,
    status: Status = None,
    only_open: OnlyOpen = False,
    limit: Limit = 50,
    language: Annotated[str, typer.Option("--lang", help="en, zh-Hant or zh-Hans.")] = "en",
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="As CSV, every row.")] = False,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """List items of other sources with their status, the reason and candidates.

    While one is open, no bank day of its date closes.
    """
    filters = {
        "source": source,
        "organisation": organisation,
        "status": status,
        "day": None if day is None else day.date(),
        "open": only_open,
    }
    list_rows("items", filters, limit, format_of(as_json, as_csv), language, data_dir)


def match(
    item: Items, reason: Reason, by: By, as_json: AsJson = False, data_dir: DataDir = DATA_DIR
) -> None:
    """Match items of theirs with items of ours; moves no money, and can be taken back."""
    _order("match_items", {"items": item, "reason": reason, "by": by}, as_json, data_dir)


def explain(
    item: Items, reason: Reason, by: By, as_json: AsJson = False, data_dir: DataDir = DATA_DIR
) -> None:
    """Say why items stay open, so that their day can close; can be taken back."""
    _order("explain_items", {"items": item, "reason": reason, "by": by}, as_json, data_dir)


def undo(
    match: Annotated[int, typer.Argument(help="The number of a match or an explanation.")],
    reason: Reason,
    by: By,
    as_json: AsJson = False,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Take a match or an explanation of items back: they are open again."""
    _order("undo_items", {"match": match, "reason": reason, "by": by}, as_json, data_dir)


def _order(kind: str, content: dict[str, Any], as_json: bool, data_dir: Path) -> None:
    """Kept and applied as one that comes over the API, in the name of the items' owner."""
    from ulid import ULID

    from crossclaim.domain.fault_shape import read_shape
    from crossclaim.domain.item_order import ITEM_SHAPES
    from crossclaim.store.match_orders import SqlMatchOrders
    from crossclaim.wiring import worker_house

    model, faults = read_shape(ITEM_SHAPES[kind], content)
    if model is None:
        raise CrossclaimError(f"{faults[0].pointer}: {faults[0].text.en}")
    house = worker_house(settings_for(data_dir))
    try:
        orders, order_id = SqlMatchOrders(house.database), f"ro_{ULID()}"
        named = {"item_match": content["match"]} if "match" in content else content
        owner = orders.owner_of(named)
        if owner is None:
            raise CrossclaimError("There is no such item or match.")
        kept = (order_id, owner, f"cli:{content['by']}", kind, model.model_dump_json())
        orders.add_order(*kept)
        outcome = orders.apply_order(order_id, datetime.now(UTC))
    finally:
        house.database.close()
    body = outcome["body"]
    if outcome["status"] != 201:
        raise CrossclaimError(" ".join(one["text"]["en"] for one in body["errors"]))
    days = [f"{change['bank']} {change['day']} {change['event']}" for change in body["days"]]
    say(as_json, body, f"{body['match']}: {body['status']}", *days)
