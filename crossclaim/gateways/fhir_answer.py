"""Reads an insurer's FHIR R4 answers, and refuses those whose own figures contradict each other.

The reader is tolerant: members that we do not know are skipped, those that we need must be right.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from crossclaim.domain.errors import Final
from crossclaim.domain.money import Currency, Money
from crossclaim.domain.party import (
    AnswerState,
    ClaimAnswer,
    EligibilityAnswer,
    GuaranteeAnswer,
    LineDecision,
)
from crossclaim.domain.submission import ChargeCategory
from crossclaim.gateways.http import Refusal

_HONG_KONG = timezone(timedelta(hours=8))
_DEDUCTED = ("deductible", "copay")
_CONDITION = re.compile(r"[a-z][a-z0-9\-]{0,31}(:[A-Za-z0-9._\-]{1,31})?")
_SPOKEN = frozenset({"HKD", "MOP"})

Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
FhirDate = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}(T.+)?$")]


class Shape(BaseModel):
    """What we read of one FHIR element."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Coding(Shape):
    code: str = ""


class Concept(Shape):
    coding: list[Coding] = []

    @property
    def codes(self) -> list[str]:
        return [coding.code for coding in self.coding if coding.code]


class Identifier(Shape):
    value: str = ""


class Reference(Shape):
    identifier: Identifier = Identifier()


class Amount(Shape):
    value: Annotated[Decimal, Field(max_digits=15, decimal_places=2)]
    currency: str


class Adjudication(Shape):
    category: Concept
    reason: Concept = Concept()
    amount: Amount | None = None


class Item(Shape):
    item_sequence: Annotated[int, Field(alias="itemSequence", ge=1)]
    adjudication: list[Adjudication] = []


class Total(Shape):
    category: Concept
    amount: Amount


class AddedItem(Shape):
    """What an insurer says of a kind of charge that nobody listed: here, what it excludes."""

    product: Annotated[Concept, Field(alias="productOrService")]
    adjudication: list[Adjudication] = []


class Period(Shape):
    start: FhirDate | None = None
    end: FhirDate | None = None


class ClaimResponse(Shape):
    resource_type: Annotated[Literal["ClaimResponse"], Field(alias="resourceType")]
    status: str = "active"
    use: Literal["claim", "preauthorization"]
    outcome: Literal["queued", "complete", "partial", "error"]
    request: Reference
    identifier: list[Identifier] = []
    created: FhirDate
    disposition: str = ""
    pre_auth_ref: Annotated[str, Field(alias="preAuthRef")] = ""
    pre_auth_period: Annotated[Period, Field(alias="preAuthPeriod")] = Period()
    item: list[Item] = []
    added: Annotated[list[AddedItem], Field(alias="addItem")] = []
    adjudication: list[Adjudication] = []
    total: list[Total] = []


class EligibilityItem(Shape):
    excluded: bool = False
    authorization_required: Annotated[bool | None, Field(alias="authorizationRequired")] = None


class EligibilityInsurance(Shape):
    inforce: bool = False
    item: list[EligibilityItem] = []


class EligibilityResponse(Shape):
    resource_type: Annotated[Literal["CoverageEligibilityResponse"], Field(alias="resourceType")]
    outcome: Literal["queued", "complete", "partial", "error"]
    identifier: list[Identifier] = []
    disposition: str = ""
    insurance: list[EligibilityInsurance] = []


def read_eligibility(resource: Any) -> EligibilityAnswer:
    """Raises ``ValueError`` for any other resource or a shape that R4 does not have."""
    answer = EligibilityResponse.model_validate(resource)
    usable = [i for i in answer.insurance if i.inforce] if answer.outcome == "complete" else []
    items = [item for insurance in usable for item in insurance.item]
    return EligibilityAnswer(
        in_force=bool(usable),
        # Direct billing rests on a guarantee, which is what an authorisation is here.
        direct_billing=any(item.authorization_required and not item.excluded for item in items),
        disposition=answer.disposition,
        reference=_first_value(answer.identifier),
    )


def parse_claim_response(resource: Any) -> ClaimAnswer | GuaranteeAnswer:
    """The answer of a ClaimResponse, direct or by callback.

    Raises ``ValueError`` when it cannot be understood, and ``Final`` ``ANSWER_INCONSISTENT`` when
    its figures contradict each other, so that a person looks before any money follows.
    """
    answer = ClaimResponse.model_validate(resource)
    if not answer.request.identifier.value:
        raise ValueError("the answer names no request")
    if answer.use == "preauthorization":
        return _guarantee(answer)
    return _claim(answer)


