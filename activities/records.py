"""The door to our own rows: one transaction about one episode, as the steps need it.

The store implements it on PostgreSQL. ``at`` is business time, from the workflow; the database adds
its own clock. Every method that writes is part of the caller's transaction and commits with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any, Protocol

from pydantic import BaseModel

from activities.appeal_records import AppealTransaction
from activities.bill_cycle_records import BillCycleTransaction
from activities.credit_records import CreditTransaction
from activities.guarantee_records import GuaranteeTransaction
from activities.health_records import HealthRecordTransaction
from activities.information_records import InformationTransaction
from activities.payout_word_port import PayoutWordTransaction
from activities.repair_records import RepairTransaction
from activities.review_records import ReviewTransaction
from activities.source_records import SourceTransaction
from activities.tender_records import TenderTransaction
from activities.transfer_records import TransferTransaction
from activities.voucher_records import VoucherTransaction
from activities.withdrawal_records import WithdrawalTransaction
from crossclaim.domain.accumulators import Accumulators, Use
from crossclaim.domain.allocation import AllocationResult
from crossclaim.domain.appointment import AppointmentRow
from crossclaim.domain.bureau import SettledDifference, SettledTotal
from crossclaim.domain.bureau_quote import Quote
from crossclaim.domain.bureau_settled import SettledClaim
from crossclaim.domain.family_sight import SharingInForce
from crossclaim.domain.ledger import Entry
from crossclaim.domain.party import BankMessage, PaymentReport, VoucherAccount
from crossclaim.domain.records import (
    CoverKey,
    EpisodeRows,
    ProposedAccount,
    StoredAttempt,
    StoredSubmission,
)
from crossclaim.domain.submission import (
    BankAccount,
    BillSubmission,
    ConsentGiven,
    ConsentType,
    EpisodeSubmission,
    TenderLeg,
)


class EpisodeTransaction(
    VoucherTransaction,
    CreditTransaction,
    TransferTransaction,
    WithdrawalTransaction,
    TenderTransaction,
    HealthRecordTransaction,
    GuaranteeTransaction,
    SourceTransaction,
    BillCycleTransaction,
    PayoutWordTransaction,
    AppealTransaction,
    ReviewTransaction,
    InformationTransaction,
    RepairTransaction,
    Protocol,
):
    """Reads and writes of one step."""

    def take(
        self, episode_id: str, submission_id: str
    ) -> tuple[EpisodeRows | None, StoredSubmission]:
        """Locks the episode, as ``lock``, and the submission that is about it."""
        ...

    def answer_submission(self, submission_id: str, outcome: dict[str, Any]) -> None:
        """Stores the outcome of a submission that this transaction has taken without one."""
        ...

    def finish_submission(self, submission_id: str, outcome: dict[str, Any]) -> bool:
        """Stores the outcome once, for ever; False when the submission has one already."""
        ...

    def lock(self, episode_id: str) -> EpisodeRows | None:
        """Locks the episode for this transaction and reads all its rows; None: not opened yet."""
        ...

    def hold(self, episode_id: str) -> None:
        """Locks an opened episode without reading its rows."""
        ...

    def rows(self, episode_id: str) -> EpisodeRows: ...
    def open_episode(
        self,
        episode_id: str,
        submission: EpisodeSubmission,
        decides: dict[str, str],
        at: datetime,
        *,
        hospital_is_party: bool = True,
    ) -> None: ...
    def episode_content(self, episode_id: str) -> EpisodeSubmission: ...
    def change_episode(self, episode_id: str, **fields: object) -> None:
        """Sets columns and raises the revision; every step that changes anything ends with it."""
        ...

    def change_coverage(self, episode_id: str, ordinal: int, **fields: object) -> None: ...

    def add_consents(self, episode_id: str, consents: list[ConsentGiven]) -> None: ...
    def add_appointment(self, episode_id: str, row: AppointmentRow) -> None: ...
    def withdraw_consents(
        self,
        episode_id: str,
        type_: ConsentType,
        at: datetime,
        stated_at: datetime,
        by: str = "patient",
        recipient: str | None = None,
    ) -> int: ...
    def consents_for_send(
        self, episode_id: str, types: list[ConsentType], recipient: str, by: str = "patient"
    ) -> list[int]:
        """Ids of the consents that allow a send, locked FOR SHARE; [] when one is missing."""
        ...

    def note_transaction_number(
        self, episode_id: str, number: str, by: str = "patient"
    ) -> None: ...

    def put_voucher_account(
        self, episode_id: str, account: VoucherAccount, at: datetime
    ) -> None: ...
    def put_no_voucher_account(self, episode_id: str, at: datetime) -> None: ...
    def voucher_account_id(self, episode_id: str) -> str: ...
    def set_voucher_balance(self, episode_id: str, balance_minor: int) -> None: ...

    def add_bill(
        self,
        bill_id: str,
        episode_id: str,
        bill: BillSubmission,
        at: datetime,
        *,
        corrects: str | None = None,
        sent_by: str = "",
    ) -> None: ...
    def bill_content(self, bill_id: str) -> BillSubmission: ...
    def set_bill_state(self, bill_id: str, state: str) -> None: ...
    def add_allocation(
        self, episode_id: str, bill_id: str, result: AllocationResult, reason: str, at: datetime
    ) -> int: ...
    def split(self, bill_id: str) -> AllocationResult:
        """The newest split of a bill with its whole trace, which ``rows`` leave out."""
        ...

    def add_tenders(
        self, episode_id: str, bill_id: str, legs: list[TenderLeg], at: datetime
    ) -> None: ...
    def reverse_tenders(self, bill_id: str) -> None: ...

    def put_funder_account(
        self,
        episode_id: str,
        ordinal: int,
        funder: str,
        content: BaseModel | None,
        at: datetime,
        *,
        state: str = "found",
        code: str = "",
    ) -> None:
        """What a funder said of the patient's account, sealed, once a coverage."""
        ...

    def funder_account(self, episode_id: str, ordinal: int) -> str | None:
        """That content as JSON; None when there is none."""
        ...

    def put_bureau_stay(self, episode_id: str, state: str, at: datetime, *, code: str = "") -> None:
        """A stay as the bureau knows it now."""
        ...

    def put_quote(
        self, episode_id: str, bill_id: str, quote: Quote | None, at: datetime, *, code: str = ""
    ) -> None: ...
    def quote(self, episode_id: str, bill_id: str) -> Quote | None: ...
    def next_round(self, bill_id: str, round_: int) -> bool:
        """The settlement message of this round was reversed; False when that is noted already."""
        ...

    def withdraw_quote(self, bill_id: str) -> None: ...
    def keep_answer(
        self,
        episode_id: str,
        party: str,
        operation: str,
        reference: str,
        code: str,
        document: str,
        at: datetime,
        *,
        scope: str = "",
    ) -> None:
        """Keeps an untrue answer for whoever looks, under the scope's key, else the episode's."""
        ...

    def settled(self, hospital: str, begins: date, ends: date) -> list[SettledClaim]: ...
    def sums_noted(
        self, hospital: str, begins: date, ends: date, at: datetime
    ) -> set[tuple[str, str, bool]]:
        """(insurance, area, stays) of sums that the order of this moment has compared."""
        ...

    def note_comparison(self, hospital: str, held: SettledTotal, equal: bool) -> int: ...
    def note_difference(
        self, comparison: int, hospital: str, found: SettledDifference, ours: SettledClaim | None
    ) -> None: ...

    def add_guarantee(
        self, guarantee_id: str, episode_id: str, insurer: str, **fields: object
    ) -> None: ...
    def change_guarantee(self, guarantee_id: str, **fields: object) -> None: ...
    def add_claim(
        self, claim_id: str, episode_id: str, bill_id: str, kind: str, **fields: object
    ) -> None: ...
    def change_claim(self, claim_id: str, **fields: object) -> None: ...
    def set_claim_payee(self, claim_id: str, episode_id: str, account: BankAccount) -> None: ...
    def claim_payee(self, claim_id: str, episode_id: str) -> BankAccount: ...

    def cover_used(self, cover: CoverKey, but: str = "") -> Accumulators:
        """Locks the cover for this transaction; what its member has used so far, as if the bill
        ``but`` had never been."""
        ...

    def add_cover_use(
        self, cover: CoverKey, episode_id: str, bill_id: str, version: int, use: Use, at: datetime
    ) -> None: ...
    def reverse_cover_use(self, bill_id: str, at: datetime) -> None:
        """Takes back what a bill used, once; nothing when it used nothing."""
        ...

    def family_sharings(self, episode_id: str, on: date) -> list[SharingInForce]:
        """The family bindings in force for the episode's patient on a day, the oldest first."""
        ...

    def add_family_use(
        self,
        binding_id: str,
        episode_id: str,
        bill_id: str,
        version: int,
        amount_minor: int,
        at: datetime,
    ) -> None:
        """What a version of a bill's split took from the authoriser's account (fen), once."""
        ...

    def reverse_family_use(self, bill_id: str, at: datetime) -> None:
        """Gives back what a bill took, once; nothing when it took nothing."""
        ...

    def account_spoken_for(self, number: str, bill_id: str, reference: str, since: datetime) -> int:
        """Locks a personal account for this transaction, by the bureau's number of its holder; fen
        that bills split ``since`` take of it and that the bureau's answer to ``reference`` may not
        know of."""
        ...

    def hold_account(
        self, number: str, episode_id: str, bill_id: str, amount_minor: int, at: datetime
    ) -> None: ...
    def note_accounts_settled(self, bill_id: str) -> None:
        """The bureau has taken what the bill held; its next answer knows of it."""
        ...

    def release_accounts(self, bill_id: str, at: datetime) -> None: ...

    def open_attempt(
        self,
        episode_id: str,
        party: str,
        operation: str,
        reference: str,
        consents: list[int],
        at: datetime,
        basis: str = "consent",
    ) -> int:
        """Writes the attempt row before a send; the attempt's number, from 1."""
        ...

    def attempts(self, reference: str, operation: str) -> int: ...
    def close_attempt(
        self, reference: str, operation: str, attempt: int, outcome: str, code: str = ""
    ) -> None: ...

    def add_intent(
        self,
        episode_id: str,
        claim_id: str,
        reference: str,
        creditor: BankAccount,
        **fields: object,
    ) -> None: ...
    def change_intent(self, reference: str, **fields: object) -> None: ...
    def payee(self, reference: str) -> BankAccount: ...
    def payout_attempts(self, reference: str, kind: str) -> list[StoredAttempt]: ...
    def add_payout_attempt(
        self, episode_id: str, reference: str, kind: str, attempt: int, file_name: str, at: datetime
    ) -> None: ...
    def release_payout_attempt(
        self, reference: str, kind: str, attempt: int, at: datetime
    ) -> None: ...
    def reports(self, reference: str) -> list[PaymentReport]:
        """The bank's reports that have not been applied, in the order in which they came."""
        ...

    def mark_report(self, report: PaymentReport, effect: str, at: datetime) -> None: ...

    def post(self, episode_id: str, entry: Entry, at: datetime) -> None:
        """Writes a double entry once; a second call with the same key does nothing."""
        ...

    def reverse(self, episode_id: str, key: str, at: datetime) -> None:
        """Writes the reversal of the entry with this key, once; nothing when it does not exist."""
        ...

    def open_exception(
        self, episode_id: str, code: str, reference: str, details: dict[str, str], at: datetime
    ) -> None: ...
    def resolve_exceptions(
        self, episode_id: str, codes: list[str], at: datetime, reference: str | None = None
    ) -> None:
        """Those of the episode, or only those about one reference."""
        ...

    def ebills_claimed(self, keys: Sequence[tuple[str, str]]) -> list[str]:
        """The insurer that each code and number was claimed of first; empty for a free one."""
        ...

    def add_ebills(self, episode_id: str, keys: Sequence[tuple[str, str]]) -> None: ...
    def propose_account(
        self,
        episode_id: str,
        reference: str,
        number: str,
        account: BankAccount,
        proposed_by: str,
        at: datetime,
    ) -> None: ...
    def proposed_account(
        self, episode_id: str, reference: str, number: str
    ) -> ProposedAccount | None:
        """A proposal, locked; None: there is none."""
        ...

    def decide_account(
        self,
        reference: str,
        number: str,
        decided_by: str,
        approved: bool,
        reason: str,
        at: datetime,
    ) -> None: ...

    def document_key(self, episode_id: str, sha256: str) -> tuple[str, str] | None:
        """Object key and content type of an uploaded document."""
        ...

    def add_archive(
        self, episode_id: str, run_id: str, key: str, sha256: str, events: int
    ) -> None: ...


class Records(Protocol):
    """Opens transactions on our database as the worker's role."""

    def transaction(self) -> AbstractContextManager[EpisodeTransaction]: ...


class InboxRecords(Protocol):
    """What the bank inbox writes: files once each, reports, statements."""

    def take_file(self, sha256: str, bank: str, name: str) -> bool:
        """Claims a file by its content; False when it has been processed before."""
        ...

    def store_message(self, sha256: str, bank: str, message: BankMessage) -> list[tuple[str, str]]:
        """Stores reports and statements; (episode id, reference) of every payout concerned."""
        ...

    def set_bad(self, sha256: str, reason: str) -> None: ...

    def unannounced(self, bank: str) -> list[tuple[str, str]]:
        """(episode id, reference) of payouts with reports not yet applied: after a crash."""
        ...
