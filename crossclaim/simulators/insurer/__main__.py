"""``python -m crossclaim.simulators.insurer --insurer ID --callback-url URL …``."""

from __future__ import annotations

from pathlib import Path

from crossclaim.simulators.insurer import answers, callbacks
from crossclaim.simulators.insurer.answers import Answers
from crossclaim.simulators.insurer.callbacks import Callbacks
from crossclaim.simulators.insurer.outcome import refuse
from crossclaim.simulators.insurer.received import Received
from crossclaim.simulators.insurer.responses import Pen
from crossclaim.simulators.insurer.wire import FAULTS, insurer_router
from crossclaim.simulators.insurer.withdrawals import withdrawal_router
from crossclaim.simulators.party import Party, load_tables
from crossclaim.simulators.process import party_app, party_arguments, serve


def main() -> None:
    tables = load_tables("insurer")
    parser = party_arguments("insurer")
    parser.add_argument("--insurer", required=True, choices=sorted(tables))
    parser.add_argument(
        "--callback-url", "--callback", required=True, help="before /callbacks/insurers/…"
    )
    parser.add_argument("--callback-secret", required=True, help="whsec_ and base64")
    parser.add_argument("--callback-ca", type=Path, help="authority of the receiver's certificate")
    parser.add_argument("--answer-delay-s", type=float, default=0.2)
    arguments = parser.parse_args()
    party = Party(
        arguments.data, tables[arguments.insurer], FAULTS, answers.TABLES + callbacks.TABLES
    )
    calls = Callbacks(
        party,
        arguments.insurer,
        arguments.callback_url,
        arguments.callback_secret,
        arguments.callback_ca,
    )
    pen = Pen(arguments.insurer, str(party.tables.get("currency", "HKD")))
    desk = Answers(party, arguments.insurer, pen, calls, arguments.answer_delay_s)
    received = Received()
    routers = [insurer_router(party, desk, pen, received), received.router()]
    routers.append(withdrawal_router(party, desk))
    app = party_app(party, routers=routers)
    serve(app, arguments, refuse)


if __name__ == "__main__":
    main()
