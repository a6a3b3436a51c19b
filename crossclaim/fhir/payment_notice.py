"""One payout, as a PaymentNotice."""

from __future__ import annotations

from crossclaim.domain.money import fen
from crossclaim.domain.records import PayoutRow
from crossclaim.fhir.adjudication import fx_evidence
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
    reference,
    without_empty,
)
from crossclaim.fhir.facts import EpisodeFacts

_STATUS = "http://terminology.hl7.org/CodeSystem/paymentstatus"
_PAID = {"sent": "paid", "accepted": "paid", "credited": "cleared"}
_OVER = ("rejected", "returned", "cancelled")


def payment_notice(facts: EpisodeFacts, key: str) -> Resource | None:
    row = next((p for p in facts.rows.payouts if p.reference == key), None)
    if row is None:
        return None
    claim = next((c for c in facts.rows.claims if c.id == row.claim_id), None)
    status, amount = _PAID.get(row.state), fen(row.amount_minor)
    split = facts.split(claim.bill_id) if claim else None
    rate = split.rate_of(claim.organisation_id) if split and claim else None
    counted = claim.counted(claim.benefit_minor) if claim else amount
    hospital = facts.rows.episode.hospital_id
    first = claim.supplements or claim.id if claim else ""
    built = {
        "resourceType": "PaymentNotice",
        "id": fhir_id(row.reference),
        "extension": [
            extension("episode", valueIdentifier=identifier(EPISODE, facts.episode_id)),
            extension("state", valueCode=row.state),
            *fx_evidence(counted, amount, rate),
        ],
        "identifier": [identifier(PAYOUT, row.reference)],
        "status": notice_status(row),
        "request": reference("Claim", claim.bill_id) if claim else None,
        "response": reference("ClaimResponse", first) if claim else None,
        "created": instant(row.reserved_at),
        "provider": organisation(hospital),
        "payment": {"identifier": identifier(PAYOUT, row.reference)},
        "paymentDate": day(row.credited_at) if row.credited_at else "",
        "payee": organisation(hospital) if row.payee == "hospital" else None,
        "recipient": organisation(row.debtor_organisation_id),
        "amount": money(amount),
        "paymentStatus": concept(_STATUS, status) if status else None,
    }
    return without_empty(built)


def notice_status(row: PayoutRow) -> str:
    return "cancelled" if row.state in _OVER else "active"
