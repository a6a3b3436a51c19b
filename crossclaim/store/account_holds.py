"""What bills that are not settled yet take of personal accounts, under one lock an account."""

from __future__ import annotations

from datetime import datetime

from crossclaim.security.keyring import Keyring
from crossclaim.store.connection import Connection

_OPEN = "insert into personal_account (id) values (%(account)s) on conflict do nothing"
_LOCK = "select 1 from personal_account where id = %(account)s for update"
# The bureau's answer knows of what was settled before it was asked, by the database's clock.
_SPOKEN_FOR = """
select coalesce(sum(h.amount_minor), 0)::bigint from account_hold h
where h.account_id = %(account)s and h.bill_id <> %(bill)s and h.released_at is null
  and h.occurred_at >= %(since)s
  and (h.settled_at is null or h.settled_at >= coalesce((
      select min(a.started_at) from outbound_attempt a
      where a.reference = %(reference)s and a.operation = 'quote'), '-infinity'))
"""
_HOLD = """
insert into account_hold (account_id, episode_id, bill_id, amount_minor, occurred_at)
values (%(account)s, %(episode)s, %(bill)s, %(amount)s, %(at)s)
on conflict (account_id, bill_id) do update set amount_minor = excluded.amount_minor,
    occurred_at = excluded.occurred_at, settled_at = null, released_at = null
"""


class AccountHolds:
    """Part of an episode's transaction. An account is found by its holder's number at the bureau,
    which stands nowhere in the open."""

    _connection: Connection
    _keyring: Keyring

    def account_spoken_for(self, number: str, bill_id: str, reference: str, since: datetime) -> int:
        known = {"account": self._account_id(number)}
        self._connection.execute(_OPEN, known)
        # Its own statement: what is read after it sees all that was committed before the lock.
        self._connection.execute(_LOCK, known)
        asked = {**known, "bill": bill_id, "reference": reference, "since": since}
        found: int = self._connection.execute(_SPOKEN_FOR, asked).scalar_one()
        return found

    def hold_account(
        self, number: str, episode_id: str, bill_id: str, amount_minor: int, at: datetime
    ) -> None:
        account = self._account_id(number)
        values = {"account": account, "episode": episode_id, "bill": bill_id}
        self._connection.execute(_OPEN, {"account": account})
        self._connection.execute(_HOLD, {**values, "amount": amount_minor, "at": at})

    def note_accounts_settled(self, bill_id: str) -> None:
        self._connection.execute(
            "update account_hold set settled_at = clock_timestamp() where bill_id = %(bill)s"
            " and settled_at is null",
            {"bill": bill_id},
        )

    def release_accounts(self, bill_id: str, at: datetime) -> None:
        self._connection.execute(
            "update account_hold set released_at = %(at)s where bill_id = %(bill)s"
            " and released_at is null",
            {"bill": bill_id, "at": at},
        )

    def _account_id(self, number: str) -> bytes:
        return self._keyring.blind_index(number, "personal_account")
