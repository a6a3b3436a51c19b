"""Writes the FHIR R4 messages that an insurer gets: pure functions from orders to resources.

They are plain dictionaries, since a worker writes many; the tests read each of them with the
``fhir.resources`` models. Every Bundle is of type ``collection``, and its ``fullUrl`` values follow
from the reference alone, so that a repeated order is the same message byte for byte.
"""

from __future__ import annotations

import base64
import hashlib
import uuid
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from crossclaim.domain.identity import IDENTIFIER_SYSTEMS
from crossclaim.domain.money import Money
from crossclaim.domain.party import (
    AnswerState,
    ClaimDocument,
    ClaimedLine,
    ClaimOrder,
    GuaranteeOrder,
    Insured,
    OtherStatement,
)
from crossclaim.gateways import fhir_terms as terms

Resource = dict[str, Any]

_PAYEES = {
    "hospital": "provider",
    "provider": "provider",
    "patient": "subscriber",
    "subscriber": "subscriber",
}
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, terms.REFERENCE)


class _Links:
    """The ``urn:uuid`` of each resource of one message."""

    def __init__(self, reference: str) -> None:
        self._reference = reference

    def url(self, role: str) -> str:
        return f"urn:uuid:{uuid.uuid5(_NAMESPACE, f'{self._reference}/{role}')}"

    def to(self, role: str) -> Resource:
        return {"reference": self.url(role)}


def eligibility_bundle(reference: str, insured: Insured, at: datetime) -> Resource:
    """Asks whether the policy is in force and whether care needs authorisation."""
    links = _Links(reference)
    request = {
        "resourceType": "CoverageEligibilityRequest",
        "identifier": [_identifier(terms.REFERENCE, reference)],
        "status": "active",
        "purpose": ["auth-requirements", "validation"],
        "patient": links.to("patient"),
        "servicedDate": at.date().isoformat(),
        "created": _instant(at),
        "provider": links.to("hospital"),
        "insurer": links.to("insurer"),
        "insurance": [{"focal": True, "coverage": links.to("coverage")}],
    }
    return _bundle(links, "request", request, insured)


def guarantee_bundle(order: GuaranteeOrder) -> Resource:
    """A Claim with ``use: preauthorization`` whose total is the estimate."""
    links = _Links(order.reference)
    start = order.planned_admission
    end = start + timedelta(days=order.planned_nights)
    if order.wanted_until is not None:
        end = max(end, datetime.combine(order.wanted_until, start.timetz()))
    insurance: Resource = {"sequence": 1, "focal": True, "coverage": links.to("coverage")}
    if order.guarantee_number:
        insurance["preAuthRef"] = [order.guarantee_number]
    papers = [_attachment(document) for document in order.documents]
    claim = {
        **_claim_head(links, order.reference, "preauthorization", order.created_at),
        "billablePeriod": {
            "start": _instant(start),
            "end": _instant(end),
        },
        "related": _related(order.replaces),
        "payee": {"type": _concept(terms.PAYEE_TYPE, "provider")},
        "supportingInfo": [{"sequence": n, **paper} for n, paper in enumerate(papers, 1)],
        "diagnosis": _diagnoses(order.diagnoses),
        "insurance": [insurance],
        "total": _money(order.estimate),
    }
    return _bundle(links, "claim", _without_empty(claim), order.insured)


def claim_bundle(order: ClaimOrder) -> Resource:
    """A Claim with ``use: claim``: every line of the bill and every document."""
    links = _Links(order.reference)
    head = _claim_head(links, order.reference, "claim", order.created_at)
    head["identifier"] += [
        _identifier(terms.BILL_NUMBER, order.bill_number),
        _identifier(terms.BILL_VERSION, str(order.bill_version)),
    ]
    others = {f"statement-{n}": one for n, one in enumerate(order.statements, 1)}
    insurance: Resource = {
        "sequence": len(others) + 1,
        "focal": True,
        "coverage": links.to("coverage"),
    }
    if order.guarantee_number:
        insurance["preAuthRef"] = [order.guarantee_number]
    claim = {
        **head,
        "billablePeriod": _stay(order),
        "related": _related(order.replaces),
        "payee": {"type": _concept(terms.PAYEE_TYPE, _payee(order.payee))},
        "supportingInfo": _supporting_info(order),
        "diagnosis": _diagnoses(order.diagnoses),
        "insurance": [*(_other_insurance(links, name) for name in others), insurance],
        "item": [_item(line, order.insured.hospital) for line in order.lines],
        "total": _money(order.total),
    }
    bundle = _bundle(links, "claim", _without_empty(claim), order.insured)
    for name, statement in others.items():
        bundle["entry"] += _statement(links, name, statement, order)
    return bundle


