"""Scenario E12 (f): a life in danger lets data go out without the consent, with the reason kept."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crossclaim.service.health_records import StoredRecords
from crossclaim.stack import Stack
from crossclaim.store.session import Database
from tests.flows.hospital import Body
from tests.steps.record_rig import DIRECT, SHARE, RecordRig, RecordVisit
from tests.steps.rig import Rig
from tests.steps.test_record_reading import looks, read

REASON = "Unconscious after a fall; blood thinners suspected."
OVER_THE_LINK: Body = {
    "system": "hospital-authority",
    "application_code": None,
    "password_code": None,
}


@pytest.fixture
def records(rig: Rig) -> RecordRig:
    return RecordRig.of(rig)


@pytest.fixture
def stored(records: RecordRig, stack: Stack) -> Iterator[StoredRecords]:
    database = Database(stack.settings.database_url.get_secret_value())
    yield StoredRecords(database, records.shelf, records.world.plan_shelf)
    database.close()


def withdrawn(records: RecordRig) -> RecordVisit:
    visit = records.open(DIRECT)
    visit.withdraw("PI_CROSS_BORDER")
    return visit


def test_without_a_reason_nothing_goes_out(records: RecordRig) -> None:
    visit = withdrawn(records)
    assert visit.ask(**OVER_THE_LINK).codes == ["RECORD_CONSENT_MISSING"]
    assert visit.attempts() == []


def test_with_the_reason_on_record_the_authority_is_asked_and_the_row_says_why(
    records: RecordRig, stored: StoredRecords
) -> None:
    visit = withdrawn(records)
    answer = visit.ask(**OVER_THE_LINK, emergency_reason=REASON)
    assert (answer.status, answer.body["basis"]) == (201, "emergency")
    visit.fetch()
    assert visit.request().state == "answered" and visit.request().emergency
    (attempt,) = records.select(
        "select party, consents, basis from outbound_attempt where episode_id = %(id)s",
        id=visit.id,
    )
    assert attempt == {"party": "hospital-authority", "consents": [], "basis": "emergency"}
    assert read(stored, visit)["entries"]
    assert [(what, consents) for what, _, consents in looks(visit)] == [("fetched", 0), ("read", 0)]


def test_the_reason_is_sealed(records: RecordRig) -> None:
    visit = withdrawn(records)
    visit.ask(**OVER_THE_LINK, emergency_reason=REASON)
    (row,) = records.select("select * from record_request where episode_id = %(id)s", id=visit.id)
    assert row["emergency"] and bytes(row["emergency_sealed"])
    assert b"Unconscious" not in bytes(row["emergency_sealed"])
    assert "Unconscious" not in str({k: v for k, v in row.items() if k != "emergency_sealed"})


def test_with_every_consent_in_force_a_reason_changes_nothing(records: RecordRig) -> None:
    visit = records.open(DIRECT)
    answer = visit.ask(**OVER_THE_LINK, emergency_reason=REASON)
    assert answer.status == 201 and "basis" not in answer.body
    visit.fetch()
    assert not visit.request().emergency
    (attempt,) = visit.attempts()
    assert len(attempt["consents"]) == 3


def test_what_ehealth_asks_of_the_patient_no_emergency_of_ours_leaves_out(
    records: RecordRig,
) -> None:
    visit = records.open([SHARE])
    visit.withdraw("EHEALTH_SHARE")
    assert visit.ask(emergency_reason=REASON).codes == ["RECORD_CONSENT_MISSING"]
