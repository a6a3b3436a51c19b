"""The API's audit records, in the append-only table."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from crossclaim.api.audit_port import AuditRecord
from crossclaim.store.session import Database

_ADD = """
insert into audit (organisation_id, key_id, operation, object, outcome, purpose, fields)
values (%(organisation)s, %(key_id)s, %(operation)s, %(about)s, %(outcome)s, %(purpose)s,
        %(fields)s::text[])
"""


class SqlAudit:
    """Implements ``crossclaim.api.audit_port.Audit``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def record(self, *records: AuditRecord) -> None:
        await asyncio.to_thread(self._record, records)

    def _record(self, records: Sequence[AuditRecord]) -> None:
        """Of one organisation: the answer's own, and those of the episodes that it opened."""
        with self._database.begin(records[0].organisation) as connection:
            connection.execute_each(_ADD, [record.model_dump() for record in records])
