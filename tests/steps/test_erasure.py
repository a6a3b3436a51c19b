"""A person is erased by his keys once no rule keeps what is held; before that it is only stored."""

from __future__ import annotations

import asyncio
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date

import pytest
from ulid import ULID

from activities.privacy import SubjectOrder
from crossclaim.api.audit_port import AuditRecord
from crossclaim.domain.errors import NotAllowed, NotFound, Unavailable
from crossclaim.domain.submission import (
    IdentityDocument,
    PersonName,
    SubmissionKind,
)
from crossclaim.domain.voucher_submission import SpouseSubmission
from crossclaim.security.errors import KeyDestroyed
from crossclaim.security.keyring import Keyring
from crossclaim.security.purpose import LEGAL, PURPOSE
from crossclaim.security.signing import Signer, is_signed
from crossclaim.service.accesses import StoredAccesses
from crossclaim.service.audit import SqlAudit
from crossclaim.service.document_holds import HoldDesk
from crossclaim.service.subject_requests import ExportGone
from crossclaim.stack import Stack
from crossclaim.store import erasures
from crossclaim.store.erasures import certificate_bytes
from crossclaim.store.keys import SqlDataKeys, insert_data_key
from crossclaim.store.person_index import document_index
from crossclaim.store.sealed_columns import DIGEST_COLUMNS, SEALED_COLUMNS, SYSTEM_COLUMNS
from crossclaim.wiring import api_house
from tests.steps.erasing import (
    CANARY,
    IN_FORCE,
    OVER,
    SECOND,
    SUPPORT,
    WINDOW,
    Desk,
    erasing,
    new_hkid,
    opens,
    stolen_before,
)
from tests.steps.rig import AT, HOSPITAL, Rig
from tests.steps.test_document_holds import ANN, BEN, Store


@pytest.fixture(scope="module")
def desk(rig: Rig, stack: Stack) -> Iterator[Desk]:
    with erasing(rig, stack) as desk:
        yield desk


def test_an_export_holds_all_that_is_held_and_goes_out_once(desk: Desk) -> None:
    person = new_hkid()
    episode = desk.visit(person)
    desk.close(episode)
    request = desk.ask("access", person)
    assert desk.state(request)["state"] == "asked"
    assert desk.steps.gather_subject_export(SubjectOrder(request_id=request, at=AT)) == "ready"
    assert CANARY.encode() not in desk.shelf.objects[f"{request}/export.zip"]
    content = asyncio.run(desk.subjects.fetch(SUPPORT, request))
    archive = zipfile.ZipFile(io.BytesIO(content))
    told = json.loads(archive.read("data.json"))
    assert told["schema"] == "crossclaim-subject-export/1"
    (mine,) = told["scopes"]
    assert mine["scope"] == episode
    assert mine["tables"]["episode"][0]["sealed"]["patient"]["name"]["en"] == CANARY
    assert mine["tables"]["submission"][0]["content"]["patient"]["birth_date"]
    assert {"consent", "coverage", "episode_party", "submission"} <= set(mine["tables"])
    for language in ("en", "zh-Hant", "zh-Hans"):
        assert CANARY.encode() in archive.read(f"index.{language}.html")
    with pytest.raises(ExportGone):
        asyncio.run(desk.subjects.fetch(SUPPORT, request))
    desk.rig.change(
        "update subject_request set expires_at = %(at)s where id = %(id)s", at=AT, id=request
    )
    desk.steps.judge_erasures(IN_FORCE)
    assert desk.state(request)["state"] == "expired"
    with pytest.raises(KeyDestroyed):
        Keyring(SqlDataKeys(desk.api.database), desk.api.keystore).key(request)


def test_other_people_in_an_export_are_masked(desk: Desk) -> None:
    person, spouse = new_hkid(), new_hkid()
    episode = desk.visit(person)
    other = SpouseSubmission(
        name=PersonName(en="HERON Wilhelmina"), birth_date=date(1950, 1, 2), document=spouse
    )
    with desk.rig.world.records.transaction() as tx:
        tx.put_spouse(episode, other, AT)
    told = desk.export_of(person)
    (mine,) = told["scopes"]
    (row,) = mine["tables"]["voucher_spouse"]
    assert row["sealed"]["name"]["en"] == "H***"
    assert row["sealed"]["document"]["number"] == f"***{spouse.number[-2:]}"
    assert "HERON" not in json.dumps(told)
    # The spouse himself is told that he stands there, and nothing else of the patient.
    hers = desk.export_of(spouse)
    assert [one["scope"] for one in hers["mentions"]] == [episode]
    assert hers["scopes"] == []
    assert CANARY not in json.dumps(hers)


