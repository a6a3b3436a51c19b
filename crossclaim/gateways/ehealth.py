"""eHealth, and the Hospital Authority over a direct link, over ``docs/wire/ehealth.md``."""

from __future__ import annotations

import base64
from typing import Annotated, Any, Literal
from urllib.parse import quote

from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints

from crossclaim.domain.errors import Final
from crossclaim.domain.health_record import (
    ConsentReport,
    DeliveryReceipt,
    DepositOrder,
    Notice,
    RecordAnswer,
    RecordOrder,
    RecordPerson,
)
from crossclaim.domain.identity import normalised
from crossclaim.domain.submission import DocumentType
from crossclaim.gateways import strict_json
from crossclaim.gateways.fhir_record import NotFhir, read_record
from crossclaim.gateways.http import PartyHttp, none_if_absent

ANSWER_LIMIT_BYTES = 8_388_608
"""A record of three years is larger than what other parties answer."""

_DOCUMENT_TYPES = {DocumentType.HKID: "HKID", DocumentType.CERT_EXEMPTION: "EC"}
_CONSENT_TYPES = {"EHEALTH_JOIN": "joining", "EHEALTH_SHARE": "sharing"}
_REQUESTS, _DEPOSITS, _CONSENTS = (
    "/ehealth/v1/record-requests",
    "/ehealth/v1/deposits",
    "/ehealth/v1/consents",
)

Name = Annotated[str, StringConstraints(min_length=1, max_length=100)]


class _Answer(BaseModel):
    """Answers may grow members; we read those we know."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class _Notice(_Answer):
    number: Name
    means: Literal["sms", "email", "post"]
    sent_at: AwareDatetime


class _Record(_Answer):
    reference: Name
    institution: Name
    notice: _Notice | None = None
    record: Any = None


class _Receipt(_Answer):
    reference: Name
    receipt: Name
    sha256: str = ""
    notice: _Notice | None = None


class EhealthGateway:
    """``activities.ports.RecordSystem`` over HTTP. Codes and content are in bodies only."""

    def __init__(self, http: PartyHttp) -> None:
        self._http = http

    def request(self, order: RecordOrder) -> RecordAnswer:
        """Asks once; the same order again is answered as before and uses no code again."""
        body: dict[str, Any] = {
            "reference": order.reference,
            "institution": order.institution,
            "person": _person(order.person),
            "from": order.window_from.isoformat(),
            "until": order.window_until.isoformat(),
            "sections": [section.value for section in order.sections],
            "requested_by": order.requested_by,
        }
        if order.application_code or order.password_code:
            body["application_code"] = order.application_code
            body["password_code"] = order.password_code
        answer = self._http.post(
            _REQUESTS,
            body,
            idempotency_key=order.reference,
            correlation_id=order.reference,
        )
        return answer.read_as(_record)

    def find_request(self, reference: str) -> RecordAnswer | None:
        """Only the system's own REQUEST_NOT_FOUND proves that it took nothing."""
        return none_if_absent(
            "REQUEST_NOT_FOUND",
            lambda: self._http.get(
                f"{_REQUESTS}/{quote(reference, safe='')}", correlation_id=reference
            ).read_as(_record),
        )

    def deposit(self, order: DepositOrder) -> DeliveryReceipt:
        body = {
            "reference": order.reference,
            "institution": order.institution,
            "person": _person(order.person),
            "kind": order.kind,
            "made_on": order.made_on.isoformat(),
            "content_type": order.content_type,
            "sha256": order.sha256,
            "content": base64.b64encode(order.content).decode(),
        }
        answer = self._http.post(
            _DEPOSITS, body, idempotency_key=order.reference, correlation_id=order.reference
        )
        return _receipt(answer.read_as(_Receipt.model_validate))

    def find_deposit(self, reference: str) -> DeliveryReceipt | None:
        return self._find(_DEPOSITS, reference, "DEPOSIT_NOT_FOUND")

    def report_consent(self, report: ConsentReport) -> DeliveryReceipt:
        """Tells of a consent that was given or withdrawn; the system tells the patient."""
        body = {
            "reference": report.reference,
            "institution": report.institution,
            "person": _person(report.person),
            "type": _CONSENT_TYPES[report.type],
            "given": report.given,
            "changed_at": report.changed_at.isoformat(),
            "signer": report.signer,
        }
        answer = self._http.post(
            _CONSENTS, body, idempotency_key=report.reference, correlation_id=report.reference
        )
        return _receipt(answer.read_as(_Receipt.model_validate))

    def find_consent_report(self, reference: str) -> DeliveryReceipt | None:
        return self._find(_CONSENTS, reference, "CONSENT_NOT_FOUND")

    def _find(self, path: str, reference: str, absent: str) -> DeliveryReceipt | None:
        found = none_if_absent(
            absent,
            lambda: self._http.get(
                f"{path}/{quote(reference, safe='')}", correlation_id=reference
            ).read_as(_Receipt.model_validate),
        )
        return _receipt(found) if found else None


def _person(person: RecordPerson) -> dict[str, Any]:
    kind = _DOCUMENT_TYPES.get(person.document.type)
    if kind is None:
        detail = f"eHealth knows no document of type {person.document.type.value}"
        raise Final(detail, code="DOCUMENT_TYPE_NOT_ACCEPTED")
    return {
        "document": {"type": kind, "number": normalised(person.document.number)},
        "birth_date": person.birth_date.isoformat(),
    }


def _record(body: Any) -> RecordAnswer:
    """The envelope must be readable; what it holds is judged by whoever asked."""
    told = _Record.model_validate(body)
    try:
        record = read_record(told.record)
    except NotFhir:
        record = None
    return RecordAnswer(
        reference=told.reference,
        institution=told.institution,
        raw=strict_json.dumps(body),
        record=record,
        notice=_notice(told.notice),
    )


def _notice(told: _Notice | None) -> Notice | None:
    return None if told is None else Notice(**told.model_dump())


def _receipt(told: _Receipt) -> DeliveryReceipt:
    return DeliveryReceipt(
        reference=told.reference,
        number=told.receipt,
        sha256=told.sha256,
        notice=_notice(told.notice),
    )
