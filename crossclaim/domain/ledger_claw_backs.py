"""What a claw-back posts: the payee gives money of a payout back to the funder that paid it."""

from __future__ import annotations

from crossclaim.domain.ledger import Entry, Posting, funder_due, hospital_bills, reimbursements
from crossclaim.domain.submission import FunderKind


def claw_back_entry(key: str, insurer: str, hospital: str, payee: str, amount_fen: int) -> Entry:
    """The insurer has its money back: it paid so much less, the payee got so much less."""
    account = hospital_bills(hospital) if payee == "hospital" else reimbursements()
    due = funder_due(FunderKind.INSURER, insurer)
    return Entry(
        key=key,
        kind="claw_back",
        postings=[
            Posting(account=due, amount_minor=amount_fen),
            Posting(account=account, amount_minor=-amount_fen),
        ],
    )
