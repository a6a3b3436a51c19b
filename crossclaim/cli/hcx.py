"""``crossclaim hcx``: participants of an HCX-style exchange, and keys with their dates."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from crossclaim.cli.connection import settings_for
from crossclaim.cli.options import DATA_DIR, AsJson, DataDir
from crossclaim.cli.said import say
from crossclaim.domain.errors import CrossclaimError

if TYPE_CHECKING:
    from crossclaim.gateways.hcx_keys import KeyBook
    from crossclaim.wiring import House

app = typer.Typer(no_args_is_help=True, help="Participants and keys of an HCX-style exchange.")
SOON = timedelta(days=30)


@app.callback()
def begin() -> None:
    """Participants and keys of an HCX-style exchange."""


@app.command("participants")
def participants(data_dir: DataDir = DATA_DIR, as_json: AsJson = False) -> None:
    """List who takes part: ourselves and the others."""
    house, book = _opened(data_dir)
    rows = [
        {"code": one.code, "organisation": one.organisation, "role": "own", "address": ""}
        for one in book.own.values()
    ]
    rows += [
        {
            "code": one.code,
            "organisation": one.organisation,
            "role": one.role,
            "address": one.base_url,
        }
        for one in book.others.values()
    ]
    house.database.close()
    _tell(rows, as_json=as_json)


@app.command("keys")
def keys(
    new: Annotated[
        str, typer.Option("--new", help="Make keys for this participant of ours, beside the old.")
    ] = "",
    days: Annotated[int, typer.Option(min=1, help="How long new keys are good.")] = 365,
    data_dir: DataDir = DATA_DIR,
    as_json: AsJson = False,
) -> None:
    """List every key, the next to end first; --new begins a rotation with overlap."""
    house, book = _opened(data_dir)
    if new:
        _add(house, book, new, days)
    now = datetime.now(UTC)
    rows = [
        {
            "participant": key.participant,
            "use": key.use,
            "kid": key.kid,
            "starts": key.starts.isoformat(),
            "ends": key.ends.isoformat(),
            "state": _state(key.starts, key.ends, now),
        }
        for key in book.dates()
    ]
    house.database.close()
    _tell(rows, as_json=as_json)


@app.command("downtime")
def downtime(
    starts: Annotated[datetime, typer.Option("--from", help="When we stop answering, in UTC.")],
    ends: Annotated[datetime, typer.Option("--until", help="When we answer again, in UTC.")],
    as_json: AsJson = False,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Tell everybody who subscribed to it that we shall not answer for a time; once."""
    import json

    from crossclaim.domain.hcx_topics import Topic
    from crossclaim.store.hcx_notices import SqlHcxNotices

    begin, end = starts.replace(tzinfo=UTC), ends.replace(tzinfo=UTC)
    if end <= begin:
        raise CrossclaimError("--until has to be later than --from")
    house, book = _opened(data_dir)
    told = {"starts_at": begin.isoformat(), "ends_at": end.isoformat()}
    added = SqlHcxNotices(house.database, house.keyring).announce(
        list(book.own), Topic.DOWNTIME.value, begin.isoformat(), json.dumps(told), datetime.now(UTC)
    )
    house.database.close()
    say(as_json, {"told": added}, f"{added} participants will be told.")


def _state(starts: datetime, ends: datetime, now: datetime) -> str:
    if now < starts:
        return "not yet"
    if now >= ends:
        return "ended"
    return "ends soon" if ends - now < SOON else "in force"


def _opened(data_dir: DataDir) -> tuple[House, KeyBook]:
    from crossclaim.wiring import worker_house

    house = worker_house(settings_for(data_dir))
    book = house.hcx_book
    if book is None:
        raise CrossclaimError("parties.yaml names no exchange; see docs/settings.md, hcx")
    return house, book


def _add(house: House, book: KeyBook, code: str, days: int) -> None:
    from crossclaim.gateways.hcx_keys import add_keys
    from crossclaim.security.keyring import SYSTEM

    known = house.parties.hcx
    if known is None or code not in book.own:
        raise CrossclaimError(
            f"{code} is no participant of ours; see `crossclaim hcx participants`"
        )
    now = datetime.now(UTC)
    add_keys(
        known.keys_dir,
        code,
        now,
        now + timedelta(days=days),
        lambda secret, field: house.keyring.encrypt(SYSTEM, secret, field),
    )


def _tell(rows: list[dict[str, str]], *, as_json: bool) -> None:
    import json

    from crossclaim.cli.tables import console, table

    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    shown = table(*(rows[0] if rows else ()))
    for row in rows:
        shown.add_row(*row.values())
    console().print(shown)
