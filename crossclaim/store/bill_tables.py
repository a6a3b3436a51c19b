"""Writes of bills, splits, tenders, guarantees and claims."""

from __future__ import annotations

import json
from datetime import datetime

from crossclaim.domain.allocation import AllocationResult
from crossclaim.domain.bill_rows import COUNTS, DRAFT
from crossclaim.domain.submission import BankAccount, BillSubmission, TenderLeg
from crossclaim.security.keyring import Keyring
from crossclaim.store.column_names import bound, checked, listed
from crossclaim.store.connection import Connection
from crossclaim.store.episode_tables import set_columns

_LINES = """
insert into charge_line (bill_id, episode_id, line, category, code, service_date, quantity,
                         amount_minor)
select %(bill)s, %(id)s, x.line, x.category, x.code, x.service_date, x.quantity, x.amount_minor
from jsonb_to_recordset(cast(%(lines)s as jsonb)) as x(line integer, category text, code text,
     service_date date, quantity integer, amount_minor bigint)
"""
_SHARES = """
with version as (
  insert into allocation (bill_id, version, episode_id, result, reason, occurred_at)
  select %(bill)s, coalesce(max(version), 0) + 1, %(id)s, cast(%(result)s as jsonb),
         %(reason)s, %(at)s
  from allocation where bill_id = %(bill)s
  returning version
), shares as (
  insert into allocation_share (bill_id, version, episode_id, line, funder, organisation_id,
                                amount_minor, reasons)
  select %(bill)s, version.version, %(id)s, x.line, x.funder, x.organisation,
         x.amount_minor, x.reasons
  from version, jsonb_to_recordset(cast(%(shares)s as jsonb)) as x(line integer, funder text,
       organisation text, amount_minor bigint, reasons text[])
)
select version from version
"""


