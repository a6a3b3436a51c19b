"""One PostgreSQL for the folder; every test has visits and policy numbers of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from pydantic import SecretStr

from crossclaim.gateways.bureau import BureauGateway
from crossclaim.stack import Part, Stack
from crossclaim.wiring import api_house, worker_house
from tests.gateways.simulated_party import SimulatedParty
from tests.prepared import prepared_home
from tests.steps.clinic import AT, LEVEL_3, Clinic
from tests.steps.kin import bound, end_all
from tests.steps.rig import Rig


@pytest.fixture(scope="package")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    parts = frozenset({Part.POSTGRES})
    home = prepared_home(tmp_path_factory, "steps")
    with Stack.start(home, parts=parts, port_base=0, supervise=False) as stack:
        yield stack


@pytest.fixture(scope="package")
def rig(stack: Stack) -> Iterator[Rig]:
    worker, api = worker_house(stack.settings), api_house(stack.settings)
    yield Rig.of(worker, api)
    worker.database.close()
    api.database.close()


@pytest.fixture(scope="package")
def bureau_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedParty]:
    with SimulatedParty("bureau", tmp_path_factory.mktemp("bureau")) as party:
        yield party


@pytest.fixture
def clinic(rig: Rig, bureau_process: SimulatedParty) -> Iterator[Clinic]:
    """A designated hospital of the third level, and the bureau as on its first day; the father may
    use his daughter's account, by our binding and by the bureau."""
    bureau_process.reset(AT.isoformat())
    http = bureau_process.http(timeout_s=5.0)
    gateway = BureauGateway(http, SecretStr("simulator-secret"))
    world = replace(rig.world, bureau=gateway)
    clinic = Clinic(replace(rig, world=world), bureau_process).designated(LEVEL_3)
    end_all(clinic)
    bound(clinic)
    yield clinic
    http.close()
