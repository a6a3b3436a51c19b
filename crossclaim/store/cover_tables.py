"""What members have used of their covers: read and added to under the lock of the cover's row."""

from __future__ import annotations

import json
from datetime import datetime

from crossclaim.domain.accumulators import Accumulators, Use
from crossclaim.domain.records import CoverKey
from crossclaim.security.keyring import Keyring
from crossclaim.store.connection import Connection

_OPEN = """
insert into cover (id, organisation_id, plan) values (%(cover)s, %(organisation)s, %(plan)s)
on conflict do nothing
"""
_LOCK = "select 1 from cover where id = %(cover)s for update"
_USED = """
select counter, sum(amount)::bigint as amount from cover_use
where cover_id = %(cover)s group by counter having sum(amount) <> 0
"""
_USE = """
insert into cover_use (cover_id, bill_id, version, counter, episode_id, amount, occurred_at)
select %(cover)s, %(bill)s, %(version)s, x.key, %(episode)s, x.value::bigint, %(at)s
from jsonb_each_text(cast(%(use)s as jsonb)) x
"""
_REVERSE = """
insert into cover_use (cover_id, bill_id, version, counter, reversal, episode_id, amount,
                       occurred_at)
select u.cover_id, u.bill_id, u.version, u.counter, true, u.episode_id, -u.amount, %(at)s
from cover_use u where u.bill_id = %(bill)s and not u.reversal
on conflict do nothing
"""


class CoverTables:
    """Part of a transaction: the counters of one member under one plan."""

    _connection: Connection
    _keyring: Keyring

    def cover_used(self, cover: CoverKey) -> Accumulators:
        known = {"cover": self._cover_id(cover)}
        opened = {**known, "organisation": cover.organisation, "plan": cover.plan}
        self._connection.execute(_OPEN, opened)
        # Its own statement: what is read after it sees all that was committed before the lock.
        self._connection.execute(_LOCK, known)
        rows = self._connection.execute(_USED, known).all()
        return Accumulators(used={row.counter: row.amount for row in rows})

    def add_cover_use(
        self, cover: CoverKey, episode_id: str, bill_id: str, version: int, use: Use, at: datetime
    ) -> None:
        if not use:
            return
        self._connection.execute(
            _USE,
            {
                "cover": self._cover_id(cover),
                "bill": bill_id,
                "version": version,
                "episode": episode_id,
                "use": json.dumps(use),
                "at": at,
            },
        )

    def reverse_cover_use(self, bill_id: str, at: datetime) -> None:
        self._connection.execute(_REVERSE, {"bill": bill_id, "at": at})

    def _cover_id(self, cover: CoverKey) -> bytes:
        """Found by the policy's number, which stands nowhere in the open."""
        number = "|".join((cover.organisation, cover.policy_number, cover.plan))
        return self._keyring.blind_index(number, "cover")
