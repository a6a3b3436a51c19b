"""``crossclaim audit``: whether the chain of what was audited holds, and which key signs it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from crossclaim.cli.connection import settings_for
from crossclaim.cli.options import DATA_DIR, AsJson, DataDir
from crossclaim.cli.said import say

app = typer.Typer(no_args_is_help=True, help="Who did what: the chain that nobody can rewrite.")

_SAID = {
    "changed": "does not say any more what was chained",
    "deleted": "is gone",
    "reordered": "stands in another's place",
    "inserted": "was put in later: it is older than the newest block and stands in none",
    "forged": "ends a block that our key did not sign",
    "rewritten": "begins a block that differs from the root that was laid outside",
    "truncated": "is where the chain ends, and a root that was laid outside lies beyond it",
}


@app.command("verify")
def verify(
    without_roots: Annotated[
        bool, typer.Option("--without-roots", help="Do not ask the store of roots.")
    ] = False,
    as_json: AsJson = False,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Check every link and signature, and the roots outside; name the first broken link."""
    from crossclaim.wiring import worker_house

    house = worker_house(settings_for(Path(data_dir)))
    try:
        outside = None if without_roots else house.anchors
        laid = outside.all() if outside is not None else []
        broken, checked, waiting = house.audit_chain.first_break(laid)
    finally:
        house.database.close()
    if as_json:
        told = {"checked": checked, "waiting": waiting, "roots": len(laid)}
        first = broken.model_dump(mode="json") if broken else None
        typer.echo(json.dumps({**told, "broken": first}, indent=2))
    elif broken is None:
        typer.echo(
            f"{checked} rows hold together, with {len(laid)} roots outside;"
            f" {waiting} wait for the next block."
        )
    else:
        row = f" ({broken.source} {broken.row_id})" if broken.row_id else ""
        typer.echo(f"Link {broken.position}{row} {_SAID[broken.kind.value]}.")
    if broken is not None:
        raise typer.Exit(1)


@app.command("seal")
def seal(as_json: AsJson = False, data_dir: DataDir = DATA_DIR) -> None:
    """Chain what was recorded since the last block now, and lay its root outside."""
    from crossclaim.wiring import worker_house

    house = worker_house(settings_for(Path(data_dir)))
    try:
        sealed, outside = house.audit_chain.seal(), house.anchors
        if outside is not None:
            for root in house.audit_chain.unanchored():
                outside.lay(root)
                house.audit_chain.note_anchored(root.block)
    finally:
        house.database.close()
    say(as_json, {"chained": sealed}, f"{sealed} rows were chained.")


@app.command("key")
def key(as_json: AsJson = False, data_dir: DataDir = DATA_DIR) -> None:
    """Show the public key (ed25519, hex) that signs roots and certificates of erasure."""
    from crossclaim.security.signing import Signer
    from crossclaim.wiring import worker_house

    house = worker_house(settings_for(Path(data_dir)))
    public = Signer(house.keystore).public_key
    say(as_json, {"algorithm": "ed25519", "public_key": public}, public)
