"""Nothing that we keep holds a patient's particulars in the open: the bytes themselves are read."""

from __future__ import annotations

import asyncio
import base64
import gzip
import zlib
from datetime import UTC, datetime
from pathlib import Path

import boto3
import psycopg
import pytest
from psycopg import sql
from pydantic import BaseModel
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from activities.privacy import ErasureOrder, PrivacySteps
from crossclaim.domain.subject_request import SubjectRequest
from crossclaim.engine import EpisodeEngine
from crossclaim.security.opened_history import opened_history
from crossclaim.security.roles import Principal, Role
from crossclaim.service.subject_requests import SubjectDesk
from crossclaim.wiring import api_house, worker_house
from tests.faults.canaries import INPATIENT, OUTPATIENT, REFUSED_HKID, make_known
from tests.faults.house import House, Row, until
from tests.faults.key_thief import Loot, base_backup, holds, loot_of, opened_by_what_is_left
from tests.faults.leak_scanner import Hit, Scanner
from tests.faults.outcome import ledger_is_level
from tests.faults.story import Stay, Visit
from tests.plain_files import pdf_of

TWIN = "JABBERWOCKY Slithy-Toves"
CANARIES = [*INPATIENT.secrets(), *OUTPATIENT.secrets(), REFUSED_HKID.partition("(")[0]]


def allowed(house: House) -> list[Path]:
    """Folders that are not ours to seal, or whose content names the payee by its nature."""
    home = house.stack.home
    return [
        # An order names the payee and his account: a bank cannot pay an unknown person.
        home.bank,
        # Other parties: the insurer, the voucher system and the banks keep their own books.
        home.simulators,
    ]


class Told(Stay):
    """Episode 1 of a person made of canaries, with a document and a later reimbursement."""

    def bill(self, kind: str) -> Row:
        content = super().bill(kind)
        for line in content["lines"]:
            line["description"] = INPATIENT.service
        return content

    def leave(self) -> None:
        text = pdf_of() + f"% {INPATIENT.document_text} {INPATIENT.english}".encode()
        path = f"/v1/episodes/{self.episode_id}/documents?name={INPATIENT.document_name}"
        self.window.upload(path, text, "application/pdf")
        super().leave()

    def reimburse(self) -> None:
        bill = self.bill("final")
        account = {
            "holder": INPATIENT.english,
            "number": INPATIENT.account,
            "bank_name": "Bank of China Shenzhen",
            "bank_code": "402000000027",
        }
        about = {"bill_number": bill["number"], "bill_version": bill["version"]}
        at = {"requested_at": "2026-03-20T10:00:00+08:00"}
        self.send("reimbursements", {**about, **at, "account": account})
        query = (
            "select 1 from payout_intent where episode_id = %(id)s and payee = 'patient'"
            " and state = 'credited'"
        )
        until("reimbursed", lambda: self.house.rows(query, id=self.episode_id))
        self.closed()


@pytest.fixture(scope="module")
def told(house: House) -> House:
    """Both episodes have been told to the end, with a refused submission beside them."""
    house.heal()
    make_known(house)
    stay = Told(house, policy=INPATIENT.policy, change=INPATIENT.enter)
    stay.run()
    stay.reimburse()
    visit = Visit(house, change=OUTPATIENT.enter)
    visit.run()
    for episode in (stay, visit):
        ledger_is_level(house, episode.episode_id)
    refused = stay.opening()
    refused["visit"]["number"] += "-refused"
    refused["patient"]["documents"] = [{"type": "hkid", "number": REFUSED_HKID}]
    assert stay.window.once("/v1/episodes", refused).status_code == 422
    # What lies only in the database's memory so far goes to its files.
    with psycopg.connect(house.superuser_url(), autocommit=True) as connection:
        connection.execute("checkpoint")
    return house


def test_no_file_of_ours_holds_a_particular_of_a_patient(told: House) -> None:
    home = told.stack.home.root
    written = [
        "temporal/temporal.db",
        "logs/api.log",
        "logs/worker-1.log",
        "logs/temporal.log",
        "postgres/pg_wal" if (home / "postgres/pg_wal").exists() else "postgres",
        "objects",
    ]
    assert [name for name in written if not (home / name).exists()] == []
    assert Scanner(CANARIES).scan_folder(home, allowed(told)) == []


def test_no_file_of_a_bank_that_was_processed_holds_one(told: House) -> None:
    """The look that seals them may still be on its way."""
    done = list(told.stack.home.bank.glob("*/inbound/done"))

    def plain() -> list[Path]:
        return [path for folder in done for path in folder.glob("*.xml")]

    until("every processed file is sealed", lambda: not plain())
    kept = [path for folder in done for path in folder.glob("*.sealed")]
    assert kept, "banks have told of payouts"
    assert [hit for folder in done for hit in Scanner(CANARIES).scan_folder(folder)] == []


