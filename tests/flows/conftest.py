"""One running stack for all flows, and its parties well behaved before every test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crossclaim.security.api_keys import new_key
from crossclaim.security.roles import Role
from crossclaim.stack import Stack
from crossclaim.store.keys import SqlApiKeys
from crossclaim.wiring import worker_house
from tests.flows.bank_desk import BankDesk
from tests.flows.flow_stack import hospital_of, simulator_of, start
from tests.flows.hcx_peer import HcxPeerOfStack
from tests.flows.hospital import Hospital
from tests.flows.simulator import Simulator
from tests.prepared import prepared_home


@pytest.fixture(scope="package")
def hcx_peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HcxPeerOfStack]:
    peer = HcxPeerOfStack(tmp_path_factory.mktemp("exchange"))
    yield peer
    peer.receiver.close()


@pytest.fixture(scope="package")
def flow_stack(
    tmp_path_factory: pytest.TempPathFactory, hcx_peer: HcxPeerOfStack
) -> Iterator[Stack]:
    with start(prepared_home(tmp_path_factory, "flows"), peer=hcx_peer) as stack:
        yield stack


@pytest.fixture(scope="package")
def jiangmen(flow_stack: Stack) -> Iterator[Hospital]:
    hospital = hospital_of(flow_stack, "jiangmen-central")
    yield hospital
    hospital.close()


@pytest.fixture(scope="package")
def shenzhen(flow_stack: Stack) -> Iterator[Hospital]:
    hospital = hospital_of(flow_stack, "hku-szh")
    yield hospital
    hospital.close()


@pytest.fixture(scope="package")
def dongguan(flow_stack: Stack) -> Iterator[Hospital]:
    hospital = hospital_of(flow_stack, "dongguan-tcm")
    yield hospital
    hospital.close()


@pytest.fixture(scope="package")
def zhuhai(flow_stack: Stack) -> Iterator[Hospital]:
    hospital = hospital_of(flow_stack, "zhuhai-peoples")
    yield hospital
    hospital.close()


@pytest.fixture(scope="package")
def _lotus(flow_stack: Stack) -> Iterator[Simulator]:
    party = simulator_of(flow_stack, "lotus-macao")
    yield party
    party.close()


@pytest.fixture
def lotus(_lotus: Simulator) -> Simulator:
    """The insurer in Macao, which counts in patacas."""
    _lotus.behave()
    return _lotus


@pytest.fixture(scope="package")
def _huimin(flow_stack: Stack) -> Iterator[Simulator]:
    party = simulator_of(flow_stack, "huimin")
    yield party
    party.close()


@pytest.fixture
def huimin(_huimin: Simulator) -> Simulator:
    _huimin.behave()
    return _huimin


@pytest.fixture(scope="package")
def _acquirer(flow_stack: Stack) -> Iterator[Simulator]:
    party = simulator_of(flow_stack, "acquirer")
    yield party
    party.close()


@pytest.fixture
def acquirer(_acquirer: Simulator) -> Simulator:
    _acquirer.behave()
    return _acquirer


@pytest.fixture(scope="package")
def _voucher(flow_stack: Stack) -> Iterator[Simulator]:
    party = simulator_of(flow_stack, "voucher")
    yield party
    party.close()


@pytest.fixture(scope="package")
def _insurer(flow_stack: Stack) -> Iterator[Simulator]:
    party = simulator_of(flow_stack, "harbour-life")
    yield party
    party.close()


@pytest.fixture(scope="package")
def _bureau(flow_stack: Stack) -> Iterator[Simulator]:
    party = simulator_of(flow_stack, "bureau")
    yield party
    party.close()


@pytest.fixture
def bureau(_bureau: Simulator) -> Simulator:
    _bureau.behave()
    return _bureau


@pytest.fixture(scope="package")
def _ehealth(flow_stack: Stack) -> Iterator[Simulator]:
    party = simulator_of(flow_stack, "ehealth")
    yield party
    party.close()


@pytest.fixture(scope="package")
def _authority(flow_stack: Stack) -> Iterator[Simulator]:
    party = simulator_of(flow_stack, "hospital-authority")
    yield party
    party.close()


@pytest.fixture(scope="package")
def _bank(flow_stack: Stack) -> Iterator[Simulator]:
    party = simulator_of(flow_stack, "harbour-bank")
    yield party
    party.close()


@pytest.fixture
def voucher(_voucher: Simulator) -> Simulator:
    _voucher.behave()
    return _voucher


@pytest.fixture
def insurer(_insurer: Simulator) -> Simulator:
    _insurer.behave()
    return _insurer


@pytest.fixture
def ehealth(_ehealth: Simulator) -> Simulator:
    _ehealth.behave()
    return _ehealth


@pytest.fixture
def authority(_authority: Simulator) -> Simulator:
    _authority.behave()
    return _authority


@pytest.fixture
def bank(_bank: Simulator) -> Simulator:
    _bank.behave()
    return _bank


@pytest.fixture
def desk(flow_stack: Stack) -> BankDesk:
    return BankDesk(flow_stack, "harbour-bank")


@pytest.fixture(scope="package")
def _office(flow_stack: Stack) -> Iterator[Simulator]:
    party = simulator_of(flow_stack, "family-office")
    yield party
    party.close()


@pytest.fixture
def office(_office: Simulator) -> Simulator:
    _office.behave()
    return _office


@pytest.fixture(scope="package")
def victoria(flow_stack: Stack) -> Iterator[Hospital]:
    """An insurer at the API; a desk posts alike, whosever it is."""
    desk = hospital_of(flow_stack, "victoria-health")
    yield desk
    desk.close()


@pytest.fixture(scope="package")
def examiner(flow_stack: Stack) -> Iterator[Hospital]:
    """A second person of the same insurer, with a key of his own."""
    house = worker_house(flow_stack.settings)
    plaintext, record = new_key("demo")
    SqlApiKeys(house.database).add("victoria-health", Role.INSURER_EXAMINER.value, record)
    house.database.close()
    desk = Hospital("victoria-health", flow_stack.urls.api, plaintext)
    yield desk
    desk.close()
