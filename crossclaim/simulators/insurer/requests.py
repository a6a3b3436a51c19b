"""Reads what the insurer is asked: validated FHIR R4, then only the elements that decide."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from fhir.resources.R4B import get_fhir_model_class
from pydantic import ValidationError

from crossclaim.simulators.insurer.outcome import FhirFault

CATEGORY_SYSTEM = "https://crossclaim.example/fhir/CodeSystem/charge-category"

Resource = dict[str, Any]


@dataclass(frozen=True)
class ClaimedLine:
    sequence: int
    category: str
    net: Resource


@dataclass(frozen=True)
class ClaimRequest:
    """A claim or preauthorization; ``focus`` is the resource itself."""

    reference: str
    use: str
    policy_number: str
    payee: str
    pre_auth_ref: str
    prior: str
    """Reference of the request that this one asks to change; empty: it asks for something new."""
    period_start: date | None
    lines: list[ClaimedLine]
    documents: int
    other_c: int | None
    """HK cents that an insurer which pays before says it pays; None: no statement is here."""
    focus: Resource
    body_hash: str


def parse(raw: bytes, expected: str) -> Resource:
    """A valid R4 resource of the type ``expected``; amounts stay exact. Raises ``FhirFault``."""
    try:
        body = json.loads(raw, parse_float=Decimal)
    except ValueError as wrong:
        raise FhirFault(400, "structure", "the body is not JSON") from wrong
    if not isinstance(body, dict) or body.get("resourceType") != expected:
        raise FhirFault(422, "invalid", f"a {expected} is expected here", "resourceType")
    try:
        get_fhir_model_class(expected).model_validate(body)
    except ValidationError as wrong:
        first = wrong.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        raise FhirFault(422, "structure", f"not FHIR R4: {first['type']}", where) from wrong
    return body


def body_hash(resource: Resource) -> str:
    text = json.dumps(resource, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def first_of(bundle: Resource, resource_type: str) -> Resource:
    """The bundle's first resource of a type. Raises ``FhirFault``."""
    for entry in bundle.get("entry", []):
        resource: Resource = entry.get("resource", {})
        if resource.get("resourceType") == resource_type:
            return resource
    raise FhirFault(422, "required", f"the bundle needs a {resource_type}", "Bundle.entry")


def own_reference(resource: Resource) -> str:
    identifiers = resource.get("identifier") or [{}]
    first = identifiers[0] if isinstance(identifiers, list) else identifiers
    if not first.get("value"):
        where = f"{resource['resourceType']}.identifier"
        raise FhirFault(422, "required", "the request needs an identifier", where)
    return str(first["value"])


def _entry(bundle: Resource, reference: Resource) -> Resource | None:
    """The bundle's entry that a reference leads to."""
    found = (e for e in bundle.get("entry", []) if e.get("fullUrl") == reference.get("reference"))
    return next((entry.get("resource") for entry in found), None)


def other_statement_c(bundle: Resource, claim: Resource) -> int | None:
    """Σ benefits (HK cents) of the ClaimResponses of insurances that are not ours."""
    answers = [
        _entry(bundle, insurance["claimResponse"])
        for insurance in claim.get("insurance", [])
        if not insurance.get("focal") and "claimResponse" in insurance
    ]
    if not answers or None in answers:
        return None
    amounts = [
        total["amount"]
        for answer in answers
        if answer is not None
        for total in answer.get("total", [])
        if total["category"]["coding"][0]["code"] == "benefit"
    ]
    if any(amount["currency"] != "HKD" for amount in amounts):
        raise FhirFault(422, "value", "a benefit statement is in HKD", "ClaimResponse.total")
    return int(sum((Decimal(str(amount["value"])) for amount in amounts), Decimal()).scaleb(2))


def policy_number(bundle: Resource) -> str:
    """Of the focal insurance's coverage: ``subscriberId``, else its first identifier."""
    claims = [e["resource"] for e in bundle.get("entry", []) if _is_claim(e)]
    focal = (i for claim in claims for i in claim.get("insurance", []) if i.get("focal"))
    own = next((_entry(bundle, insurance["coverage"]) for insurance in focal), None)
    coverage = own or first_of(bundle, "Coverage")
    if coverage.get("subscriberId"):
        return str(coverage["subscriberId"])
    return own_reference(coverage)


def _is_claim(entry: Resource) -> bool:
    return bool(entry.get("resource", {}).get("resourceType") == "Claim")


def read_claim(bundle: Resource) -> ClaimRequest:
    """Raises ``FhirFault`` for what R4 allows but this insurer does not take."""
    claim = first_of(bundle, "Claim")
    for needed in ("Patient", "Organization"):
        first_of(bundle, needed)
    use = claim.get("use")
    if use not in ("preauthorization", "claim"):
        raise FhirFault(422, "value", "use is preauthorization or claim", "Claim.use")
    if claim.get("total", {}).get("currency") != "CNY":
        raise FhirFault(422, "value", "the total is in CNY", "Claim.total.currency")
    lines = [_line(item) for item in claim.get("item", [])]
    if use == "claim":
        _check_sum(claim, lines)
    start = claim.get("billablePeriod", {}).get("start")
    return ClaimRequest(
        reference=own_reference(claim),
        use=use,
        policy_number=policy_number(bundle),
        payee=_payee(claim),
        pre_auth_ref=str((claim["insurance"][0].get("preAuthRef") or [""])[0]),
        prior=_prior(claim),
        period_start=date.fromisoformat(str(start)[:10]) if start else None,
        lines=lines,
        documents=len([i for i in claim.get("supportingInfo", []) if "valueAttachment" in i]),
        other_c=other_statement_c(bundle, claim),
        focus=claim,
        body_hash=body_hash(bundle),
    )


def _prior(claim: Resource) -> str:
    for related in claim.get("related", []):
        codes = [c.get("code") for c in related.get("relationship", {}).get("coding", [])]
        if "prior" in codes:
            return str(related.get("claim", {}).get("identifier", {}).get("value", ""))
    return ""


def _payee(claim: Resource) -> str:
    codings = claim.get("payee", {}).get("type", {}).get("coding") or [{"code": "provider"}]
    return str(codings[0].get("code"))


def _line(item: Resource) -> ClaimedLine:
    where = f"Claim.item[{item['sequence']}]"
    for coding in item["productOrService"].get("coding", []):
        if coding.get("system") == CATEGORY_SYSTEM:
            if item.get("net", {}).get("currency") != "CNY":
                raise FhirFault(422, "value", "a line's net is in CNY", f"{where}.net")
            return ClaimedLine(int(item["sequence"]), str(coding["code"]), item["net"])
    raise FhirFault(422, "code-invalid", "a line needs a charge category", where)


def _check_sum(claim: Resource, lines: list[ClaimedLine]) -> None:
    if not lines:
        raise FhirFault(422, "required", "a claim has lines", "Claim.item")
    total = sum(Decimal(str(line.net["value"])) for line in lines)
    if total != Decimal(str(claim["total"]["value"])):
        raise FhirFault(422, "business-rule", "the lines do not add up to it", "Claim.total")
