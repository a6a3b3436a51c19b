"""Writes of pay-after-care accounts: facts are added, only states change."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from crossclaim.domain.credit_rows import CreditChargeRow, CreditInstalmentRow, CreditRows
from crossclaim.domain.credit_submission import CreditSignUpSubmission
from crossclaim.domain.money import Money, fen
from crossclaim.domain.pay_later import Tender
from crossclaim.domain.records import PayLaterRow, StoredSubmission
from crossclaim.domain.submission import SubmissionKind
from crossclaim.security.keyring import Keyring
from crossclaim.store.column_names import assigned, bound, listed
from crossclaim.store.connection import Connection
from crossclaim.store.credit_rows import ask_credit_rows, read_credit_rows, told_credit_rows
from crossclaim.store.episode_tables import set_columns

_LOCK = "select 1 from credit_account where id = %(id)s for update"
_EVENT = """
insert into credit_event (account_id, code, reference, amount_minor, details, occurred_at)
values (%(id)s, %(code)s, %(reference)s, %(amount)s, cast(%(details)s as jsonb), %(at)s)
on conflict do nothing
"""
_EXCEPTION = """
insert into credit_exception (account_id, code, reference, details, opened_at)
values (%(id)s, %(code)s, %(reference)s, cast(%(details)s as jsonb), %(at)s)
on conflict (account_id, code, reference) do update
set opened_at = excluded.opened_at, details = excluded.details, resolved_at = null
where credit_exception.resolved_at is not null
"""
_INSTALMENT = """
insert into credit_instalment (charge_reference, plan, number, count, account_id, due_on,
                               amount_minor, repaid_before_minor, occurred_at)
select x.charge_reference, x.plan, x.number, x.count, %(id)s, x.due_on, x.amount_minor,
       x.repaid_before_minor, %(at)s
from jsonb_to_recordset(cast(%(parts)s as jsonb)) as x(charge_reference text, plan integer,
     number integer, count integer, due_on date, amount_minor bigint, repaid_before_minor bigint)
