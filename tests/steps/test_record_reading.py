"""Every look at a record is kept before it happens; none happens without the consent."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import psycopg
import pytest

from crossclaim.domain.errors import NotFound
from crossclaim.security.roles import Principal, Role
from crossclaim.service.health_records import AccessClosed, StoredRecords, accesses_told
from crossclaim.stack import Stack
from crossclaim.store.session import Database
from tests.steps.record_parties import DIAGNOSIS
from tests.steps.record_rig import NOW, SHARE, STAFF, RecordRig, RecordVisit
from tests.steps.rig import HARBOUR, HOSPITAL, PLAN, Rig

OURS = Principal(organisation=HOSPITAL, role=Role.HOSPITAL_BILLING, key_id="cc-ours")
READER = "DR-7"


@pytest.fixture
def records(rig: Rig) -> RecordRig:
    return RecordRig.of(rig)


@pytest.fixture
def database(stack: Stack) -> Iterator[Database]:
    database = Database(stack.settings.database_url.get_secret_value())
    yield database
    database.close()


@pytest.fixture
def stored(records: RecordRig, database: Database) -> StoredRecords:
    return StoredRecords(database, records.shelf, records.world.plan_shelf)


def answered(records: RecordRig, **changes: object) -> RecordVisit:
    visit = records.open([SHARE], **changes)  # type: ignore[arg-type]
    visit.asked()
    visit.fetch()
    return visit


def read(stored: StoredRecords, visit: RecordVisit, who: Principal = OURS) -> dict[str, object]:
    return asyncio.run(stored.read(who, visit.id, visit.request().number, READER))


def looks(visit: RecordVisit) -> list[tuple[str, str, int]]:
    rows = visit.of.select(
        "select what, staff, cardinality(consents) as consents from record_access"
        " where episode_id = %(id)s order by id",
        id=visit.id,
    )
    return [(row["what"], row["staff"], row["consents"]) for row in rows]


def test_a_record_is_read_and_the_reading_stands_beside_the_fetching(
    records: RecordRig, stored: StoredRecords
) -> None:
    visit = answered(records)
    body = read(stored, visit)
    entries = body["entries"]
    assert isinstance(entries, list) and entries[0]["text"] == DIAGNOSIS
    assert looks(visit) == [("fetched", STAFF, 1), ("read", READER, 1)]
    told = asyncio.run(stored.accesses(OURS, visit.id))
    assert [a["what"] for a in told["accesses"]] == ["fetched", "read"]
    assert told["accesses"][1]["consents"][0]["type"] == "EHEALTH_SHARE"
    assert told["accesses"][1]["key"] == "cc-ours"
    assert [n["event"] for n in told["notices"]] == ["access"]


def test_a_request_without_its_answer_shows_its_state_and_is_no_look(
    records: RecordRig, stored: StoredRecords
) -> None:
    visit = records.open([SHARE])
    visit.asked()
    body = read(stored, visit)
    assert (body["state"], "entries" in body, "object_key" in body) == ("due", False, False)
    assert looks(visit) == []


def test_what_was_set_aside_is_shown_to_nobody(records: RecordRig, stored: StoredRecords) -> None:
    visit = records.open([SHARE])
    visit.asked()
    records.ehealth.change = lambda answer: answer.model_copy(update={"record": None})
    visit.fetch()
    body = read(stored, visit)
    assert (body["state"], "entries" in body) == ("set_aside", False)
    assert DIAGNOSIS not in repr(body)


@pytest.mark.parametrize("elsewhere", [False, True])
def test_after_a_withdrawal_nobody_looks_and_the_try_is_kept(
    records: RecordRig, stored: StoredRecords, elsewhere: bool
) -> None:
    person = records.person()
    visit = answered(records, number=person)
    read(stored, visit)
    other = records.open([SHARE], number=person) if elsewhere else visit
    other.withdraw("EHEALTH_SHARE")
    with pytest.raises(AccessClosed) as closed:
        read(stored, visit)
    assert (closed.value.status, closed.value.code) == (403, "RECORD_ACCESS_CLOSED")
    assert looks(visit)[1:] == [("read", READER, 1), ("refused", READER, 0)]


@pytest.mark.parametrize(
    "who",
    [
        Principal(organisation="jiangmen-central", role=Role.HOSPITAL_BILLING, key_id="cc-other"),
        Principal(organisation=HARBOUR, role=Role.INSURER_SYSTEM, key_id="cc-insurer"),
    ],
)
def test_another_organisation_hears_the_same_as_of_nothing(
    records: RecordRig, stored: StoredRecords, who: Principal
) -> None:
    visit = answered(records)
    nowhere = RecordVisit(records, "ep_00000000000000000000000099")
    said = []
    for episode in (visit.id, nowhere.id):
        with pytest.raises(NotFound) as unknown:
            asyncio.run(stored.read(who, episode, "RR-1", READER))
        said.append((unknown.value.code, unknown.value.detail))
        with pytest.raises(NotFound):
            asyncio.run(stored.accesses(who, episode))
    assert said[0] == said[1]
    assert looks(visit) == [("fetched", STAFF, 1)]


def test_an_insurer_of_the_episode_sees_no_row_about_records(
    records: RecordRig, database: Database
) -> None:
    coverage = {
        "funder": "insurer",
        "organisation": HARBOUR,
        "plan": PLAN,
        "policy_number": "HL-REC-1",
    }
    visit = records.open([SHARE])
    with records.rig.database.begin() as connection:
        connection.execute(
            "insert into episode_party values (%(id)s, %(insurer)s, 'insurer')",
            {"id": visit.id, "insurer": coverage["organisation"]},
        )
    visit.asked()
    visit.fetch()
    tables = (
        "record_request",
        "record_access",
        "record_delivery",
        "record_notice",
        "ehealth_consent",
    )
    for table in tables:
        with database.begin(HARBOUR) as connection:
            assert connection.execute(f"select count(*) from {table}").scalar_one() == 0
    with database.begin(HARBOUR) as connection:
        seen = connection.execute("select 1 from episode where id = %(id)s", {"id": visit.id})
        assert seen.scalar_one_or_none() == 1


@pytest.mark.parametrize(
    "statement",
    [
        "update record_access set staff = 'nobody'",
        "delete from record_access",
        "insert into record_access (episode_id, request_id, organisation_id, key_id, staff, what)"
        " select episode_id, id, 'jiangmen-central', 'k', 's', 'read' from record_request",
        "insert into record_access (episode_id, request_id, organisation_id, key_id, staff, what)"
        " select episode_id, id, 'hku-szh', 'k', 's', 'fetched' from record_request",
        "update record_request set state = 'answered'",
    ],
)
def test_the_api_can_neither_change_the_audit_nor_write_in_anothers_name(
    records: RecordRig, database: Database, statement: str
) -> None:
    answered(records)
    with pytest.raises(psycopg.Error), database.begin(HOSPITAL) as connection:
        connection.execute(statement)


def test_not_even_a_worker_changes_who_looked(records: RecordRig) -> None:
    answered(records)
    with pytest.raises(psycopg.Error), records.rig.database.begin() as connection:
        connection.execute("update record_access set staff = 'nobody'")


def test_support_reads_the_audit_of_any_episode(records: RecordRig) -> None:
    visit = answered(records)
    told = accesses_told(records.rig.database, None, visit.id)
    assert [a["staff"] for a in told["accesses"]] == [STAFF]


def test_a_look_that_races_a_withdrawal_is_before_it_or_refused(
    records: RecordRig, stored: StoredRecords
) -> None:
    for _ in range(10):
        visit = answered(records)
        start = threading.Barrier(2)
        shown: list[bool] = []

        def look(
            visit: RecordVisit = visit,
            start: threading.Barrier = start,
            shown: list[bool] = shown,
        ) -> None:
            start.wait(30)
            try:
                shown.append("entries" in read(stored, visit))
            except AccessClosed:
                shown.append(False)

        racing = threading.Thread(target=look)
        racing.start()
        start.wait(30)
        visit.withdraw("EHEALTH_SHARE", NOW)
        racing.join(30)
        assert looks(visit)[1:] == [
            ("read", READER, 1) if shown == [True] else ("refused", READER, 0)
        ]
        with pytest.raises(AccessClosed):
            read(stored, visit)
