"""A funder's answer to a claim, or a letter of guarantee, as a ClaimResponse."""

from __future__ import annotations

from datetime import datetime

from crossclaim.domain.bill_rows import DRAFT
from crossclaim.domain.money import Money, counted, fen
from crossclaim.domain.records import BillRow, ClaimRow, GuaranteeRow, PayoutRow
from crossclaim.domain.submission import FunderKind
from crossclaim.fhir.adjudication import adjudicated, fx_evidence, items, totals
from crossclaim.fhir.datatypes import (
    EPISODE,
    PAYOUT,
    Resource,
    concept,
    day,
    extension,
    fhir_id,
    identifier,
    instant,
    money,
    organisation,
    part,
    reference,
    without_empty,
)
from crossclaim.fhir.facts import EpisodeFacts
from crossclaim.gateways import fhir_terms as terms

_FUNDERS = {
    "voucher": FunderKind.VOUCHER,
    "voucher_spouse": FunderKind.VOUCHER,
    "basic_insurance": FunderKind.BASIC_INSURANCE,
    "pay_later": FunderKind.PAY_LATER,
    "direct": FunderKind.INSURER,
    "reimbursement": FunderKind.INSURER,
}
_OUTCOMES = {
    "approved": "complete",
    "denied": "complete",
    "partial": "partial",
    "failed": "error",
    "voided": "complete",
    "granted": "complete",
    "refused": "complete",
    "released": "complete",
    "cancelled": "complete",
    "withdrawn": "complete",
    "cancelling": "complete",
    "expired": "complete",
}
_FUNDS_RESERVE = "http://terminology.hl7.org/CodeSystem/fundsreserve"
ENDED_LETTERS = ("released", "cancelling", "cancelled", "expired", "withdrawn")
DECIDED = ("approved", "partial", "denied")


def claim_response(facts: EpisodeFacts, key: str) -> Resource | None:
    row = facts.claim(key)
    if row is not None:
        return _of_claim(facts, row)
    letter = next((g for g in facts.rows.guarantees if g.id == key), None)
    if letter is not None:
        return _of_letter(facts, letter)
    draft = next((b for b in facts.rows.bills if b.id == key and b.status == DRAFT), None)
    return None if draft is None else _of_draft(facts, draft)


def outcome_of(state: str) -> str:
    """``queued`` until somebody has said something."""
    return _OUTCOMES.get(state, "queued")


def funder_of(row: ClaimRow) -> FunderKind:
    return _FUNDERS.get(row.kind, FunderKind.INSURER)


def paid_out(facts: EpisodeFacts, claim_id: str) -> PayoutRow | None:
    """The newest payout of a claim."""
    return next((p for p in reversed(facts.rows.payouts) if p.claim_id == claim_id), None)


def head(facts: EpisodeFacts, kind: str, key: str, use: str) -> Resource:
    """What every answer about an episode begins with."""
    return {
        "resourceType": kind,
        "id": fhir_id(key),
        "status": "active",
        "type": concept(terms.CLAIM_TYPE, "institutional"),
        "use": use,
        "patient": reference("Patient", facts.episode_id),
    }


def about(facts: EpisodeFacts, state: str) -> list[Resource]:
    return [
        extension("episode", valueIdentifier=identifier(EPISODE, facts.episode_id)),
        extension("state", valueCode=state),
    ]


def _of_claim(facts: EpisodeFacts, row: ClaimRow) -> Resource:
    answer, split = facts.answers.get(row.id), facts.split(row.bill_id)
    funder, payout = funder_of(row), paid_out(facts, row.id)
    numbers = [identifier(terms.REFERENCE, row.reference)]
    if row.number:
        numbers.append(identifier(terms.CLAIM_NUMBER, row.number))
    asked = [
        reference("CommunicationRequest", one.id)
        for one in facts.rows.information_requests
        if one.claim_id == row.id
    ]
    told = [adjudicated("benefit", row.counted(row.benefit_minor))] if _decided(row) else []
    built = {
        **head(facts, "ClaimResponse", row.id, "claim"),
        "extension": [*about(facts, row.state), *(totals(split) if split else [])],
        "identifier": numbers,
        "status": "cancelled" if row.state == "voided" else "active",
        "created": instant(row.decided_at or row.submitted_at or facts.rows.episode.opened_at),
        "insurer": organisation(row.organisation_id or funder.value),
        "requestor": organisation(facts.rows.episode.hospital_id),
        "request": reference("Claim", row.bill_id),
        "outcome": outcome_of(row.state),
        "disposition": answer.disposition if answer else "",
        "preAuthRef": _letter_number(facts, row.organisation_id),
        "item": items(facts.bills.get(row.bill_id), split, funder, row.organisation_id, answer),
        "total": told,
        "payment": payment(facts, row, payout),
        "communicationRequest": asked,
    }
    return without_empty(built)