def test_an_unknown_document_is_told_as_nobody(desk: Desk) -> None:
    request = desk.ask("access", new_hkid())
    assert desk.steps.gather_subject_export(SubjectOrder(request_id=request, at=AT)) == "nobody"


def test_whoever_asks_for_an_erasure_cannot_confirm_it(desk: Desk) -> None:
    request = desk.ask("erasure", new_hkid())
    with pytest.raises(NotAllowed):
        asyncio.run(desk.subjects.confirm(SUPPORT, request))
    assert desk.state(request)["state"] == "asked"
    desk.round(OVER)
    assert desk.state(request)["state"] == "asked", "nothing happens without a second person"
    stranger = SECOND.model_copy(update={"organisation": HOSPITAL})
    with pytest.raises(NotFound):
        asyncio.run(desk.subjects.confirm(stranger, request))


def test_an_open_case_is_erased_by_nobody(desk: Desk) -> None:
    person = new_hkid()
    episode = desk.visit(person)
    request = desk.erasure(person)
    desk.round(OVER)
    assert desk.state(request)["state"] == "waiting"
    assert desk.reads(episode)


def test_while_a_rule_keeps_it_it_is_stored_and_read_for_legal_purposes_alone(desk: Desk) -> None:
    person = new_hkid()
    episode = desk.visit(person)
    desk.close(episode)
    request = desk.erasure(person)
    desk.round(IN_FORCE)
    told = desk.state(request)
    assert told["state"] == "storage_only"
    held = told["findings"]["held"][episode]
    assert (held["rule"], held["until"]) == (
        "consent-withdrawal:retention.outpatient",
        "2041-04-02",
    )
    with pytest.raises(NotFound):
        desk.read(episode)
    with pytest.raises(NotFound):
        desk.rig.say(SubmissionKind.VOID, {}, episode)
    token = PURPOSE.set(LEGAL)
    try:
        assert desk.reads(episode)
    finally:
        PURPOSE.reset(token)
    with pytest.raises(NotFound):
        desk.read(episode)


def test_an_erased_person_is_gone_from_every_copy_and_everybody_else_is_there(desk: Desk) -> None:
    person, other = new_hkid(), new_hkid()
    episode, survivor = desk.visit(person), desk.visit(other)
    desk.close(episode)
    stolen, kept = stolen_before(desk, episode), stolen_before(desk, survivor)
    assert opens(desk, stolen), "the attack works while the key lives"
    request = desk.erasure(person)
    assert desk.round(OVER) >= 1
    assert desk.state(request)["state"] == "erased"
    assert episode in desk.shelf.ended
    assert not opens(desk, stolen)
    # All wrapped keys of that day are dead, the survivor's old one too; his row has a new one.
    assert not opens(desk, kept)
    assert opens(desk, stolen_before(desk, survivor))
    assert desk.rig.rows(survivor).episode.id == survivor
    fresh = api_house(desk.api.settings)
    with pytest.raises(KeyDestroyed):
        fresh.keyring.key(episode)
    fresh.database.close()
    assert desk.found(person) == 0
    assert desk.found(other) == 1
    laid = [json.loads(body) for key, body in desk.shelf.laid.items() if "erasures/" in key]
    told = next(
        one
        for one in laid
        if any(key["scope"] == episode for key in one["certificate"]["keys_destroyed"])
    )
    public = Signer(desk.worker.keystore).public_key
    assert is_signed(public, certificate_bytes(told["certificate"]), told["signature"])
    assert stolen.key.epoch in told["certificate"]["epochs_destroyed"]
    assert person.number not in json.dumps(told)


_DIGESTS = """
select 'identity' as place, value as digest from identity_index
union all select 'ehealth', person from ehealth_consent
union all select 'mark', mark from claim_mark
union all select 'document', blind from document where blind is not null
union all select 'binding', authoriser_index from family_binding
union all select 'binding', user_index from family_binding
union all select 'code', shower_index from family_code_link
union all select 'code', relative_index from family_code_link
"""


def places_of(desk: Desk, digests: set[bytes]) -> set[str]:
    """Tables in which one of these digests stands, byte for byte."""
    return {r["place"] for r in desk.select(_DIGESTS) if bytes(r["digest"]) in digests}


