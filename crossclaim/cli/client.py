"""``crossclaim client``: systems that get access tokens at the token endpoint."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crossclaim.cli.connection import settings_for
from crossclaim.cli.options import DATA_DIR, AsJson, DataDir
from crossclaim.cli.said import say
from crossclaim.domain.errors import CrossclaimError
from crossclaim.security.principal import Role

if TYPE_CHECKING:
    from crossclaim.store.oauth_clients import SqlOAuthClients

app = typer.Typer(no_args_is_help=True, help="Systems that get access tokens (OAuth 2.0).")

Scope = Annotated[
    list[str] | None, typer.Option(help="Narrows it to an operation, or to `read`; repeatable.")
]
KeyFile = Annotated[
    Path | None, typer.Option(help="Its public key: a JWK (JSON) or PEM file.", exists=True)
]


@app.callback()
def begin() -> None:
    """Systems that get access tokens (OAuth 2.0)."""


@app.command("create")
def create(
    organisation: Annotated[str, typer.Argument(help="Its id in the reference data.")],
    role: Annotated[Role, typer.Option(help="What the system does here.")],
    key: KeyFile = None,
    name: Annotated[str, typer.Option(help="What people call it.")] = "",
    scope: Scope = None,
    days: Annotated[int | None, typer.Option(help="It ends after so many days.", min=1)] = None,
    as_json: AsJson = False,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Register a system by its public key; without one a secret is made and printed, this once."""
    from psycopg import IntegrityError

    from crossclaim.cli.user import ends_after
    from crossclaim.security.api_keys import slow_hash

    jwk = None if key is None else public_jwk(key)
    client_id, secret = f"cl_{secrets.token_hex(12)}", secrets.token_urlsafe(32)
    with _clients(data_dir) as clients:
        try:
            clients.add(
                client_id,
                organisation,
                role.value,
                name=name,
                scopes=checked_scopes(scope),
                secret_argon2=slow_hash(secret) if jwk is None else None,
                expires_at=ends_after(days),
            )
        except IntegrityError:
            raise CrossclaimError(
                f"There is no organisation {organisation}; load it with"
                " `crossclaim reference load`."
            ) from None
        if jwk is not None:
            clients.add_key(client_id, jwk["kid"], jwk)
    told = {"client_id": client_id}
    told |= {"client_secret": secret} if jwk is None else {"kid": jwk["kid"]}
    _tell(told, as_json)


@app.command("list")
def list_clients(as_json: AsJson = False, data_dir: DataDir = DATA_DIR) -> None:
    """Every system that is or was registered; no secrets."""
    with _clients(data_dir) as clients:
        found = clients.listed()
    if as_json:
        typer.echo(json.dumps(found, indent=2, default=str))
        return
    for one in found:
        state = "revoked" if one["revoked_at"] else "in force"
        by = ", ".join(one["keys"]) or ("a secret" if one["has_secret"] else "nothing")
        typer.echo(f"{one['id']}  {one['organisation']}  {one['role']}  {state}  by {by}")


@app.command("rotate")
def rotate(
    client_id: Annotated[str, typer.Argument(metavar="ID")],
    key: KeyFile = None,
    end_others: Annotated[
        bool, typer.Option(help="End its keys of before: once its system uses the new one.")
    ] = False,
    as_json: AsJson = False,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Add a new key beside those of before, or replace the secret."""
    from psycopg import IntegrityError

    from crossclaim.security.api_keys import slow_hash

    with _clients(data_dir) as clients:
        if clients.find(client_id) is None:
            raise CrossclaimError(f"There is no client {client_id} in force.")
        told = {"client_id": client_id}
        if key is None:
            told["client_secret"] = secret = secrets.token_urlsafe(32)
            clients.set_secret(client_id, slow_hash(secret))
        else:
            jwk = public_jwk(key)
            told["kid"] = jwk["kid"]
            try:
                clients.add_key(client_id, jwk["kid"], jwk)
            except IntegrityError:
                if not end_others:
                    raise CrossclaimError("The client has this key already.") from None
            if end_others:
                clients.end_keys(client_id, but=jwk["kid"])
    _tell(told, as_json)


@app.command("revoke")
def revoke(
    client_id: Annotated[str, typer.Argument(metavar="ID")],
    as_json: AsJson = False,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """End a system and its tokens, within 5 seconds and for ever."""
    with _clients(data_dir) as clients:
        if not clients.revoke(client_id):
            raise CrossclaimError(f"There is no client {client_id} in force.")
    say(as_json, {"client_id": client_id, "revoked": True}, f"{client_id} is revoked.")


def public_jwk(file: Path) -> dict[str, Any]:
    """The public half of a key, with the digest of it as its name. A private key is refused."""
    from joserfc.jwk import ECKey, RSAKey

    key: ECKey | RSAKey | None = None
    text = file.read_text(encoding="utf-8")
    for kind in (ECKey, RSAKey):
        try:
            key = kind.import_key(json.loads(text) if text.lstrip().startswith("{") else text)
            break
        except Exception:  # noqa: BLE001 - the library tells another kind of key in many ways
            continue
    if key is None:
        raise CrossclaimError(
            f"{file.name} is no public key in JWK or PEM form (elliptic curve or RSA)."
        )
    if key.is_private:
        raise CrossclaimError(
            "This is a private key, which must not leave its system: send the public half, and"
            " make a new pair if this file was sent to anybody."
        )
    return {**key.as_dict(private=False), "kid": key.kid or key.thumbprint(), "use": "sig"}


def checked_scopes(scopes: list[str] | None) -> list[str] | None:
    """Raises for a word that is no operation."""
    from crossclaim.security.roles import READ, Operation

    unknown = set(scopes or []) - {READ, *(operation.value for operation in Operation)}
    if unknown:
        names = ", ".join(sorted(unknown))
        raise CrossclaimError(f"No operation is called {names}; `crossclaim roles` lists them.")
    return sorted(set(scopes)) if scopes else None


def _tell(told: dict[str, str], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(told, indent=2))
        return
    for name, value in told.items():
        typer.echo(f"{name}: {value}")


@contextmanager
def _clients(data_dir: Path) -> Iterator[SqlOAuthClients]:
    from crossclaim.store.oauth_clients import SqlOAuthClients
    from crossclaim.wiring import worker_house

    house = worker_house(settings_for(data_dir))
    try:
        yield SqlOAuthClients(house.database)
    finally:
        house.database.close()
