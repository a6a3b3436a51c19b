"""Which files of banks are kept sealed, under which keys, and whom they tell of."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime

from crossclaim.domain.bank_copy import NewCopy
from crossclaim.domain.errors import NotFound
from crossclaim.security.keyring import Keyring
from crossclaim.store.connection import Connection
from crossclaim.store.keys import mention_key, mention_keys
from crossclaim.store.session import Database
from crossclaim.store.subject_requests import note_audit

_ADD = """
insert into bank_copy (scope, bank, folder, name, sha256)
values (%(scope)s, %(bank)s, %(folder)s, %(name)s, %(sha256)s) on conflict do nothing
"""
_OWNERS = """
select reference, episode_id from payout_intent where reference = any(%(names)s)
union all select reference, episode_id from claw_back where reference = any(%(names)s)
"""
_ERASED = f"""
select o.reference from ({_OWNERS}) o join erased_scope e on e.scope = o.episode_id
"""
_LIVING = "select 1 from data_key where scope = %(scope)s and wrapped is not null for share"
_STORED = """
select scope, bank, folder, name, sha256, stored from bank_copy
where bank = %(bank)s and folder = %(folder)s and stored = %(name)s
"""
_ENDED = """
select k.scope from data_key k where k.wrapped is not null and k.scope in (
    select scope from bank_copy where recorded_at < %(before)s
    union select p.scope from bank_copy_person p join bank_copy c on c.scope = p.copy
          where c.recorded_at < %(before)s)
order by 1
"""


class SqlBankCopies:
    """Implements ``crossclaim.gateways.bank.sealed_copies.CopyBook`` as the worker's role."""

    def __init__(self, database: Database, keyring: Keyring) -> None:
        self._database = database
        self._keyring = keyring

    def begin(self, copies: Collection[NewCopy]) -> dict[str, str]:
        """Makes their rows and keys; scope → name of the sealed file, empty where none is yet."""
        made = sorted(copies, key=lambda copy: copy.scope)
        with self._database.begin() as connection:
            for copy in made:
                connection.execute(_ADD, {**vars(copy)})
            scopes = [copy.scope for copy in made]
            mention_keys(connection, self._keyring, scopes)
            rows = connection.execute(
                "select scope, stored from bank_copy where scope = any(%(scopes)s)",
                {"scopes": scopes},
            ).all()
        return {row.scope: row.stored for row in rows}

    def shared(self, copy: str, about: Mapping[str, Collection[str]]) -> None:
        """Keys of pieces that are about several persons."""
        with self._database.begin() as connection:
            for scope, episodes in about.items():
                mention_key(connection, self._keyring, scope)
                for episode in sorted(episodes):
                    connection.execute(
                        "insert into bank_copy_person (copy, scope, episode_id)"
                        " values (%(copy)s, %(scope)s, %(episode)s) on conflict do nothing",
                        {"copy": copy, "scope": scope, "episode": episode},
                    )

    def gone(self, episodes: Collection[str]) -> set[str]:
        """Those whose key was destroyed; an erasure that is under way is waited for."""
        return {one for one in sorted(episodes) if not self._lives(one)}

    def _lives(self, episode: str) -> bool:
        """Alone in its transaction: who waits for one holds no other, so nobody waits for ever."""
        with self._database.begin() as connection:
            found = connection.execute(_LIVING, {"scope": episode}).scalar_one_or_none()
        return found is not None

    def note(self, names: Mapping[str, str]) -> None:
        with self._database.begin() as connection:
            for scope, stored in sorted(names.items()):
                connection.execute(
                    "update bank_copy set stored = %(stored)s where scope = %(scope)s",
                    {"scope": scope, "stored": stored},
                )

    def owners(self, names: Collection[str]) -> dict[str, str]:
        """Reference → episode of those that are ours."""
        with self._database.begin() as connection:
            rows = connection.execute(_OWNERS, {"names": sorted(names)}).all()
        return {row.reference: row.episode_id for row in rows}

    def erased(self, names: Collection[str]) -> set[str]:
        """References of who was erased."""
        with self._database.begin() as connection:
            return set(connection.execute(_ERASED, {"names": sorted(names)}).scalars())

    def stored(self, bank: str, folder: str, name: str) -> NewCopy:
        with self._database.begin() as connection:
            row = connection.execute(
                _STORED, {"bank": bank, "folder": folder, "name": name}
            ).one_or_none()
        if row is None:
            raise NotFound("there is no such copy of a bank's file")
        copy = NewCopy.of(row.bank, row.folder, row.name, row.sha256)
        return replace(copy, stored=row.stored)


def shared_scopes(connection: Connection, episode_id: str) -> list[str]:
    """Keys of pieces that tell of an episode's payments beside others'."""
    return list(
        connection.execute(
            "select distinct scope from bank_copy_person where episode_id = %(id)s order by 1",
            {"id": episode_id},
        ).scalars()
    )


def ended_copies(connection: Connection, before: date | datetime) -> list[str]:
    """Keys of copies that are older than a day; pieces about an episode end with the episode."""
    return list(connection.execute(_ENDED, {"before": before}).scalars())


def note_opened(database: Database, copy: str, by: str, reason: str) -> None:
    """Before it is: nothing is read when it cannot be recorded."""
    with database.begin() as connection:
        operator = connection.execute(
            "select id from organisation where kind = 'operator' order by id limit 1"
        ).scalar_one_or_none()
        if operator is None:
            raise NotFound("there is no organisation of the platform in whose name to read")
        purpose = f"bank_copy:{reason}"[:200]
        note_audit(connection, operator, f"cli:{by}", "read_bank_copy", copy, "opened", purpose)
