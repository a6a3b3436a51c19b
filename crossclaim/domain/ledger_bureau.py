"""What a settlement at the bureau posts: its parts of a bill become the hospital's receivables."""

from __future__ import annotations

from crossclaim.domain.bureau import SettlementSplit
from crossclaim.domain.ledger import Account, Entry, Posting, funder_due, hospital_bills
from crossclaim.domain.money import Currency
from crossclaim.domain.submission import FunderKind

PURSES = ("fund", "account", "family")
"""Pooled fund, own account, relative's account."""


def bureau_receivable(hospital: str, purse: str) -> Account:
    """What the bureau has to pay to a hospital out of one purse."""
    return Account(
        id=f"hospital:{hospital}:bureau_{purse}_receivable",
        kind="bureau_receivable",
        organisation_id=hospital,
        currency=Currency.CNY,
    )


def bureau_committed(purse: str) -> Account:
    return Account(id=f"bureau:{purse}:committed", kind="bureau_committed", currency=Currency.CNY)


def settlement_entry(key: str, hospital: str, split: SettlementSplit) -> Entry:
    """The funders' debts on the bill are settled; the bureau owes the hospital instead."""
    amounts = {
        "fund": split.fund.amount_minor,
        "account": split.account.amount_minor,
        "family": split.family.amount_minor,
    }
    fund, accounts = amounts["fund"], amounts["account"] + amounts["family"]
    legs = [
        (hospital_bills(hospital), fund + accounts),
        (funder_due(FunderKind.BASIC_INSURANCE, None), -fund),
        (funder_due(FunderKind.PERSONAL_ACCOUNT, None), -accounts),
    ]
    for purse in PURSES:
        legs.append((bureau_receivable(hospital, purse), amounts[purse]))
        legs.append((bureau_committed(purse), -amounts[purse]))
    postings = [Posting(account=a, amount_minor=m) for a, m in legs if m]
    return Entry(key=key, kind="settlement", postings=postings)
