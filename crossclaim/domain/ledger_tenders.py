"""Entries of what goes back to the patient."""

from __future__ import annotations

from crossclaim.domain.ledger import Entry, Posting, funder_due, hospital_bills
from crossclaim.domain.money import fen
from crossclaim.domain.submission import FunderKind


def refund_entry(key: str, hospital: str, amount_fen: int) -> Entry:
    """A part of a tender is back with the patient: he has paid so much less."""
    amount = fen(amount_fen).amount_minor
    return Entry(
        key=key,
        kind="tender_refund",
        postings=[
            Posting(account=funder_due(FunderKind.PATIENT, None), amount_minor=amount),
            Posting(account=hospital_bills(hospital), amount_minor=-amount),
        ],
    )
