"""Claims of a month and the Department's statements about it, across a hospital's episodes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from crossclaim.domain.party import ReimbursementStatement
from crossclaim.domain.source_items import SourceItem, SourceScope
from crossclaim.domain.voucher_months import ClaimKnown
from crossclaim.store.session import Database
from crossclaim.store.source_tables import keep_items

_IN_MONTH = (
    "to_char(c.submitted_at at time zone 'Asia/Hong_Kong', 'YYYY-MM') = %(month)s"
    " and c.kind in ('voucher', 'voucher_spouse') and c.submitted_at is not null"
)


class SqlVoucherMonths:
    """Implements ``activities.voucher_records.VoucherMonths`` as the worker's role."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def hospitals_with_claims(self, month: str) -> list[str]:
        with self._database.begin() as connection:
            rows = connection.execute(
                "select distinct e.hospital_id from claim c join episode e on e.id = c.episode_id"
                f" where {_IN_MONTH} order by e.hospital_id",
                {"month": month},
            )
            return [row.hospital_id for row in rows]

    def claims_for(self, hospital: str, month: str, references: list[str]) -> list[ClaimKnown]:
        with self._database.begin() as connection:
            rows = connection.execute(
                f"""
                select c.reference, c.episode_id, c.number, c.state,
                       coalesce(c.forecast_minor, 0) as claimed_minor, {_IN_MONTH} as in_month,
                       exists (select 1 from voucher_reconciliation r
                               where r.organisation_id = e.hospital_id
                                 and r.reference = c.reference
                                 and r.outcome = 'paid') as reimbursed,
                       coalesce((select min(r.statement) from voucher_reconciliation r
                                 where r.organisation_id = e.hospital_id
                                   and r.reference = c.reference
                                   and r.outcome = 'paid'), '') as paid_by
                from claim c join episode e on e.id = c.episode_id
                where e.hospital_id = %(hospital)s and c.kind in ('voucher', 'voucher_spouse')
                  and ({_IN_MONTH} or c.reference = any(%(references)s))
                order by c.reference
                """,
                {"hospital": hospital, "month": month, "references": references},
            ).mappings()
            return [ClaimKnown.model_validate(dict(row)) for row in rows]

    def keep_statement(self, statement: ReimbursementStatement, at: datetime) -> None:
        content = hashlib.sha256(statement.model_dump_json().encode()).hexdigest()
        with self._database.begin() as connection:
            connection.execute(
                """
                insert into voucher_statement (number, organisation_id, month, content_sha256,
                                               total_minor, paid_on, read_at)
                values (%(number)s, %(hospital)s, %(month)s, %(sha256)s, %(total)s, %(paid_on)s,
                        %(at)s)
                on conflict (number) do nothing
                """,
                {
                    "number": statement.number,
                    "hospital": statement.institution,
                    "month": statement.month,
                    "sha256": content,
                    "total": statement.total.amount_minor,
                    "paid_on": statement.paid_on,
                    "at": at,
                },
            )

    def keep_items(self, scope: SourceScope, items: Sequence[SourceItem], at: datetime) -> None:
        with self._database.begin() as connection:
            keep_items(connection, scope, items, at)

    def is_settled(self, hospital: str, month: str) -> bool:
        with self._database.begin() as connection:
            open_claims: int = connection.execute(
                f"""
                select count(*) from claim c join episode e on e.id = c.episode_id
                where e.hospital_id = %(hospital)s and {_IN_MONTH}
                  and c.state in ('approved', 'queued')
                  and not exists (select 1 from voucher_reconciliation r
                                  where r.organisation_id = e.hospital_id
                                    and r.reference = c.reference and r.outcome = 'paid')
                """,
                {"hospital": hospital, "month": month},
            ).scalar_one()
            return open_claims == 0
