"""Records under killed workers, and the bytes of everything we keep: no code, no name, no word."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import httpx
import psycopg
import pytest
from psycopg import sql

from tests.faults.house import House, Row, example, until
from tests.faults.leak_scanner import Hit, Scanner
from tests.faults.story import Visit
from tests.plain_files import pdf_of

WORD, SUBSTANCE = "Borborygmus-of-the-canary", "Flibbertigibbet-mycin"
PARENT, PARENT_CARD = "WHIFFLETREE Bartholomew", "WP483920"
CHILD, CHILD_CARD = "SNOLLYGOSTER Wilhelmina", "WK640375"


def card(letters: str, digits: str) -> str:
    """With its right check digit."""
    values = [ord(letter) - 55 for letter in letters] + [int(digit) for digit in digits]
    total = sum(v * w for v, w in zip(values, range(9, 1, -1), strict=True))
    check = -total % 11
    return f"{letters}{digits}({'A' if check == 10 else check})"


def moment(minutes: float = 0) -> str:
    return (datetime.now(UTC) + timedelta(minutes=minutes)).isoformat()


@dataclass
class Child:
    """A patient of eleven whose parent signs, with a record of words that stand nowhere else."""

    house: House
    name: str
    number: str

    def enter(self, episode: Row) -> None:
        signer = {
            "capacity": "parent",
            "name": {"en": PARENT},
            "document": {"type": "hkid", "number": card(PARENT_CARD[:2], PARENT_CARD[2:])},
            "paper": "birth-certificate",
            "paper_seen_at": moment(-90),
        }
        signed = {"text_version": "2025-01", "signed_at": moment(-60), "channel": "paper"}
        episode["coverages"] = []
        episode["patient"] = {
            "name": {"en": CHILD},
            "birth_date": "2015-05-01",
            "documents": [{"type": "hkid", "number": self.number}],
        }
        episode["consents"] = [
            {"type": kind, "signed_by": signer, **signed}
            for kind in ("EHEALTH_JOIN", "EHEALTH_SHARE")
        ]

    def make_known(self) -> None:
        records = [
            {"section": "encounters", "id": "e", "day": "2025-06-03", "code": "AMB", "text": WORD},
            {
                "section": "allergies",
                "id": "a",
                "day": "2020-06-03",
                "code": "1",
                "text": SUBSTANCE,
            },
        ]
        person = {
            "document": "HKID",
            "number": self.number.replace("(", "").replace(")", ""),
            "birth_date": "2015-05-01",
            "joined": True,
            "sharing": True,
            "records": records,
        }
        self.house.control("ehealth", "tables", {"persons": {self.name: person}})

    def codes(self) -> Row:
        url = f"{self.house.stack.urls.simulators['ehealth']}/_control/app/codes"
        shown = httpx.post(url, json={"person": self.name}, verify=False, trust_env=False).json()
        return {name: shown[name] for name in ("application_code", "password_code")}


@dataclass
class Told:
    """One episode with a request that was read and a document that was handed in."""

    house: House
    child: Child
    codes: Row
    episode_id: str


class Consultation(Visit):
    """A visit of which only its records are of interest."""

    def open(self) -> None:
        content = example("episode-2-voucher.json")
        content["visit"]["number"] += f"-records-{self.number}"
        self.change(content)
        self.episode_id = self.window.send("/v1/episodes", content)["episode_id"]

    def send(self, what: str, body: Row) -> Row:
        return self.window.send(f"/v1/episodes/{self.episode_id}/{what}", body)


def begun(house: House, name: str, number: str) -> tuple[Child, Consultation]:
    child = Child(house, name, number)
    child.make_known()
    visit = Consultation(house, change=child.enter)
    visit.open()
    return child, visit


def ask(house: House, child: Child, visit: Consultation) -> Row:
    codes = child.codes()
    request = {"number": "RR-1", "requested_at": moment(), "requested_by": "DR-1", **codes}
    visit.send("record-requests", request)
    return codes


def hand_in(visit: Consultation, content: bytes) -> None:
    path = f"/v1/episodes/{visit.episode_id}/documents?name=summary.pdf"
    visit.window.upload(path, content, "application/pdf")
    item = {
        "kind": "visit_summary",
        "sha256": hashlib.sha256(content).hexdigest(),
        "made_on": "2026-11-22",
    }
    visit.send("record-deposits", {"number": "RD-1", "stated_at": moment(), "items": [item]})


def ended(house: House, visit: Consultation, table: str, state: str) -> Row:
    def look() -> Row | None:
        rows = house.rows(
            f"select * from {table} where episode_id = %(id)s and state = %(state)s",
            id=visit.episode_id,
            state=state,
        )
        return rows[0] if rows else None

    found: Row = until(f"{table} {state}", look)
    return found


@pytest.fixture(scope="module")
def told(house: House) -> Told:
    house.heal()
    child, visit = begun(house, "eh-canary", card(CHILD_CARD[:2], CHILD_CARD[2:]))
    codes = ask(house, child, visit)
    ended(house, visit, "record_request", "answered")
    path = f"{house.stack.urls.api}/v1/episodes/{visit.episode_id}/record-requests/RR-1?by=DR-1"
    keys = house._keys["jiangmen-central"]
    found = httpx.get(path, headers={"Authorization": f"Bearer {keys}"}, trust_env=False)
    assert WORD in found.text and SUBSTANCE in found.text
    hand_in(visit, pdf_of() + f"% {WORD}".encode())
    ended(house, visit, "record_delivery", "delivered")
    with psycopg.connect(house.superuser_url(), autocommit=True) as connection:
        connection.execute("checkpoint")
    return Told(house, child, codes, visit.episode_id)


def canaries(told: Told) -> list[str]:
    names = [*PARENT.split(), PARENT_CARD, *CHILD.split(), CHILD_CARD]
    return [WORD, SUBSTANCE, *names, *told.codes.values()]


def test_no_file_of_ours_holds_a_code_a_name_or_a_word_of_a_record(told: Told) -> None:
    home = told.house.stack.home
    found = Scanner(canaries(told)).scan_folder(home.root, [home.bank, home.simulators])
    assert found == []


def test_no_column_holds_one_and_used_codes_are_not_even_kept_sealed(told: Told) -> None:
    found: list[Hit] = []
    scanner = Scanner(canaries(told))
    with psycopg.connect(told.house.superuser_url()) as connection:
        tables = connection.execute(
            "select relname from pg_class where relkind = 'r'"
            " and relnamespace = 'public'::regnamespace"
        ).fetchall()
        for (table,) in tables:
            query = sql.SQL("select string_agg(t::text, chr(10)) from {} t")
            (content,) = connection.execute(query.format(sql.Identifier(table))).fetchone() or ("",)
            found += scanner.scan(table, (content or "").encode())
    assert found == []
    kept = "select codes_sealed from record_request where episode_id = %(id)s"
    assert [row["codes_sealed"] for row in told.house.rows(kept, id=told.episode_id)] == [None]


def test_no_object_holds_one_though_the_record_and_its_evidence_are_there(told: Told) -> None:
    settings, scanner = told.house.stack.settings, Scanner(canaries(told))
    s3: Any = boto3.client(
        "s3",
        endpoint_url=settings.s3_endpoint,
        region_name=settings.s3_region,
        aws_access_key_id=settings.s3_access_key.get_secret_value(),
        aws_secret_access_key=settings.s3_secret_key.get_secret_value(),
    )
    listed = s3.list_objects_v2(Bucket=settings.s3_bucket, Prefix=told.episode_id)["Contents"]
    keys = [entry["Key"] for entry in listed]
    folders = {key.split("/")[1] for key in keys}
    assert {"records", "evidence", "documents"} <= folders
    for key in keys:
        assert (
            scanner.scan(key, s3.get_object(Bucket=settings.s3_bucket, Key=key)["Body"].read())
            == []
        )


def test_the_other_side_has_them_so_that_the_silence_means_something(told: Told) -> None:
    found = Scanner([WORD]).scan_folder(told.house.stack.home.simulators / "ehealth")
    assert found != []


@pytest.mark.parametrize("point", ["record-attempt-committed", "record-answered"])
def test_a_worker_that_dies_in_a_request_leaves_one_access_and_one_answer(
    house: House, point: str
) -> None:
    house.heal()
    number = card("WT", f"{100000 + house.number():06d}")
    child, visit = begun(house, f"eh-{point}", number)
    for worker in ("worker-1", "worker-2"):
        house.hook(worker, point)
    ask(house, child, visit)
    until(f"{point} struck", house.marker(point).exists)
    house.heal()
    row = ended(house, visit, "record_request", "answered")
    given = [
        e for e in house.journal("ehealth", "record_given") if e["reference"] == row["reference"]
    ]
    assert len(given) == 1
    looked = "select what from record_access where episode_id = %(id)s"
    assert [r["what"] for r in house.rows(looked, id=visit.episode_id)] == ["fetched"]
