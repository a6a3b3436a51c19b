"""``crossclaim claims letter`` and ``appeals``: what was decided on a claim, and said of it."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crossclaim.cli.episode import Language, house_of
from crossclaim.cli.options import DATA_DIR, DataDir
from crossclaim.domain.claim_letter import LetterKind
from crossclaim.security.roles import Principal, Role

if TYPE_CHECKING:
    from crossclaim.service.claim_desk import ClaimDesk
    from crossclaim.wiring import House

READER = Principal(organisation="", role=Role.SUPPORT, key_id="command-line")
ClaimId = Annotated[str, typer.Argument(metavar="CLAIM")]


def letter(
    claim_id: ClaimId,
    kind: Annotated[LetterKind, typer.Option(help="Which letter.")] = LetterKind.DECISION,
    lang: Annotated[Language, typer.Option(help="Its language.")] = Language.EN,
    version: Annotated[int | None, typer.Option(min=1, help="Of which decision.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write it to this file.")] = None,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Print a letter about a decision as it was issued, in HTML."""
    house = house_of(data_dir)
    try:
        told = desk_of(house).letter(READER, claim_id, kind, lang.value, version)
        _, content = asyncio.run(told)
    finally:
        house.database.close()
    if out is None:
        typer.echo(content.decode())
    else:
        out.write_bytes(content)


def appeals(claim_id: ClaimId, data_dir: DataDir = DATA_DIR) -> None:
    """Print a claim's appeals with their clocks, and every decision after the first, as JSON."""
    house = house_of(data_dir)
    try:
        told = asyncio.run(desk_of(house).appeals(READER, claim_id))
    finally:
        house.database.close()
    typer.echo(json.dumps(told, indent=2, ensure_ascii=False))


def desk_of(house: House) -> ClaimDesk:
    from crossclaim.service.claim_desk import ClaimDesk

    return ClaimDesk(
        house.database, house.keyring, house.documents, house.plan_shelf.plans, house.reference
    )
