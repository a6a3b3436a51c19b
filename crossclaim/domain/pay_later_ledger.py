"""Entries of pay-after-care. The credit is the bank's: we only book who owes the hospital."""

from __future__ import annotations

from crossclaim.domain.ledger import Account, Entry, Posting, funder_due, hospital_bills
from crossclaim.domain.money import Currency
from crossclaim.domain.submission import FunderKind


def receivable(hospital: str) -> Account:
    """What the platform still has to pay the hospital."""
    return Account(
        id=f"hospital:{hospital}:pay_later_receivable",
        kind="pay_later_receivable",
        organisation_id=hospital,
        currency=Currency.CNY,
    )


def committed() -> Account:
    """What the platform has promised to all hospitals and not yet paid."""
    return Account(id="pay_later:committed", kind="pay_later_committed", currency=Currency.CNY)


def charge_entry(
    key: str, hospital: str, *, account_fen: int, credit_fen: int, card_fen: int
) -> Entry:
    """A charge: account and credit no longer owe, and the platform owes the hospital it all.

    The card's part is the patient's own; it is booked as his tender.
    """
    whole = account_fen + credit_fen + card_fen
    return _entry(
        key,
        "pay_later_charge",
        [
            (hospital_bills(hospital), account_fen + credit_fen),
            (funder_due(FunderKind.PERSONAL_ACCOUNT, None), -account_fen),
            (funder_due(FunderKind.PAY_LATER, None), -credit_fen),
            (receivable(hospital), whole),
            (committed(), -whole),
        ],
    )


def settlement_entry(key: str, hospital: str, whole_fen: int) -> Entry:
    """The platform has paid the hospital."""
    legs = [(committed(), whole_fen), (receivable(hospital), -whole_fen)]
    return _entry(key, "pay_later_settlement", legs)


def _entry(key: str, kind: str, legs: list[tuple[Account, int]]) -> Entry:
    postings = [Posting(account=a, amount_minor=m) for a, m in legs if m != 0]
    return Entry(key=key, kind=kind, postings=postings)