def inquiry(reference: str, use: str) -> Resource:
    """``Parameters`` of ``Claim/$inquire``."""
    return {
        "resourceType": "Parameters",
        "parameter": [
            {"name": "identifier", "valueIdentifier": _identifier(terms.REFERENCE, reference)},
            {"name": "use", "valueCode": use},
        ],
    }


def release_task(guarantee_number: str, reference: str, at: datetime) -> Resource:
    """A Task that gives a guarantee back."""
    return {
        "resourceType": "Task",
        "identifier": [_identifier(terms.REFERENCE, reference)],
        "status": "requested",
        "intent": "order",
        "code": _concept(terms.FINANCIAL_TASK, "release"),
        "focus": {"identifier": _identifier(terms.GUARANTEE_NUMBER, guarantee_number)},
        "authoredOn": _instant(at),
    }


def stop_task(word: str, about: str, reference: str, at: datetime) -> Resource:
    """A Task about one of our requests, by its reference: who it was about stands nowhere in it."""
    code = "cancel" if word == "withdraw" else word
    system = terms.FINANCIAL_TASK if code == "cancel" else terms.TASK_CODE
    return {
        "resourceType": "Task",
        "identifier": [_identifier(terms.REFERENCE, reference)],
        "status": "requested",
        "intent": "order",
        "code": _concept(system, code),
        "focus": {"identifier": _identifier(terms.REFERENCE, about)},
        "authoredOn": _instant(at),
        "reasonCode": _concept(terms.STOP_REASON, _STOP_REASONS[word]),
    }


_STOP_REASONS = {
    "suspend": "consent-withdrawn",
    "resume": "consent-given",
    "cancel": "consent-withdrawn",
    "withdraw": "settlement-cancelled",
}


def _claim_head(links: _Links, reference: str, use: str, created_at: datetime) -> Resource:
    return {
        "resourceType": "Claim",
        "identifier": [_identifier(terms.REFERENCE, reference)],
        "status": "active",
        "type": _concept(terms.CLAIM_TYPE, "institutional"),
        "use": use,
        "patient": links.to("patient"),
        "created": _instant(created_at),
        "insurer": links.to("insurer"),
        "provider": links.to("hospital"),
        "priority": _concept(terms.PRIORITY, "normal"),
    }


def _bundle(links: _Links, role: str, focus: Resource, insured: Insured) -> Resource:
    entries = {
        role: focus,
        "patient": _patient(insured),
        "coverage": _coverage(links, insured),
        "insurer": _organisation(insured.insurer, insured.insurer),
        "hospital": _organisation(insured.hospital, insured.hospital_name),
    }
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            {"fullUrl": links.url(name), "resource": resource} for name, resource in entries.items()
        ],
    }


def _patient(insured: Insured) -> Resource:
    names = [insured.name.zh, insured.name.en]
    document = insured.document
    return {
        "resourceType": "Patient",
        "identifier": [_identifier(IDENTIFIER_SYSTEMS[document.type], document.number)],
        "name": [{"text": name} for name in names if name],
        "birthDate": insured.birth_date.isoformat(),
    }


def _coverage(links: _Links, insured: Insured) -> Resource:
    return {
        "resourceType": "Coverage",
        "identifier": [_identifier(terms.POLICY_NUMBER, insured.policy_number)],
        "status": "active",
        "subscriberId": insured.policy_number,
        "beneficiary": links.to("patient"),
        "payor": [links.to("insurer")],
        "class": [{"type": _concept(terms.COVERAGE_CLASS, "plan"), "value": insured.plan}],
    }


def _other_insurance(links: _Links, name: str) -> Resource:
    """An insurer that pays before: its cover, and what it says of this bill."""
    return {
        "sequence": int(name.rpartition("-")[2]),
        "focal": False,
        "coverage": links.to(f"{name}-coverage"),
        "claimResponse": links.to(name),
    }


