"""``python -m crossclaim.simulators.huimin --data DIR --port N``."""

from __future__ import annotations

from crossclaim.simulators.huimin.accounts import TABLES, Accounts
from crossclaim.simulators.huimin.charges import Charges
from crossclaim.simulators.huimin.repayments import Repayments
from crossclaim.simulators.huimin.wire import FAULTS, huimin_router, refuse
from crossclaim.simulators.party import Party, load_tables
from crossclaim.simulators.process import party_app, party_arguments, serve


def main() -> None:
    arguments = party_arguments("huimin").parse_args()
    party = Party(arguments.data, load_tables("huimin"), FAULTS, TABLES)
    accounts = Accounts(party)
    charges = Charges(party, accounts)
    router = huimin_router(party, accounts, charges, Repayments(party, accounts, charges))
    serve(party_app(party, routers=[router]), arguments, refuse)


if __name__ == "__main__":
    main()