def test_no_column_of_the_database_holds_one_compressed_or_not(told: House) -> None:
    found: list[Hit] = []
    scanner = Scanner(CANARIES)
    with psycopg.connect(told.superuser_url()) as connection:
        tables = connection.execute(
            "select relname from pg_class where relkind in ('r', 'p')"
            " and relnamespace = 'public'::regnamespace"
        ).fetchall()
        assert len(tables) > 25
        for (table,) in tables:
            query = sql.SQL("select string_agg(t::text, chr(10)) from {} t")
            (content,) = connection.execute(query.format(sql.Identifier(table))).fetchone() or ("",)
            found += scanner.scan(table, (content or "").encode())
    assert found == []


def test_no_object_of_the_document_store_holds_one(told: House) -> None:
    settings, scanner = told.stack.settings, Scanner(CANARIES)
    s3 = boto3.client(
        "s3",
        endpoint_url=settings.s3_endpoint,
        region_name=settings.s3_region,
        aws_access_key_id=settings.s3_access_key.get_secret_value(),
        aws_secret_access_key=settings.s3_secret_key.get_secret_value(),
    )
    listed = s3.list_objects_v2(Bucket=settings.s3_bucket).get("Contents", [])
    keys = [entry["Key"] for entry in listed]
    assert any("/documents/" in key for key in keys), "the document is there to be looked at"
    assert any("/history/" in key for key in keys), "and so is a finished run's history"
    found = scanner.scan("keys", "\n".join(keys).encode())
    for key in keys:
        content = s3.get_object(Bucket=settings.s3_bucket, Key=key)
        found += scanner.scan(key, content["Body"].read())
        found += scanner.scan(key, repr(content["ResponseMetadata"]["HTTPHeaders"]).encode())
    assert found == []


def test_the_bank_got_what_it_needs_so_that_the_silence_means_something(told: House) -> None:
    scanner = Scanner([INPATIENT.account])
    found: list[Hit] = []
    for folder in allowed(told):
        found += scanner.scan_folder(folder)
    assert found != []


class Note(BaseModel):
    name: str


def test_the_naive_twin_without_the_codec_is_found_by_the_same_scanner(told: House) -> None:
    settings = told.stack.settings

    async def start() -> None:
        client = await Client.connect(
            settings.temporal_address,
            namespace=settings.temporal_namespace,
            data_converter=pydantic_data_converter,
        )
        handle = await client.start_workflow(
            "PlainTwin", Note(name=TWIN), id="plain-twin", task_queue="nobody-listens"
        )
        await handle.terminate()

    asyncio.run(start())
    found = Scanner([TWIN]).scan_folder(told.stack.home.temporal)
    assert {hit.form for hit in found} >= {"utf-8"}


@pytest.mark.parametrize(
    "planted",
    [
        INPATIENT.chinese.encode(),
        INPATIENT.english.encode(),
        INPATIENT.chinese.encode("utf-16-le"),
        INPATIENT.english.encode("utf-16-le"),
        INPATIENT.hkid.encode().hex().encode(),
        INPATIENT.hkid.replace("(", "").encode(),
        INPATIENT.policy.encode().hex().upper().encode(),
        base64.b64encode(INPATIENT.english.encode()),
        base64.b64encode(b"1" + INPATIENT.english.encode() + b"after"),
        base64.b64encode(b"12" + INPATIENT.chinese.encode() + b"after it"),
        base64.urlsafe_b64encode(b"123" + INPATIENT.account.encode() + b"\xff\xfe"),
        rb"\u9f98\u9750\u9c7b",
        b"%E9%BE%98%E9%9D%90%E9%B1%BB",
        INPATIENT.diagnosis.encode(),
    ],
    ids=lambda planted: repr(planted[:12]),
)
def test_the_scanner_finds_a_planted_leak_in_every_form(tmp_path: Path, planted: bytes) -> None:
    scanner = Scanner(INPATIENT.secrets())
    (tmp_path / "store").write_bytes(bytes(5000) + planted + bytes(5000))
    assert scanner.scan_folder(tmp_path) != []


@pytest.fixture(scope="module")
def before(told: House, tmp_path_factory: pytest.TempPathFactory) -> tuple[Loot, Loot, Path]:
    """A backup and the thief's loot of both patients, from the day before the erasure."""
    ids = {
        hospital: told.rows(
            "select id from episode where hospital_id = %(h)s and status = 'closed'"
            " order by id desc limit 1",
            h=hospital,
        )[0]["id"]
        for hospital in ("hku-szh", "jiangmen-central")
    }
    copy = base_backup(told, tmp_path_factory.mktemp("backup") / "base")
    return loot_of(told, ids["hku-szh"]), loot_of(told, ids["jiangmen-central"]), copy


