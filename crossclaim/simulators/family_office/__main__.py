"""``python -m crossclaim.simulators.family_office --callback-url URL …``."""

from __future__ import annotations

from pathlib import Path

from crossclaim.simulators.family_office import applications, callbacks
from crossclaim.simulators.family_office.applications import Applications
from crossclaim.simulators.family_office.callbacks import Callbacks
from crossclaim.simulators.family_office.wire import FAULTS, office_router, refuse
from crossclaim.simulators.party import Party, load_tables
from crossclaim.simulators.process import party_app, party_arguments, serve


def main() -> None:
    parser = party_arguments("family_office")
    parser.add_argument("--callback-url", required=True, help="before /callbacks/family-office")
    parser.add_argument("--callback-secret", required=True, help="whsec_ and base64")
    parser.add_argument("--callback-ca", type=Path, help="authority of the receiver's certificate")
    arguments = parser.parse_args()
    tables = applications.TABLES + callbacks.TABLES
    party = Party(arguments.data, load_tables("family_office"), FAULTS, tables)
    calls = Callbacks(
        party, arguments.callback_url, arguments.callback_secret, arguments.callback_ca
    )
    desk = Applications(party, calls)
    serve(party_app(party, routers=[office_router(party, desk)]), arguments, refuse)


if __name__ == "__main__":
    main()
