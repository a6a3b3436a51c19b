"""``python -m crossclaim.simulators.acquirer --data DIR --port N --signing-secret S``."""

from __future__ import annotations

from crossclaim.simulators.acquirer.orders import TABLES, Orders
from crossclaim.simulators.acquirer.refunds import Refunds
from crossclaim.simulators.acquirer.statements import Statements
from crossclaim.simulators.acquirer.wire import FAULTS, Work, acquirer_router, refuse
from crossclaim.simulators.party import Party, load_tables
from crossclaim.simulators.process import party_app, party_arguments, serve

DEFAULT_SECRET = "simulator-secret"


def main() -> None:
    parser = party_arguments("acquirer")
    parser.add_argument("--signing-secret", default=DEFAULT_SECRET)
    arguments = parser.parse_args()
    party = Party(arguments.data, load_tables("acquirer"), FAULTS, TABLES)
    orders = Orders(party)
    work = Work(orders, Refunds(party, orders), Statements(party))
    router = acquirer_router(party, work, arguments.signing_secret)
    serve(party_app(party, routers=[router]), arguments, refuse)


if __name__ == "__main__":
    main()