def _statement(links: _Links, name: str, said: OtherStatement, order: ClaimOrder) -> list[Resource]:
    """The other's benefit and nothing else of it: neither its policy nor its lines."""
    insurer = {"identifier": _identifier(terms.ORGANISATION, said.organisation)}
    coverage = {
        "resourceType": "Coverage",
        "status": "active",
        "beneficiary": links.to("patient"),
        "payor": [insurer],
    }
    number = said.claim_number
    benefit = {"category": _concept(terms.ADJUDICATION, "benefit"), "amount": _money(said.benefit)}
    paid = {"type": _concept(terms.PAYMENT_TYPE, "complete"), "amount": _money(said.paid)}
    response = {
        "resourceType": "ClaimResponse",
        "identifier": [_identifier(terms.CLAIM_NUMBER, number)] if number else [],
        "status": "active",
        "type": _concept(terms.CLAIM_TYPE, "institutional"),
        "use": "claim",
        "patient": links.to("patient"),
        "created": _instant(said.decided_at or order.created_at),
        "insurer": insurer,
        "outcome": "partial" if said.state is AnswerState.PARTIAL else "complete",
        "total": [benefit],
        "payment": paid,
    }
    return [
        {"fullUrl": links.url(f"{name}-coverage"), "resource": coverage},
        {"fullUrl": links.url(name), "resource": _without_empty(response)},
    ]


def _organisation(code: str, name: str) -> Resource:
    return {
        "resourceType": "Organization",
        "identifier": [_identifier(terms.ORGANISATION, code)],
        "name": name or code,
    }


def _stay(order: ClaimOrder) -> Resource:
    """The stay, or for care without one the days of the first and last line."""
    days = [line.service_date for line in order.lines]
    start = order.admitted_on or min(days, default=None)
    end = order.discharged_on or max(days, default=None)
    return _without_empty(
        {"start": start.isoformat() if start else "", "end": end.isoformat() if end else ""}
    )


def _related(replaces: str) -> list[Resource]:
    if not replaces:
        return []
    claim = {"identifier": _identifier(terms.REFERENCE, replaces)}
    return [{"claim": claim, "relationship": _concept(terms.RELATED_CLAIM, "prior")}]


def _payee(payee: str) -> str:
    assert payee in _PAYEES, "a claim pays the hospital or the patient"
    return _PAYEES[payee]


def _supporting_info(order: ClaimOrder) -> list[Resource]:
    facts = [_attachment(document) for document in order.documents]
    if order.patient_paid is not None:
        paid = {
            "value": _decimal(order.patient_paid),
            "system": terms.CURRENCY,
            "code": order.patient_paid.currency.value,
        }
        category = _concept(terms.CLAIM_FACT, "patient-paid")
        facts.append({"category": category, "valueQuantity": paid})
    return [{"sequence": number, **fact} for number, fact in enumerate(facts, start=1)]


def _attachment(document: ClaimDocument) -> Resource:
    # R4 defines Attachment.hash as SHA-1; it is a transport check here, not a security one.
    digest = hashlib.sha1(document.content, usedforsecurity=False).digest()
    return {
        "category": _concept(terms.CLAIM_INFORMATION, "attachment"),
        "code": _concept(terms.DOCUMENT_KIND, document.kind),
        "valueAttachment": {
            "contentType": document.content_type,
            "data": base64.b64encode(document.content).decode("ascii"),
            "url": f"urn:sha256:{document.sha256}",
            "hash": base64.b64encode(digest).decode("ascii"),
            "title": document.name,
        },
    }


def _diagnoses(codes: list[str]) -> list[Resource]:
    return [
        {"sequence": number, "diagnosisCodeableConcept": _concept(terms.ICD_10, code)}
        for number, code in enumerate(codes, start=1)
    ]


def _item(line: ClaimedLine, hospital: str) -> Resource:
    return {
        "sequence": line.number,
        "productOrService": {
            "coding": [
                {"system": terms.CHARGE_CATEGORY, "code": line.category.value},
                {"system": f"{terms.HOSPITAL_ITEM}/{hospital}", "code": line.code},
            ],
            "text": line.description,
        },
        "servicedDate": line.service_date.isoformat(),
        "quantity": {"value": line.quantity},
        "unitPrice": _money(line.unit_price),
        "net": _money(line.amount),
    }


def _identifier(system: str, value: str) -> Resource:
    return {"system": system, "value": value}


def _concept(system: str, code: str) -> Resource:
    return {"coding": [{"system": system, "code": code}]}


def _money(amount: Money) -> Resource:
    return {"value": _decimal(amount), "currency": amount.currency.value}


def _decimal(amount: Money) -> Decimal:
    return Decimal(amount.amount_minor).scaleb(-2)


def _instant(moment: datetime) -> str:
    assert moment.tzinfo is not None, "moments on a wire have an offset"
    return moment.isoformat(timespec="seconds")


def _without_empty(resource: Resource) -> Resource:
    """R4 allows no empty list, object or string."""
    return {name: value for name, value in resource.items() if value not in ([], {}, "")}
