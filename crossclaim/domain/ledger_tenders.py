"""Entries of what goes back to the patient."""

from __future__ import annotations

from crossclaim.domain.ledger import Entry, tender_entry


def refund_entry(key: str, hospital: str, amount_fen: int, non_medical_fen: int = 0) -> Entry:
    """A part of a tender is back with the patient: he has paid so much less."""
    paid = tender_entry(key, hospital, -amount_fen, -non_medical_fen)
    return paid.model_copy(update={"kind": "tender_refund"})