def inconsistent(reference: str, check: str) -> Final:
    """An answer that contradicts itself or our order; ``check`` names the rule it breaks."""
    return Final(
        f"the insurer's answer to {reference} is inconsistent: {check}",
        code="ANSWER_INCONSISTENT",
        answer={"check": check, "reference": reference},
    )


def read_refusal(body: Any) -> Refusal:
    """The code of an OperationOutcome's first issue, the finer one when it has two."""
    if not isinstance(body, dict) or body.get("resourceType") != "OperationOutcome":
        return Refusal("")
    issues = body.get("issue")
    issue = issues[0] if isinstance(issues, list) and issues else None
    if not isinstance(issue, dict):
        return Refusal("")
    try:
        fine = Concept.model_validate(issue.get("details", {})).codes
    except ValueError:
        fine = []
    code = issue.get("code")
    coarse = code if isinstance(code, str) else ""
    return Refusal(fine[0] if fine else coarse, {"issue": coarse} if coarse else {})


def _guarantee(answer: ClaimResponse) -> GuaranteeAnswer:
    reference = answer.request.identifier.value
    if answer.status == "cancelled":
        return GuaranteeAnswer(
            reference=reference,
            state=AnswerState.WITHDRAWN,
            guarantee_number=answer.pre_auth_ref,
            disposition=answer.disposition,
        )
    totals = _totals(reference, answer)
    limit = totals.get("benefit")
    state = _STATES[answer.outcome]
    if limit is not None and limit.amount_minor == 0 and state is not AnswerState.QUEUED:
        state = AnswerState.DENIED
    granted = state in (AnswerState.APPROVED, AnswerState.PARTIAL)
    if granted and (limit is None or not answer.pre_auth_ref):
        raise inconsistent(reference, "GUARANTEE_WITHOUT_LIMIT_OR_NUMBER")
    period = answer.pre_auth_period
    valid_from, valid_until = _day(period.start), _day(period.end)
    if granted and valid_from and valid_until and valid_until < valid_from:
        raise inconsistent(reference, "PERIOD_ENDS_BEFORE_ITS_START")
    return GuaranteeAnswer(
        reference=reference,
        state=state,
        guarantee_number=answer.pre_auth_ref,
        limit=limit if granted else None,
        valid_from=valid_from,
        valid_until=valid_until,
        disposition=answer.disposition,
        conditions=_conditions(answer) if granted else [],
        exclusions=_exclusions(reference, answer) if granted else [],
    )


def _conditions(answer: ClaimResponse) -> list[str]:
    """Codes of the letter as a whole; what is no code is left to the insurer's own paper."""
    codes = [code for a in answer.adjudication for code in a.reason.codes]
    return [code for code in dict.fromkeys(codes) if _CONDITION.fullmatch(code)]


def _exclusions(reference: str, answer: ClaimResponse) -> list[ChargeCategory]:
    """Kinds of charges of which it pays nothing; one that we do not know is for a person."""
    found: list[ChargeCategory] = []
    for item in answer.added:
        paid = _by_category(reference, ((a.category, a.amount) for a in item.adjudication))
        if paid.get("benefit") is None or paid["benefit"].amount_minor:
            continue
        try:
            found += [ChargeCategory(code) for code in item.product.codes[:1]]
        except ValueError:
            raise inconsistent(reference, "EXCLUSION_NOT_KNOWN") from None
    return found


def _claim(answer: ClaimResponse) -> ClaimAnswer:
    reference = answer.request.identifier.value
    number = _first_value(answer.identifier)
    state = _STATES[answer.outcome]
    if state in (AnswerState.QUEUED, AnswerState.DENIED):
        return ClaimAnswer(
            reference=reference,
            state=state,
            claim_number=number,
            disposition=answer.disposition,
            decided_at=None if state is AnswerState.QUEUED else _moment(answer.created),
        )
    lines = [_line(reference, item) for item in answer.item]
    totals = _totals(reference, answer)
    _refuse_wrong_figures(reference, answer.item, lines, totals)
    _refuse_mixed([*(line.benefit for line in lines), *totals.values()], reference)
    benefit = totals["benefit"]
    return ClaimAnswer(
        reference=reference,
        state=_decided(answer, lines, benefit),
        claim_number=number,
        benefit=benefit,
        lines=lines,
        disposition=answer.disposition,
        decided_at=_moment(answer.created),
    )


