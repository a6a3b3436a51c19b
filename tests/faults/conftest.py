"""One whole stack with two workers and a bank whose clocks run in seconds, for all fault tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crossclaim.config import Parties
from crossclaim.seed import seed
from crossclaim.stack import Stack
from tests.faults.house import House
from tests.prepared import prepared_home

ANSWER_WITHIN_S = 1.0
INQUIRE_EVERY_S = 1.5
MAX_EXECUTION_S = 12.0


def impatient(parties: Parties) -> Parties:
    """The same banks, with limits of seconds where the real ones have minutes and days."""
    limits = {
        "answer_within_s": ANSWER_WITHIN_S,
        "inquire_every_s": INQUIRE_EVERY_S,
        "max_execution_s": MAX_EXECUTION_S,
    }
    banks = [bank.model_copy(update=limits) for bank in parties.banks]
    return parties.model_copy(update={"banks": banks})


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    home = prepared_home(tmp_path_factory, "faults")
    env = {"CROSSCLAIM_BANK_SCAN_EVERY_S": "0.3"}
    with Stack.start(
        home,
        workers=2,
        port_base=0,
        extra_env=env,
        supervise=False,
        seed=seed,
        adjust_parties=impatient,
    ) as stack:
        yield House(stack)
