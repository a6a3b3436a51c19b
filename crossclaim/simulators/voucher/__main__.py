"""``python -m crossclaim.simulators.voucher --data DIR --port N``."""

from __future__ import annotations

from crossclaim.simulators.party import Party, load_tables
from crossclaim.simulators.process import party_app, party_arguments, serve
from crossclaim.simulators.voucher.accounts import TABLES, Accounts
from crossclaim.simulators.voucher.wire import FAULTS, refuse, voucher_router


def main() -> None:
    arguments = party_arguments("voucher").parse_args()
    party = Party(arguments.data, load_tables("voucher"), FAULTS, TABLES)
    router = voucher_router(party, Accounts(party))
    serve(party_app(party, routers=[router]), arguments, refuse)


if __name__ == "__main__":
    main()
