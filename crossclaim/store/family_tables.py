"""Family sharing as a bill's split meets it: the bindings in force, and what was taken by them."""

from __future__ import annotations

from datetime import date, datetime

from crossclaim.domain.family_sight import SharingInForce
from crossclaim.security.keyring import Keyring
from crossclaim.store.binding_rows import sharings_in_force
from crossclaim.store.connection import Connection

_USE = """
insert into family_account_use (binding_id, episode_id, bill_id, version, amount_minor, occurred_at)
values (%(binding)s, %(episode)s, %(bill)s, %(version)s, %(amount)s, %(at)s)
on conflict do nothing
"""
_GIVE_BACK = """
insert into family_account_use (binding_id, episode_id, bill_id, version, reversal, amount_minor,
                                occurred_at)
select binding_id, episode_id, bill_id, version, true, amount_minor, %(at)s
from family_account_use where bill_id = %(bill)s and not reversal
on conflict do nothing
"""


class FamilyTables:
    """Part of an episode's transaction."""

    _connection: Connection
    _keyring: Keyring

    def family_sharings(self, episode_id: str, on: date) -> list[SharingInForce]:
        """The bindings in force for the episode's patient, the oldest first."""
        indexes = self._connection.execute(
            "select value from identity_index where episode_id = %(id)s", {"id": episode_id}
        ).scalars()
        found = [bytes(index) for index in indexes]
        return sharings_in_force(self._connection, self._keyring, found, on)

    def add_family_use(
        self,
        binding_id: str,
        episode_id: str,
        bill_id: str,
        version: int,
        amount_minor: int,
        at: datetime,
    ) -> None:
        """What this version of the bill's split took; a second call does nothing."""
        values = {
            "binding": binding_id,
            "episode": episode_id,
            "bill": bill_id,
            "version": version,
            "amount": amount_minor,
            "at": at,
        }
        self._connection.execute(_USE, values)

    def reverse_family_use(self, bill_id: str, at: datetime) -> None:
        """Gives back what a bill took, once; nothing when it took nothing."""
        self._connection.execute(_GIVE_BACK, {"bill": bill_id, "at": at})
