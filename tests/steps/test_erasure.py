"""A person is erased by his keys once no rule keeps what is held; before that it is only stored."""

from __future__ import annotations

import asyncio
import io
import itertools
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from ulid import ULID

from activities.privacy import ErasureOrder, PrivacySteps, SubjectOrder
from activities.privacy_ports import PrivacyPorts
from crossclaim.api.audit_port import AuditRecord
from crossclaim.documents.subject_pages import SubjectPages
from crossclaim.domain.audit_chain import Root
from crossclaim.domain.errors import Final, NotAllowed, NotFound, Unavailable
from crossclaim.domain.subject_request import SubjectRequest
from crossclaim.domain.submission import (
    DocumentType,
    IdentityDocument,
    PersonName,
    SubmissionKind,
)
from crossclaim.domain.voucher_submission import SpouseSubmission
from crossclaim.security.data_key import WrappedKey
from crossclaim.security.errors import KeyDestroyed, Undecipherable
from crossclaim.security.keyring import Keyring
from crossclaim.security.keys import EpochKeystore
from crossclaim.security.purpose import LEGAL, PURPOSE
from crossclaim.security.roles import Principal, Role
from crossclaim.security.signing import Signer, is_signed
from crossclaim.service.accesses import StoredAccesses
from crossclaim.service.audit import SqlAudit
from crossclaim.service.reads import SqlEpisodes
from crossclaim.service.subject_requests import ExportGone, SubjectDesk
from crossclaim.stack import Stack
from crossclaim.store.audit_blocks import SqlAuditChain
from crossclaim.store.erasures import SqlErasures, certificate_bytes
from crossclaim.store.keys import SqlDataKeys, insert_data_key
from crossclaim.store.person_index import document_index
from crossclaim.store.sealed_columns import DIGEST_COLUMNS, SEALED_COLUMNS, SYSTEM_COLUMNS
from crossclaim.store.subject_export import SqlSubjectExports
from crossclaim.wiring import House, api_house, worker_house
from tests.flows.hospital import Body, example, varied
from tests.steps.rig import AT, HOSPITAL, Rig
from tests.unit.data_key_shelf import DataKeyShelf

CANARY = "FLAMINGO Peregrine"
SUPPORT = Principal(organisation="crossclaim", role=Role.SUPPORT, key_id="first")
SECOND = SUPPORT.model_copy(update={"key_id": "second"})
WINDOW = Principal(organisation=HOSPITAL, role=Role.HOSPITAL_BILLING, key_id="window")
IN_FORCE = AT + timedelta(days=400)
OVER = datetime(2061, 1, 1, tzinfo=UTC)
"""Fifteen years of care records and seven of the insurer's are over; thirty would be too."""


@dataclass(frozen=True)
class Stolen:
    """What a thief has of one person from before the erasure."""

    scope: str
    key: WrappedKey
    text: bytes


class Shelf:
    """Objects, sealed as the store's own are, and what was laid under lock."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring
        self.objects: dict[str, bytes] = {}
        self.laid: dict[str, bytes] = {}
        self.ended: list[str] = []

    def put(self, key: str, content: bytes, content_type: str) -> None:
        self.objects[key] = self._keyring.encrypt(key.partition("/")[0], content, "document")

    def get(self, key: str) -> bytes:
        if key not in self.objects:
            raise Final("no such document", code="DOCUMENT_MISSING")
        return self._keyring.decrypt(key.partition("/")[0], self.objects[key], "document")

    def keep(self, key: str, body: bytes) -> None:
        self.laid[key] = body

    def lay(self, root: Root) -> None:
        self.laid[str(root.block)] = root.model_dump_json().encode()

    async def end_run(self, scope: str) -> None:
        self.ended.append(scope)

    async def export_subject(self, request_id: str) -> None:
        """The step is called by the test itself."""


@dataclass
class Desk:
    rig: Rig
    worker: House
    api: House
    shelf: Shelf
    subjects: SubjectDesk
    steps: PrivacySteps
    ports: PrivacyPorts

    def ask(self, kind: str, document: IdentityDocument) -> str:
        asked = SubjectRequest.model_validate(
            {
                "kind": kind,
                "document": document.model_dump(mode="json"),
                "identity_seen": "hkid",
                "identity_seen_at": AT.isoformat(),
            }
        )
        return str(asyncio.run(self.subjects.ask(SUPPORT, asked, None))["id"])

    def state(self, request_id: str) -> Body:
        found: Body = asyncio.run(self.subjects.read(SUPPORT, request_id))
        return found

    def erasure(self, document: IdentityDocument) -> str:
        request = self.ask("erasure", document)
        asyncio.run(self.subjects.confirm(SECOND, request))
        return request

    def round(self, at: datetime) -> int:
        judged = self.steps.judge_erasures(at)
        asyncio.run(self.steps.end_erased_runs(judged))
        return self.steps.destroy_keys(ErasureOrder(judged=judged, at=at))

    def visit(self, person: IdentityDocument) -> str:
        """An outpatient episode of somebody with this identity card."""
        submission = varied(
            example("episode-2-voucher"),
            hospital=HOSPITAL,
            visit={"number": f"MZ-ERASE-{ULID()}"},
            coverages=[{"funder": "voucher"}],
        )
        submission["patient"]["name"] = {"en": CANARY, "zh": "火烈鳥"}
        submission["patient"]["documents"] = [person.model_dump(mode="json", exclude_none=True)]
        episode, answer = self.rig.say(SubmissionKind.EPISODE, submission)
        assert answer.status == 201, answer.body
        return episode

    def export_of(self, person: IdentityDocument) -> Body:
        request = self.ask("access", person)
        order = SubjectOrder(request_id=request, at=AT)
        assert self.steps.gather_subject_export(order) == "ready"
        content = asyncio.run(self.subjects.fetch(SUPPORT, request))
        told: Body = json.loads(zipfile.ZipFile(io.BytesIO(content)).read("data.json"))
        return told

    def read(self, episode: str) -> Body:
        return asyncio.run(SqlEpisodes(self.api.database).episode(WINDOW, episode))

    def reads(self, episode: str) -> bool:
        """Whether the hospital reads its own episode; ``NotFound`` is raised when not."""
        return episode in json.dumps(self.read(episode), default=str)

    def found(self, person: IdentityDocument) -> int:
        """Episodes by the person's document."""
        who = document_index(self.worker.keyring, person)
        return len(self.select("select 1 as x from identity_index where value = %(who)s", who=who))

    def select(self, statement: str, **values: object) -> list[Body]:
        with self.worker.database.begin() as connection:
            return connection.execute(statement, values).mappings()

    def close(self, episode: str) -> None:
        self.rig.change(
            "update episode set status = 'closed', closed_at = %(at)s where id = %(id)s",
            at=AT,
            id=episode,
        )


