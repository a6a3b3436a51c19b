"""``crossclaim manifest``: what goes with papers that leave, and whether it holds. No database."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Annotated

import typer

from crossclaim.cli.connection import settings_for
from crossclaim.cli.options import DATA_DIR, AsJson, DataDir
from crossclaim.cli.said import say
from crossclaim.domain.errors import CrossclaimError

app = typer.Typer(no_args_is_help=True, help="Signed manifests of papers that leave.")


@app.callback()
def begin() -> None:
    """Signed manifests of papers that leave."""


@app.command("key")
def key(as_json: AsJson = False, data_dir: DataDir = DATA_DIR) -> None:
    """Print the public key that manifests are verified with; give it to the other side once."""
    from crossclaim.security.keys import EpochKeystore
    from crossclaim.security.manifest import ManifestKey

    keystore = EpochKeystore(settings_for(data_dir).keystore_dir)
    pem = ManifestKey(keystore).public_pem()
    say(as_json, {"public_key": pem}, pem.rstrip("\n"))


@app.command("verify")
def verify(
    file: Annotated[Path, typer.Argument(help="The signed manifest.", exists=True, dir_okay=False)],
    key: Annotated[Path, typer.Option(help="The sender's public key.", exists=True)],
    folder: Annotated[
        Path | None, typer.Option(help="Papers that came with it.", exists=True, file_okay=False)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Verify a manifest and, with --folder, that the papers are those that it lists."""
    from crossclaim.security.manifest import read_public, verified

    manifest = verified(file.read_bytes(), read_public(key.read_bytes()))
    faults = [] if folder is None else _faults(folder, file, {p.sha256 for p in manifest.papers})
    if as_json:
        told = {"manifest": manifest.model_dump(mode="json"), "faults": faults}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        typer.echo(f"{manifest.package}: {manifest.issuer} to {manifest.recipient}")
        typer.echo(f"made {manifest.made_at.isoformat()}, {len(manifest.papers)} papers")
        typer.echo(f"transfer basis: {manifest.transfer_basis or 'none stated'}")
        typer.echo(f"licence: {manifest.licence or 'none stated'}")
        for consent in manifest.consents:
            typer.echo(f"consent: {consent.type} {consent.text_version}")
    if faults:
        raise CrossclaimError("The papers are not those of the manifest: " + "; ".join(faults))
    if not as_json:
        typer.echo("The signature holds.")


def _faults(folder: Path, manifest: Path, listed: set[str]) -> list[str]:
    """Files are found by what is in them: no name of the manifest is ever used as a path."""
    lying = {}
    for found in sorted(folder.iterdir()):
        if found.is_file() and found.resolve() != manifest.resolve():
            with found.open("rb") as opened:
                lying[hashlib.file_digest(opened, "sha256").hexdigest()] = found.name
    missing = [f"missing {digest}" for digest in sorted(listed - set(lying))]
    return missing + [f"not listed: {name}" for d, name in lying.items() if d not in listed]
