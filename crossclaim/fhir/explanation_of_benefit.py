"""A decided claim with all that was split and paid, as an ExplanationOfBenefit."""

from __future__ import annotations

from crossclaim.domain.money import counted
from crossclaim.domain.records import ClaimRow, GuaranteeRow
from crossclaim.domain.submission import BillSubmission
from crossclaim.fhir.adjudication import adjudicated, items, totals
from crossclaim.fhir.claim import ebill_extension
from crossclaim.fhir.claim_response import DECIDED, about, funder_of, head, paid_out, payment
from crossclaim.fhir.coverage import coverage_key
from crossclaim.fhir.datatypes import (
    Resource,
    concept,
    identifier,
    instant,
    money,
    organisation,
    reference,
    without_empty,
)
from crossclaim.fhir.facts import EpisodeFacts
from crossclaim.gateways import fhir_terms as terms

_BENEFIT_TYPE = "http://terminology.hl7.org/CodeSystem/benefit-type"
_BENEFIT_CATEGORY = "http://terminology.hl7.org/CodeSystem/ex-benefitcategory"


def explanation(facts: EpisodeFacts, key: str) -> Resource | None:
    """None before anything is decided: until then there is nothing to explain."""
    row = facts.claim(key)
    if row is None or row.state not in DECIDED:
        return None
    answer, split = facts.answers.get(row.id), facts.split(row.bill_id)
    bill, funder = facts.bills.get(row.bill_id), funder_of(row)
    letter = facts.rows.guarantee_of(row.organisation_id) if row.organisation_id else None
    built = {
        **head(facts, "ExplanationOfBenefit", row.id, "claim"),
        "extension": [
            *about(facts, row.state),
            *(totals(split) if split else []),
            *(ebill_extension(one) for one in facts.ebills),
        ],
        "identifier": [identifier(terms.REFERENCE, row.reference)],
        "created": instant(row.decided_at or facts.rows.episode.opened_at),
        "insurer": organisation(row.organisation_id or funder.value),
        "provider": organisation(facts.rows.episode.hospital_id),
        "claim": reference("Claim", row.bill_id),
        "claimResponse": reference("ClaimResponse", row.id),
        "preAuthRef": [letter.number] if letter is not None and letter.number else [],
        "outcome": "partial" if row.state == "partial" else "complete",
        "disposition": answer.disposition if answer else "",
        "precedence": _place(facts, row),
        "insurance": [_insurance(facts, row)],
        "item": _items(facts, row, bill),
        "total": _totals(row, bill),
        "payment": payment(facts, row, paid_out(facts, row.id)),
        "benefitBalance": [_balance(letter)] if letter is not None and letter.limit_minor else [],
    }
    return without_empty(built)


def _place(facts: EpisodeFacts, row: ClaimRow) -> int | None:
    """1 for the insurer that pays first."""
    return row.sequence if row.kind == "direct" else None


def _insurance(facts: EpisodeFacts, row: ClaimRow) -> Resource:
    known = facts.rows.insured_with(row.organisation_id) if row.organisation_id else None
    found = known or facts.rows.coverage(funder_of(row))
    if found is None:
        return {"focal": True, "coverage": {"display": funder_of(row).value}}
    key = coverage_key(facts.episode_id, found.ordinal)
    return {"focal": True, "coverage": reference("Coverage", key)}


def _items(facts: EpisodeFacts, row: ClaimRow, bill: BillSubmission | None) -> list[Resource]:
    answer, split = facts.answers.get(row.id), facts.split(row.bill_id)
    told = items(bill, split, funder_of(row), row.organisation_id, answer)
    lines = {line.number: line for line in bill.lines} if bill else {}
    found = []
    for one in told:
        line, number = lines[one["itemSequence"]], one.pop("itemSequence")
        product = concept(terms.CHARGE_CATEGORY, line.category.value, line.description)
        found.append(
            {
                **one,
                "sequence": number,
                "productOrService": product,
                "servicedDate": line.service_date.isoformat(),
                "quantity": {"value": line.quantity},
                "unitPrice": money(line.unit_price),
                "net": money(line.amount),
            }
        )
    return found


def _totals(row: ClaimRow, bill: BillSubmission | None) -> list[Resource]:
    submitted = [adjudicated("submitted", bill.total)] if bill else []
    return [*submitted, adjudicated("benefit", row.counted(row.benefit_minor))]


def _balance(letter: GuaranteeRow) -> Resource:
    """Of the letter of guarantee: what it allows, and what bills have used."""
    return {
        "category": concept(_BENEFIT_CATEGORY, "1", "Letter of guarantee"),
        "financial": [
            {
                "type": concept(_BENEFIT_TYPE, "benefit"),
                "allowedMoney": money(counted(letter.limit_minor or 0, letter.currency)),
                "usedMoney": money(counted(letter.used_minor, letter.currency)),
            }
        ],
    }