def _decided(row: ClaimRow) -> bool:
    return row.state in DECIDED


def payment(facts: EpisodeFacts, row: ClaimRow, payout: PayoutRow | None) -> Resource | None:
    """What is paid for the claim, in what is paid; with the rate that it was converted at."""
    if row.pay_fen is None or not row.pay_fen or not _decided(row):
        return None
    split, due = facts.split(row.bill_id), fen(row.pay_fen)
    rate = split.rate_of(row.organisation_id) if split else None
    kind = "complete" if row.state == "approved" else "partial"
    found = {
        "extension": fx_evidence(row.counted(row.benefit_minor), due, rate),
        "type": concept(terms.PAYMENT_TYPE, kind),
        "date": day(payout.credited_at) if payout and payout.credited_at else "",
        "amount": money(due),
        "identifier": identifier(PAYOUT, payout.reference) if payout else None,
    }
    return without_empty(found)


def _letter_number(facts: EpisodeFacts, insurer: str | None) -> str:
    letter = facts.rows.guarantee_of(insurer) if insurer else None
    return letter.number if letter is not None else ""


def _of_letter(facts: EpisodeFacts, letter: GuaranteeRow) -> Resource:
    waiting = any(r.open for r in facts.rows.guarantee_requests if r.guarantee_id == letter.id)
    limit = None if letter.limit_minor is None else counted(letter.limit_minor, letter.currency)
    ended = letter.state in ENDED_LETTERS
    valid = {"start": _day_of(letter), "end": str(letter.valid_until or "")}
    built = {
        **head(facts, "ClaimResponse", letter.id, "preauthorization"),
        "extension": [*about(facts, letter.state), *([_terms(letter, limit)] if limit else [])],
        "identifier": [identifier(terms.REFERENCE, letter.reference)],
        "status": "cancelled" if ended else "active",
        "created": instant(letter.answered_at or letter.requested_at or _opened(facts)),
        "insurer": organisation(letter.insurer_id),
        "requestor": organisation(facts.rows.episode.hospital_id),
        "request": reference("Claim", letter.id),
        "outcome": "queued" if waiting else outcome_of(letter.state),
        "preAuthRef": letter.number,
        "preAuthPeriod": without_empty(valid) if letter.valid_until else None,
        "total": [adjudicated("benefit", limit)] if limit else [],
        "fundsReserve": {"coding": [{"system": _FUNDS_RESERVE, "code": "provider"}]}
        if limit and not ended
        else None,
    }
    return without_empty(built)


def _terms(letter: GuaranteeRow, limit: Money) -> Resource:
    return extension(
        "guarantee",
        part("limit", valueMoney=money(limit)),
        part("used", valueMoney=money(counted(letter.used_minor, letter.currency))),
        *(part("condition", valueString=one) for one in letter.conditions),
        *(part("exclusion", valueCode=one) for one in letter.exclusions),
    )


def _day_of(letter: GuaranteeRow) -> str:
    return day(letter.answered_at) if letter.answered_at else ""


def _opened(facts: EpisodeFacts) -> datetime:
    return facts.rows.episode.opened_at


def _of_draft(facts: EpisodeFacts, draft: BillRow) -> Resource:
    """What would be paid by whom if the draft were the bill."""
    split, bill = facts.split(draft.id), facts.bills.get(draft.id)
    first = (
        next((t for t in split.totals if t.funder is FunderKind.INSURER), None) if split else None
    )
    who = first.organisation if first else None
    built = {
        **head(facts, "ClaimResponse", draft.id, "predetermination"),
        "extension": [*about(facts, draft.state), *(totals(split) if split else [])],
        "identifier": [
            identifier(terms.BILL_NUMBER, draft.number),
            identifier(terms.BILL_VERSION, str(draft.version)),
        ],
        "created": instant(draft.occurred_at or _opened(facts)),
        "insurer": organisation(who or "crossclaim"),
        "requestor": organisation(facts.rows.episode.hospital_id),
        "request": reference("Claim", draft.id),
        "outcome": "complete" if split else "queued",
        "item": items(bill, split, FunderKind.INSURER, who, None),
        "total": [adjudicated("submitted", split.total)] if split else [],
    }
    return without_empty(built)
