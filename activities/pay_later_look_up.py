"""Who pays after care: the account that the episode names, and what the platform says of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from activities.orders import Subject
from activities.records import EpisodeTransaction
from crossclaim.domain.identity import normalised
from crossclaim.domain.pay_later_party import PlatformAccount
from crossclaim.domain.records import PayLaterRow
from crossclaim.domain.submission import FunderKind


@dataclass(frozen=True)
class PayerNamed:
    """``code`` says why nobody can be asked; else ``number`` is the platform's of the account."""

    account_id: str = ""
    number: str = ""
    confirmed_only: bool = False
    code: str = ""

    def found(self, account: PlatformAccount, at: datetime) -> PayLaterRow:
        if not account.open:
            return PayLaterRow(code="ACCOUNT_CLOSED", looked_up_at=at)
        granted = account.credit == "granted" and account.available is not None
        available = account.available.amount_minor if granted and account.available else None
        return PayLaterRow(
            account_id=self.account_id,
            insured_status=account.status.value,
            balance_minor=None if account.balance is None else account.balance.amount_minor,
            credit_minor=available,
            bank_card=account.card_tail is not None,
            looked_up_at=at,
        )


def payer_of(tx: EpisodeTransaction, order: Subject) -> PayerNamed:
    """An account of the hospital's own; without a relation the patient is its holder."""
    content = tx.episode_content(order.episode_id)
    told = next((c.pay_later for c in content.coverages if c.funder is FunderKind.PAY_LATER), None)
    if told is None:
        return PayerNamed(code="ACCOUNT_UNKNOWN")
    rows = tx.credit_lock(told.account)
    if rows is None or rows.account.organisation_id != content.hospital:
        return PayerNamed(code="ACCOUNT_UNKNOWN")
    if rows.account.state != "open":
        return PayerNamed(code="ACCOUNT_NOT_OPEN")
    holder = normalised(tx.credit_sign_up(told.account).holder.document.number)
    papers = {normalised(document.number) for document in content.patient.documents}
    if told.relation is None and holder not in papers:
        return PayerNamed(code="NOT_THE_HOLDER")
    return PayerNamed(
        account_id=told.account,
        number=rows.account.number,
        confirmed_only=told.confirmation == "confirmed",
    )
