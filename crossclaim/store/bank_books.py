"""Implements ``activities.bank_books.BankBooks`` as the worker's role."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime

from crossclaim.domain.bank_account import AccountKey
from crossclaim.domain.matching import Expected, Known, Matching, Stated
from crossclaim.domain.matching_tally import Tally
from crossclaim.domain.statement_chain import StatementFault
from crossclaim.store.bank_days import fresh_days, keep_days
from crossclaim.store.matching_tables import AccountFacts, SqlAccounts
from crossclaim.store.session import Database
from crossclaim.store.statement_exceptions import open_fault
from crossclaim.store.statement_tables import SqlStatements

Engine = Callable[[list[Expected], list[Stated], Known, datetime | None], Matching]


class SqlBankBooks(SqlStatements, SqlAccounts):
    """Statements, matches and days, each account under its own lock."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._database = database

    def match_account(self, key: AccountKey, source: str, engine: Engine, at: datetime) -> Tally:
        """One account's open items through the engine, in one transaction; nothing else moves."""
        with self._database.begin() as connection:
            facts = AccountFacts(connection, key, at, source)
            facts.load()
            fresh = fresh_days(connection, key) if source == "statement" else []
            matching = engine(facts.expected, facts.stated, facts.known, facts.until)
            facts.keep(matching)
            changes = keep_days(connection, key, fresh, at) if source == "statement" else []
        counts: Counter[str] = Counter()
        for match in matching.matches:
            counts[match.status.value] += len(match.stated)
        for one in matching.unmatched:
            counts[one.status.value] += 1
        return Tally(account=key, entries=len(facts.stated), statuses=dict(counts), days=changes)

    def note_fault(
        self,
        bank: str,
        fault: StatementFault,
        sha256: str,
        name: str,
        detail: str,
        at: datetime,
    ) -> None:
        """A file of which nothing was taken."""
        with self._database.begin() as connection:
            open_fault(
                connection,
                bank,
                fault,
                sha256,
                at,
                file_sha256=sha256,
                file_name=name,
                details={"detail": detail},
            )

    def file_name(self, sha256: str) -> str:
        """Under which name the file was taken; empty for one that was set aside."""
        with self._database.begin() as connection:
            found = connection.execute(
                "select name from bank_file where sha256 = %(sha)s and state = 'processed'",
                {"sha": sha256},
            ).scalar_one_or_none()
            return str(found or "")
