"""What the activities need of the world: one small Protocol per outside party.

Each call may raise ``Retryable`` (not taken, ask again), ``Final`` (refused for good) or
``OutcomeUnknown`` (may have been taken: inquire under the same reference). All calls block; they
run on worker threads.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from activities.voucher_ports import VoucherScheme
from crossclaim.domain.bank_statement import Piece
from crossclaim.domain.bureau import (
    BasicPerson,
    CancelOrder,
    DischargeOrder,
    LineJudged,
    PersonQuery,
    Registered,
    SettledDetail,
    SettledDifference,
    SettledTotal,
    SettlementOrder,
    SettlementSplit,
    StayOrder,
    VisitOrder,
)
from crossclaim.domain.health_record import (
    ConsentReport,
    DeliveryReceipt,
    DepositOrder,
    RecordAnswer,
    RecordOrder,
)
from crossclaim.domain.manifest import Manifest
from crossclaim.domain.party import (
    BankMessage,
    ClaimAnswer,
    ClaimOrder,
    EligibilityAnswer,
    GuaranteeAnswer,
    GuaranteeOrder,
    Insured,
    PaymentOrder,
    VoucherAccount,
    VoucherClaimOrder,
    VoucherClaimReceipt,
)
from crossclaim.domain.submission import IdentityDocument


class VoucherSystem(VoucherScheme, Protocol):
    """The eHealth System (Subsidies): accounts, rate, claims."""

    def look_up(
        self, document: IdentityDocument, birth_date: date, institution: str, at: datetime
    ) -> VoucherAccount | None: ...

    def claim(self, order: VoucherClaimOrder) -> VoucherClaimReceipt: ...

    def find(self, reference: str) -> VoucherClaimReceipt | None:
        """The claim under our reference, if there is one: the way out of an unknown outcome."""
        ...

    def void(self, transaction_number: str, reference: str, reason: str) -> VoucherClaimReceipt: ...


class Insurer(Protocol):
    """One insurer's claim system."""

    def check_eligibility(self, insured: Insured, at: datetime) -> EligibilityAnswer: ...

    def request_guarantee(self, order: GuaranteeOrder) -> GuaranteeAnswer: ...

    def find_guarantee(self, reference: str) -> GuaranteeAnswer: ...

    def release_guarantee(self, guarantee_number: str, reference: str, at: datetime) -> None: ...

    def stop(self, word: str, about: str, reference: str, at: datetime) -> None:
        """Tells it to ``suspend``, ``resume`` or ``cancel`` a request of ours, or that a claim's
        settlement was cancelled (``withdraw``), by its reference alone. One that it never got is
        stopped all the same."""
        ...

    def submit_claim(self, order: ClaimOrder) -> ClaimAnswer: ...

    def find_claim(self, reference: str) -> ClaimAnswer: ...

    def read_callback(self, text: str) -> GuaranteeAnswer | ClaimAnswer:
        """Reads an answer that came by callback. Raises ``Final`` when it makes no sense."""
        ...


class Bureau(Protocol):
    """The healthcare security bureau. Every call may also raise ``AnswerContradicts``."""

    def look_up(self, query: PersonQuery) -> BasicPerson | None: ...

    def register(self, order: VisitOrder) -> Registered: ...

    def discharge(self, order: DischargeOrder) -> None: ...

    def take_back_stay(self, order: StayOrder) -> None:
        """Discharge and admission as if they had never been; again: the same."""
        ...

    def upload(self, order: SettlementOrder) -> list[LineJudged]: ...

    def withdraw(self, order: SettlementOrder) -> None: ...

    def pre_settle(self, order: SettlementOrder) -> SettlementSplit: ...

    def settle(self, order: SettlementOrder) -> SettlementSplit: ...

    def cancel(self, order: CancelOrder) -> None: ...

    def reverse(self, order: CancelOrder) -> None:
        """Undoes what a settlement message did, if anything: the way out of an unknown outcome."""
        ...

    def totals_agree(self, held: SettledTotal) -> bool: ...

    def differences(
        self, held: SettledTotal, details: list[SettledDetail]
    ) -> list[SettledDifference]: ...


class RecordSystem(Protocol):
    """eHealth, or the Hospital Authority over a hospital's direct link.

    An answer that came is returned whatever it says: whether it may be shown is judged by
    ``health_record``. The ``find_`` calls ask under our reference, without codes or content; None
    is the system's own word that it knows nothing of it.
    """

    def request(self, order: RecordOrder) -> RecordAnswer: ...

    def find_request(self, reference: str) -> RecordAnswer | None: ...

    def deposit(self, order: DepositOrder) -> DeliveryReceipt: ...

    def find_deposit(self, reference: str) -> DeliveryReceipt | None: ...

    def report_consent(self, report: ConsentReport) -> DeliveryReceipt: ...

    def find_consent_report(self, reference: str) -> DeliveryReceipt | None: ...


class Bank(Protocol):
    """Host-to-host files of one bank profile.

    A payment is staged first, outside the bank's sight, and released by one atomic rename; so
    after any crash ``is_staged`` tells for certain whether the bank can have seen the file.
    """

    def stage(self, order: PaymentOrder) -> str:
        """Writes and syncs the pain.001 outside the outbound folder; its name. Idempotent."""
        ...

    def is_staged(self, name: str) -> bool: ...

    def release(self, name: str) -> None:
        """Renames the staged file into the outbound folder. A second call does nothing."""
        ...

    def is_waiting(self, name: str) -> bool:
        """Whether a released file still lies in the outbound folder: the bank has not taken it."""
        ...

    def inquire(self, order: PaymentOrder, inquiry: int, at: datetime) -> str:
        """Writes a pacs.028 about the reference; the file's name."""
        ...

    def recall(self, order: PaymentOrder, reason: str, number: int, at: datetime) -> str:
        """Writes a camt.056 about the reference; the file's name. Asking twice does no harm."""
        ...

    def check_account(self, order: PaymentOrder, number: int, at: datetime) -> str:
        """Writes an acmt.023 about the payee's account and name; the file's name."""
        ...

    def arrived(self) -> Iterator[Path]:
        """Complete files in the inbound folder, oldest first."""
        ...

    def digest(self, path: Path) -> str:
        """SHA-256 of a file's content, in hex."""
        ...

    def is_statement(self, path: Path) -> bool:
        """Whether it is a camt.053 or camt.054, which are read piece by piece."""
        ...

    def pieces(self, path: Path) -> Iterator[Piece]:
        """What a statement or notification says. Raises ``Final`` where it makes no sense."""
        ...

    def is_finished(self, name: str) -> bool:
        """Whether a file of this name lies in ``done``."""
        ...

    def read(self, path: Path) -> BankMessage:
        """Parses one inbound file. Raises ``Final`` with the reason when it makes no sense."""
        ...

    def finish(self, path: Path) -> None:
        """Moves a processed file to ``done``."""
        ...

    def set_aside(self, path: Path, reason: str) -> None:
        """Moves a bad file to ``bad`` with a text file that says why."""
        ...


class ManifestSigner(Protocol):
    """Signs what goes with papers that leave."""

    def signed(self, manifest: Manifest) -> bytes:
        """The same manifest is signed to the same bytes."""
        ...


class Documents(Protocol):
    """Encrypted documents by key."""

    def put(self, key: str, content: bytes, content_type: str) -> None: ...

    def get(self, key: str) -> bytes: ...
