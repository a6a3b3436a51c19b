"""``crossclaim keys``: API keys of organisations."""

from __future__ import annotations

from typing import Annotated

import typer

from crossclaim.cli.connection import settings_for
from crossclaim.cli.options import DATA_DIR, DataDir
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
        SqlApiKeys(house.database).add(organisation, role.value, record)
    except IntegrityError:
        raise CrossclaimError(
            f"There is no organisation {organisation}; load it with `crossclaim reference load`."
        ) from None
    finally:
        house.database.close()
    typer.echo(plaintext)
