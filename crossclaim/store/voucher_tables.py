"""Writes of what only vouchers have: spouse, identity checks, stages of a claim, use records."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from crossclaim.domain.mentions import spouse_scope
from crossclaim.domain.party import SpouseAccount
from crossclaim.domain.voucher_months import MonthLine
from crossclaim.domain.voucher_submission import IdentityCheckSubmission, SpouseSubmission
from crossclaim.security.keyring import Keyring
from crossclaim.store.column_names import bound, listed
from crossclaim.store.connection import Connection
from crossclaim.store.episode_tables import set_columns
from crossclaim.store.keys import mention_key

HTML = "text/html"


class VoucherTables:
    """Part of a transaction: vouchers beyond the one own account."""

    _connection: Connection
    _keyring: Keyring

    def put_spouse(self, episode_id: str, spouse: SpouseSubmission, at: datetime) -> None:
        sealed = self._of_spouse(episode_id, spouse.model_dump_json().encode(), "spouse")
        self._connection.execute(
            "insert into voucher_spouse (episode_id, sealed, named_at)"
            " values (%(id)s, %(sealed)s, %(at)s) on conflict do nothing",
            {"id": episode_id, "sealed": sealed, "at": at},
        )

    def spouse_content(self, episode_id: str) -> SpouseSubmission:
        sealed = self._connection.execute(
            "select sealed from voucher_spouse where episode_id = %(id)s", {"id": episode_id}
        ).scalar_one()
        plain = self._keyring.decrypt(episode_id, bytes(sealed), "spouse")
        return SpouseSubmission.model_validate_json(plain)

    def put_spouse_account(
        self, episode_id: str, account: SpouseAccount | None, at: datetime
    ) -> None:
        fields: dict[str, object] = {"looked_up_at": at}
        if account is not None:
            number = account.account_id.encode()
            fields |= {
                "account_sealed": self._of_spouse(episode_id, number, "spouse_account"),
                "balance_minor": account.balance.amount_minor,
                "paired_on": account.paired_on,
                "ended_on": account.ended_on,
                "deceased_on": account.deceased_on,
            }
        self.change_spouse(episode_id, **fields)

    def _of_spouse(self, episode_id: str, plain: bytes, field: str) -> bytes:
        """Under the spouse's own key, which an erasure of the spouse destroys."""
        scope = spouse_scope(episode_id)
        key = mention_key(self._connection, self._keyring, scope)
        return self._keyring.encrypt(scope, plain, field, key=key)

    def spouse_account_id(self, episode_id: str) -> str:
        sealed = self._connection.execute(
            "select account_sealed from voucher_spouse where episode_id = %(id)s",
            {"id": episode_id},
        ).scalar_one()
        return self._keyring.decrypt(episode_id, bytes(sealed), "spouse_account").decode()

    def change_spouse(self, episode_id: str, **fields: object) -> None:
        where = "episode_id = %(_id)s"
        set_columns(self._connection, "voucher_spouse", where, {**fields, "_id": episode_id})

    def change_voucher_account(self, episode_id: str, **fields: object) -> None:
        where = "episode_id = %(_id)s"
        set_columns(self._connection, "voucher_account", where, {**fields, "_id": episode_id})

    def add_identity_check(self, episode_id: str, check: IdentityCheckSubmission) -> None:
        self._connection.execute(
            "insert into identity_check (episode_id, number, document_type, checked_by, place,"
            " checked_at) values (%(id)s, %(number)s, %(document)s, %(by)s, %(place)s, %(at)s)"
            " on conflict do nothing",
            {
                "id": episode_id,
                "number": check.number,
                "document": check.document.value,
                "by": check.checked_by,
                "place": check.place,
                "at": check.checked_at,
            },
        )

    def add_voucher_confirmation(
        self, episode_id: str, bill_id: str, confirmed_by: str, confirmed_at: datetime
    ) -> None:
        self._connection.execute(
            "insert into voucher_confirmation (episode_id, bill_id, confirmed_by, confirmed_at)"
            " values (%(id)s, %(bill)s, %(by)s, %(at)s) on conflict do nothing",
            {"id": episode_id, "bill": bill_id, "by": confirmed_by, "at": confirmed_at},
        )

    def add_stage(self, episode_id: str, claim_id: str, **fields: object) -> None:
        row = {"claim_id": claim_id, "episode_id": episode_id, **fields}
        statement = f"insert into voucher_stage ({listed(row)}) values ({bound(row)})"
        self._connection.execute(f"{statement} on conflict do nothing", row)

    def change_stage(self, claim_id: str, **fields: object) -> None:
        where = "claim_id = %(_id)s"
        set_columns(self._connection, "voucher_stage", where, {**fields, "_id": claim_id})

    def keep_reconciliation(
        self, hospital: str, month: str, statement: str | None, line: MonthLine, at: datetime
    ) -> None:
        self._connection.execute(
            """
            insert into voucher_reconciliation (organisation_id, month, reference, episode_id,
                statement, claimed_minor, paid_minor, outcome, reconciled_at)
            values (%(hospital)s, %(month)s, %(reference)s, %(episode)s, %(statement)s,
                    %(claimed)s, %(paid)s, %(outcome)s, %(at)s)
            on conflict (organisation_id, month, reference) do update set
                statement = excluded.statement, paid_minor = excluded.paid_minor,
                claimed_minor = excluded.claimed_minor, outcome = excluded.outcome,
                episode_id = excluded.episode_id, reconciled_at = excluded.reconciled_at
            """,
            {
                "hospital": hospital,
                "month": month,
                "reference": line.reference,
                "episode": line.episode_id,
                "statement": statement,
                "claimed": line.claimed_minor,
                "paid": line.paid_minor,
                "outcome": line.outcome.value,
                "at": at,
            },
        )

    def resolve_exceptions_of(
        self, episode_id: str, codes: list[str], reference: str, at: datetime
    ) -> None:
        self._connection.execute(
            """
            update exception_item set resolved_at = %(at)s
            where episode_id = %(id)s and code = any(%(codes)s) and reference = %(reference)s
              and resolved_at is null
            """,
            {"id": episode_id, "codes": codes, "reference": reference, "at": at},
        )

    def claim_receipt(self, claim_id: str) -> dict[str, Any]:
        found: dict[str, Any] | None = self._connection.execute(
            "select decision from claim where id = %(id)s", {"id": claim_id}
        ).scalar_one()
        return found or {}

    def add_use_record(
        self,
        episode_id: str,
        claim_id: str,
        language: str,
        sha256: str,
        key: str,
        size: int,
        *,
        void: bool = False,
    ) -> None:
        self._connection.execute(
            "insert into voucher_use_record (claim_id, language, episode_id, sha256, object_key,"
            " content_type, size_bytes, void) values (%(claim)s, %(language)s, %(id)s, %(sha256)s,"
            " %(key)s, %(type)s, %(size)s, %(void)s) on conflict do nothing",
            {
                "claim": claim_id,
                "language": language,
                "id": episode_id,
                "sha256": sha256,
                "key": key,
                "type": HTML,
                "size": size,
                "void": void,
            },
        )
