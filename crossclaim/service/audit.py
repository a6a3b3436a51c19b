"""The API's audit records, in the append-only table."""

from __future__ import annotations

import asyncio

from crossclaim.api.audit_port import AuditRecord
from crossclaim.store.session import Database


class SqlAudit:
    """Implements ``crossclaim.api.audit_port.Audit``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def record(self, record: AuditRecord) -> None:
        await asyncio.to_thread(self._record, record)

    def _record(self, record: AuditRecord) -> None:
        with self._database.begin(record.organisation) as connection:
            connection.execute(
                """
                insert into audit (organisation_id, key_id, operation, object, outcome, purpose,
                                   fields)
                values (%(organisation)s, %(key_id)s, %(operation)s, %(about)s, %(outcome)s,
                        %(purpose)s, %(fields)s::text[])
                """,
                record.model_dump(),
            )
