"""What a hospital sends as FHIR becomes submissions, and comes back element by element."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class

from crossclaim.domain.submission import SubmissionKind
from crossclaim.gateways import strict_json
from crossclaim.stack import Stack
from crossclaim.wiring import House, api_house
from tests.steps.fhir_desk import FhirWindow
from tests.steps.rig import Rig

MESSAGE = (Path(__file__).parents[2] / "examples" / "fhir-claim-bundle.json").read_bytes()
ID = "https://crossclaim.example/fhir/identifier"
HL7 = "http://terminology.hl7.org/CodeSystem"
_numbers = iter(range(1, 10_000))


@pytest.fixture(scope="module")
def api(stack: Stack) -> Iterator[House]:
    house = api_house(stack.settings)
    yield house
    house.database.close()


@pytest.fixture
def window(api: House, rig: Rig) -> FhirWindow:
    return FhirWindow(api, rig)


def message() -> dict[str, Any]:
    """The example under a visit and a bill number of its own."""
    found: dict[str, Any] = strict_json.loads(MESSAGE)
    mark = next(_numbers)
    of(found, "Encounter")["identifier"][0]["value"] = f"ZY-FHIR-{mark}"
    of(found, "Claim")["identifier"][0]["value"] = f"F-FHIR-{mark}"
    return found


def of(bundle: dict[str, Any], kind: str) -> dict[str, Any]:
    """The message's first resource of a type."""
    resources: list[dict[str, Any]] = [entry["resource"] for entry in bundle["entry"]]
    return next(one for one in resources if one["resourceType"] == kind)


