"""What a decision that takes money back posts where the patient was to get it afterwards."""

from __future__ import annotations

from crossclaim.domain.ledger import Entry, reimbursement_entry


def lowered_key(claim_reference: str, version: int) -> str:
    """The entry of one later decision that pays less."""
    return f"reimbursement:{claim_reference}:{version}"


def lowered_entry(claim_reference: str, version: int, insurer: str, less_fen: int) -> Entry:
    """The insurer owes the patient so much less. Of a bill's direct part the new split says it."""
    return reimbursement_entry(lowered_key(claim_reference, version), insurer, -less_fen)
