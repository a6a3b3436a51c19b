"""``python -m crossclaim.simulators.ehealth --data DIR --port N [--profile NAME]``."""

from __future__ import annotations

from crossclaim.simulators.ehealth.app import app_router
from crossclaim.simulators.ehealth.persons import TABLES, Persons
from crossclaim.simulators.ehealth.records import Records
from crossclaim.simulators.ehealth.wire import FAULTS, ehealth_router, refuse
from crossclaim.simulators.party import Party, load_tables
from crossclaim.simulators.process import party_app, party_arguments, serve

PROFILES = ("ehealth", "hospital-authority")


def main() -> None:
    parser = party_arguments("ehealth")
    parser.add_argument("--profile", choices=PROFILES, default="ehealth")
    arguments = parser.parse_args()
    tables = load_tables("ehealth")
    tables["wants_codes"] = arguments.profile == "ehealth"
    party = Party(arguments.data, tables, FAULTS, TABLES)
    persons = Persons(party)
    records = Records(party, persons)
    routers = [ehealth_router(party, records), app_router(party, persons)]
    serve(party_app(party, routers=routers), arguments, refuse)


if __name__ == "__main__":
    main()
