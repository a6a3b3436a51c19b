"""One transaction of an activity: all tables behind one door, committed as one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from crossclaim.domain.records import EpisodeRows, StoredSubmission
from crossclaim.domain.submission import SubmissionKind
from crossclaim.security.keyring import Keyring
from crossclaim.store.account_holds import AccountHolds
from crossclaim.store.appeal_tables import AppealTables
from crossclaim.store.appointment_tables import AppointmentTables
from crossclaim.store.bill_tables import BillTables
from crossclaim.store.bureau_tables import BureauTables
from crossclaim.store.claim_takings import ClaimTakings
from crossclaim.store.claw_back_tables import ClawBackTables
from crossclaim.store.connection import Connection, Result
from crossclaim.store.cover_tables import CoverTables
from crossclaim.store.coverage_tables import CoverageTables
from crossclaim.store.credit_tables import CreditTables
from crossclaim.store.episode_tables import LOCK, EpisodeTables
from crossclaim.store.family_tables import FamilyTables
from crossclaim.store.guarantee_tables import GuaranteeTables
from crossclaim.store.information_tables import InformationTables
from crossclaim.store.ledger_tables import LedgerTables
from crossclaim.store.paper_tables import PaperTables
from crossclaim.store.payout_tables import PayoutTables
from crossclaim.store.payout_word_tables import PayoutWordTables
from crossclaim.store.record_tables import RecordTables
from crossclaim.store.repair_tables import RepairTables
from crossclaim.store.review_tables import ReviewTables
from crossclaim.store.rows import StepReader
from crossclaim.store.session import Database
from crossclaim.store.source_tables import SourceTables
from crossclaim.store.tender_tables import TenderTables
from crossclaim.store.transfer_tables import TransferTables
from crossclaim.store.voucher_tables import VoucherTables
from crossclaim.store.waiting_proposals import WaitingProposals
from crossclaim.store.withdrawal_tables import WithdrawalTables


class SqlTransaction(
    EpisodeTables,
    AppointmentTables,
    VoucherTables,
    BillTables,
    CoverTables,
    BureauTables,
    PayoutTables,
    PayoutWordTables,
    PaperTables,
    LedgerTables,
    CreditTables,
    RecordTables,
    FamilyTables,
    AccountHolds,
    WithdrawalTables,
    TenderTables,
    TransferTables,
    GuaranteeTables,
    SourceTables,
    ClawBackTables,
    WaitingProposals,
    CoverageTables,
    AppealTables,
    ReviewTables,
    ClaimTakings,
    InformationTables,
    RepairTables,
):
    """The worker's side of the store; each method is one or two statements."""

    def __init__(self, connection: Connection, keyring: Keyring, reader: StepReader) -> None:
        self._connection = connection
        self._keyring = keyring
        self._reader = reader

    def take(
        self, episode_id: str, submission_id: str
    ) -> tuple[EpisodeRows | None, StoredSubmission]:
        """The lock, the rows and the submission travel together."""
        self._connection.execute(LOCK, {"id": episode_id})
        asked = self._reader.ask(self._connection, episode_id)
        sent = self._connection.execute(
            """
            select id, organisation_id, kind, episode_id, content, outcome, key_id
            from submission where id = %(id)s for update
            """,
            {"id": submission_id},
        )
        known, row = self._reader.told(self._connection, asked), sent.one()
        plain = self._keyring.decrypt(row.episode_id, bytes(row.content), "submission")
        return known, StoredSubmission(
            id=row.id,
            organisation_id=row.organisation_id,
            kind=SubmissionKind(row.kind),
            episode_id=row.episode_id,
            content=json.loads(plain),
            outcome=row.outcome,
            key_id=row.key_id,
        )

    def answer_submission(self, submission_id: str, outcome: dict[str, Any]) -> None:
        finished(self._connection, submission_id, outcome)

    def finish_submission(self, submission_id: str, outcome: dict[str, Any]) -> bool:
        return finished(self._connection, submission_id, outcome).rowcount > 0


def finished(connection: Connection, submission_id: str, outcome: dict[str, Any]) -> Result:
    """Notes a submission's outcome, the first for ever."""
    return connection.execute(
        """
        update submission set outcome = cast(%(outcome)s as jsonb), outcome_at = now(),
               refused = %(refused)s
        where id = %(id)s and outcome is null
        """,
        {
            "id": submission_id,
            "outcome": json.dumps(outcome),
            "refused": outcome["status"] >= 400,
        },
    )


class SqlRecords:
    """Implements ``activities.records.Records`` on PostgreSQL as the worker's role."""

    def __init__(self, database: Database, keyring: Keyring) -> None:
        self._database = database
        self._keyring = keyring
        self._reader = StepReader()

    @contextmanager
    def transaction(self) -> Iterator[SqlTransaction]:
        with self._database.begin() as connection:
            yield SqlTransaction(connection, self._keyring, self._reader)
