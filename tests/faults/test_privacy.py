"""Nothing that we keep holds a patient's particulars in the open: the bytes themselves are read."""

from __future__ import annotations

import asyncio
import base64
from pathlib import Path

import boto3
import psycopg
import pytest
from psycopg import sql
from pydantic import BaseModel
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from tests.faults.canaries import INPATIENT, OUTPATIENT, REFUSED_HKID, make_known
from tests.faults.house import House, Row, until
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
