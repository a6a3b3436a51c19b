"""``crossclaim webhooks``: an organisation's endpoints, what was delivered, and sending again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from crossclaim.cli.episode import house_of
from crossclaim.cli.options import DATA_DIR, AsJson, DataDir
from crossclaim.cli.said import say

app = typer.Typer(no_args_is_help=True, help="Webhooks: where events go, and what became of each.")

KeyFile = Annotated[Path, typer.Option("--key-file", help="Holds the organisation's API key.")]
Api = Annotated[str, typer.Option("--api", help="Where the API is.")]
EndpointId = Annotated[str, typer.Argument(metavar="ENDPOINT")]
LOCAL = "http://127.0.0.1:8080"
_PLACE = "/v1/webhook-endpoints"


@app.callback()
def begin() -> None:
    """Webhooks: where events go, and what became of each."""


@app.command("types")
def types(key_file: KeyFile, api: Api = LOCAL, as_json: AsJson = False) -> None:
    """List the types of events."""
    _tell(_asked("GET", "/v1/webhook-event-types", api, key_file), as_json)


@app.command("list")
def endpoints(
    key_file: KeyFile,
    status: Annotated[str | None, typer.Option(help="enabled or disabled.")] = None,
    api: Api = LOCAL,
    as_json: AsJson = False,
) -> None:
    """List your endpoints."""
    asked = {"limit": "200"} | ({"status": status} if status else {})
    _tell(_asked("GET", _PLACE, api, key_file, params=asked), as_json)


@app.command("add")
def add(
    url: str,
    key_file: KeyFile,
    only: Annotated[list[str] | None, typer.Option("--type", help="May be repeated.")] = None,
    description: Annotated[str | None, typer.Option()] = None,
    public_key: Annotated[
        bool, typer.Option("--public-key", help="Signed by a key of ours (v1a), no secret.")
    ] = False,
    api: Api = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Register an address; keep the secret, it is told once."""
    body: dict[str, Any] = {"url": url, "types": only or []}
    body |= {"signature": "v1a"} if public_key else {}
    if description:
        body["description"] = description
    _tell(_asked("POST", _PLACE, api, key_file, body=body), as_json)


@app.command("show")
def show(
    endpoint: EndpointId, key_file: KeyFile, api: Api = LOCAL, as_json: AsJson = False
) -> None:
    """Print one endpoint."""
    _tell(_asked("GET", f"{_PLACE}/{endpoint}", api, key_file), as_json)


@app.command("enable")
def enable(
    endpoint: EndpointId, key_file: KeyFile, api: Api = LOCAL, as_json: AsJson = False
) -> None:
    """Let a disabled endpoint go on with what waited."""
    _tell(_asked("PATCH", f"{_PLACE}/{endpoint}", api, key_file, body={"enabled": True}), as_json)


@app.command("disable")
def disable(
    endpoint: EndpointId, key_file: KeyFile, api: Api = LOCAL, as_json: AsJson = False
) -> None:
    """Let events wait."""
    _tell(_asked("PATCH", f"{_PLACE}/{endpoint}", api, key_file, body={"enabled": False}), as_json)


@app.command("end")
def end(endpoint: EndpointId, key_file: KeyFile, api: Api = LOCAL, as_json: AsJson = False) -> None:
    """End an endpoint for good."""
    _asked("DELETE", f"{_PLACE}/{endpoint}", api, key_file)
    say(as_json, {"id": endpoint, "ended": True}, f"{endpoint} has ended.")