class BillTables:
    """Part of a transaction: what is charged, how it is split, and what is claimed for it."""

    _connection: Connection
    _keyring: Keyring

    def add_bill(
        self,
        bill_id: str,
        episode_id: str,
        bill: BillSubmission,
        at: datetime,
        *,
        corrects: str | None = None,
        sent_by: str = "",
    ) -> None:
        self._connection.execute(
            """
            insert into bill (id, episode_id, number, version, status, state, total_minor,
                              sealed, issued_at, occurred_at, correction, corrects, sent_by)
            values (%(bill)s, %(id)s, %(number)s, %(version)s, %(status)s, %(state)s, %(total)s,
                    %(sealed)s, %(issued)s, %(at)s, %(correction)s, %(corrects)s, %(sent_by)s)
            """,
            {
                "bill": bill_id,
                "id": episode_id,
                "number": bill.number,
                "version": bill.version,
                "status": bill.status,
                "state": DRAFT if bill.status == DRAFT else COUNTS,
                "correction": bill.correction.kind.value if bill.correction else "",
                "corrects": corrects,
                "sent_by": sent_by,
                "total": bill.total.amount_minor,
                "sealed": self._keyring.encrypt(
                    episode_id, bill.model_dump_json().encode(), "bill"
                ),
                "issued": bill.issued_at,
                "at": at,
            },
        )
        lines = [
            {
                "line": line.number,
                "category": line.category.value,
                "code": line.code,
                "service_date": line.service_date.isoformat(),
                "quantity": line.quantity,
                "amount_minor": line.amount.amount_minor,
            }
            for line in bill.lines
        ]
        self._connection.execute(
            _LINES, {"bill": bill_id, "id": episode_id, "lines": json.dumps(lines)}
        )

    def bill_content(self, bill_id: str) -> BillSubmission:
        row = self._connection.execute(
            "select episode_id, sealed from bill where id = %(bill)s", {"bill": bill_id}
        ).one()
        plain = self._keyring.decrypt(row.episode_id, bytes(row.sealed), "bill")
        return BillSubmission.model_validate_json(plain)

    def set_bill_state(self, bill_id: str, state: str) -> None:
        set_columns(self._connection, "bill", "id = %(_id)s", {"state": state, "_id": bill_id})

    def add_allocation(
        self, episode_id: str, bill_id: str, result: AllocationResult, reason: str, at: datetime
    ) -> int:
        shares: dict[tuple[int, str, str | None], dict[str, object]] = {}
        for s in result.shares:
            # One funder may pay from two purses: its own account and a relative's.
            known = shares.get((s.line, s.funder.value, s.organisation))
            before = int(str(known["amount_minor"])) if known else 0
            shares[s.line, s.funder.value, s.organisation] = {
                "line": s.line,
                "funder": s.funder.value,
                "organisation": s.organisation,
                "amount_minor": before + s.amount.amount_minor,
                "reasons": s.reasons,
            }
        version: int = self._connection.execute(
            _SHARES,
            {
                "bill": bill_id,
                "id": episode_id,
                "result": result.model_dump_json(),
                "reason": reason,
                "shares": json.dumps(list(shares.values())),
                "at": at,
            },
        ).scalar_one()
        return version

    def split(self, bill_id: str) -> AllocationResult:
        found = self._connection.execute(
            "select result from allocation where bill_id = %(bill)s order by version desc limit 1",
            {"bill": bill_id},
        ).scalar_one()
        return AllocationResult.model_validate(found)

    def add_tenders(
        self, episode_id: str, bill_id: str, legs: list[TenderLeg], at: datetime
    ) -> None:
        paid = [leg for leg in legs if leg.amount.amount_minor]
        if not paid:
            return  # signed alone
        self._connection.execute_each(
            """
            insert into tender (episode_id, bill_id, method, amount_minor, reference, tendered_at)
            values (%(id)s, %(bill)s, %(method)s, %(amount)s, %(reference)s, %(at)s)
            """,
            [
                {
                    "id": episode_id,
                    "bill": bill_id,
                    "method": leg.method,
                    "amount": leg.amount.amount_minor,
                    "reference": leg.reference,
                    "at": at,
                }
                for leg in paid
            ],
        )

    def reverse_tenders(self, bill_id: str) -> None:
        set_columns(
            self._connection,
            "tender",
            "bill_id = %(_bill)s and not reversed",
            {"reversed": True, "_bill": bill_id},
        )

    def add_guarantee(
        self, guarantee_id: str, episode_id: str, insurer: str, **fields: object
    ) -> None:
        row = {"id": guarantee_id, "episode_id": episode_id, "insurer_id": insurer, **fields}
        self._insert("guarantee", row)

    def change_guarantee(self, guarantee_id: str, **fields: object) -> None:
        set_columns(
            self._connection, "guarantee", "id = %(_id)s", {**_as_json(fields), "_id": guarantee_id}
        )

    def add_claim(
        self, claim_id: str, episode_id: str, bill_id: str, kind: str, **fields: object
    ) -> None:
        row = {"id": claim_id, "episode_id": episode_id, "bill_id": bill_id, "kind": kind, **fields}
        self._insert("claim", row)

    def change_claim(self, claim_id: str, **fields: object) -> None:
        set_columns(
            self._connection, "claim", "id = %(_id)s", {**_as_json(fields), "_id": claim_id}
        )

    def set_claim_payee(self, claim_id: str, episode_id: str, account: BankAccount) -> None:
        sealed = self._keyring.encrypt(episode_id, account.model_dump_json().encode(), "payee")
        self.change_claim(claim_id, payee_sealed=sealed)

    def claim_payee(self, claim_id: str, episode_id: str) -> BankAccount:
        sealed = self._connection.execute(
            "select payee_sealed from claim where id = %(id)s", {"id": claim_id}
        ).scalar_one()
        return BankAccount.model_validate_json(
            self._keyring.decrypt(episode_id, bytes(sealed), "payee")
        )

    def _insert(self, table: str, row: dict[str, object]) -> None:
        row = _as_json(row)
        statement = f"insert into {checked(table)} ({listed(row)}) values ({bound(row)})"
        self._connection.execute(statement, row)


def _as_json(fields: dict[str, object]) -> dict[str, object]:
    """JSON columns take text: dictionaries and lists of them are written as such."""
    return {k: json.dumps(v) if isinstance(v, dict) else v for k, v in fields.items()}
