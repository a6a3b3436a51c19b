"""Writes the insurer's answers as FHIR R4 resources."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from crossclaim.simulators.insurer.decisions import Decision
from crossclaim.simulators.insurer.requests import CATEGORY_SYSTEM, ClaimRequest

Resource = dict[str, Any]

ADJUDICATION = "http://terminology.hl7.org/CodeSystem/adjudication"
CLAIM_TYPE = "http://terminology.hl7.org/CodeSystem/claim-type"
REFERENCE = "https://crossclaim.example/fhir/NamingSystem/reference"


def concept(system: str, code: str) -> Resource:
    return {"coding": [{"system": system, "code": code}]}


class Pen:
    """Writes in one insurer's name, with its own code and number systems and in its currency."""

    def __init__(self, insurer: str, currency: str = "HKD") -> None:
        self._insurer = insurer
        self.currency = currency
        self._system = f"https://{insurer}.example/fhir"

    def queued(self, request: ClaimRequest, created: datetime) -> Resource:
        disposition = "Received; the answer follows."
        return self._response(request, created) | {
            "outcome": "queued",
            "disposition": disposition,
        }

    def decided(
        self, request: ClaimRequest, decision: Decision, number: str, created: datetime
    ) -> Resource:
        """The final answer; ``number`` is the guarantee's or the claim's."""
        response = self._response(request, created)
        response["disposition"] = decision.disposition
        if decision.error:
            code = concept(f"{self._system}/CodeSystem/error", decision.error)
            return response | {"outcome": "error", "error": [{"code": code}]}
        response["outcome"] = "complete"
        if request.use == "preauthorization":
            return response | self._guarantee(request, decision, number, created)
        return response | self._settlement(request, decision, number)

    def eligibility(
        self, request: Resource, in_force: bool, direct_billing: bool, created: datetime
    ) -> Resource:
        item = {
            "category": concept("http://terminology.hl7.org/CodeSystem/ex-benefitcategory", "49"),
            "excluded": not direct_billing,
            "authorizationRequired": direct_billing,
        }
        insurance: Resource = {"coverage": request["insurance"][0]["coverage"]}
        insurance |= {"inforce": in_force} | ({"item": [item]} if in_force else {})
        return {
            "resourceType": "CoverageEligibilityResponse",
            "status": "active",
            "purpose": request["purpose"],
            "patient": request["patient"],
            "created": created.isoformat(timespec="seconds"),
            "request": self._request_reference(request),
            "outcome": "complete",
            "disposition": "Policy in force." if in_force else "No such policy in force.",
            "insurer": {"display": self._insurer},
            "insurance": [insurance],
        }

    def speaking(self, currency: str) -> Pen:
        """The same insurer, as if it counted in another currency."""
        return Pen(self._insurer, currency)

    def _amount(self, cents: int) -> Resource:
        return {"value": float(Decimal(cents).scaleb(-2)), "currency": self.currency}

    @staticmethod
    def _request_reference(focus: Resource) -> Resource:
        identifiers = focus.get("identifier") or []
        return {"identifier": identifiers[0]} if identifiers else {"display": "no identifier"}

    def _response(self, request: ClaimRequest, created: datetime) -> Resource:
        focus = request.focus
        return {
            "resourceType": "ClaimResponse",
            "status": "active",
            "type": focus["type"],
            "use": request.use,
            "patient": focus["patient"],
            "created": created.isoformat(timespec="seconds"),
            "insurer": {"display": self._insurer},
            "requestor": focus["provider"],
            "request": {"identifier": {"system": REFERENCE, "value": request.reference}},
        }

    def _guarantee(
        self, request: ClaimRequest, decision: Decision, number: str, created: datetime
    ) -> Resource:
        start: date = min(request.period_start or created.date(), created.date())
        until = (request.period_start or start) + timedelta(days=decision.valid_days)
        return {
            "preAuthRef": number,
            "preAuthPeriod": {"start": start.isoformat(), "end": until.isoformat()},
            "total": [self._total("benefit", self._amount(decision.benefit_c))],
            **self._terms(decision),
        }

    def _terms(self, decision: Decision) -> Resource:
        """Conditions of the whole letter, and kinds of charges that it does not cover."""
        terms: Resource = {}
        system = f"{self._system}/CodeSystem/guarantee-condition"
        if decision.conditions:
            terms["adjudication"] = [
                {"category": concept(ADJUDICATION, "eligible"), "reason": concept(system, code)}
                for code in decision.conditions
            ]
        if decision.exclusions:
            nothing = self._adjudication("benefit", self._amount(0))
            terms["addItem"] = [
                {"productOrService": concept(CATEGORY_SYSTEM, code), "adjudication": [nothing]}
                for code in decision.exclusions
            ]
        return terms

    @staticmethod
    def withdrawn(final: Resource) -> Resource:
        """The letter as it was, taken back."""
        return final | {"status": "cancelled", "disposition": "WITHDRAWN_BY_INSURER"}

    def _settlement(self, request: ClaimRequest, decision: Decision, number: str) -> Resource:
        net_by_line = {line.sequence: line.net for line in request.lines}
        settlement: Resource = {
            "identifier": [{"system": f"{self._system}/claim", "value": number}],
            "item": [
                {
                    "itemSequence": line.sequence,
                    "adjudication": [
                        self._adjudication("submitted", net_by_line[line.sequence]),
                        self._adjudication("eligible", self._amount(line.benefit_c)),
                        *self._benefit(line.benefit_c, line.reasons),
                    ],
                }
                for line in decision.lines
            ],
            "total": [
                self._total("submitted", request.focus["total"]),
                self._total("deductible", self._amount(decision.deductible_c)),
                self._total("copay", self._amount(decision.copay_c)),
                self._total("benefit", self._amount(decision.benefit_c)),
            ],
        }
        if decision.reason:
            settlement["adjudication"] = self._benefit(decision.benefit_c, [decision.reason])
        return settlement

    def _benefit(self, cents: int, reasons: list[str]) -> list[Resource]:
        first = self._adjudication("benefit", self._amount(cents))
        if not reasons:
            return [first]
        system = f"{self._system}/CodeSystem/reason"
        return [first | {"reason": concept(system, reasons[0])}]

    @staticmethod
    def _adjudication(category: str, amount: Resource) -> Resource:
        return {"category": concept(ADJUDICATION, category), "amount": _plain(amount)}

    @staticmethod
    def _total(category: str, amount: Resource) -> Resource:
        return {"category": concept(ADJUDICATION, category), "amount": _plain(amount)}


def _plain(amount: Resource) -> Resource:
    """An amount with a number that JSON can hold; two digits survive a double exactly."""
    return {"value": float(amount["value"]), "currency": amount["currency"]}
