"""Runs one party as a process: its command line, its server, its clean end."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path

import uvicorn
from fastapi import APIRouter, FastAPI

from crossclaim.simulators.control import control_router
from crossclaim.simulators.doorway import Doorway, KnownConnection, Refusal
from crossclaim.simulators.party import Party

DEFAULT_API_KEY = "simulator-key"

Background = Callable[[], Awaitable[None]]


def party_arguments(name: str) -> argparse.ArgumentParser:
    """The options that all parties share."""
    parser = argparse.ArgumentParser(prog=f"python -m crossclaim.simulators.{name}")
    parser.add_argument("--data", type=Path, required=True, help="folder of the party's state")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--tls-cert", type=Path)
    parser.add_argument("--tls-key", type=Path)
    parser.add_argument("--api-key", default=DEFAULT_API_KEY, help="bearer key of its callers")
    parser.add_argument("--latency-s", type=float, default=0.0, help="added to each answer")
    return parser


def party_app(
    party: Party, *, routers: Sequence[APIRouter], backgrounds: Sequence[Background] = ()
) -> FastAPI:
    """The party's HTTP side, with its agenda and other background work while it is up."""

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        tasks = [asyncio.ensure_future(run()) for run in (party.agenda.run, *backgrounds)]
        yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        party.state.close()

    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(control_router(party))
    for router in routers:
        app.include_router(router)
    return app


def serve(
    app: FastAPI, arguments: argparse.Namespace, refuse: Refusal, *, keyed: bool = True
) -> None:
    """Serves until SIGTERM or SIGINT; returns after the open requests are answered."""
    logging.basicConfig(level=logging.WARNING)
    # The server raises the signal that ended it once more; caught here, the process ends with 0.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    doorway = Doorway(
        app,
        api_key=arguments.api_key,
        refuse=refuse,
        latency_s=arguments.latency_s,
        keyed=keyed,
    )
    config = uvicorn.Config(
        doorway,
        host=arguments.host,
        port=arguments.port,
        http=KnownConnection,
        ws="none",
        access_log=False,
        log_config=None,
        lifespan="on",
        timeout_graceful_shutdown=2,
        ssl_certfile=arguments.tls_cert,
        ssl_keyfile=arguments.tls_key,
    )
    uvicorn.Server(config).run()
