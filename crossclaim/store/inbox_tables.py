"""What banks said: files once each, reports about payouts, statements of accounts."""

from __future__ import annotations

import hashlib

from psycopg import DataError, IntegrityError

from crossclaim.domain.errors import Final
from crossclaim.domain.party import BankMessage
from crossclaim.store.connection import Connection
from crossclaim.store.session import Database
from crossclaim.store.statement_tables import refuse_reused

_REPORT = """
insert into payout_report (bank, message_id, entry, reference, attempt, episode_id,
                           message_type, state, reason, amount_minor, currency,
                           creditor_account_sha256, happened_at)
values (%(bank)s, %(message)s, %(entry)s, %(reference)s, %(attempt)s,
        (select episode_id from payout_intent where reference = %(reference)s and bank = %(bank)s),
        %(type)s, %(state)s, %(reason)s, %(amount)s, %(currency)s, %(creditor)s, %(happened)s)
on conflict do nothing
"""
_STATEMENT = """
insert into bank_statement (bank, message_id, account_sha256, covers_from, covers_to,
                            opening_minor, closing_minor, currency)
values (%(bank)s, %(message)s, %(account)s, %(from)s, %(to)s, %(opening)s, %(closing)s,
        %(currency)s)
on conflict do nothing
"""
_UNANNOUNCED = """
select distinct episode_id, reference from payout_report
where bank = %(bank)s and applied_at is null and episode_id is not null
"""


class SqlInbox:
    """Implements ``activities.records.InboxRecords``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take_file(self, sha256: str, bank: str, name: str) -> bool:
        with self._database.begin() as connection:
            connection.execute(
                (
                    "insert into bank_file (sha256, bank, name, state)"
                    " values (%(sha)s, %(bank)s, %(name)s, 'taken') on conflict (sha256) do nothing"
                ),
                {"sha": sha256, "bank": bank, "name": name},
            )
            state = connection.execute(
                "select state from bank_file where sha256 = %(sha)s", {"sha": sha256}
            ).scalar_one()
            return bool(state == "taken")

    def store_message(self, sha256: str, bank: str, message: BankMessage) -> list[tuple[str, str]]:
        """Raises ``Final`` for figures or periods that no honest message holds."""
        if any(period.covers_from > period.covers_to for period in message.statements):
            raise Final("a statement ends before it begins", code="BANK_STATEMENT_PERIOD")
        try:
            return self._store(sha256, bank, message)
        except (DataError, IntegrityError) as error:
            raise Final("the file's figures cannot be kept", code="BANK_FIGURES") from error

    def _store(self, sha256: str, bank: str, message: BankMessage) -> list[tuple[str, str]]:
        with self._database.begin() as connection:
            refuse_reused(connection, bank, message.message_id, sha256)
            self._store_reports(connection, bank, message)
            self._store_statements(connection, bank, message)
            connection.execute(
                (
                    "update bank_file set state = 'processed', message_type = %(type)s,"
                    " message_id = %(message)s, reason = case when exists (select 1"
                    " from payout_report where bank = %(bank)s and message_id = %(message)s"
                    " and episode_id is null) then 'UNKNOWN_REFERENCE' else '' end"
                    " where sha256 = %(sha)s"
                ),
                {
                    "type": message.message_type,
                    "message": message.message_id,
                    "sha": sha256,
                    "bank": bank,
                },
            )
            rows = connection.execute(
                (
                    "select distinct episode_id, reference from payout_report"
                    " where bank = %(bank)s and message_id = %(message)s and episode_id is not null"
                    " and applied_at is null"
                ),
                {"bank": bank, "message": message.message_id},
            )
            return [(row.episode_id, row.reference) for row in rows]

    def _store_reports(self, connection: Connection, bank: str, message: BankMessage) -> None:
        for report in message.reports:
            amount = report.amount
            connection.execute(
                _REPORT,
                {
                    "bank": bank,
                    "message": report.message_id,
                    "entry": report.entry,
                    "reference": report.reference,
                    "attempt": report.attempt,
                    "type": report.message_type,
                    "state": report.state.value,
                    "reason": report.reason,
                    "amount": amount.amount_minor if amount else None,
                    "currency": amount.currency.value if amount else None,
                    "creditor": report.creditor_account_hash,
                    "happened": report.happened_at,
                },
            )

    def _store_statements(self, connection: Connection, bank: str, message: BankMessage) -> None:
        for period in message.statements:
            # Only a whole statement whose every debit is known can prove that one is absent.
            if not period.complete or period.unidentified_debits:
                continue
            connection.execute(
                _STATEMENT,
                {
                    "bank": bank,
                    "message": message.message_id,
                    "account": hashlib.sha256(period.account.strip().encode()).hexdigest(),
                    "from": period.covers_from,
                    "to": period.covers_to,
                    "opening": period.opening.amount_minor,
                    "closing": period.closing.amount_minor,
                    "currency": period.opening.currency.value,
                },
            )

    def set_bad(self, sha256: str, reason: str) -> None:
        with self._database.begin() as connection:
            connection.execute(
                "update bank_file set state = 'bad', reason = %(reason)s where sha256 = %(sha)s",
                {"sha": sha256, "reason": reason},
            )

    def unannounced(self, bank: str) -> list[tuple[str, str]]:
        with self._database.begin() as connection:
            rows = connection.execute(_UNANNOUNCED, {"bank": bank})
            return [(row.episode_id, row.reference) for row in rows]
