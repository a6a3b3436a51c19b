"""Holds a document against removal, and releases it by the word of two persons, who prove it."""

from __future__ import annotations

from typing import Any, Protocol

from crossclaim.domain.errors import CrossclaimError, NotFound
from crossclaim.security.roles import Operation, Principal, require
from crossclaim.store.connection import Connection
from crossclaim.store.session import Database

_DOCUMENT = """
select object_key from document where episode_id = %(episode)s and sha256 = %(sha256)s
"""
_OPEN = """
select * from document_hold where episode_id = %(episode)s and sha256 = %(sha256)s
  and released_at is null for update
"""
_HOLD = """
insert into document_hold (episode_id, sha256, reason, held_by)
values (%(episode)s, %(sha256)s, %(reason)s, %(by)s)
"""
_ASK = """
update document_hold set release_reason = %(reason)s, release_asked_by = %(by)s,
    release_asked_at = now()
where id = %(id)s
"""
_RELEASE = "update document_hold set released_by = %(by)s, released_at = now() where id = %(id)s"
_LIST = """
select episode_id, sha256, reason, held_by, held_at, release_reason, release_asked_by
from document_hold where released_at is null order by held_at, id
"""


class Holds(Protocol):
    def hold(self, key: str) -> object: ...

    def release(self, key: str) -> object: ...


class HoldRefused(CrossclaimError):
    status = 409
    code = "HOLD_REFUSED"


class HoldDesk:
    """The row and the store's own hold go together: the store is told before the row is kept."""

    def __init__(self, database: Database, holds: Holds) -> None:
        self._database = database
        self._holds = holds

    def hold(self, episode_id: str, sha256: str, reason: str, principal: Principal) -> None:
        """One person's word is enough to keep; holding again changes nothing.

        Raises ``HoldRefused`` and ``NotAllowed``.
        """
        by = _person(principal, reason)
        with self._database.begin() as connection:
            key, known = _read(connection, episode_id, sha256)
            if known is None:
                values = {"episode": episode_id, "sha256": sha256, "reason": reason, "by": by}
                connection.execute(_HOLD, values)
            self._holds.hold(key)

    def release(self, episode_id: str, sha256: str, reason: str, principal: Principal) -> bool:
        """Whether it is released: the first person asks for it, and another one's word does it.

        Raises ``HoldRefused`` and ``NotAllowed``.
        """
        by = _person(principal, reason)
        with self._database.begin() as connection:
            key, known = _read(connection, episode_id, sha256)
            if known is None:
                raise NotFound("the document is not held")
            if known.release_asked_by in ("", by):
                connection.execute(_ASK, {"id": known.id, "reason": reason, "by": by})
                return False
            connection.execute(_RELEASE, {"id": known.id, "by": by})
            self._holds.release(key)
            return True

    def listed(self) -> list[dict[str, Any]]:
        with self._database.begin() as connection:
            return connection.execute(_LIST).mappings()


def _person(principal: Principal, reason: str) -> str:
    """Who is known to say it: a key of nobody in particular proves no second person."""
    require(principal, Operation.HOLD_DOCUMENT)
    if principal.person is None:
        raise HoldRefused("Use a key that was given to you alone; two of nobody are not two.")
    if not reason.strip():
        raise HoldRefused("Say why.")
    return principal.person


def _read(connection: Connection, episode_id: str, sha256: str) -> tuple[str, Any]:
    values = {"episode": episode_id, "sha256": sha256}
    key = connection.execute(_DOCUMENT, values).scalar_one_or_none()
    if key is None:
        raise NotFound("the episode has no such document")
    return key, connection.execute(_OPEN, values).one_or_none()
