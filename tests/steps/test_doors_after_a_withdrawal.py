"""What the newer doors let an insurer and watchers see of a person is what the older ones do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crossclaim.domain.errors import NotFound
from crossclaim.fhir.datatypes import fhir_id
from crossclaim.security.roles import WATCHER_ROLES, Principal, Role
from crossclaim.service.console_examiner import ExaminerDesk
from crossclaim.service.fhir_reads import FhirDesk
from crossclaim.service.paper_desk import PaperDesk
from crossclaim.stack import Stack
from crossclaim.wiring import House, api_house
from tests.steps.fhir_reader import FhirReader
from tests.steps.record_parties import Shelf
from tests.steps.rig import HARBOUR, HOSPITAL, Rig
from tests.steps.test_issued_papers import issuing
from tests.steps.withdrawn_visit import WithdrawnVisit
from tests.web.house import MemoryHouse, services_over

EXAMINER = Principal(organisation=HARBOUR, role=Role.INSURER_EXAMINER, key_id="k")
WINDOW = Principal(organisation=HOSPITAL, role=Role.HOSPITAL_BILLING, key_id="k")


@pytest.fixture(scope="module")
def api(stack: Stack) -> Iterator[House]:
    house = api_house(stack.settings)
    yield house
    house.database.close()


async def test_after_a_withdrawal_its_insurer_is_told_of_the_person_at_no_door(
    api: House, rig: Rig
) -> None:
    visit = WithdrawnVisit.opened(rig)
    letter = visit.guarantee().id
    reader = FhirReader(api, visit.rig)
    patient = fhir_id(visit.episode)
    issued = issuing(api, Shelf())
    plans = rig.world.plans
    papers = PaperDesk(api.database, api.keyring, lambda: plans, visit.rig.world.reference, issued)
    assert (await reader.ask(f"Patient/{patient}", "harbour")).status_code == 200
    given = await papers.of_guarantee(EXAMINER, letter, "en")
    assert given.episode_id == visit.episode
    visit.withdraw()
    assert (await reader.ask(f"Patient/{patient}", "harbour")).status_code == 404
    including = f"EpisodeOfCare?_id={patient}&_include=EpisodeOfCare:patient"
    assert "birthDate" not in (await reader.ask(including, "harbour")).text
    assert "birthDate" in (await reader.ask(including)).text
    with pytest.raises(NotFound):
        await papers.of_guarantee(EXAMINER, letter, "en")
    assert (await papers.of_guarantee(WINDOW, letter, "en")).content


@pytest.mark.parametrize("role", sorted(WATCHER_ROLES))
async def test_no_watcher_reads_the_number_of_a_document(api: House, rig: Rig, role: Role) -> None:
    episode = rig.open([{"funder": "voucher"}])
    desk = FhirDesk(api.database, api.keyring, rig.world.reference)
    watcher = Principal(organisation=HOSPITAL, role=role, key_id="k")
    (patient,) = (await desk.read(watcher, "Patient", fhir_id(episode))).found
    assert patient["identifier"] and all("value" not in one for one in patient["identifier"])
    assert "telecom" not in patient
    (own,) = (await desk.read(WINDOW, "Patient", fhir_id(episode))).found
    assert all("value" in one for one in own["identifier"])
    assert (await desk.read(watcher, "Encounter", fhir_id(episode))).found


async def test_the_examiners_list_is_read_on_the_real_database(api: House, rig: Rig) -> None:
    visit = WithdrawnVisit.opened(rig)
    visit.billed()
    visit.submit()
    claim = visit.claim().id
    visit.rig.change("update claim set state = 'pended' where id = %(id)s", id=claim)
    visit.rig.change(
        "insert into claim_review (claim_id, episode_id, organisation_id, reasons, trace,"
        " occurred_at) values (%(id)s, %(episode)s, %(organisation)s, '{X}', '[]', now())",
        id=claim,
        episode=visit.episode,
        organisation=HARBOUR,
    )
    desk = ExaminerDesk(api.database, api.keyring, services_over(MemoryHouse()))
    assert claim in [one.id for one in await desk.waiting(EXAMINER)]
    visit.withdraw()
    visit.rig.change("update claim set state = 'pended' where id = %(id)s", id=claim)
    assert claim not in [one.id for one in await desk.waiting(EXAMINER)]