@app.command("rotate")
def rotate(
    endpoint: EndpointId,
    key_file: KeyFile,
    overlap_hours: Annotated[int, typer.Option(min=0, max=168)] = 24,
    api: Api = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Get a new secret; the one before signs too for so many hours."""
    body = {"overlap_hours": overlap_hours}
    _tell(_asked("POST", f"{_PLACE}/{endpoint}/secret-rotations", api, key_file, body), as_json)


@app.command("ping")
def ping(
    endpoint: EndpointId, key_file: KeyFile, api: Api = LOCAL, as_json: AsJson = False
) -> None:
    """Send a test event."""
    _tell(_asked("POST", f"{_PLACE}/{endpoint}/pings", api, key_file), as_json)


@app.command("messages")
def messages(
    endpoint: EndpointId,
    key_file: KeyFile,
    status: Annotated[str | None, typer.Option(help="pending, delivered or given_up.")] = None,
    episode: Annotated[str | None, typer.Option()] = None,
    limit: Annotated[int, typer.Option(min=1, max=200)] = 50,
    api: Api = LOCAL,
    as_json: AsJson = False,
) -> None:
    """List events to an endpoint, newest first."""
    asked = {"limit": str(limit)}
    asked |= {k: v for k, v in (("status", status), ("episode", episode)) if v}
    place = f"{_PLACE}/{endpoint}/messages"
    _tell(_asked("GET", place, api, key_file, params=asked), as_json)


@app.command("message")
def message(
    endpoint: EndpointId,
    message_id: Annotated[str, typer.Argument(metavar="MESSAGE")],
    key_file: KeyFile,
    api: Api = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Print one event with every try and what was answered."""
    _tell(_asked("GET", f"{_PLACE}/{endpoint}/messages/{message_id}", api, key_file), as_json)


@app.command("replay")
def replay(
    endpoint: EndpointId,
    key_file: KeyFile,
    message_id: Annotated[str | None, typer.Option("--message", help="One event.")] = None,
    begins: Annotated[str | None, typer.Option("--from", help="With its zone.")] = None,
    ends: Annotated[str | None, typer.Option("--to", help="With its zone.")] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Of the time, also what was delivered.")
    ] = False,
    api: Api = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Send one event again, or those of a time that were given up."""
    place = f"{_PLACE}/{endpoint}"
    if message_id is not None:
        _tell(_asked("POST", f"{place}/messages/{message_id}/replays", api, key_file), as_json)
        return
    if begins is None or ends is None:
        raise typer.BadParameter("name --message, or both --from and --to")
    scope = "all" if everything else "given_up"
    body = {"from_at": begins, "to_at": ends, "scope": scope}
    _tell(_asked("POST", f"{place}/replays", api, key_file, body), as_json)


@app.command("stopped")
def stopped(as_json: AsJson = False, data_dir: DataDir = DATA_DIR) -> None:
    """For staff: every organisation's endpoints that no longer answer, and how much waits.

    The exit status is 1 while there is one.
    """
    from crossclaim.store.webhook_reads import stopped_endpoints

    house = house_of(data_dir)
    try:
        found = stopped_endpoints(house.database)
    finally:
        house.database.close()
    if as_json:
        typer.echo(json.dumps(found, indent=2))
    for one in [] if as_json else found:
        typer.echo(
            f"{one['id']}  {one['organisation']}  {one['reason']}  since {one['since']}"
            f"  {one['waiting']} events wait"
        )
    if found:
        raise typer.Exit(1)


def _asked(
    method: str,
    path: str,
    api: str,
    key_file: Path,
    body: dict[str, Any] | None = None,
    params: dict[str, str] | None = None,
) -> dict[str, Any]:
    """What the API answers; a refusal leaves with its sentences."""
    import httpx

    headers = {"Authorization": f"Bearer {_key(key_file)}"}
    try:
        answer = httpx.request(
            method, api + path, headers=headers, json=body, params=params, timeout=30
        )
        told: dict[str, Any] = answer.json() if answer.content else {}
    except (httpx.HTTPError, json.JSONDecodeError):
        typer.echo(f"The API at {api} does not answer; is it running?", err=True)
        raise typer.Exit(1) from None
    if answer.is_error:
        for error in told.get("errors") or [told]:
            typer.echo(f"{error.get('pointer', '')} {error.get('detail', '')}".strip(), err=True)
        raise typer.Exit(1)
    return told


def _key(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        typer.echo(f"{file.name} cannot be read; name a file with the API key.", err=True)
        raise typer.Exit(2) from None


def _tell(told: dict[str, Any], as_json: bool) -> None:
    """A line for each thing of a list, else one for each member."""
    if as_json:
        typer.echo(json.dumps(told, indent=2, ensure_ascii=False))
        return
    rows = next((value for value in told.values() if isinstance(value, list)), None)
    if rows is None or "id" in told:
        for name, value in told.items():
            typer.echo(f"{name}: {value if isinstance(value, str | int) else json.dumps(value)}")
        return
    for row in rows:
        typer.echo("  ".join(str(value) for value in row.values() if value not in (None, "", [])))