_STATES = {
    "queued": AnswerState.QUEUED,
    "complete": AnswerState.APPROVED,
    "partial": AnswerState.PARTIAL,
    "error": AnswerState.DENIED,
}


def _decided(answer: ClaimResponse, lines: list[LineDecision], benefit: Money) -> AnswerState:
    """A line that was cut or refused makes the whole ``partial``; nothing at all is a denial."""
    if benefit.amount_minor == 0:
        return AnswerState.DENIED
    cut = any(line.reasons or line.benefit.amount_minor == 0 for line in lines)
    return AnswerState.PARTIAL if cut else _STATES[answer.outcome]


def _line(reference: str, item: Item) -> LineDecision:
    amounts = _by_category(reference, ((a.category, a.amount) for a in item.adjudication))
    if "benefit" not in amounts:
        raise inconsistent(reference, "LINE_WITHOUT_BENEFIT")
    reasons = [code for a in item.adjudication for code in a.reason.codes]
    return LineDecision(
        line=item.item_sequence, benefit=amounts["benefit"], reasons=list(dict.fromkeys(reasons))
    )


def _refuse_wrong_figures(
    reference: str, items: list[Item], lines: list[LineDecision], totals: dict[str, Money]
) -> None:
    if "benefit" not in totals:
        raise inconsistent(reference, "DECISION_WITHOUT_BENEFIT")
    benefit = totals["benefit"].amount_minor
    if len({line.line for line in lines}) != len(lines):
        raise inconsistent(reference, "LINE_DECIDED_TWICE")
    for item, line in zip(items, lines, strict=True):
        amounts = _by_category(reference, ((a.category, a.amount) for a in item.adjudication))
        _refuse_more_than(reference, line.benefit, amounts)
    _refuse_more_than(reference, totals["benefit"], totals)
    if not lines:
        return
    of_lines = sum(line.benefit.amount_minor for line in lines)
    deducted = sum(totals[name].amount_minor for name in _DEDUCTED if name in totals)
    complete = all(name in totals for name in _DEDUCTED)
    expected = max(of_lines - deducted, 0)
    # A missing deductible may explain a smaller benefit, never a bigger one.
    if benefit > expected or (complete and benefit != expected):
        raise inconsistent(reference, "TOTAL_IS_NOT_THE_SUM_OF_ITS_LINES")


def _refuse_mixed(amounts: list[Money], reference: str) -> None:
    """One answer speaks one currency, beside what it repeats of ours."""
    if len({amount.currency for amount in amounts} - {Currency.CNY}) > 1:
        raise inconsistent(reference, "CURRENCIES_MIXED")


def _refuse_more_than(reference: str, benefit: Money, amounts: dict[str, Money]) -> None:
    """Nobody benefits above what was submitted or eligible; other currencies cannot be compared."""
    for name in ("submitted", "eligible"):
        limit = amounts.get(name)
        if limit is None or limit.currency is not benefit.currency:
            continue
        if limit < benefit:
            raise inconsistent(reference, f"BENEFIT_ABOVE_{name.upper()}")


def _totals(reference: str, answer: ClaimResponse) -> dict[str, Money]:
    return _by_category(reference, ((t.category, t.amount) for t in answer.total))


def _by_category(
    reference: str, amounts: Iterable[tuple[Concept, Amount | None]]
) -> dict[str, Money]:
    """Amounts by category code. Insurers of Hong Kong speak HKD, those of Macao MOP, one of them
    throughout; ``submitted`` is ours. Whether it is the cover's own is judged with the claim."""
    found: dict[str, Money] = {}
    for category, amount in amounts:
        if amount is None:
            continue
        for code in category.codes[:1]:
            if code in found:
                raise inconsistent(reference, "CATEGORY_STANDS_TWICE")
            if amount.value < 0:
                raise inconsistent(reference, "NEGATIVE_AMOUNT")
            ours = (code, amount.currency) == ("submitted", "CNY")
            if not ours and amount.currency not in _SPOKEN:
                raise inconsistent(reference, "CURRENCY_NOT_KNOWN")
            minor = int(amount.value.scaleb(2))
            found[code] = Money(amount_minor=minor, currency=Currency(amount.currency))
    return found


def _first_value(identifiers: list[Identifier]) -> str:
    return next((i.value for i in identifiers if i.value), "")


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text[:10]) if text else None


def _moment(text: str) -> datetime:
    """A dateTime; a bare date is the start of that day in Hong Kong."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=_HONG_KONG)
