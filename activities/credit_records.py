"""The door to the rows of pay-after-care accounts, within any transaction of an activity.

A step that touches an episode and an account locks the episode first, then the account.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Protocol

from crossclaim.domain.credit_rows import CreditChargeRow, CreditInstalmentRow, CreditRows
from crossclaim.domain.credit_submission import CreditSignUpSubmission
from crossclaim.domain.money import Money
from crossclaim.domain.pay_later import Tender
from crossclaim.domain.records import PayLaterRow, StoredSubmission


class CreditTransaction(Protocol):
    """Reads and writes of one step about one account."""

    def credit_take(
        self, account_id: str, submission_id: str
    ) -> tuple[CreditRows | None, StoredSubmission]:
        """Locks the account and the submission that is about it."""
        ...

    def credit_lock(self, account_id: str) -> CreditRows | None:
        """Locks the account for this transaction and reads its rows; None: not opened yet."""
        ...

    def credit_rows(self, account_id: str) -> CreditRows: ...

    def open_credit_account(
        self, account_id: str, organisation: str, sign_up: CreditSignUpSubmission, at: datetime
    ) -> None: ...

    def credit_sign_up(self, account_id: str) -> CreditSignUpSubmission: ...

    def change_credit_account(self, account_id: str, **fields: object) -> None:
        """Sets columns and raises the revision; every step that changes anything ends with it."""
        ...

    def add_credit_order(
        self,
        account_id: str,
        reference: str,
        kind: str,
        at: datetime,
        secret: dict[str, Any] | None = None,
        **fields: object,
    ) -> None: ...

    def credit_order_secret(self, account_id: str, reference: str) -> dict[str, Any]: ...

    def change_credit_order(self, reference: str, **fields: object) -> None: ...

    def open_credit_attempt(
        self, account_id: str, operation: str, reference: str, at: datetime
    ) -> int:
        """Writes the attempt row before a send; its number, from 1."""
        ...

    def close_credit_attempt(
        self, reference: str, operation: str, attempt: int, outcome: str, code: str = ""
    ) -> None: ...

    def add_credit_charge(self, account_id: str, charge: CreditChargeRow) -> None: ...

    def add_credit_instalments(
        self, account_id: str, parts: list[CreditInstalmentRow], at: datetime
    ) -> None: ...

    def add_credit_repaid(
        self, account_id: str, reference: str, charge: str, amount_minor: int, at: datetime
    ) -> None: ...

    def add_credit_refund(
        self, account_id: str, charge: str, refunded_minor: int, excess_minor: int, at: datetime
    ) -> None: ...

    def add_credit_settlement(
        self, account_id: str, charge: str, settled_on: date, at: datetime
    ) -> None: ...

    def add_credit_event(
        self,
        account_id: str,
        code: str,
        reference: str,
        at: datetime,
        amount_minor: int | None = None,
        details: dict[str, str] | None = None,
    ) -> None:
        """One line of the story, once for its code and reference."""
        ...

    def open_credit_exception(
        self, account_id: str, code: str, reference: str, details: dict[str, str], at: datetime
    ) -> None: ...

    def resolve_credit_exceptions(
        self, account_id: str, codes: list[str], reference: str, at: datetime
    ) -> None: ...

    def put_pay_later_payer(
        self, episode_id: str, payer: PayLaterRow, confirmed_only: bool, at: datetime
    ) -> None: ...

    def change_pay_later_payer(self, episode_id: str, **fields: object) -> None: ...

    def add_pay_later_order(
        self, claim_id: str, episode_id: str, account_id: str, parts: dict[Tender, Money]
    ) -> None:
        """What a claim asks for, fixed when it is made."""
        ...

    def pay_later_order(self, claim_id: str) -> tuple[str, dict[Tender, Money]]:
        """The account that pays, and what by which means of payment."""
        ...

    def confirm_pay_later(self, episode_id: str, bill_id: str, at: datetime) -> None: ...

    def add_credit_archive(
        self, account_id: str, run_id: str, key: str, sha256: str, events: int
    ) -> None: ...
