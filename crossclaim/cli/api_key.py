"""``crossclaim keys``: API keys of organisations."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from crossclaim.cli.client import Scope, checked_scopes
from crossclaim.cli.connection import settings_for
from crossclaim.cli.options import DATA_DIR, AsJson, DataDir
from crossclaim.cli.said import say
from crossclaim.cli.user import ends_after
from crossclaim.domain.errors import CrossclaimError
from crossclaim.security.roles import Role

app = typer.Typer(no_args_is_help=True, help="API keys of organisations.")


@app.callback()
def begin() -> None:
    """API keys of organisations."""


@app.command("new")
def new(
    organisation: Annotated[str, typer.Argument(help="Its id in the reference data.")],
    role: Annotated[Role, typer.Option(help="What the key is for.")],
    scope: Scope = None,
    days: Annotated[int | None, typer.Option(help="It ends after so many days.", min=1)] = None,
    person: Annotated[
        str | None, typer.Option(help="Whose it is alone: a second person is somebody else.")
    ] = None,
    as_json: AsJson = False,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Make a key and print it, this once; only its hash is kept."""
    from psycopg import IntegrityError

    from crossclaim.security.api_keys import new_key
    from crossclaim.store.keys import SqlApiKeys
    from crossclaim.wiring import worker_house

    settings = settings_for(data_dir)
    plaintext, record = new_key("demo" if settings.demonstration else "live")
    house = worker_house(settings)
    try:
        SqlApiKeys(house.database).add(
            organisation,
            role.value,
            record,
            scopes=checked_scopes(scope),
            person=person,
            expires_at=ends_after(days),
        )
    except IntegrityError:
        raise CrossclaimError(
            f"There is no organisation {organisation} (load it with `crossclaim reference load`),"
            " or no such person."
        ) from None
    finally:
        house.database.close()
    say(as_json, {"key": plaintext, "prefix": record.prefix}, plaintext)


@app.command("list")
def list_keys(as_json: AsJson = False, data_dir: DataDir = DATA_DIR) -> None:
    """Every key that is or was in force, by its prefix; no secrets."""
    from crossclaim.store.keys import SqlApiKeys
    from crossclaim.wiring import worker_house

    house = worker_house(settings_for(data_dir))
    try:
        found = SqlApiKeys(house.database).listed()
    finally:
        house.database.close()
    if as_json:
        typer.echo(json.dumps(found, indent=2, default=str))
        return
    for one in found:
        state = "revoked" if one["revoked_at"] else "in force"
        typer.echo(f"{one['prefix']}  {one['organisation']}  {one['role']}  {state}")


@app.command("revoke")
def revoke(
    prefix: Annotated[str, typer.Argument(help="The twelve signs before the secret.")],
    as_json: AsJson = False,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """End a key, within 5 seconds and for ever."""
    from crossclaim.store.keys import SqlApiKeys
    from crossclaim.wiring import worker_house

    house = worker_house(settings_for(data_dir))
    try:
        if not SqlApiKeys(house.database).revoke(prefix):
            raise CrossclaimError(f"There is no key {prefix} in force.")
    finally:
        house.database.close()
    say(as_json, {"prefix": prefix, "revoked": True}, f"{prefix} is revoked.")


def roles() -> None:
    """Print who may do what, as docs/roles.md has it."""
    from crossclaim.api.application import role_page

    typer.echo(role_page(), nl=False)
