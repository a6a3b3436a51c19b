"""``python -m crossclaim.simulators.identity --data DIR --port N --redirect-uri URL``."""

from __future__ import annotations

import ipaddress
import logging
import signal
import sys

import uvicorn

from crossclaim.simulators.identity.provider import FAULTS, TABLES, Provider
from crossclaim.simulators.identity.wire import identity_router
from crossclaim.simulators.party import Party, load_tables
from crossclaim.simulators.process import party_app, party_arguments


def main() -> None:
    parser = party_arguments("identity")
    parser.add_argument("--client-id", default="crossclaim")
    parser.add_argument("--redirect-uri", action="append", default=[])
    arguments = parser.parse_args()
    if not _loopback(arguments.host):
        sys.exit(
            "The development identity provider lets in whoever asks, so it listens on this"
            " machine's own addresses alone (127.0.0.1); use your organisation's provider"
            " everywhere else."
        )
    party = Party(arguments.data, load_tables("identity"), FAULTS, TABLES)
    provider = Provider(
        party,
        f"http://{arguments.host}:{arguments.port}",
        arguments.client_id,
        arguments.redirect_uri,
    )
    app = party_app(party, routers=[identity_router(provider)])
    logging.basicConfig(level=logging.WARNING)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    # No doorway: browsers bring no key of ours.
    uvicorn.Server(
        uvicorn.Config(
            app,
            host=arguments.host,
            port=arguments.port,
            access_log=False,
            log_config=None,
            timeout_graceful_shutdown=2,
        )
    ).run()


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


if __name__ == "__main__":
    main()
