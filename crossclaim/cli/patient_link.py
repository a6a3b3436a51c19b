"""``crossclaim patient link``: a way to a patient's own pages, over the API."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from crossclaim.cli.options import AsJson
from crossclaim.domain.patient_bearer import Bearer

app = typer.Typer(no_args_is_help=True, help="Patients' own pages.")

KeyFile = Annotated[Path, typer.Option("--key-file", help="Holds the organisation's API key.")]
Api = Annotated[str, typer.Option("--api", help="Where the API is.")]
Whom = Annotated[Bearer, typer.Option("--for", help="Who comes in by it.")]
Qr = Annotated[Path | None, typer.Option("--qr", help="Also write it there as a picture (SVG).")]


@app.callback()
def begin() -> None:
    """Patients' own pages."""


@app.command("link")
def link(
    episode_id: Annotated[str, typer.Argument(metavar="EPISODE")],
    key_file: KeyFile,
    whom: Whom = Bearer.PATIENT,
    qr: Qr = None,
    api: Api = "http://127.0.0.1:8080",
    as_json: AsJson = False,
) -> None:
    """Make a link that opens a patient's own pages once; it ends the one before.

    Whoever opens it states the date of birth, or the last characters of the document's number.
    """
    told = _made(episode_id, key_file, whom, api)
    if qr is not None:
        qr.write_text(told["qr_svg"], encoding="utf-8")
    if as_json:
        typer.echo(json.dumps(told, indent=2, ensure_ascii=False))
        return
    typer.echo(told["url"])
    typer.echo(f"It opens the pages once, until {told['expires_at']}.")


def _made(episode_id: str, key_file: Path, whom: Bearer, api: str) -> dict[str, Any]:
    """What the API answers; a refusal leaves with its sentences."""
    import httpx

    try:
        key = key_file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        typer.echo(f"{key_file.name} cannot be read; name a file with the API key.", err=True)
        raise typer.Exit(2) from None
    headers, asked = {"Authorization": f"Bearer {key}"}, {"for": whom.value}
    try:
        place = f"{api}/v1/episodes/{episode_id}/patient-links"
        answer = httpx.post(place, headers=headers, params=asked, timeout=30)
        told: dict[str, Any] = answer.json() if answer.content else {}
    except (httpx.HTTPError, httpx.InvalidURL, json.JSONDecodeError):
        typer.echo(f"The API at {api} does not answer; is it running?", err=True)
        raise typer.Exit(1) from None
    if answer.is_error:
        for error in told.get("errors") or [told]:
            typer.echo(str(error.get("detail", "")), err=True)
        raise typer.Exit(1)
    return told
