"""``python -m crossclaim.simulators.bureau --data DIR --port N --signing-secret S``."""

from __future__ import annotations

from crossclaim.simulators.bureau.persons import Persons
from crossclaim.simulators.bureau.settlements import Settlements
from crossclaim.simulators.bureau.state import TABLES
from crossclaim.simulators.bureau.stays import Stays
from crossclaim.simulators.bureau.totals import Totals
from crossclaim.simulators.bureau.visits import Visits
from crossclaim.simulators.bureau.wire import FAULTS, Work, bureau_router, refuse
from crossclaim.simulators.party import Party, load_tables
from crossclaim.simulators.process import party_app, party_arguments, serve


def main() -> None:
    parser = party_arguments("bureau")
    parser.add_argument("--signing-secret", default="simulator-secret")
    arguments = parser.parse_args()
    party = Party(arguments.data, load_tables("bureau"), FAULTS, TABLES)
    persons = Persons(party)
    visits = Visits(party, persons)
    stays = Stays(party, persons, visits)
    settlements = Settlements(party, persons, visits, stays)
    work = Work(persons, visits, stays, settlements, Totals(party))
    router = bureau_router(party, work, arguments.signing_secret)
    serve(party_app(party, routers=[router]), arguments, refuse)


if __name__ == "__main__":
    main()