"""


class CreditTables:
    """Part of a transaction: the account, its orders, charges and story."""

    _connection: Connection
    _keyring: Keyring

    def credit_take(
        self, account_id: str, submission_id: str
    ) -> tuple[CreditRows | None, StoredSubmission]:
        self._connection.execute(_LOCK, {"id": account_id})
        asked = ask_credit_rows(self._connection, account_id)
        sent = self._connection.execute(
            """
            select id, organisation_id, kind, episode_id, content, outcome
            from submission where id = %(id)s for update
            """,
            {"id": submission_id},
        )
        known, row = told_credit_rows(asked), sent.one()
        plain = self._keyring.decrypt(row.episode_id, bytes(row.content), "submission")
        return known, StoredSubmission(
            id=row.id,
            organisation_id=row.organisation_id,
            kind=SubmissionKind(row.kind),
            episode_id=row.episode_id,
            content=json.loads(plain),
            outcome=row.outcome,
        )

    def credit_lock(self, account_id: str) -> CreditRows | None:
        self._connection.execute(_LOCK, {"id": account_id})
        return read_credit_rows(self._connection, account_id)

    def credit_rows(self, account_id: str) -> CreditRows:
        rows = read_credit_rows(self._connection, account_id)
        assert rows is not None, "the caller has locked this account"
        return rows

    def open_credit_account(
        self, account_id: str, organisation: str, sign_up: CreditSignUpSubmission, at: datetime
    ) -> None:
        sealed = self._keyring.encrypt(
            account_id, sign_up.model_dump_json().encode(), "credit-account"
        )
        self._connection.execute(
            """
            insert into credit_account (id, organisation_id, plan, state, sealed, opened_at)
            values (%(id)s, %(organisation)s, %(plan)s, 'signing_up', %(sealed)s, %(at)s)
            """,
            {
                "id": account_id,
                "organisation": organisation,
                "plan": sign_up.plan,
                "sealed": sealed,
                "at": at,
            },
        )

    def credit_sign_up(self, account_id: str) -> CreditSignUpSubmission:
        sealed = self._connection.execute(
            "select sealed from credit_account where id = %(id)s", {"id": account_id}
        ).scalar_one()
        plain = self._keyring.decrypt(account_id, bytes(sealed), "credit-account")
        return CreditSignUpSubmission.model_validate_json(plain)

    def change_credit_account(self, account_id: str, **fields: object) -> None:
        columns = "".join(f", {assigned([name])}" for name in fields)
        self._connection.execute(
            f"update credit_account set revision = revision + 1{columns} where id = %(_id)s",
            {**fields, "_id": account_id},
        )

    def add_credit_order(
        self,
        account_id: str,
        reference: str,
        kind: str,
        at: datetime,
        secret: dict[str, Any] | None = None,
        **fields: object,
    ) -> None:
        sealed = None
        if secret is not None:
            plain = json.dumps(secret, sort_keys=True).encode()
            sealed = self._keyring.encrypt(account_id, plain, "credit-order")
        values: dict[str, object] = {
            "reference": reference,
            "account_id": account_id,
            "kind": kind,
            "state": "due",
            "sealed": sealed,
            "requested_at": at,
            **fields,
        }
        statement = f"insert into credit_order ({listed(values)}) values ({bound(values)})"
        self._connection.execute(f"{statement} on conflict do nothing", values)

    def credit_order_secret(self, account_id: str, reference: str) -> dict[str, Any]:
        sealed = self._connection.execute(
            "select sealed from credit_order where reference = %(reference)s",
            {"reference": reference},
        ).scalar_one()
        if sealed is None:
            return {}
        plain = self._keyring.decrypt(account_id, bytes(sealed), "credit-order")
        found: dict[str, Any] = json.loads(plain)
        return found

    def change_credit_order(self, reference: str, **fields: object) -> None:
        set_columns(
            self._connection,
            "credit_order",
            "reference = %(_reference)s",
            {**fields, "_reference": reference},
        )

    def open_credit_attempt(
        self, account_id: str, operation: str, reference: str, at: datetime
    ) -> int:
        number: int = self._connection.execute(
            """
            insert into credit_attempt (account_id, operation, reference, attempt, occurred_at)
            select %(id)s, %(operation)s, %(reference)s, 1 + count(*), %(at)s
            from credit_attempt where reference = %(reference)s and operation = %(operation)s
            returning attempt
            """,
            {"id": account_id, "operation": operation, "reference": reference, "at": at},
        ).scalar_one()
        return number

    def close_credit_attempt(
        self, reference: str, operation: str, attempt: int, outcome: str, code: str = ""
    ) -> None:
        self._connection.execute(
            """
            update credit_attempt set finished_at = now(), outcome = %(outcome)s, code = %(code)s
            where reference = %(reference)s and operation = %(operation)s
              and attempt = %(attempt)s and finished_at is null
            """,
            {
                "reference": reference,
                "operation": operation,
                "attempt": attempt,
                "outcome": outcome,
                "code": code,
            },
        )

    def add_credit_charge(self, account_id: str, charge: CreditChargeRow) -> None:
        values = charge.model_dump(exclude={"refunded_minor", "excess_minor", "settled_on"})
        values["account_id"] = account_id
        statement = f"insert into credit_charge ({listed(values)}) values ({bound(values)})"
        self._connection.execute(statement, values)

    def add_credit_instalments(
        self, account_id: str, parts: list[CreditInstalmentRow], at: datetime
    ) -> None:
        rows = json.dumps([part.model_dump(mode="json") for part in parts])
        self._connection.execute(_INSTALMENT, {"id": account_id, "parts": rows, "at": at})

    def add_credit_repaid(
        self, account_id: str, reference: str, charge: str, amount_minor: int, at: datetime
    ) -> None:
        self._connection.execute(
            """
            insert into credit_repaid (reference, charge_reference, account_id, amount_minor,
                                       occurred_at)
            values (%(reference)s, %(charge)s, %(id)s, %(amount)s, %(at)s)
            """,
            {
                "reference": reference,
                "charge": charge,
                "id": account_id,
                "amount": amount_minor,
                "at": at,
            },
        )

    def add_credit_refund(
        self, account_id: str, charge: str, refunded_minor: int, excess_minor: int, at: datetime
    ) -> None:
        self._connection.execute(
            """
            insert into credit_refund (charge_reference, account_id, refunded_minor, excess_minor,
                                       occurred_at)
            values (%(charge)s, %(id)s, %(refunded)s, %(excess)s, %(at)s)
            """,
            {
                "charge": charge,
                "id": account_id,
                "refunded": refunded_minor,
                "excess": excess_minor,
                "at": at,
            },
        )

    def add_credit_settlement(
        self, account_id: str, charge: str, settled_on: date, at: datetime
    ) -> None:
        self._connection.execute(
            """
            insert into credit_settlement (charge_reference, account_id, settled_on, occurred_at)
            values (%(charge)s, %(id)s, %(day)s, %(at)s)
            """,
            {"charge": charge, "id": account_id, "day": settled_on, "at": at},
        )

    def add_credit_event(
        self,
        account_id: str,
        code: str,
        reference: str,
        at: datetime,
        amount_minor: int | None = None,
        details: dict[str, str] | None = None,
    ) -> None:
        self._connection.execute(
            _EVENT,
            {
                "id": account_id,
                "code": code,
                "reference": reference,
                "amount": amount_minor,
                "details": json.dumps(details or {}),
                "at": at,
            },
        )

    def open_credit_exception(
        self, account_id: str, code: str, reference: str, details: dict[str, str], at: datetime
    ) -> None:
        self._connection.execute(
            _EXCEPTION,
            {
                "id": account_id,
                "code": code,
                "reference": reference,
                "details": json.dumps(details),
                "at": at,
            },
        )

    def resolve_credit_exceptions(
        self, account_id: str, codes: list[str], reference: str, at: datetime
    ) -> None:
        self._connection.execute(
            """
            update credit_exception set resolved_at = %(at)s
            where account_id = %(id)s and code = any(%(codes)s) and reference = %(reference)s
              and resolved_at is null
            """,
            {"id": account_id, "codes": codes, "reference": reference, "at": at},
        )

    def put_pay_later_payer(
        self, episode_id: str, payer: PayLaterRow, confirmed_only: bool, at: datetime
    ) -> None:
        """The first look-up; a later one changes nothing."""
        self._connection.execute(
            """
            insert into pay_later_payer (episode_id, account_id, code, insured_status,
                balance_minor, credit_minor, bank_card, confirmed_only, looked_up_at)
            values (%(id)s, %(account_id)s, %(code)s, %(insured_status)s, %(balance_minor)s,
                    %(credit_minor)s, %(bank_card)s, %(confirmed_only)s, %(at)s)
            on conflict (episode_id) do nothing
            """,
            {
                **payer.model_dump(),
                "id": episode_id,
                "confirmed_only": confirmed_only,
                "at": at,
            },
        )

    def change_pay_later_payer(self, episode_id: str, **fields: object) -> None:
        set_columns(
            self._connection,
            "pay_later_payer",
            "episode_id = %(_id)s",
            {**fields, "_id": episode_id},
        )

    def add_pay_later_order(
        self, claim_id: str, episode_id: str, account_id: str, parts: dict[Tender, Money]
    ) -> None:
        minor = {tender: parts[tender].amount_minor if tender in parts else 0 for tender in Tender}
        self._connection.execute(
            """
            insert into pay_later_order (claim_id, episode_id, account_id, account_minor,
                                         credit_minor, card_minor)
            values (%(claim)s, %(id)s, %(account)s, %(own)s, %(credit)s, %(card)s)
            """,
            {
                "claim": claim_id,
                "id": episode_id,
                "account": account_id,
                "own": minor[Tender.ACCOUNT],
                "credit": minor[Tender.CREDIT],
                "card": minor[Tender.BANK_CARD],
            },
        )

    def pay_later_order(self, claim_id: str) -> tuple[str, dict[Tender, Money]]:
        row = self._connection.execute(
            """
            select account_id, account_minor, credit_minor, card_minor from pay_later_order
            where claim_id = %(claim)s
            """,
            {"claim": claim_id},
        ).one()
        parts = {
            Tender.ACCOUNT: row.account_minor,
            Tender.CREDIT: row.credit_minor,
            Tender.BANK_CARD: row.card_minor,
        }
        return row.account_id, {tender: fen(minor) for tender, minor in parts.items() if minor}

    def confirm_pay_later(self, episode_id: str, bill_id: str, at: datetime) -> None:
        self._connection.execute(
            """
            insert into pay_later_confirmation (bill_id, episode_id, confirmed_at)
            values (%(bill)s, %(id)s, %(at)s) on conflict do nothing
            """,
            {"bill": bill_id, "id": episode_id, "at": at},
        )

    def add_credit_archive(
        self, account_id: str, run_id: str, key: str, sha256: str, events: int
    ) -> None:
        self._connection.execute(
            """
            insert into credit_archive (account_id, run_id, object_key, sha256, events)
            values (%(id)s, %(run)s, %(key)s, %(sha256)s, %(events)s)
            on conflict (account_id, run_id) do update
            set sha256 = excluded.sha256, events = excluded.events
            """,
            {"id": account_id, "run": run_id, "key": key, "sha256": sha256, "events": events},
        )
