"""``crossclaim user``: people who sign in at the identity provider, their roles and licences."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crossclaim.cli.connection import settings_for
from crossclaim.cli.options import DATA_DIR, AsJson, DataDir
from crossclaim.cli.said import say
from crossclaim.domain.errors import CrossclaimError
from crossclaim.security.principal import Role

if TYPE_CHECKING:
    from crossclaim.store.people import SqlPeople

app = typer.Typer(no_args_is_help=True, help="People who sign in.")

Who = Annotated[str, typer.Argument(metavar="ID", help="The person's id (pn_…).")]
Roles = Annotated[list[Role], typer.Option("--role", help="One of his roles; repeatable.")]


@app.callback()
def begin() -> None:
    """People who sign in."""


@app.command("add")
def add(
    organisation: Annotated[str, typer.Argument(help="Its id in the reference data.")],
    subject: Annotated[str, typer.Option(help="Who he is at the provider (the claim `sub`).")],
    name: Annotated[str, typer.Option(help="What colleagues call him.")],
    role: Roles,
    issuer: Annotated[str, typer.Option(help="The provider; the configured one if not said.")] = "",
    as_json: AsJson = False,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Let somebody sign in; prints his id here."""
    from psycopg import IntegrityError

    settings = settings_for(data_dir)
    known = (issuer or settings.oidc_issuer).rstrip("/")
    if not known:
        raise CrossclaimError("Name the provider with --issuer, or set CROSSCLAIM_OIDC_ISSUER.")
    with _people(data_dir) as people:
        try:
            person = people.add(organisation, known, subject, name, [r.value for r in role])
        except IntegrityError:
            raise CrossclaimError(
                f"There is no organisation {organisation}, or this person is known already."
            ) from None
    typer.echo(json.dumps({"person": person}) if as_json else person)


@app.command("list")
def list_people(as_json: AsJson = False, data_dir: DataDir = DATA_DIR) -> None:
    """Everybody who may or might sign in."""
    with _people(data_dir) as people:
        found = people.listed()
    if as_json:
        typer.echo(json.dumps([one.model_dump(mode="json") for one in found], indent=2))
        return
    for one in found:
        state = "disabled" if one.disabled_at else "in force"
        typer.echo(f"{one.id}  {one.organisation}  {', '.join(one.roles)}  {state}  {one.name}")


@app.command("roles")
def roles(person: Who, role: Roles, as_json: AsJson = False, data_dir: DataDir = DATA_DIR) -> None:
    """Give these roles and no others."""
    with _people(data_dir) as people:
        _known(people, person)
        people.set_roles(person, [r.value for r in role])
    given = sorted({r.value for r in role})
    say(as_json, {"person": person, "roles": given}, f"{person}: {', '.join(given)}")


@app.command("disable")
def disable(person: Who, as_json: AsJson = False, data_dir: DataDir = DATA_DIR) -> None:
    """Let somebody in no more, and out of every session within 5 seconds."""
    with _people(data_dir) as people:
        _known(people, person)
        people.disable(person)
    say(as_json, {"person": person, "disabled": True}, f"{person} is disabled.")


@app.command("sessions")
def sessions(
    person: Who,
    end: Annotated[bool, typer.Option("--end", help="End them all.")] = False,
    as_json: AsJson = False,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Print a person's open sessions, or end them."""
    with _people(data_dir) as people:
        _known(people, person)
        if end:
            ended = people.end_sessions(person)
            typer.echo(json.dumps({"ended": ended}) if as_json else f"Ended: {ended}")
            return
        found = people.sessions(person)
    if as_json:
        typer.echo(json.dumps(found, indent=2, default=str))
        return
    for one in found:
        seen = f"{one['last_seen_at']:%Y-%m-%d %H:%M}"
        typer.echo(f"{one['session']}  {one['role']}  last seen {seen}")


@app.command("licence")
def licence(
    person: Who,
    number: Annotated[str, typer.Option(help="Of the mainland licence; kept sealed.")] = "",
    valid_from: Annotated[str, typer.Option(help="YYYY-MM-DD.")] = "",
    valid_to: Annotated[str, typer.Option(help="YYYY-MM-DD, its last day; open if not said.")] = "",
    end: Annotated[bool, typer.Option("--end", help="End every licence on file.")] = False,
    as_json: AsJson = False,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Put a mainland insurance licence on file, or end those that are."""
    with _people(data_dir) as people:
        _known(people, person)
        if end:
            people.end_licences(person)
            told = {"person": person, "on_file": False}
            say(as_json, told, f"{person}: no licence on file.")
            return
        if not number or not valid_from:
            raise CrossclaimError("Give --number and --valid-from, or --end.")
        last = _day(valid_to) if valid_to else None
        people.add_licence(person, number, _day(valid_from), last)
    say(as_json, {"person": person, "on_file": True}, f"{person}: on file.")


def ends_after(days: int | None) -> datetime | None:
    return None if days is None else datetime.now(UTC) + timedelta(days=days)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CrossclaimError(f"{text} is no day; write it as 2026-04-02.") from None


def _known(people: SqlPeople, person: str) -> None:
    if people.by_id(person) is None:
        raise CrossclaimError(f"There is no person {person}.")


@contextmanager
def _people(data_dir: Path) -> Iterator[SqlPeople]:
    from crossclaim.store.people import SqlPeople
    from crossclaim.wiring import worker_house

    house = worker_house(settings_for(data_dir))
    try:
        yield SqlPeople(house.database, house.keyring)
    finally:
        house.database.close()
