"""What a decision that takes money back posts: the payee owes the insurer what it got too much."""

from __future__ import annotations

from crossclaim.domain.ledger import Account, Entry, Posting, funder_due, reimbursements
from crossclaim.domain.money import Currency
from crossclaim.domain.submission import FunderKind


def claw_back(insurer: str) -> Account:
    """What is owed to an insurer by those whom it has paid too much (a credit)."""
    return Account(
        id=f"claw_back:{insurer}",
        kind="claw_back",
        organisation_id=insurer,
        currency=Currency.CNY,
    )


def claw_back_entry(key: str, insurer: str, amount_fen: int, *, hospital: bool) -> Entry:
    """``hospital``: it was paid directly, and the bill's new split has lowered the insurer's due;
    else the patient was, and holds so much too much."""
    paid = funder_due(FunderKind.INSURER, insurer) if hospital else reimbursements()
    return Entry(
        key=key,
        kind="claw_back",
        postings=[
            Posting(account=paid, amount_minor=amount_fen),
            Posting(account=claw_back(insurer), amount_minor=-amount_fen),
        ],
    )
