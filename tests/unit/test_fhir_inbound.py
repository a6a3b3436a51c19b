"""A hospital's FHIR claim is read into exactly our submissions, or refused with every fault."""

from __future__ import annotations

import copy
import json
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.operationoutcome import OperationOutcome

from crossclaim.api.fhir_claim import FhirSubmission, read_claim_bundle
from crossclaim.api.fhir_fault import FhirFault, check_content_type, fault, operation_outcome
from crossclaim.domain.errors import Refused
from crossclaim.domain.submission import BillSubmission, EpisodeSubmission
from crossclaim.gateways import fhir_terms as terms
from crossclaim.gateways import strict_json
from tests.unit.fhir_wrong import CLAIM, WRONG, Change

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
OFFICIAL = ROOT / os.environ.get("CROSSCLAIM_FIXTURES", "../shared/fixtures") / "fhir-r4"
MESSAGE = strict_json.loads((EXAMPLES / "fhir-claim-bundle.json").read_bytes())
PERSONAL = ("Tai Man", "陳大文", "AB987654", "K80.2", "HL-2025-000051")


def changed(*changes: Change) -> dict[str, Any]:
    """The example with something done to its resources, which go by type."""
    message = copy.deepcopy(MESSAGE)
    by_type: dict[str, Any] = {"Bundle": message}
    for entry in message["entry"]:
        by_type.setdefault(entry["resource"]["resourceType"], entry["resource"])
    for change in changes:
        change(by_type)
    return message


def refused(message: Any) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as caught:
        read_claim_bundle(message)
    outcome = operation_outcome(caught.value.faults)
    OperationOutcome.model_validate(outcome)
    text = json.dumps(outcome, ensure_ascii=False)
    assert not [word for word in PERSONAL if word in text]
    return [(one.code, one.pointer) for one in caught.value.faults]


def test_the_example_is_valid_r4() -> None:
    Bundle.model_validate(MESSAGE)


def test_the_example_says_exactly_what_the_plain_examples_say() -> None:
    read = read_claim_bundle(MESSAGE)
    episode = (EXAMPLES / "episode-1-inpatient.json").read_bytes()
    bill = (EXAMPLES / "episode-1-bill-final.json").read_bytes()
    assert read.episode == EpisodeSubmission.model_validate_json(episode)
    assert read.bill == BillSubmission.model_validate_json(bill)


def test_an_inpatient_encounter_gives_admission_and_discharge() -> None:
    read = read_claim_bundle(MESSAGE)
    assert read.admission is not None and read.discharge is not None
    assert read.admission.admitted_at.isoformat() == "2026-03-11T09:00:00+08:00"
    assert read.discharge.discharged_at.isoformat() == "2026-03-14T10:00:00+08:00"


def test_an_outpatient_encounter_gives_neither() -> None:
    read = read_claim_bundle(changed(lambda r: r["Encounter"]["class"].update(code="AMB")))
    assert (read.admission, read.discharge) == (None, None)
    assert read.episode.visit.encounter_class == "outpatient"


def test_a_fault_of_the_rules_is_told_at_its_place_in_the_message() -> None:
    read = read_claim_bundle(MESSAGE)
    assert read.bill_origins["/lines/3/amount"] == "Bundle.entry[0].resource.item[3].net"
    assert read.episode_origins["/patient/documents/0/number"] == (
        "Bundle.entry[1].resource.identifier[0].value"
    )


def test_the_same_claim_with_everything_contained_is_read_alike() -> None:
    message = changed()
    names = {entry["fullUrl"]: f"#r{n}" for n, entry in enumerate(message["entry"])}
    text = json.dumps(message, default=float)
    for url, name in names.items():
        text = text.replace(f'"reference": "{url}"', f'"reference": "{name}"')
    claim, *others = json.loads(text)["entry"]
    contained = [{**entry["resource"], "id": names[entry["fullUrl"]][1:]} for entry in others]
    read = read_claim_bundle({**claim["resource"], "contained": contained})
    assert (read.episode, read.bill) == (
        read_claim_bundle(MESSAGE).episode,
        read_claim_bundle(MESSAGE).bill,
    )


def test_documents_uploaded_before_are_named_by_their_content() -> None:
    attachment = {
        "sequence": 9,
        "category": {"coding": [{"system": terms.CLAIM_INFORMATION, "code": "attachment"}]},
        "code": {"coding": [{"system": terms.DOCUMENT_KIND, "code": "itemised_bill"}]},
        "valueAttachment": {"title": "bill.pdf", "url": "urn:sha256:" + "a" * 64},
    }
    read = read_claim_bundle(changed(lambda r: r["Claim"]["supportingInfo"].append(attachment)))
    assert [(d.kind, d.name, d.sha256) for d in read.bill.documents] == [
        ("itemised_bill", "bill.pdf", "a" * 64)
    ]
    attachment["valueAttachment"] = {"title": "bill.pdf", "data": "AAAA"}
    inline = changed(lambda r: r["Claim"]["supportingInfo"].append(attachment))
    assert ("FHIR_DOCUMENT_INLINE", f"{CLAIM}.supportingInfo[3].valueAttachment.data") in refused(
        inline
    )


@pytest.mark.parametrize("kind", WRONG)
def test_each_fault_is_told_by_code_and_place(kind: str) -> None:
    change, code, path = WRONG[kind]
    assert (code.value, path) in refused(changed(change))


