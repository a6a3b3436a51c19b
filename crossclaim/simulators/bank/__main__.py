"""``python -m crossclaim.simulators.bank --folder DIR --profile harbour-bank|quiet-bank …``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from crossclaim.simulators.bank.desk import FAULTS, Desk
from crossclaim.simulators.bank.folders import Folders
from crossclaim.simulators.bank.ledger import TABLES
from crossclaim.simulators.bank.recalls import TABLE as RECALLS
from crossclaim.simulators.party import Party, load_tables
from crossclaim.simulators.process import party_app, party_arguments, serve


def refuse(status: int, code: str, message: str) -> Response:
    return JSONResponse({"code": code, "message": message}, status)


def statement_router(desk: Desk) -> APIRouter:
    router = APIRouter(prefix="/_control")

    @router.post("/statement")
    async def write_statement() -> dict[str, Any]:
        return {"file": desk.statements.write()}

    return router


def main() -> None:
    tables = load_tables("bank")
    parser = party_arguments("bank")
    parser.add_argument("--folder", type=Path, required=True, help="holds outbound and inbound")
    parser.add_argument("--profile", "--bank", required=True, choices=sorted(tables))
    parser.add_argument("--statement-every-s", type=float, default=5.0)
    arguments = parser.parse_args()
    party = Party(arguments.data, tables[arguments.profile], FAULTS, TABLES + RECALLS, "FULL")
    desk = Desk(
        party,
        Folders(arguments.folder, arguments.data),
        latency_s=arguments.latency_s,
        statement_every_s=arguments.statement_every_s,
    )
    app = party_app(party, routers=[statement_router(desk)], backgrounds=[desk.watch])
    serve(app, arguments, refuse)


if __name__ == "__main__":
    main()