@pytest.fixture(scope="module")
def erased(told: House, before: tuple[Loot, Loot, Path]) -> int:
    """How many keys the batch destroyed; the bill's thirty years of keeping are over."""
    house, api = worker_house(told.stack.settings), api_house(told.stack.settings)
    first = Principal(organisation="hku-szh", role=Role.SUPPORT, key_id="first")
    asked = SubjectRequest.model_validate(
        {
            "kind": "erasure",
            "document": {"type": "hkid", "number": INPATIENT.hkid},
            "identity_seen": "hkid",
            "identity_seen_at": "2061-01-01T10:00:00+08:00",
        }
    )

    async def erase() -> int:
        engine = EpisodeEngine(await house.client(lazy=False))
        desk = SubjectDesk(api.database, api.keyring, api.documents, engine)
        request = (await desk.ask(first, asked, None))["id"]
        await desk.confirm(first.model_copy(update={"key_id": "second"}), request)
        steps, at = PrivacySteps(house.world(engine)), datetime(2061, 1, 1, tzinfo=UTC)
        judged = await asyncio.to_thread(steps.judge_erasures, at)
        await steps.end_erased_runs(judged)
        return await asyncio.to_thread(steps.destroy_keys, ErasureOrder(judged=judged, at=at))

    try:
        return asyncio.run(erase())
    finally:
        house.database.close()
        api.database.close()


def test_before_the_erasure_the_thief_opens_everything(
    told: House, before: tuple[Loot, Loot, Path]
) -> None:
    loot, _, copy = before
    assert set(opened_by_what_is_left(told, loot)) == {"submission", "episode", "bill", "payee"}
    assert holds(copy / "base", loot.wrapped), "the backup has the wrapped key itself"


def test_after_it_no_key_that_is_left_opens_a_byte_of_the_person_in_any_copy(
    told: House, before: tuple[Loot, Loot, Path], erased: int
) -> None:
    loot, other, copy = before
    assert erased == 1
    assert holds(copy / "base", loot.wrapped), "the backup is as it was"
    assert opened_by_what_is_left(told, loot) == []
    assert opened_by_what_is_left(told, loot_of(told, other.scope)) != [], "others live on"
    # His texts lie where they lay, in the database, its log, the engine's file and the store; a
    # long one in pieces, the log of which is used again one day.
    with psycopg.connect(told.superuser_url(), autocommit=True) as connection:
        connection.execute("checkpoint")
    assert holds(told.stack.home.postgres, loot.texts[0].content[:500])


def test_no_copy_yields_a_particular_of_the_erased_not_even_compressed(
    told: House, before: tuple[Loot, Loot, Path], erased: int
) -> None:
    with psycopg.connect(told.superuser_url(), autocommit=True) as connection:
        connection.execute("checkpoint")
    few = [INPATIENT.chinese, INPATIENT.english, INPATIENT.hkid.partition("(")[0]]
    home, scanner = told.stack.home, Scanner([*few, INPATIENT.account])
    places = [before[2], home.temporal, home.objects, home.logs, home.postgres / "pg_wal"]
    assert [hit for place in places for hit in scanner.scan_inflated(place)] == []


def test_the_engine_still_has_the_history_and_nobody_can_read_it(
    told: House, before: tuple[Loot, Loot, Path], erased: int
) -> None:
    house = worker_house(told.stack.settings)

    async def events() -> list[Row]:
        engine = EpisodeEngine(await house.client(lazy=False))
        handle = engine._client.get_workflow_handle(before[0].scope)
        run = (await handle.describe()).run_id
        content, _ = await engine.history(before[0].scope, run)
        return opened_history(house.keyring, content)

    try:
        told_again = repr(asyncio.run(events()))
    finally:
        house.database.close()
    assert "KEY_DESTROYED" in told_again
    assert before[0].scope in told_again


def test_a_new_patient_is_served_as_before(told: House, erased: int) -> None:
    visit = Visit(told)
    visit.run()
    ledger_is_level(told, visit.episode_id)


def test_the_audit_of_it_all_holds_together_with_the_roots_under_lock(
    told: House, erased: int
) -> None:
    house = worker_house(told.stack.settings)
    try:
        steps = PrivacySteps(house.world(EpisodeEngine(asyncio.run(house.client(lazy=True)))))
        steps.seal_audit()
        assert house.anchors is not None
        roots = house.anchors.all()
        broken, checked, waiting = house.audit_chain.first_break(roots)
    finally:
        house.database.close()
    assert (broken, waiting) == (None, 0)
    assert roots[-1].last == checked > 20


def test_the_scanner_finds_a_planted_leak_that_was_compressed(tmp_path: Path) -> None:
    plain = ("before " * 40 + INPATIENT.english + " after" * 40).encode()
    for name, content in (
        ("zlib", zlib.compress(plain)),
        ("gzip", gzip.compress(plain)),
        ("wide", INPATIENT.english.encode("utf-16-be")),
    ):
        place = tmp_path / name
        place.mkdir()
        (place / "store").write_bytes(bytes(5000) + content + bytes(5000))
        assert Scanner(INPATIENT.secrets()).scan_inflated(place) != [], name
