"""Writes of appointments through the voucher entry."""

from __future__ import annotations

from crossclaim.domain.appointment import AppointmentRow
from crossclaim.store.connection import Connection


class AppointmentTables:
    """Part of the worker's transaction."""

    _connection: Connection

    def add_appointment(self, episode_id: str, row: AppointmentRow) -> None:
        self._connection.execute(
            "insert into appointment (episode_id, number, version, state, department, starts_at,"
            " entry, stated_at) values (%(id)s, %(number)s, %(version)s, %(state)s,"
            " %(department)s, %(starts_at)s, %(entry)s, %(stated_at)s) on conflict do nothing",
            {"id": episode_id, **row.model_dump()},
        )