def test_all_faults_of_a_message_are_told_at_once() -> None:
    kinds = [
        "an element of R5 deep inside",
        "no focal insurance",
        "an amount without currency",
        "an amount in dollars of elsewhere",
        "an unknown charge category",
        "a department of another system",
        "a consent that denies",
    ]
    found = refused(changed(*(WRONG[kind][0] for kind in kinds)))
    assert sorted(found) == sorted((WRONG[kind][1].value, WRONG[kind][2]) for kind in kinds)


@pytest.mark.parametrize("message", [None, 1, "Bundle", [], {}, {"resourceType": 7}])
def test_what_is_no_resource_is_refused(message: object) -> None:
    assert refused(message) == [("FHIR_RESOURCE_TYPE", "resourceType")]


def test_a_message_nested_without_end_is_refused() -> None:
    extension: dict[str, Any] = {"url": "x", "valueString": "1"}
    for _ in range(3000):
        extension = {"url": "x", "extension": [extension]}
    message = changed(lambda r: r["Claim"].update(extension=[extension]))
    with pytest.raises(Refused) as caught:
        read_claim_bundle(message)
    assert "FHIR_NESTED_TOO_DEEPLY" in [one.code for one in caught.value.faults]


def official_examples() -> list[Path]:
    return sorted(OFFICIAL.glob("*.json"))


@pytest.mark.parametrize("path", official_examples(), ids=lambda path: path.stem)
def test_an_official_example_is_mapped_or_clearly_refused(path: Path) -> None:
    resource = json.loads(path.read_bytes())
    try:
        assert isinstance(read_claim_bundle(resource), FhirSubmission)
    except Refused:
        found = refused(resource)
        wrong_type = ("FHIR_RESOURCE_TYPE", f"{resource['resourceType']}.resourceType")
        assert found == [wrong_type] or resource["resourceType"] == "Claim"
        assert "FHIR_ELEMENT_UNKNOWN" not in [code for code, _ in found]


def test_the_official_examples_are_there() -> None:
    if not OFFICIAL.exists():
        pytest.skip("the official FHIR examples are not on this machine: set CROSSCLAIM_FIXTURES")
    assert len(official_examples()) >= 27


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    members = node.items() if isinstance(node, dict) else enumerate(node)
    for key, member in members:
        yield (*path, key)
        if isinstance(member, dict | list):
            yield from places(member, (*path, key))


ODD = [None, 1, -1.5, True, "x", "", [], {}, [None], [{}], {"resourceType": "Foo"}, 10**30,
       float("nan"), "CHAN Tai Man", "2026-02-31T10:00:00+08:00"]  # fmt: skip


def test_whatever_stands_anywhere_the_answer_is_a_mapping_or_a_refusal() -> None:
    """Four hundred seeded places × odd values; the faults never repeat what stands there."""
    chosen = random.Random(2026)
    everywhere = list(places(MESSAGE))
    for _ in range(400):
        path, odd = chosen.choice(everywhere), chosen.choice(ODD)
        message = copy.deepcopy(MESSAGE)
        node: Any = message
        for step in path[:-1]:
            node = node[step]
        node[path[-1]] = odd
        try:
            read_claim_bundle(message)
        except Refused:
            refused(message)


@pytest.mark.parametrize(
    "header",
    [
        "application/fhir+json",
        "application/json",
        "Application/FHIR+JSON; fhirVersion=4.0; charset=UTF-8",
        'application/fhir+json;fhirversion="4.0"',
    ],
)
def test_r4_in_json_is_taken(header: str) -> None:
    check_content_type(header)


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, FhirFault.MEDIA_TYPE),
        ("", FhirFault.MEDIA_TYPE),
        ("application/fhir+xml", FhirFault.MEDIA_TYPE),
        ("application/fhir+json; charset=gb18030", FhirFault.MEDIA_TYPE),
        ("application/fhir+json; fhirVersion=5.0", FhirFault.VERSION),
        ("application/fhir+json; fhirVersion=3.0", FhirFault.VERSION),
        ("application/fhir+json; fhirVersion=", FhirFault.VERSION),
    ],
)
def test_another_format_or_version_is_refused(header: str | None, code: FhirFault) -> None:
    with pytest.raises(Refused) as caught:
        check_content_type(header)
    assert [one.code for one in caught.value.faults] == [code.value]
    assert caught.value.status == 415


@pytest.mark.parametrize("code", FhirFault)
def test_every_fault_speaks_three_languages(code: FhirFault) -> None:
    text = fault(code, "Claim").text
    assert text.en.isascii()
    assert not text.zh_hant.isascii() and not text.zh_hans.isascii()


def test_pointers_into_our_submissions_become_places_of_the_message() -> None:
    with pytest.raises(Refused) as caught:
        read_claim_bundle({})
    ours = caught.value.faults[0].model_copy(update={"pointer": "/lines/3/amount", "code": "SUM"})
    outcome = operation_outcome([ours], read_claim_bundle(MESSAGE).bill_origins)
    assert outcome["issue"][0]["expression"] == ["Bundle.entry[0].resource.item[3].net"]
    assert outcome["issue"][0]["code"] == "business-rule"


def test_the_order_of_the_insurers_and_an_accident_are_read() -> None:
    plain = read_claim_bundle(MESSAGE)
    assert (plain.bill.accident, plain.episode.coverages[0].order) == (None, None)
    told = read_claim_bundle(
        changed(
            lambda r: r["Coverage"].update(order=2),
            lambda r: r["Claim"].update(accident={"date": "2026-03-10"}),
        )
    )
    assert (told.bill.accident, told.episode.coverages[0].order) == (True, 2)
