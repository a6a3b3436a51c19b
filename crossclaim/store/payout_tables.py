"""Writes of attempts, payout intents, bank reports and exceptions."""

from __future__ import annotations

import json
from datetime import datetime

from crossclaim.domain.money import Currency, Money
from crossclaim.domain.party import PaymentReport, PaymentState
from crossclaim.domain.records import StoredAttempt
from crossclaim.domain.submission import BankAccount
from crossclaim.security.keyring import Keyring
from crossclaim.store.column_names import bound, listed
from crossclaim.store.connection import Connection
from crossclaim.store.episode_tables import set_columns
from crossclaim.store.outbound_messages import keep_exchanges


class PayoutTables:
    """Part of a transaction: money on its way, and everything sent outside."""

    _connection: Connection
    _keyring: Keyring

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
        attempt: int = self._connection.execute(
            """
            insert into outbound_attempt (episode_id, party, operation, reference, attempt,
                                          consents, occurred_at, basis)
            select %(id)s, %(party)s, %(operation)s, %(reference)s, coalesce(max(attempt), 0) + 1,
                   %(consents)s, %(at)s, %(basis)s
            from outbound_attempt where reference = %(reference)s and operation = %(operation)s
            returning attempt
            """,
            {
                "id": episode_id,
                "party": party,
                "operation": operation,
                "reference": reference,
                "consents": consents,
                "at": at,
                "basis": basis,
            },
        ).scalar_one()
        return attempt

    def attempts(self, reference: str, operation: str) -> int:
        count: int = self._connection.execute(
            (
                "select count(*) from outbound_attempt"
                " where reference = %(reference)s and operation = %(operation)s"
            ),
            {"reference": reference, "operation": operation},
        ).scalar_one()
        return count

    def close_attempt(
        self, reference: str, operation: str, attempt: int, outcome: str, code: str = ""
    ) -> None:
        self._connection.execute(
            """
            update outbound_attempt set outcome = %(outcome)s, code = %(code)s, finished_at = now()
            where reference = %(reference)s and operation = %(operation)s and attempt = %(attempt)s
            """,
            {
                "reference": reference,
                "operation": operation,
                "attempt": attempt,
                "outcome": outcome,
                "code": code,
            },
        )
        keep_exchanges(self._connection, self._keyring, (reference, operation, attempt))

    def add_intent(
        self,
        episode_id: str,
        claim_id: str,
        reference: str,
        creditor: BankAccount,
        **fields: object,
    ) -> None:
        row = {
            "reference": reference,
            "episode_id": episode_id,
            "claim_id": claim_id,
            "payee_sealed": self._keyring.encrypt(
                episode_id, creditor.model_dump_json().encode(), "payee"
            ),
            "state": "reserved",
            **fields,
        }
        self._connection.execute(
            (
                f"insert into payout_intent ({listed(row)}) values ({bound(row)})"
                " on conflict (claim_id, sequence) do nothing"
            ),
            row,
        )

    def change_intent(self, reference: str, **fields: object) -> None:
        set_columns(
            self._connection, "payout_intent", "reference = %(_ref)s", {**fields, "_ref": reference}
        )

    def payee(self, reference: str) -> BankAccount:
        row = self._connection.execute(
            "select episode_id, payee_sealed from payout_intent where reference = %(ref)s",
            {"ref": reference},
        ).one()
        return BankAccount.model_validate_json(
            self._keyring.decrypt(row.episode_id, bytes(row.payee_sealed), "payee")
        )

    def payout_attempts(self, reference: str, kind: str) -> list[StoredAttempt]:
        rows = self._connection.execute(
            """
            select attempt, file_name, released_at is not null as released from payout_attempt
            where reference = %(ref)s and kind = %(kind)s order by attempt
            """,
            {"ref": reference, "kind": kind},
        ).mappings()
        return [StoredAttempt.model_validate(dict(row)) for row in rows]

    def add_payout_attempt(
        self, episode_id: str, reference: str, kind: str, attempt: int, file_name: str, at: datetime
    ) -> None:
        self._connection.execute(
            """
            insert into payout_attempt (reference, attempt, episode_id, kind, file_name,
                                        occurred_at)
            values (%(ref)s, %(attempt)s, %(id)s, %(kind)s, %(file)s, %(at)s)
            """,
            {
                "ref": reference,
                "attempt": attempt,
                "id": episode_id,
                "kind": kind,
                "file": file_name,
                "at": at,
            },
        )

    def release_payout_attempt(self, reference: str, kind: str, attempt: int, at: datetime) -> None:
        self._connection.execute(
            """
            update payout_attempt set released_at = coalesce(released_at, %(at)s)
            where reference = %(ref)s and kind = %(kind)s and attempt = %(attempt)s
            """,
            {"ref": reference, "kind": kind, "attempt": attempt, "at": at},
        )

    def reports(self, reference: str) -> list[PaymentReport]:
        rows = self._connection.execute(
            """
            select message_id, entry, attempt, message_type, state, reason, amount_minor, currency,
                   creditor_account_sha256, happened_at
            from payout_report where reference = %(ref)s and applied_at is null
              and bank = (select bank from payout_intent where reference = %(ref)s)
            order by recorded_at, message_id, entry
            """,
            {"ref": reference},
        )
        return [
            PaymentReport(
                reference=reference,
                state=PaymentState(row.state),
                reason=row.reason,
                amount=None
                if row.amount_minor is None
                else Money(amount_minor=row.amount_minor, currency=Currency(row.currency)),
                creditor_account_hash=row.creditor_account_sha256,
                happened_at=row.happened_at,
                message_id=row.message_id,
                message_type=row.message_type,
                entry=row.entry,
                attempt=row.attempt,
            )
            for row in rows
        ]

    def mark_report(self, report: PaymentReport, effect: str, at: datetime) -> None:
        self._connection.execute(
            """
            update payout_report set applied_at = %(at)s, effect = %(effect)s
            where reference = %(ref)s and message_id = %(message)s and entry = %(entry)s
              and bank = (select bank from payout_intent where reference = %(ref)s)
            """,
            {
                "at": at,
                "effect": effect,
                "ref": report.reference,
                "message": report.message_id,
                "entry": report.entry,
            },
        )

    def open_exception(
        self, episode_id: str, code: str, reference: str, details: dict[str, str], at: datetime
    ) -> None:
        self._connection.execute(
            """
            insert into exception_item (episode_id, code, reference, details, opened_at)
            values (%(id)s, %(code)s, %(reference)s, cast(%(details)s as jsonb), %(at)s)
            on conflict (episode_id, code, reference) do update
                set opened_at = excluded.opened_at, details = excluded.details,
                    resolved_at = null, resolution = ''
                where exception_item.resolved_at is not null
            """,
            {
                "id": episode_id,
                "code": code,
                "reference": reference,
                "details": json.dumps(details),
                "at": at,
            },
        )

    def resolve_exceptions(
        self, episode_id: str, codes: list[str], at: datetime, reference: str | None = None
    ) -> None:
        self._connection.execute(
            """
            update exception_item set resolved_at = %(at)s
            where episode_id = %(id)s and code = any(%(codes)s) and resolved_at is null
              and (%(reference)s::text is null or reference = %(reference)s)
            """,
            {"id": episode_id, "codes": codes, "at": at, "reference": reference},
        )

    def add_archive(self, episode_id: str, run_id: str, key: str, sha256: str, events: int) -> None:
        self._connection.execute(
            """
            insert into history_archive (episode_id, run_id, object_key, sha256, events)
            values (%(id)s, %(run)s, %(key)s, %(sha256)s, %(events)s)
            on conflict (episode_id, run_id) do update
                set object_key = excluded.object_key, sha256 = excluded.sha256,
                    events = excluded.events
            """,
            {"id": episode_id, "run": run_id, "key": key, "sha256": sha256, "events": events},
        )

    def document_key(self, episode_id: str, sha256: str) -> tuple[str, str] | None:
        row = self._connection.execute(
            (
                "select object_key, content_type from document"
                " where episode_id = %(id)s and sha256 = %(sha256)s"
            ),
            {"id": episode_id, "sha256": sha256},
        ).one_or_none()
        return None if row is None else (row.object_key, row.content_type)
