"""What can be wrong with a hospital's FHIR claim: the change, the code, the place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crossclaim.api.fhir_fault import FhirFault

Change = Callable[[dict[str, Any]], object]
"""Gets the example's first resource of each type."""

CLAIM = "Bundle.entry[0].resource"
PATIENT = "Bundle.entry[1].resource"
COVERAGE = "Bundle.entry[2].resource"
ENCOUNTER = "Bundle.entry[5].resource"
CONSENT = "Bundle.entry[6].resource"

WRONG: dict[str, tuple[Change, FhirFault, str]] = {
    "a Bundle of another type": (
        lambda r: r["Bundle"].update(type="transaction"),
        FhirFault.CODE_UNKNOWN,
        "Bundle.type",
    ),
    "an element of R5": (
        lambda r: r["Claim"].update(traceNumber=[{"value": "1"}]),
        FhirFault.ELEMENT_UNKNOWN,
        f"{CLAIM}.traceNumber",
    ),
    "an element of R5 deep inside": (
        lambda r: r["Claim"]["item"][2].update(patientPaid={"value": 1}),
        FhirFault.ELEMENT_UNKNOWN,
        f"{CLAIM}.item[2].patientPaid",
    ),
    "an unknown modifier": (
        lambda r: r["Claim"]["item"][0].update(
            modifierExtension=[{"url": "https://x.example/not", "valueBoolean": True}]
        ),
        FhirFault.MODIFIER_UNKNOWN,
        f"{CLAIM}.item[0].modifierExtension",
    ),
    "a resource that R4 lacks": (
        lambda r: r["Bundle"]["entry"].append({"resource": {"resourceType": "Transport"}}),
        FhirFault.RESOURCE_TYPE,
        "Bundle.entry[10].resource",
    ),
    "no claim": (
        lambda r: r["Bundle"]["entry"].pop(0),
        FhirFault.RESOURCE_MISSING,
        "Bundle.entry.resource.Claim",
    ),
    "two claims": (
        lambda r: r["Bundle"]["entry"].append({"resource": r["Claim"]}),
        FhirFault.RESOURCE_TWICE,
        "Bundle.entry[10].resource",
    ),
    "no encounter": (
        lambda r: r["Bundle"]["entry"].pop(5),
        FhirFault.RESOURCE_MISSING,
        "Bundle.entry.resource.Encounter",
    ),
    "a preauthorization": (
        lambda r: r["Claim"].update(use="preauthorization"),
        FhirFault.CODE_UNKNOWN,
        f"{CLAIM}.use",
    ),
    "a cancelled claim": (
        lambda r: r["Claim"].update(status="cancelled"),
        FhirFault.CODE_UNKNOWN,
        f"{CLAIM}.status",
    ),
    "a dental claim": (
        lambda r: r["Claim"]["type"]["coding"][0].update(code="oral"),
        FhirFault.CODE_UNKNOWN,
        f"{CLAIM}.type.coding[0].code",
    ),
    "no focal insurance": (
        lambda r: r["Claim"]["insurance"][0].update(focal=False),
        FhirFault.FOCAL_INSURANCE,
        f"{CLAIM}.insurance",
    ),
    "a coverage that is not there": (
        lambda r: r["Claim"]["insurance"][0]["coverage"].update(reference="Coverage/1"),
        FhirFault.REFERENCE_UNRESOLVED,
        f"{CLAIM}.insurance[0].coverage",
    ),
    "a coverage that is a patient": (
        lambda r: r["Claim"]["insurance"][0].update(coverage=r["Claim"]["patient"]),
        FhirFault.REFERENCE_UNRESOLVED,
        f"{CLAIM}.insurance[0].coverage",
    ),
    "a coverage of somebody else": (
        lambda r: (
            r["Bundle"]["entry"].append(
                {"fullUrl": "urn:x:other", "resource": {"resourceType": "Patient"}}
            ),
            r["Coverage"].update(beneficiary={"reference": "urn:x:other"}),
        ),
        FhirFault.PATIENT_DIFFERS,
        f"{COVERAGE}.beneficiary",
    ),
    "a charge category of another system": (
        lambda r: r["Claim"]["item"][1]["productOrService"]["coding"][0].update(system="urn:x"),
        FhirFault.SYSTEM_UNKNOWN,
        f"{CLAIM}.item[1].productOrService",
    ),
    "an unknown charge category": (
        lambda r: r["Claim"]["item"][1]["productOrService"]["coding"][0].update(code="spa"),
        FhirFault.CODE_UNKNOWN,
        f"{CLAIM}.item[1].productOrService.coding[0].code",
    ),
    "a diagnosis of another system": (
        lambda r: r["Claim"]["diagnosis"][0]["diagnosisCodeableConcept"]["coding"][0].update(
            system="http://snomed.info/sct"
        ),
        FhirFault.SYSTEM_UNKNOWN,
        f"{CLAIM}.diagnosis[0].diagnosisCodeableConcept",
    ),
    "an amount without currency": (
        lambda r: r["Claim"]["item"][0]["net"].pop("currency"),
        FhirFault.CURRENCY_MISSING,
        f"{CLAIM}.item[0].net.currency",
    ),
    "an amount in dollars of elsewhere": (
        lambda r: r["Claim"]["total"].update(currency="USD"),
        FhirFault.CURRENCY_UNKNOWN,
        f"{CLAIM}.total.currency",
    ),
    "a third decimal": (
        lambda r: r["Claim"]["total"].update(value=51850.505),
        FhirFault.AMOUNT_INVALID,
        f"{CLAIM}.total.value",
    ),
    "an amount that is text": (
        lambda r: r["Claim"]["total"].update(value="51850.50"),
        FhirFault.AMOUNT_INVALID,
        f"{CLAIM}.total.value",
    ),
    "no total": (lambda r: r["Claim"].pop("total"), FhirFault.ELEMENT_MISSING, f"{CLAIM}.total"),
    "a bill without its moment": (
        lambda r: r["Claim"].update(created="2026-03-14"),
        FhirFault.TIME_WITHOUT_OFFSET,
        f"{CLAIM}.created",
    ),
    "half a line": (
        lambda r: r["Claim"]["item"][0]["quantity"].update(value=1.5),
        FhirFault.ELEMENT_INVALID,
        f"{CLAIM}.item[0].quantity.value",
    ),
    "a fact that we do not know": (
        lambda r: r["Claim"]["supportingInfo"][2]["category"]["coding"][0].update(code="discount"),
        FhirFault.CODE_UNKNOWN,
        f"{CLAIM}.supportingInfo[2].category.coding[0].code",
    ),
    "a payee who is not the hospital": (
        lambda r: r["Claim"]["payee"]["type"]["coding"][0].update(code="subscriber"),
        FhirFault.CODE_UNKNOWN,
        f"{CLAIM}.payee.type.coding[0].code",
    ),
    "a patient without a known document": (
        lambda r: r["Patient"].pop("identifier"),
        FhirFault.SYSTEM_UNKNOWN,
        f"{PATIENT}.identifier",
    ),
    "a patient without a name": (
        lambda r: r["Patient"].pop("name"),
        FhirFault.ELEMENT_MISSING,
        f"{PATIENT}.name",
    ),
    "an encounter without a class": (
        lambda r: r["Encounter"].pop("class"),
        FhirFault.ELEMENT_MISSING,
        f"{ENCOUNTER}.class",
    ),
    "a department of another system": (
        lambda r: r["Encounter"]["serviceType"]["coding"][0].update(system="urn:x"),
        FhirFault.SYSTEM_UNKNOWN,
        f"{ENCOUNTER}.serviceType",
    ),
    "a consent that denies": (
        lambda r: r["Consent"].update(provision={"type": "deny"}),
        FhirFault.CODE_UNKNOWN,
        f"{CONSENT}.provision.type",
    ),
    "a consent with exceptions": (
        lambda r: r["Consent"].update(provision={"provision": [{"type": "deny"}]}),
        FhirFault.ELEMENT_INVALID,
        f"{CONSENT}.provision.provision",
    ),
    "a withdrawn consent": (
        lambda r: r["Consent"].update(status="inactive"),
        FhirFault.CODE_UNKNOWN,
        f"{CONSENT}.status",
    ),
}
