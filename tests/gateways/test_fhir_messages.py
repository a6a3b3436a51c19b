"""Every FHIR message that we write to an insurer is valid R4, stable and exact."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class

from crossclaim.domain.money import fen
from crossclaim.gateways import fhir_claim, strict_json
from tests.gateways.insurer_scene import CLAIM, GUARANTEE, INSURED, NOW, STATEMENT

REIMBURSEMENT = CLAIM.model_copy(
    update={
        "payee": "patient",
        "patient_paid": fen(2_081_063),
        "guarantee_number": "KM-LOG-00000001",
        "replaces": "ep_1-claim-0",
        "admitted_on": None,
        "discharged_on": None,
    }
)
SECOND = CLAIM.model_copy(update={"statements": [STATEMENT]})
MESSAGES = {
    "second claim": fhir_claim.claim_bundle(SECOND),
    "eligibility": fhir_claim.eligibility_bundle("ep_1-eligibility-1", INSURED, NOW),
    "guarantee": fhir_claim.guarantee_bundle(GUARANTEE),
    "claim": fhir_claim.claim_bundle(CLAIM),
    "reimbursement": fhir_claim.claim_bundle(REIMBURSEMENT),
    "bare claim": fhir_claim.claim_bundle(
        CLAIM.model_copy(update={"documents": [], "diagnoses": [], "lines": []})
    ),
    "inquiry": fhir_claim.inquiry("ep_1-claim-1", "claim"),
    "release": fhir_claim.release_task("KM-LOG-00000001", "ep_1-release-1", NOW),
}


@pytest.mark.parametrize("kind", MESSAGES)
def test_every_message_is_a_valid_r4_resource(kind: str) -> None:
    message = MESSAGES[kind]
    get_fhir_model_class(message["resourceType"]).model_validate(message)
    for entry in message.get("entry", []):
        resource = entry["resource"]
        get_fhir_model_class(resource["resourceType"]).model_validate(resource)


def test_the_check_above_goes_red_for_an_element_that_r4_lacks() -> None:
    claim = {**MESSAGES["claim"]["entry"][0]["resource"], "traceNumber": []}
    with pytest.raises(ValueError, match="traceNumber"):
        get_fhir_model_class("Claim").model_validate(claim)


def references(node: Any) -> Iterator[str]:
    members = node.values() if isinstance(node, dict) else node if isinstance(node, list) else []
    if isinstance(node, dict) and "reference" in node:
        yield node["reference"]
    for member in members:
        yield from references(member)


@pytest.mark.parametrize("kind", [k for k, m in MESSAGES.items() if "entry" in m])
def test_every_reference_of_a_bundle_leads_to_one_of_its_entries(kind: str) -> None:
    message = MESSAGES[kind]
    urls = [entry["fullUrl"] for entry in message["entry"]]
    assert message["type"] == "collection"
    assert len(set(urls)) == len(urls)
    assert {*references(message)} <= {*urls}


def test_the_second_insurer_is_told_the_firsts_benefit_and_nothing_else_of_it() -> None:
    message = MESSAGES["second claim"]
    resources = {entry["fullUrl"]: entry["resource"] for entry in message["entry"]}
    (claim,) = (r for r in resources.values() if r["resourceType"] == "Claim")
    other, own = claim["insurance"]
    assert [(i["sequence"], i["focal"]) for i in (other, own)] == [(1, False), (2, True)]
    response = resources[other["claimResponse"]["reference"]]
    assert [(t["amount"]["value"], t["amount"]["currency"]) for t in response["total"]] == [
        (Decimal("30000.00"), "HKD")
    ]
    assert response["payment"]["amount"] == {"value": Decimal("27450.00"), "currency": "CNY"}
    assert not {"item", "request", "disposition", "addItem"} & set(response)
    cover = resources[other["coverage"]["reference"]]
    assert set(cover) == {"resourceType", "status", "beneficiary", "payor"}
    mine = resources[own["coverage"]["reference"]]
    assert mine["subscriberId"] == INSURED.policy_number


def test_the_same_order_is_the_same_message_byte_for_byte() -> None:
    again = strict_json.dumps(fhir_claim.claim_bundle(CLAIM))
    assert again == strict_json.dumps(MESSAGES["claim"])
    other = CLAIM.model_copy(update={"reference": "ep_1-claim-2"})
    assert fhir_claim.claim_bundle(other)["entry"][0]["fullUrl"] not in again.decode()


def test_amounts_are_written_to_the_last_digit() -> None:
    text = strict_json.dumps(MESSAGES["claim"])
    assert b'"total":{"value":51850.50,"currency":"CNY"}' in text


def test_an_attachment_carries_its_content_and_both_its_hashes() -> None:
    claim = MESSAGES["claim"]["entry"][0]["resource"]
    attachment = claim["supportingInfo"][0]["valueAttachment"]
    content = base64.b64decode(attachment["data"])
    assert base64.b64decode(attachment["hash"]) == hashlib.sha1(content).digest()
    assert attachment["url"] == f"urn:sha256:{hashlib.sha256(content).hexdigest()}"


def test_a_correction_names_the_claim_that_it_replaces_and_a_first_claim_none() -> None:
    correction = MESSAGES["reimbursement"]["entry"][0]["resource"]
    assert correction["related"][0]["claim"]["identifier"]["value"] == "ep_1-claim-0"
    assert correction["payee"]["type"]["coding"][0]["code"] == "subscriber"
    assert correction["insurance"][0]["preAuthRef"] == ["KM-LOG-00000001"]
    assert "related" not in MESSAGES["claim"]["entry"][0]["resource"]
