"""The gateway and a bank that shares no code with it understand each other's files."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from crossclaim.domain.party import BankMessage, PaymentOrder, PaymentReport, PaymentState
from crossclaim.gateways.bank import HostToHostBank, account_hash
from tests.gateways.bank_scene import AT, CREDITOR_NUMBER, REFERENCE, bank, order
from tests.gateways.simulated_party import SimulatedParty

PAYER = "6222000000000051"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "harbour"


@pytest.fixture
def harbour(tmp_path: Path, folder: Path) -> Iterator[SimulatedParty]:
    options = ("--folder", str(folder), "--profile", "harbour-bank")
    bank(folder)
    with SimulatedParty("bank", tmp_path / "data", *options) as simulator:
        yield simulator


def funded(**changes: object) -> PaymentOrder:
    debtor = order().debtor.model_copy(update={"number": PAYER, "holder": "Harbour Life"})
    return order(debtor=debtor, **changes)


def arriving(gateway: HostToHostBank) -> Iterator[BankMessage]:
    """The bank's messages as they come, each finished; ends when none comes for half a minute."""
    pause = threading.Event()
    for _ in range(600):
        for path in list(gateway.arrived()):
            message = gateway.read(path)
            gateway.finish(path)
            yield message
        pause.wait(0.05)


def reports_until(gateway: HostToHostBank, state: PaymentState) -> list[PaymentReport]:
    """Everything that is reported up to the first report of a state."""
    found: list[PaymentReport] = []
    for message in arriving(gateway):
        found += message.reports
        if any(report.state is state for report in message.reports):
            return found
    raise AssertionError(f"never {state.value}: {[report.state.value for report in found]}")


def test_a_payment_is_accepted_and_credited_to_the_account_it_named(
    harbour: SimulatedParty, folder: Path
) -> None:
    gateway = bank(folder)
    gateway.release(gateway.stage(funded()))
    found = reports_until(gateway, PaymentState.CREDITED)
    assert {report.reference for report in found} == {REFERENCE}
    credit = next(report for report in found if report.state is PaymentState.CREDITED)
    assert credit.amount == funded().amount
    assert credit.creditor_account_hash == account_hash(CREDITOR_NUMBER)


def test_a_rejection_and_an_unknown_reference_are_told_apart(
    harbour: SimulatedParty, folder: Path
) -> None:
    gateway = bank(folder)
    gateway.inquire(funded(reference="po_NEVER"), 1, AT)
    (unknown,) = reports_until(gateway, PaymentState.UNKNOWN_TO_BANK)
    assert (unknown.reference, unknown.reason) == ("po_NEVER", "NOOR")
    closed = funded().creditor.model_copy(update={"number": "6217000000000004"})
    gateway.release(gateway.stage(funded(creditor=closed)))
    rejected = reports_until(gateway, PaymentState.REJECTED)[-1]
    assert (rejected.reference, rejected.reason) == (REFERENCE, "AC04")


def test_a_return_and_the_statement_of_the_account_name_the_payment(
    harbour: SimulatedParty, folder: Path
) -> None:
    gateway = bank(folder)
    harbour.script("return_after_s", delay_s=0.5, reason="AC06")
    gateway.release(gateway.stage(funded()))
    returned = reports_until(gateway, PaymentState.RETURNED)[-1]
    assert (returned.reference, returned.reason) == (REFERENCE, "AC06")
    assert returned.amount == funded().amount
    httpx.post(f"{harbour.url}/_control/statement", trust_env=False).raise_for_status()
    message = next(message for message in arriving(gateway) if message.statements)
    period = next(period for period in message.statements if period.account == PAYER)
    assert period.references == [REFERENCE]
    assert period.complete and period.unidentified_debits == []
    assert [report.state for report in message.reports] == [
        PaymentState.BOOKED,
        PaymentState.RETURNED,
    ]
