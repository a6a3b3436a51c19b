"""What a claw-back posts: the payee gives money of a payout back to the funder that paid it."""

from __future__ import annotations

from crossclaim.domain.ledger import (
    Account,
    Entry,
    Posting,
    funder_due,
    hospital_bills,
    overpaid,
    reimbursements,
)
from crossclaim.domain.money import Currency
from crossclaim.domain.submission import FunderKind


def paid_to(hospital: str, payee: str) -> Account:
    return hospital_bills(hospital) if payee == "hospital" else reimbursements()


def written_off(insurer: str) -> Account:
    """What an insurer has paid twice and asks nobody for any more (debit)."""
    return Account(
        id=f"written_off:{insurer}",
        kind="written_off",
        organisation_id=insurer,
        currency=Currency.CNY,
    )


def claw_back_entry(
    key: str, insurer: str, hospital: str, payee: str, amount_fen: int, *, twice: bool = False
) -> Entry:
    """The insurer has its money back: it paid so much less, the payee got so much less. ``twice``:
    what was paid twice stands on an account of its own."""
    account = overpaid(insurer) if twice else paid_to(hospital, payee)
    due = funder_due(FunderKind.INSURER, insurer)
    return Entry(
        key=key,
        kind="claw_back",
        postings=[
            Posting(account=due, amount_minor=amount_fen),
            Posting(account=account, amount_minor=-amount_fen),
        ],
    )


def undone_entry(
    key: str, insurer: str, hospital: str, payee: str, amount_fen: int, *, twice: bool = False
) -> Entry:
    """What the insurer had back twice it has once: the receipt of so much is taken back."""
    whole = claw_back_entry(key, insurer, hospital, payee, amount_fen, twice=twice)
    postings = [p.model_copy(update={"amount_minor": -p.amount_minor}) for p in whole.postings]
    return Entry(key=key, kind="claw_back_undone", postings=postings)


def write_off_entry(key: str, insurer: str, amount_fen: int) -> Entry:
    """Nobody is asked for it any more; what the insurer has lost stays to be seen."""
    return Entry(
        key=key,
        kind="written_off",
        postings=[
            Posting(account=written_off(insurer), amount_minor=amount_fen),
            Posting(account=overpaid(insurer), amount_minor=-amount_fen),
        ],
    )


def in_place_entry(key: str, insurer: str, hospital: str, payee: str, amount_fen: int) -> Entry:
    """The other payout came back, so what was paid twice is the payment that is owed."""
    return Entry(
        key=key,
        kind="paid_in_place",
        postings=[
            Posting(account=paid_to(hospital, payee), amount_minor=amount_fen),
            Posting(account=overpaid(insurer), amount_minor=-amount_fen),
        ],
    )