def concept(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": f"{HL7}/{system}", "code": code}]}


PRIOR = {
    "claim": {"identifier": {"system": "urn:x:claims", "value": "PRIOR-1"}},
    "relationship": concept("ex-relatedclaimrelationship", "prior"),
}
SENT: dict[str, tuple[str, str, Any]] = {
    "fundsReserve": ("Claim", "fundsReserve", concept("fundsreserve", "provider")),
    "related": ("Claim", "related", [PRIOR]),
    "careTeam": (
        "Claim",
        "careTeam",
        [{"sequence": 1, "provider": {"display": "Dr Lam"}, "responsible": True}],
    ),
    "procedure": (
        "Claim",
        "procedure",
        [{"sequence": 1, "procedureCodeableConcept": concept("ex-icd-10-procedures", "123001")}],
    ),
    "facility": ("Claim", "facility", {"display": "Theatre 2"}),
    "priority": ("Claim", "priority", concept("processpriority", "stat")),
    "accident": (
        "Claim",
        "accident",
        {
            "date": "2026-03-10",
            "type": concept("v3-ActCode", "MVA"),
            "locationReference": {"display": "Nanshan"},
        },
    ),
    "meta": ("Claim", "meta", {"tag": [{"system": "urn:x:tags", "code": "night-shift"}]}),
    "language": ("Claim", "language", "zh-HK"),
    "costToBeneficiary": (
        "Coverage",
        "costToBeneficiary",
        [{"type": concept("coverage-copay-type", "copaypct"), "valueQuantity": {"value": 20}}],
    ),
    "relationship": ("Coverage", "relationship", concept("subscriber-relationship", "self")),
    "period": ("Coverage", "period", {"start": "2025-01-01", "end": "2026-12-31"}),
    "network": ("Coverage", "network", "GBA-1"),
    "hospitalization": (
        "Encounter",
        "hospitalization",
        {
            "admitSource": concept("admit-source", "hosp-trans"),
            "dischargeDisposition": concept("discharge-disposition", "home"),
        },
    ),
    "reasonCode": ("Encounter", "reasonCode", [{"text": "Cholecystectomy"}]),
    "organization": ("Consent", "organization", [{"display": "HKU-Shenzhen Hospital"}]),
    "gender": ("Patient", "gender", "male"),
    "address": ("Patient", "address", [{"city": "Hong Kong", "country": "HK"}]),
}
"""Elements of ``standards.md`` that no submission of ours has, by their names."""


async def test_every_element_that_is_sent_comes_back_in_the_resource_that_is_read(
    window: FhirWindow,
) -> None:
    sent = message()
    for kind, element, value in SENT.values():
        of(sent, kind)[element] = copy.deepcopy(value)
    claim = of(sent, "Claim")
    claim["diagnosis"][0] |= {
        "packageCode": concept("ex-diagnosisrelatedgroup", "100"),
        "onAdmission": concept("ex-diagnosis-on-admission", "y"),
        "type": [concept("ex-diagnosistype", "principal")],
    }
    claim["insurance"][0] |= {"preAuthRef": ["GL-77"], "businessArrangement": "BA-1"}
    claim["item"][0] |= {"factor": strict_json.loads("1.0"), "udi": [{"display": "Bed 12"}]}
    claim["supportingInfo"].append(
        {
            "sequence": 9,
            "category": concept("claiminformationcategory", "discharge"),
            "code": {"text": "home"},
        }
    )
    answer = await window.sent("Claim/$submit", sent)
    (note,) = answer["processNote"]
    for path in ("fundsReserve", "diagnosis[0].packageCode", "insurance[0].preAuthRef", "careTeam"):
        assert path in note["text"]
    patient = answer["patient"]["reference"]
    for kind in ("Claim", "Coverage", "Encounter", "Patient", "Consent"):
        found = await window.found(f"{kind}?patient={patient}")
        if kind == "Claim":
            found = [one for one in found if one["use"] == "claim"]
        originals = [e["resource"] for e in sent["entry"] if e["resource"]["resourceType"] == kind]
        assert len(found) >= len(originals)
        for original in originals:
            assert any(lost(original, told) == [] for told in found), [
                lost(original, told) for told in found
            ]


OURS = {"reference", "status", "id", "fullUrl"}
"""References become ours, and where something stands is ours to say."""


def lost(sent: Any, told: Any, path: str = "") -> list[str]:
    """Places of what was sent that do not come back with their value."""
    if isinstance(sent, dict):
        if not isinstance(told, dict):
            return [path]
        return [
            place
            for name, value in sent.items()
            if name not in OURS
            for place in lost(value, told.get(name), f"{path}.{name}")
        ]
    if isinstance(sent, list):
        if not isinstance(told, list) or len(told) < len(sent):
            return [path]
        return [p for n, one in enumerate(sent) for p in lost(one, told[n], f"{path}[{n}]")]
    return [] if sent == told and str(sent) == str(told) else [path]


def test_the_comparison_sees_a_single_element_that_is_lost() -> None:
    sent = message()
    told = copy.deepcopy(sent)
    assert lost(sent, told) == []
    del of(told, "Claim")["item"][3]["net"]
    assert lost(sent, told) == [".entry[0].resource.item[3].net"]


async def test_a_message_sent_again_changes_nothing_and_another_claim_under_its_number_is_refused(
    window: FhirWindow,
) -> None:
    sent = message()
    first = await window.sent("Claim/$submit", sent)
    again = await window.send("Claim/$submit", sent)
    assert again.headers["idempotent-replayed"] == "true"
    assert again.json()["extension"] == first["extension"]
    of(sent, "Claim")["fundsReserve"] = concept("fundsreserve", "provider")
    other = await window.send("Claim/$submit", sent)
    assert other.status_code == 409
    assert other.json()["issue"][0]["code"] == "conflict"


async def test_a_draft_is_a_predetermination_that_moves_nothing(
    window: FhirWindow, rig: Rig
) -> None:
    sent = message()
    claim = of(sent, "Claim")
    claim["use"] = "predetermination"
    del claim["subType"]
    answer = await window.sent("Claim/$submit", sent)
    get_fhir_model_class("ClaimResponse").model_validate(answer)
    assert (answer["use"], answer["outcome"]) == ("predetermination", "complete")
    parts = [e for e in answer["extension"] if e["url"].endswith("/allocation")]
    assert len(parts) >= 2
    episode = answer["identifier"][0]["value"]
    assert not [c for c in rig.rows(episode).claims if c.bill_id]
    (told,) = await window.found(f"Claim?patient={answer['patient']['reference']}&identifier="
                                 f"{claim['identifier'][0]['value']}")  # fmt: skip
    assert told["use"] == "predetermination"
    (response,) = [
        one
        for one in await window.found(f"ClaimResponse?patient={answer['patient']['reference']}")
        if one["use"] == "predetermination"
    ]
    assert response["outcome"] == "complete" and response["item"]


async def test_a_preauthorisation_opens_the_episode_and_a_second_asks_for_more(
    window: FhirWindow, rig: Rig
) -> None:
    sent = message()
    claim = of(sent, "Claim")
    claim["use"] = "preauthorization"
    for name in ("item", "subType"):
        del claim[name]
    encounter = of(sent, "Encounter")
    encounter["status"] = "planned"
    del encounter["period"]
    answer = await window.sent("Claim/$submit", sent)
    episode = answer["identifier"][0]["value"]
    assert (answer["use"], answer["outcome"]) == ("preauthorization", "queued")
    (letter,) = rig.rows(episode).guarantees
    assert letter.estimate_minor == 5_185_050
    patient = answer["patient"]["reference"]
    (asked,) = await window.found(f"Claim?patient={patient}")
    assert asked["use"] == "preauthorization" and asked["total"]["value"] == claim["total"]["value"]
    (response,) = await window.found(f"ClaimResponse?patient={patient}")
    assert (
        response["outcome"] == "queued"
        and response["request"]["reference"] == f"Claim/{asked['id']}"
    )
    rig.change(
        "update guarantee set state = 'granted', number = 'GL-9', limit_minor = 6000000,"
        " valid_until = '2026-12-31' where id = %(id)s",
        id=letter.id,
    )
    more = {
        **{name: claim[name] for name in ("resourceType", "status", "type", "use", "created")},
        "identifier": [{"system": f"{ID}/request-number", "value": "GR-1"}],
        "patient": {"reference": patient},
        "insurer": {"identifier": {"system": f"{ID}/organisation", "value": "harbour-life"}},
        "provider": {"identifier": {"system": f"{ID}/organisation", "value": "hku-szh"}},
        "priority": concept("processpriority", "normal"),
        "insurance": [
            {"sequence": 1, "focal": True, "coverage": asked["insurance"][0]["coverage"]}
        ],
        "total": {"value": 60000, "currency": "CNY"},
    }
    more["fundsReserve"] = concept("fundsreserve", "provider")
    again = await window.sent("Claim/$submit", more, 202)
    assert again["processNote"][0]["text"] == "Not kept: Claim.fundsReserve."
    assert again["outcome"] == "queued"
    assert [r.kind for r in rig.rows(episode).guarantee_requests][-1] == "change"


async def test_a_bill_of_a_known_episode_needs_nothing_but_its_charges(window: FhirWindow) -> None:
    opened = await window.sent("Claim/$submit", message())
    patient = opened["patient"]["reference"]
    claim = of(message(), "Claim")
    (cover, *_) = await window.found(f"Coverage?patient={patient}")
    claim["patient"] = {"reference": patient}
    claim["insurance"][0]["coverage"] = {"reference": f"Coverage/{cover['id']}"}
    claim.pop("insurer"), claim.pop("provider")
    claim["provider"] = {"display": "HKU-Shenzhen Hospital"}
    claim["identifier"][1]["value"] = "1"
    answer = await window.send("Claim/$submit", claim)
    assert answer.status_code in (200, 422), answer.text
    if answer.status_code == 422:
        assert all(i["expression"][0].startswith("Claim") for i in answer.json()["issue"])
    stranger = await window.send("Claim/$submit", claim, "jiangmen")
    assert stranger.status_code == 404


async def test_an_eligibility_request_opens_the_episode_and_tells_what_the_funder_said(
    window: FhirWindow, rig: Rig
) -> None:
    sent = message()
    claim = of(sent, "Claim")
    request = {
        "resourceType": "CoverageEligibilityRequest",
        "identifier": [{"system": f"{ID}/request-number", "value": "E-1"}],
        "status": "active",
        "purpose": ["validation"],
        "facility": {"display": "Theatre 2"},
        **{name: claim[name] for name in ("patient", "created", "insurer", "provider")},
        "servicedPeriod": {"start": "2026-03-11", "end": "2026-03-14"},
        "insurance": [{"focal": True, "coverage": claim["insurance"][0]["coverage"]}],
        "item": [
            {
                "diagnosis": [
                    {"diagnosisCodeableConcept": d["diagnosisCodeableConcept"]}
                    for d in claim["diagnosis"]
                ]
            }
        ],
    }
    sent["entry"][0]["resource"] = request
    answer = await window.sent("CoverageEligibilityRequest/$submit", sent)
    get_fhir_model_class("CoverageEligibilityResponse").model_validate(answer)
    assert answer["outcome"] == "queued"
    assert "facility" in answer["disposition"]
    episode = answer["identifier"][0]["value"]
    rig.change("update coverage set eligible = true, disposition = 'in force'"
               " where episode_id = %(id)s", id=episode)  # fmt: skip
    patient = answer["patient"]["reference"]
    asked = {
        **{k: v for k, v in request.items() if k not in ("item", "provider")},
        "insurer": {"identifier": {"system": f"{ID}/organisation", "value": "harbour-life"}},
        "patient": {"reference": patient},
        "insurance": [{"coverage": {"reference": f"Coverage/{patient[8:]}-0"}}],
    }
    told = await window.sent("CoverageEligibilityRequest/$submit", asked)
    assert (told["outcome"], told["insurance"][0]["inforce"]) == ("complete", True)


async def test_a_part_that_takes_long_is_answered_as_queued_and_sent_again_goes_on(
    window: FhirWindow,
) -> None:
    sent = message()
    window.intake.slow = {SubmissionKind.BILL}
    response = await window.send("Claim/$submit", sent)
    assert response.status_code == 202
    assert response.json()["outcome"] == "queued"
    assert response.headers["retry-after"] and response.headers["location"].startswith("/fhir/")
    first = message()
    window.intake.slow = {SubmissionKind.EPISODE}
    response = await window.send("Claim/$submit", first)
    assert response.status_code == 202
    assert "Send the same message again" in response.json()["disposition"]


async def test_an_inquiry_finds_a_claim_by_every_number_that_its_sender_knows(
    window: FhirWindow,
) -> None:
    sent = message()
    answer = await window.sent("Claim/$submit", sent)
    claim = of(sent, "Claim")
    patient = answer["patient"]["reference"]
    known = await window.found(f"ClaimResponse?patient={patient}")
    episode = answer["identifier"][0]
    numbers = [claim["identifier"][0], episode, *(n for one in known for n in one["identifier"])]
    for number in numbers:
        asked = {
            "resourceType": "Parameters",
            "parameter": [{"name": "identifier", "valueIdentifier": number}],
        }
        found = await window.sent("Claim/$inquire", asked)
        get_fhir_model_class("Bundle").model_validate(found)
        wanted = [
            one["id"]
            for one in known
            if number in (claim["identifier"][0], episode, *one["identifier"])
        ]
        ids = [e["resource"]["id"] for e in found.get("entry", [])]
        assert set(ids) >= {
            i for i in wanted if number["system"] != claim["identifier"][0]["system"]
        }
    nobody = {"name": "identifier", "valueIdentifier": {"value": "nobody"}}
    none = await window.sent(
        "Claim/$inquire", {"resourceType": "Parameters", "parameter": [nobody]}
    )
    assert none["total"] == 0


async def test_what_belongs_to_nothing_is_named_as_not_kept(window: FhirWindow) -> None:
    sent = message()
    sent["entry"].append(
        {"fullUrl": "urn:x:1", "resource": {"resourceType": "Basic", "code": {"text": "x"}}}
    )
    practitioner = {"resourceType": "Practitioner", "name": [{"text": "Dr Lam"}]}
    sent["entry"].append({"fullUrl": "urn:x:2", "resource": practitioner})
    of(sent, "Claim")["careTeam"] = [{"sequence": 1, "provider": {"reference": "urn:x:2"}}]
    answer = await window.sent("Claim/$submit", sent)
    notes = " ".join(note["text"] for note in answer["processNote"])
    assert "(Basic)" in notes and "(Practitioner)" not in notes
    (claim,) = [
        c for c in await window.found(f"Claim?patient={answer['patient']['reference']}")
        if c["use"] == "claim"
    ]  # fmt: skip
    name = claim["careTeam"][0]["provider"]["reference"].removeprefix("#")
    (kept,) = [r for r in claim["contained"] if r["id"] == name]
    assert kept["name"] == practitioner["name"]