def digests_of(desk: Desk, person: IdentityDocument, episode: str, binding: str) -> set[bytes]:
    """Rows by which a person can be found or compared; each table has some."""
    who = document_index(desk.worker.keyring, person)
    blind = desk.worker.keyring.blind_index("a" * 64, "document")
    change = desk.rig.change
    change(
        "insert into ehealth_consent (person, type, in_force, changed_at, source, episode_id)"
        " values (%(who)s, 'EHEALTH_JOIN', true, now(), 'episode', %(id)s)"
        " on conflict (person, type) do nothing",
        who=who,
        id=episode,
    )
    change(
        "insert into document (episode_id, sha256, organisation_id, object_key, content_type,"
        " size_bytes, blind) values (%(id)s, %(sha)s, %(org)s, %(id)s || '/d', 'application/pdf',"
        " 9, %(blind)s)",
        id=episode,
        sha="a" * 64,
        org=HOSPITAL,
        blind=blind + episode[-4:].encode(),
    )
    with desk.worker.database.begin() as connection:
        insert_data_key(connection, binding, desk.worker.keyring.new_key(binding))
        connection.execute(
            "insert into family_code_link (id, organisation_id, number, relation, sealed,"
            " shower_index, relative_index, linked_at) values (%(id)s, %(org)s, %(id)s, 'child',"
            " '', %(who)s, %(other)s, now())",
            {"id": binding, "org": HOSPITAL, "who": who, "other": blind},
        )
    return {who, blind + episode[-4:].encode()}


def test_keyed_digests_go_with_the_key_byte_for_byte(desk: Desk) -> None:
    person = new_hkid()
    episode, link = desk.visit(person), f"fc_{ULID()}"
    digests = digests_of(desk, person, episode, link)
    desk.close(episode)
    desk.rig.change(
        "update family_code_link set ended_at = %(at)s where id = %(id)s", at=AT, id=link
    )
    known = {"identity", "ehealth", "document", "code"}
    assert places_of(desk, digests) == known
    # The naive twin destroys the keys and leaves by what he is found.
    desk.rig.change("select forget_person(%(id)s)", id=episode)
    assert places_of(desk, digests) == known, "no living key is forgotten"
    request = desk.erasure(person)
    desk.round(OVER)
    assert desk.state(request)["state"] == "erased"
    assert places_of(desk, digests) == set()


def test_nobody_is_forgotten_whose_key_lives(desk: Desk) -> None:
    person = new_hkid()
    episode = desk.visit(person)
    desk.rig.change("select forget_person(%(scope)s)", scope=episode)
    assert desk.found(person) == 1


def test_the_naive_twin_that_only_empties_the_row_leaves_every_backup_readable(desk: Desk) -> None:
    person = new_hkid()
    episode = desk.visit(person)
    stolen = stolen_before(desk, episode)
    desk.rig.change("update data_key set wrapped = null where scope = %(s)s", s=episode)
    assert opens(desk, stolen)


def test_a_batch_that_a_crash_left_open_is_finished_by_the_next_round(desk: Desk) -> None:
    person = new_hkid()
    episode = desk.visit(person)
    desk.close(episode)
    desk.erasure(person)
    rows = desk.ports.erasures
    batch = rows.begin(rows.judge(OVER), OVER)
    assert batch is not None
    assert rows.begin([], OVER) == batch
    assert desk.round(OVER) == 1
    assert rows.begin([], OVER) is None
    assert rows.finish(batch, OVER).certificate["batch"] == batch


def test_a_legal_hold_keeps_the_key_until_two_persons_have_ended_it(desk: Desk) -> None:
    person = new_hkid()
    episode = desk.visit(person)
    desk.close(episode)
    change, sha256 = desk.rig.change, "b" * 64
    change(
        "insert into document (episode_id, sha256, organisation_id, object_key, content_type,"
        " size_bytes) values (%(id)s, %(sha)s, %(org)s, %(id)s || '/d', 'application/pdf', 9)",
        id=episode,
        sha=sha256,
        org=HOSPITAL,
    )
    holds = HoldDesk(desk.worker.database, Store())
    holds.hold(episode, sha256, "a lawsuit", ANN)
    request = desk.erasure(person)
    desk.round(OVER)
    told = desk.state(request)
    assert told["state"] == "storage_only"
    assert told["findings"]["held"][episode]["rule"] == "legal_hold"
    assert desk.worker.keyring.key(episode)
    for by in (ANN, BEN):
        holds.release(episode, sha256, "it is over", by)
    desk.round(OVER)
    assert desk.state(request)["state"] == "erased"