@pytest.fixture(scope="module")
def desk(rig: Rig, stack: Stack) -> Iterator[Desk]:
    worker, api = worker_house(stack.settings), api_house(stack.settings)
    shelf = Shelf(worker.keyring)
    with worker.database.begin() as connection:
        connection.execute(
            "insert into organisation (id, kind, name)"
            " values ('crossclaim', 'operator', 'Platform') on conflict do nothing"
        )
    plans = worker.plan_shelf.plans
    ports = PrivacyPorts(
        chain=SqlAuditChain(worker.database, Signer(worker.keystore)),
        anchors=shelf,
        exports=SqlSubjectExports(worker.database, worker.keyring, shelf, SubjectPages(), plans),
        erasures=SqlErasures(worker.database, worker.keyring, worker.keystore, plans),
        runs=shelf,
    )
    steps = PrivacySteps(replace(rig.world, privacy=ports))
    subjects = SubjectDesk(api.database, api.keyring, shelf, shelf)
    yield Desk(rig, worker, api, shelf, subjects, steps, ports)
    worker.database.close()
    api.database.close()


_serials = itertools.count(910_001)


def new_hkid() -> IdentityDocument:
    """A valid number that no other test has."""
    text = f"Y{next(_serials)}"
    values = [36, ord("Y") - 55, *(int(digit) for digit in text[1:])]
    left = -sum(v * w for v, w in zip(values, range(9, 1, -1), strict=True)) % 11
    number = f"{text}({'A' if left == 10 else left})"
    return IdentityDocument(type=DocumentType.HKID, number=number)


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


def stolen_before(desk: Desk, scope: str) -> Stolen:
    """What a backup of the day before holds of a person: his wrapped key and a sealed text."""
    with desk.worker.database.begin() as connection:
        key = connection.execute(
            "select key_id, epoch, wrapped from data_key where scope = %(s)s", {"s": scope}
        ).one()
        text = connection.execute(
            "select sealed from episode where id = %(s)s", {"s": scope}
        ).scalar_one()
    wrapped = WrappedKey(key_id=key.key_id, epoch=key.epoch, wrapped=bytes(key.wrapped))
    return Stolen(scope, wrapped, bytes(text))


def opens(desk: Desk, stolen: Stolen) -> bool:
    """A thief with the backup, every key file that is left and the master key tries each epoch."""
    keystore = EpochKeystore(desk.worker.settings.keystore_dir)
    for epoch in keystore.epochs():
        shelf = DataKeyShelf()
        shelf.create(stolen.scope, stolen.key.model_copy(update={"epoch": epoch}))
        try:
            Keyring(shelf, keystore).decrypt(stolen.scope, stolen.text, "episode")
        except (KeyDestroyed, Undecipherable):
            continue
        return True
    return False


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
    erasures = desk.ports.erasures
    batch = erasures.begin(erasures.judge(OVER), OVER)
    assert batch is not None
    assert erasures.begin([], OVER) == batch
    assert desk.round(OVER) == 1
    assert erasures.begin([], OVER) is None
    assert erasures.finish(batch, OVER).certificate["batch"] == batch


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
