"""The medical insurance offices of the cities over ``docs/wire/family-office.md``."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from crossclaim.domain.errors import Final, OutcomeUnknown
from crossclaim.domain.family_office import BindingOrder, EndOrder, OfficeAnswer, OfficeState
from crossclaim.domain.family_submission import Authoriser, Beneficiary
from crossclaim.domain.identity import normalised
from crossclaim.domain.submission import PersonName
from crossclaim.gateways import strict_json
from crossclaim.gateways.http import PartyHttp, none_if_absent

NOT_THERE = "APPLICATION_NOT_FOUND"
_REASON = re.compile(r"(?!.*\d{5})[A-Z][A-Z0-9_]{0,63}")

Name = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class _Application(BaseModel):
    """Answers may grow members; we read those we know."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    reference: Name
    application_number: Name
    status: Literal["under_review", "approved", "refused", "ended"]
    decided_on: date | None = None
    ended_on: date | None = None
    reason: str = ""


class FamilyOfficeGateway:
    """``activities.family_office.FamilyOffice`` over HTTP."""

    def __init__(self, http: PartyHttp) -> None:
        self._http = http

    def apply(self, order: BindingOrder) -> OfficeAnswer:
        """Hands the application in; the same order again is answered as it stands."""
        answer = self._http.post(
            "/family/v1/applications",
            application_body(order),
            idempotency_key=order.reference,
            correlation_id=order.reference,
        ).read_as(_Application.model_validate)
        return _answer(answer, order.reference)

    def find(self, reference: str, at: datetime) -> OfficeAnswer:
        answer = none_if_absent(
            NOT_THERE,
            lambda: self._http.get(
                "/family/v1/applications",
                params={"reference": reference},
                correlation_id=reference,
            ).read_as(_Application.model_validate),
        )
        if answer is None:
            return OfficeAnswer(reference=reference, state=OfficeState.NOT_FOUND)
        return _answer(answer, reference)

    def end(self, order: EndOrder) -> OfficeAnswer:
        """Tells the end; the same again is answered the same."""
        body = {
            "reference": order.reference,
            "ended_on": order.ended_on.isoformat(),
            "told_at": order.told_at.isoformat(),
        }
        answer = none_if_absent(
            NOT_THERE,
            lambda: self._http.post(
                "/family/v1/applications/end",
                body,
                idempotency_key=f"{order.reference}E",
                correlation_id=order.reference,
            ).read_as(_Application.model_validate),
        )
        if answer is None:
            return OfficeAnswer(reference=order.reference, state=OfficeState.NOT_FOUND)
        told = _answer(answer, order.reference)
        # A refused application has nothing to end, and the office says so.
        if told.state not in (OfficeState.ENDED, OfficeState.REFUSED):
            raise _foreign(order.reference)
        return told

    def read_callback(self, text: str) -> OfficeAnswer:
        """Raises ``Final`` for what is no answer about an application."""
        try:
            answer = _Application.model_validate(strict_json.loads(text.encode()))
        except (strict_json.StrictJsonError, ValidationError):
            raise Final("the office's message cannot be read", code="ANSWER_UNREADABLE") from None
        return _answer(answer, answer.reference)


def application_body(order: BindingOrder) -> dict[str, Any]:
    applied = order.submission
    return {
        "reference": order.reference,
        "channel": applied.channel.value,
        "relation": applied.relation.value,
        "applied_at": applied.applied_at.isoformat(),
        "authoriser": {
            **_person(applied.authoriser),
            "insurance": applied.authoriser.insurance.value,
        },
        "user": {**_person(applied.user), "insured": applied.user.insured},
        "papers": [{"kind": p.kind.value, "sha256": p.sha256} for p in applied.papers],
        "undertaking": {
            "text_version": applied.consent.text_version,
            "signed_at": applied.consent.signed_at.isoformat(),
        },
    }


def _person(person: Authoriser | Beneficiary) -> dict[str, Any]:
    area = person.area
    return {
        "name": _written(person.name),
        "document": {
            "type": person.document.type.value,
            "number": normalised(person.document.number),
        },
        "pooling_area": area.pool if area else None,
        "province": area.province if area else None,
    }


def _written(name: PersonName) -> str:
    return name.zh or name.en or ""


def _answer(answer: _Application, reference: str) -> OfficeAnswer:
    if answer.reference != reference:
        raise _foreign(reference)
    return OfficeAnswer(
        reference=answer.reference,
        state=OfficeState(answer.status),
        number=answer.application_number,
        decided_on=answer.decided_on,
        ended_on=answer.ended_on,
        # Free text is never kept: a reason is a code or it is none.
        reason=answer.reason if _REASON.fullmatch(answer.reason) else "",
    )


def _foreign(reference: str) -> OutcomeUnknown:
    """An answer about another application tells nothing about ours."""
    detail = f"the office's answer to {reference} is about something else"
    return OutcomeUnknown(detail, code="ANSWER_FOREIGN")
