"""Doors that were tried and gave way: each stays shut."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from crossclaim.domain.errors import Refused
from crossclaim.domain.patient_bearer import Factor
from crossclaim.domain.submission import ConsentGiven
from crossclaim.service.patient_pages import patient_links
from crossclaim.stack import Stack
from crossclaim.store.session import Database
from crossclaim.wiring import House
from tests.steps.patient_door import PatientDoor, patient_door, patients_house, someone
from tests.steps.rig import Rig


@pytest.fixture(scope="module")
def api(stack: Stack) -> Iterator[House]:
    with patients_house(stack) as house:
        yield house


@pytest.fixture
async def own(api: House, rig: Rig) -> AsyncIterator[PatientDoor]:
    async with patient_door(api, rig) as door:
        yield door


async def test_who_signed_for_the_spouse_is_nobody_to_the_patient(
    own: PatientDoor, rig: Rig
) -> None:
    patient, carer = someone(), someone()
    episode = patient.visit(rig)
    signer = {
        "capacity": "carer",
        "name": {"en": "LEE Kin"},
        "document": {"type": "hkid", "number": carer.number},
        "paper": "court_order",
        "paper_seen_at": "2026-04-02T09:00:00+08:00",
        "patient_incapable": True,
    }
    given = {
        "type": "SPOUSE_SHARE",
        "text_version": "2025-01",
        "signed_at": "2026-04-02T09:00:00+08:00",
        "channel": "paper",
        "given_by": "spouse",
        "signed_by": signer,
    }
    with rig.world.records.transaction() as tx:
        tx.add_consents(episode, [ConsentGiven.model_validate(given)])
    with pytest.raises(Refused) as refused:
        await own.link(episode, "substitute")
    assert [f.code for f in refused.value.faults] == ["PATIENT_LINK_NOBODY"]


async def test_many_who_try_one_link_at_once_do_not_hold_each_other_up(
    own: PatientDoor, api: House
) -> None:
    """Each try has one connection at a time: one that waits for a second while others wait for it
    would stop the whole door until the pool gives up."""
    person = someone()
    link = await own.link(person.visit(own.rig))
    few = Database(api.url, pool_size=1)
    try:
        door = patient_links(api.settings, few, api.keyring, own.clock)
        wrong = Factor(document="0000")
        found = await asyncio.gather(*(door.enter(link, wrong) for _ in range(4)))
        assert found == [None] * 4
        assert await door.enter(link, Factor(document=person.ends)) is not None
    finally:
        few.close()
