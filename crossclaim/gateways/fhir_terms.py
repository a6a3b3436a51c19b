"""Systems and codes of the FHIR messages that we write and read; ours name ``crossclaim.example``.

No official URI is published for these identifiers and codes. ``docs/wire/fhir-inbound.md`` and
``docs/wire/insurer.md`` say where each stands.
"""

from __future__ import annotations

_IDENTIFIER = "https://crossclaim.example/fhir/identifier"
_CODE_SYSTEM = "https://crossclaim.example/fhir/CodeSystem"

MEDIA_TYPE = "application/fhir+json; fhirVersion=4.0"

REFERENCE = f"{_IDENTIFIER}/reference"
"""Our reference of a guarantee, claim or release."""
CLAIM_NUMBER = f"{_IDENTIFIER}/claim-number"
"""An insurer's own number of a claim, where another insurer is told of it."""
REQUEST_NUMBER = f"{_IDENTIFIER}/request-number"
"""A hospital's own number of what it asks about a letter of guarantee."""
GUARANTEE_NUMBER = f"{_IDENTIFIER}/guarantee-number"
ORGANISATION = f"{_IDENTIFIER}/organisation"
POLICY_NUMBER = f"{_IDENTIFIER}/policy-number"
VISIT_NUMBER = f"{_IDENTIFIER}/visit-number"
BILL_NUMBER = f"{_IDENTIFIER}/bill-number"
BILL_VERSION = f"{_IDENTIFIER}/bill-version"

CHARGE_CATEGORY = f"{_CODE_SYSTEM}/charge-category"
HOSPITAL_ITEM = f"{_CODE_SYSTEM}/hospital-item"
"""A hospital's own price list: this and ``/`` and the hospital's id."""
SURGERY_CLASS = f"{_CODE_SYSTEM}/surgery-class"
DOCUMENT_KIND = f"{_CODE_SYSTEM}/document-kind"
BILL_STATUS = f"{_CODE_SYSTEM}/bill-status"
FUNDER = f"{_CODE_SYSTEM}/funder"
DEPARTMENT = f"{_CODE_SYSTEM}/department"
VISIT_CHANNEL = f"{_CODE_SYSTEM}/visit-channel"
ENCOUNTER_CLASS = f"{_CODE_SYSTEM}/encounter-class"
CONSENT_TYPE = f"{_CODE_SYSTEM}/consent-type"
CONSENT_TEXT = f"{_CODE_SYSTEM}/consent-text"
CONSENT_CHANNEL = f"{_CODE_SYSTEM}/consent-channel"
CLAIM_FACT = f"{_CODE_SYSTEM}/claim-fact"
"""``Claim.supportingInfo.category`` of facts that R4 has no element for."""
BILL_CORRECTION = f"{_CODE_SYSTEM}/bill-correction"
"""``Claim.related.relationship`` of a version that takes the place of another."""
FAULT = f"{_CODE_SYSTEM}/fault"
STOP_REASON = f"{_CODE_SYSTEM}/stop-reason"
"""Why a request of ours is stopped, in a word that says nothing of its content."""

HCX_ERROR = f"{_CODE_SYSTEM}/hcx-error"
"""Error codes of the HCX-style exchange, inside an episode."""

ICD_10 = "http://hl7.org/fhir/sid/icd-10"
CLAIM_TYPE = "http://terminology.hl7.org/CodeSystem/claim-type"
PRIORITY = "http://terminology.hl7.org/CodeSystem/processpriority"
PAYEE_TYPE = "http://terminology.hl7.org/CodeSystem/payeetype"
COVERAGE_CLASS = "http://terminology.hl7.org/CodeSystem/coverage-class"
CLAIM_INFORMATION = "http://terminology.hl7.org/CodeSystem/claiminformationcategory"
ADJUDICATION = "http://terminology.hl7.org/CodeSystem/adjudication"
PAYMENT_TYPE = "http://terminology.hl7.org/CodeSystem/ex-paymenttype"
RELATED_CLAIM = "http://terminology.hl7.org/CodeSystem/ex-relatedclaimrelationship"
FINANCIAL_TASK = "http://terminology.hl7.org/CodeSystem/financialtaskcode"
TASK_CODE = "http://hl7.org/fhir/CodeSystem/task-code"
ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
PARTICIPATION = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
CURRENCY = "urn:iso:std:iso:4217"
