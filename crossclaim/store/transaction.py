"""One transaction of an activity: all tables behind one door, committed as one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from crossclaim.domain.records import EpisodeRows, StoredSubmission
from crossclaim.domain.submission import SubmissionKind
from crossclaim.security.keyring import Keyring
from crossclaim.store.bill_tables import BillTables
from crossclaim.store.bureau_tables import BureauTables
from crossclaim.store.connection import Connection
from crossclaim.store.cover_tables import CoverTables
from crossclaim.store.episode_tables import LOCK, EpisodeTables
from crossclaim.store.ledger_tables import LedgerTables
from crossclaim.store.paper_tables import PaperTables
from crossclaim.store.payout_tables import PayoutTables
from crossclaim.store.record_tables import RecordTables
from crossclaim.store.rows import ask_rows, told_rows
from crossclaim.store.session import Database


class SqlTransaction(
    EpisodeTables,
    BillTables,
    CoverTables,
    BureauTables,
    PayoutTables,
    PaperTables,
    LedgerTables,
    RecordTables,
):
    """The worker's side of the store; each method is one or two statements."""

    def __init__(self, connection: Connection, keyring: Keyring) -> None:
        self._connection = connection
        self._keyring = keyring

    def take(
        self, episode_id: str, submission_id: str
    ) -> tuple[EpisodeRows | None, StoredSubmission]:
        """The lock, the rows and the submission travel together."""
        self._connection.execute(LOCK, {"id": episode_id})
        asked = ask_rows(self._connection, episode_id)
        sent = self._connection.execute(
            """
            select id, organisation_id, kind, episode_id, content, outcome, key_id
            from submission where id = %(id)s for update
            """,
            {"id": submission_id},
        )
        known, row = told_rows(asked), sent.one()
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

    def finish_submission(self, submission_id: str, outcome: dict[str, Any]) -> bool:
        result = self._connection.execute(
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
        return result.rowcount > 0


class SqlRecords:
    """Implements ``activities.records.Records`` on PostgreSQL as the worker's role."""

    def __init__(self, database: Database, keyring: Keyring) -> None:
        self._database = database
        self._keyring = keyring

    @contextmanager
    def transaction(self) -> Iterator[SqlTransaction]:
        with self._database.begin() as connection:
            yield SqlTransaction(connection, self._keyring)