def test_a_round_takes_as_many_as_one_message_holds_and_the_next_takes_the_rest(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasures, "JUDGED_AT_ONCE", 1)
    people = [new_hkid(), new_hkid()]
    for person in people:
        desk.close(desk.visit(person))
    requests = [desk.erasure(person) for person in people]
    desk.round(OVER)
    assert sorted(desk.state(one)["state"] for one in requests) == ["confirmed", "erased"]
    desk.round(OVER)
    assert {desk.state(one)["state"] for one in requests} == {"erased"}


def test_no_key_is_stored_under_an_epoch_that_is_about_to_die(desk: Desk) -> None:
    """A key wrapped before the roll and stored after it would be lost with its epoch."""
    late = desk.api.keyring.new_key("ep_LATE1")
    person = new_hkid()
    desk.close(desk.visit(person))
    desk.erasure(person)
    assert desk.round(OVER) == 1
    with pytest.raises(Unavailable), desk.api.database.begin(HOSPITAL) as connection:
        insert_data_key(connection, "ep_LATE1", late)
    with desk.api.database.begin(HOSPITAL) as connection:
        insert_data_key(connection, "ep_LATE1", desk.api.keyring.new_key("ep_LATE1"))
    assert Keyring(SqlDataKeys(desk.api.database), desk.api.keystore).key("ep_LATE1")


def test_what_no_rule_keeps_any_more_is_reported_and_left_where_it_is(desk: Desk) -> None:
    episode = desk.visit(new_hkid())
    desk.close(episode)
    assert asyncio.run(desk.steps.report_retention(date(2041, 4, 2))) == 0
    assert asyncio.run(desk.steps.report_retention(date(2041, 4, 3))) >= 1
    (due,) = desk.select("select rule, due_on from retention_due where scope = %(s)s", s=episode)
    assert due == {
        "rule": "consent-withdrawal:retention.outpatient",
        "due_on": date(2041, 4, 3),
    }
    assert desk.reads(episode)


def test_a_hospital_tells_its_patient_who_looked_and_no_other_hospital_does(desk: Desk) -> None:
    episode = desk.visit(new_hkid())
    book = SqlAudit(desk.api.database)
    for organisation, outcome in ((HOSPITAL, "200"), ("kowloon-mutual", "403")):
        record = AuditRecord(
            organisation=organisation,
            key_id="k1",
            operation="read_episode",
            about=episode,
            outcome=outcome,
        )
        asyncio.run(book.record(record))
    accesses = StoredAccesses(desk.api.database).accesses
    told = asyncio.run(accesses(WINDOW, episode, "zh-Hant", 200, None))
    found = [(one["organisation"], one["operation"], one["says"]) for one in told["accesses"]]
    assert (HOSPITAL, "read_episode", "查閱了您的資料") in found
    assert ("kowloon-mutual", "read_episode", "提出查閱但被拒絕") in found
    assert (HOSPITAL, "submit_episode", "提交了與您診療有關的資料") in found
    stranger = WINDOW.model_copy(update={"organisation": "jiangmen-central"})
    with pytest.raises(NotFound):
        asyncio.run(accesses(stranger, episode, "en", 200, None))
    pages: list[dict[str, object]] = []
    cursor = None
    while not pages or cursor:
        page = asyncio.run(accesses(WINDOW, episode, "zh-Hant", 1, cursor))
        pages += page["accesses"]
        cursor = page["next"]
    assert pages == told["accesses"], "page by page nothing is missing and nothing told twice"
    assert [one["at"] for one in pages] == sorted((one["at"] for one in pages), reverse=True)
    assert asyncio.run(accesses(WINDOW, episode, "zh-Hant", 200, "no cursor")) == told


def test_every_column_of_bytes_is_known_so_that_an_export_is_all_we_hold(desk: Desk) -> None:
    found = desk.select(
        "select c.table_name, c.column_name from information_schema.columns c"
        " join information_schema.tables t using (table_schema, table_name)"
        " where c.table_schema = 'public' and c.data_type = 'bytea'"
        " and t.table_type = 'BASE TABLE'"
    )
    columns = {(row["table_name"], row["column_name"]) for row in found}
    assert columns == set(SEALED_COLUMNS) | SYSTEM_COLUMNS | DIGEST_COLUMNS
