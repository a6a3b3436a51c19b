"""``python -m crossclaim.simulators.hcx --insurer ID --participant CODE --peer-jwks FILE …``."""

from __future__ import annotations

from pathlib import Path

from crossclaim.simulators.hcx import callbacks
from crossclaim.simulators.hcx.callbacks import HcxCallbacks
from crossclaim.simulators.hcx.keys import Keys
from crossclaim.simulators.hcx.wire import FAULTS, HcxDesk, hcx_router, refuse
from crossclaim.simulators.insurer import answers
from crossclaim.simulators.insurer.answers import Answers
from crossclaim.simulators.insurer.responses import Pen
from crossclaim.simulators.party import Party, load_tables
from crossclaim.simulators.process import party_app, party_arguments, serve


def main() -> None:
    tables = load_tables("insurer")
    parser = party_arguments("hcx")
    parser.add_argument("--insurer", required=True, choices=sorted(tables))
    parser.add_argument("--participant", required=True, help="its code in the registry")
    parser.add_argument("--peer-jwks", required=True, type=Path, help="keys of the other side")
    parser.add_argument("--callback-url", required=True, help="before /hcx/v0.8/…")
    parser.add_argument("--callback-ca", type=Path, help="authority of the receiver's certificate")
    parser.add_argument("--answer-delay-s", type=float, default=0.2)
    arguments = parser.parse_args()
    party = Party(
        arguments.data, tables[arguments.insurer], FAULTS, answers.TABLES + callbacks.TABLES
    )
    keys = Keys(arguments.data, arguments.participant, arguments.peer_jwks)
    calls = HcxCallbacks(
        party, arguments.participant, keys, arguments.callback_url, arguments.callback_ca
    )
    pen = Pen(arguments.insurer, str(party.tables.get("currency", "HKD")))
    desk = Answers(party, arguments.insurer, pen, calls, arguments.answer_delay_s)
    router = hcx_router(party, HcxDesk(party, desk, pen, calls), keys, arguments.participant)
    serve(party_app(party, routers=[router]), arguments, refuse, keyed=False)


if __name__ == "__main__":
    main()
