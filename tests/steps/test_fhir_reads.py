"""Rows come back as R4 resources: to those who may see them, page by page, to the fen."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from crossclaim.domain.stay import REGION_ZONE
from crossclaim.domain.submission import SubmissionKind
from crossclaim.fhir.datatypes import PROFILES, fhir_id
from crossclaim.fhir.served import SERVED
from crossclaim.stack import Stack
from crossclaim.wiring import House, api_house
from tests.flows.hospital import varied
from tests.steps.asked import asked
from tests.steps.fhir_reader import FhirReader
from tests.steps.paper_claims import APPROVED, INSURER, claim, ebill, paper
from tests.steps.rig import HARBOUR, MUTUAL, Rig
from tests.steps.test_changed_minds import both_paid
from tests.steps.two_insurers import DualStay, first_there, second_here


@pytest.fixture(scope="module")
def api(stack: Stack) -> Iterator[House]:
    house = api_house(stack.settings)
    yield house
    house.database.close()


@pytest.fixture
def reader(api: House, rig: Rig) -> FhirReader:
    return FhirReader(api, rig)


@pytest.fixture(scope="module")
def stay(rig: Rig) -> DualStay:
    """A stay with two insurers that both paid."""
    return both_paid(rig, [first_there(), second_here(3)])


def extensions(resource: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return [e for e in resource.get("extension", []) if e["url"] == f"{PROFILES}/{name}"]


def parts(extension: dict[str, Any]) -> dict[str, Any]:
    return {p["url"]: next(v for k, v in p.items() if k != "url") for p in extension["extension"]}


async def test_every_type_of_an_episode_is_found_and_read_by_its_hospital(
    reader: FhirReader, stay: DualStay
) -> None:
    patient = fhir_id(stay.episode)
    counts = {}
    for one in SERVED:
        if "patient" in one.parameters:
            found = await reader.found(f"{one.type}?patient=Patient/{patient}")
            counts[one.type] = len(found)
            assert all(r["resourceType"] == one.type for r in found)
    for kind in ("EpisodeOfCare", "Encounter", "Patient"):
        assert counts[kind] == 1
    assert counts["Coverage"] == counts["CoverageEligibilityResponse"] == 2
    assert counts["Consent"] >= 2 and counts["PaymentNotice"] >= 2
    assert counts["ExplanationOfBenefit"] == 2
    assert set(reader.book.about) >= {stay.episode}


async def test_a_decided_claim_tells_the_split_to_the_fen_and_the_rate_of_its_payment(
    reader: FhirReader, stay: DualStay
) -> None:
    rows = stay.rig.rows(stay.episode)
    split = rows.allocations[-1].result
    query = f"ExplanationOfBenefit?patient={fhir_id(stay.episode)}"
    for told in await reader.found(query):
        named = [parts(e) for e in extensions(told, "allocation")]
        whole = sum((p["amount"]["value"] for p in named), Decimal(0))
        assert whole == Decimal(split.total.decimal_text())
        for item in told["item"]:
            own = [parts(e)["amount"]["value"] for e in extensions(item, "allocation")]
            assert sum(own, Decimal(0)) == item["net"]["value"]
        (fx,) = extensions(told["payment"], "fx-evidence")
        evidence = parts(fx)
        converted = evidence["source"]["value"] * evidence["rate"]
        assert abs(converted - evidence["target"]["value"]) < Decimal("0.02")
        assert evidence["target"] == told["payment"]["amount"]
        assert evidence["rateTime"] and evidence["rateSource"]


async def test_an_insurer_reads_its_own_part_and_nothing_of_the_other(
    reader: FhirReader, stay: DualStay
) -> None:
    patient = fhir_id(stay.episode)
    for one in SERVED:
        if "patient" not in one.parameters:
            continue
        told = await reader.found(f"{one.type}?patient={patient}", "harbour")
        assert MUTUAL not in str(told), one.type
        if one.type in ("Claim", "ClaimResponse", "Coverage", "PaymentNotice", "Consent"):
            # The hospital's answer to the same question has what is kept from the insurer.
            assert MUTUAL in str(await reader.found(f"{one.type}?patient={patient}")), one.type
        for stranger in ("jiangmen",):
            response = await reader.ask(f"{one.type}?patient={patient}", stranger)
            assert response.status_code == 403 or "entry" not in response.json()
    (person,) = await reader.found(f"Patient?patient={patient}", "harbour")
    assert all("value" not in number for number in person["identifier"])
    # The hospital's accounts see whose bill it is, and no number that somebody else could use.
    (theirs,) = await reader.found(f"Patient?patient={patient}", "accounts")
    assert theirs["name"] and all("value" not in number for number in theirs["identifier"])
    (own,) = await reader.found(f"Patient?patient={patient}")
    assert all(number["value"] for number in own["identifier"])
    mine = await reader.found(f"ClaimResponse?patient={patient}", "harbour")
    assert {r["insurer"]["identifier"]["value"] for r in mine} == {HARBOUR}
    others = [
        r["id"]
        for r in await reader.found(f"ClaimResponse?patient={patient}")
        if r["insurer"]["identifier"]["value"] != HARBOUR
    ]
    for resource_id in others:
        assert (await reader.ask(f"ClaimResponse/{resource_id}", "harbour")).status_code == 404


async def test_pages_hold_everything_once_and_a_version_is_told_once(
    reader: FhirReader, stay: DualStay
) -> None:
    whole = await reader.found(f"Consent?patient={fhir_id(stay.episode)}&_count=100")
    address, seen = f"Consent?patient={fhir_id(stay.episode)}&_count=2", []
    while address:
        bundle = await reader.get(address)
        seen += [one["resource"]["id"] for one in bundle["entry"]]
        links = {one["relation"]: one["url"] for one in bundle["link"]}
        address = links.get("next", "").rpartition("/fhir/")[2]
    assert seen == [one["id"] for one in whole]
    first = await reader.ask(f"Consent/{seen[0]}")
    tag = first.headers["etag"]
    assert tag == f'W/"{first.json()["meta"]["versionId"]}"'
    again = await reader.ask(f"Consent/{seen[0]}", **{"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


async def test_searches_narrow_by_status_identifier_date_and_id(
    reader: FhirReader, stay: DualStay
) -> None:
    patient = fhir_id(stay.episode)
    (claim,) = await reader.found(
        f"Claim?patient={patient}&status=active&identifier={stay.bill['number']}"
    )
    assert not await reader.found(f"Claim?patient={patient}&status=cancelled")
    number = claim["identifier"][0]
    for wanted in (f"{number['system']}|{number['value']}", f"x,{number['value']}"):
        query = f"Claim?patient={patient}&identifier={wanted}"
        assert [c["id"] for c in await reader.found(query)] == [claim["id"]]
    assert not await reader.found(f"Claim?patient={patient}&identifier=urn:x|{number['value']}")
    day = claim["created"][:10]
    for created, there in ((day, True), (f"ge{day}", True), (f"gt{day}", False), ("lt2020", False)):
        query = f"Claim?_id={claim['id']}&created={created}"
        assert bool(await reader.found(query)) is there, created
    changed = claim["meta"]["lastUpdated"].replace("+", "%2B")
    for prefix, there in (("ge", True), ("le", True), ("gt", False), ("lt", False)):
        query = f"Claim?_id={claim['id']}&_lastUpdated={prefix}{changed}"
        assert bool(await reader.found(query)) is there, prefix


async def test_what_a_resource_refers_to_comes_with_it_when_it_is_asked_for(
    reader: FhirReader, stay: DualStay
) -> None:
    patient = fhir_id(stay.episode)
    bundle = await reader.get(
        f"ClaimResponse?patient={patient}&_include=ClaimResponse:request&_include=ClaimResponse:patient"
    )
    kinds = [
        e["resource"]["resourceType"] for e in bundle["entry"] if e["search"]["mode"] == "include"
    ]
    assert kinds.count("Patient") == 1 and "Claim" in kinds
    there = {f"{e['resource']['resourceType']}/{e['resource']['id']}" for e in bundle["entry"]}
    for entry in bundle["entry"]:
        if entry["search"]["mode"] == "match":
            assert entry["resource"]["request"]["reference"] in there


async def test_a_request_for_documents_is_a_communication_request_and_a_task(
    reader: FhirReader, rig: Rig
) -> None:
    wanted = asked(rig, "test_report", "receipt")
    patient = fhir_id(wanted.episode)
    (request,) = await reader.found(f"CommunicationRequest?patient={patient}", "victoria")
    assert len(request["payload"]) == 2 and request["status"] == "active"
    (task,) = await reader.found(f"Task?patient={patient}&status=requested", "victoria")
    assert task["basedOn"][0]["reference"] == f"CommunicationRequest/{request['id']}"
    assert not await reader.found(f"Communication?patient={patient}", "victoria")
    wanted.sends(1)
    (came,) = await reader.found(f"Communication?patient={patient}", "victoria")
    assert came["status"] == "completed" and came["payload"]
    (paper,) = await reader.found(f"DocumentReference?patient={patient}", "victoria")
    assert (
        paper["content"][0]["attachment"]["url"] == came["payload"][0]["contentAttachment"]["url"]
    )


async def test_an_electronic_bill_comes_back_with_the_claim_of_its_papers(
    reader: FhirReader, rig: Rig
) -> None:
    billed = varied(paper("V1", "2026-03-02", "860.00"), ebill=ebill("0000007731", "860.00"))
    kind = SubmissionKind.PAPER_CLAIM
    episode, answer = rig.say(kind, claim([billed]), organisation=INSURER, at=APPROVED)
    assert answer.status in (200, 201), answer.body
    patient = fhir_id(episode)
    (told_of,) = await reader.found(f"Claim?patient={patient}", "victoria")
    told = [parts(e) for e in extensions(told_of, "e-bill")]
    assert told and all(one["code"] and one["number"] for one in told)


async def test_a_settled_day_is_a_payment_reconciliation_for_the_two_alone(
    reader: FhirReader, stay: DualStay
) -> None:
    days = {
        p.credited_at.astimezone(REGION_ZONE).date() for p in stay.rows().payouts if p.credited_at
    }
    (day,) = days
    query = f"PaymentReconciliation?created={day.isoformat()}"
    told = {one["id"]: one for one in await reader.found(query)}
    mine = await reader.found(query, "harbour")
    assert mine and {one["id"] for one in mine} < set(told)
    for one in told.values():
        details = sum((d["amount"]["value"] for d in one["detail"]), 0)
        assert round(details, 2) == round(one["paymentAmount"]["value"], 2) or one.get(
            "processNote"
        )
    for one in set(told) - {m["id"] for m in mine}:
        assert (await reader.ask(f"PaymentReconciliation/{one}", "harbour")).status_code == 404
    wide = await reader.ask("PaymentReconciliation?created=2026")
    assert wide.status_code == 400


async def test_of_a_person_who_was_erased_nothing_is_told_any_more(rig: Rig, stack: Stack) -> None:
    episode = rig.open([{"funder": "voucher"}])
    rig.change(
        "update data_key set wrapped = null, destroyed_at = now() where scope = %(id)s", id=episode
    )
    house = api_house(stack.settings)
    try:
        reader = FhirReader(house, rig)
        response = await reader.ask(f"Patient/{fhir_id(episode)}")
        assert response.status_code == 410
        assert response.json()["issue"][0]["code"] == "deleted"
        assert not await reader.found(f"Coverage?patient={fhir_id(episode)}")
        assert await reader.found("Coverage?_count=3")
    finally:
        house.database.close()
