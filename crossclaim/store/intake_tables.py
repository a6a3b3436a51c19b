"""Submission rows as the API's role: what was sent is remembered before anything happens."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from crossclaim.domain.errors import Conflict, KeyReused, NotFound
from crossclaim.domain.mentions import spouse_scope
from crossclaim.domain.repair_submission import BY_STAFF
from crossclaim.domain.submission import OPENING, SubmissionKind
from crossclaim.security.keyring import Keyring, WrappedKey
from crossclaim.store.connection import Connection
from crossclaim.store.keys import insert_data_key, mention_key, select_data_key
from crossclaim.store.session import Database

_INSERT = """
insert into submission (id, organisation_id, business_key, idempotency_key, key_id, kind,
                        episode_id, content_sha256, content)
values (%(id)s, %(organisation)s, %(business_key)s, %(idempotency_key)s, %(key_id)s, %(kind)s,
        %(episode)s, %(sha256)s, %(content)s)
on conflict do nothing
"""
_FIND = """
select id, business_key, idempotency_key, kind, episode_id, content_sha256, content, outcome
from submission
where organisation_id = %(organisation)s
  and ((business_key = %(business_key)s and not refused) or idempotency_key = %(idempotency_key)s)
order by (business_key = %(business_key)s) desc
"""

_OPERATES = "select kind = 'operator' from organisation where id = %(organisation)s"


@dataclass(frozen=True)
class Received:
    """A submission that is ours for ever. ``outcome`` is there when it was applied before."""

    id: str
    episode_id: str
    kind: SubmissionKind
    outcome: dict[str, Any] | None
    repeated: bool


def canonical(content: dict[str, Any]) -> bytes:
    """The same content gives the same bytes, whatever the order and blanks it was sent with."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def differing(one: Any, other: Any, pointer: str = "") -> list[str]:
    """JSON pointers at which two contents differ, at most ten; never the values."""
    if isinstance(one, dict) and isinstance(other, dict):
        found = [
            p
            for key in sorted({*one, *other})
            for p in differing(one.get(key), other.get(key), f"{pointer}/{key}")
        ]
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        found = [
            p
            for n, (a, b) in enumerate(zip(one, other, strict=True))
            for p in differing(a, b, f"{pointer}/{n}")
        ]
    else:
        found = [] if one == other else [pointer or "/"]
    return found[:10]


class SqlIntake:
    """The API's side of the submission table, under row-level security."""

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        fault_point: Callable[[str], None] = lambda point: None,
        every: Database | None = None,
    ) -> None:
        """``every`` is the reader's role: by it staff of the platform repair any episode."""
        self._database = database
        self._every = every
        self._keyring = keyring
        self._fault_point = fault_point

    def receive(
        self,
        organisation: str,
        kind: SubmissionKind,
        *,
        submission_id: str,
        episode_id: str,
        business_key: str,
        content: dict[str, Any],
        idempotency_key: str | None,
        key_id: str = "",
    ) -> Received:
        """Commits the row, or finds the one that is there.

        Raises ``Conflict`` (same business key, other content), ``KeyReused`` (same idempotency key
        for something else) and ``NotFound`` (no such episode for this organisation).
        """
        plain = canonical(content)
        sha256 = hashlib.sha256(plain).digest()
        opens = kind in OPENING
        scope = spouse_scope(episode_id) if kind is SubmissionKind.SPOUSE else episode_id
        with self._database.begin(organisation) as connection:
            if not opens and not self._seen(connection, organisation, kind, episode_id):
                raise NotFound(f"there is no such {_named(episode_id)[1]}")
            key = self._key(connection, scope, kind)
            inserted = connection.execute(
                _INSERT,
                {
                    "id": submission_id,
                    "organisation": organisation,
                    "business_key": business_key,
                    "idempotency_key": idempotency_key,
                    "key_id": key_id,
                    "kind": kind.value,
                    "episode": episode_id,
                    "sha256": sha256,
                    "content": self._keyring.encrypt(scope, plain, "submission", key=key),
                },
            ).rowcount
            if not inserted:
                return self._known(
                    connection, organisation, kind, business_key, content, sha256, idempotency_key
                )
            if key is not None:
                insert_data_key(connection, scope, key)
        if key is not None:
            self._keyring.adopt(scope, key)
        self._fault_point("submission-committed")
        return Received(submission_id, episode_id, kind, None, repeated=False)

    def _seen(
        self, connection: Connection, organisation: str, kind: SubmissionKind, episode_id: str
    ) -> bool:
        if _visible(connection, episode_id):
            return True
        if self._every is None or kind not in BY_STAFF:
            return False
        operates = connection.execute(_OPERATES, {"organisation": organisation})
        if not operates.scalar_one_or_none():
            return False
        with self._every.begin(organisation) as every:
            return _visible(every, episode_id)

    def _key(self, connection: Connection, scope: str, kind: SubmissionKind) -> WrappedKey | None:
        """The key that comes with this submission, which is not committed yet."""
        if kind in OPENING:
            return self._keyring.new_key(scope)
        if kind is SubmissionKind.SPOUSE:
            return mention_key(connection, self._keyring, scope)
        if self._keyring.cached(scope) is None:
            stored = select_data_key(connection, scope)
            if stored is not None:
                self._keyring.adopt(scope, stored)
        return None

    def _known(
        self,
        connection: Connection,
        organisation: str,
        kind: SubmissionKind,
        business_key: str,
        content: dict[str, Any],
        sha256: bytes,
        idempotency_key: str | None,
    ) -> Received:
        rows = connection.execute(
            _FIND,
            {
                "organisation": organisation,
                "business_key": business_key,
                "idempotency_key": idempotency_key,
            },
        ).all()
        row = rows[0]
        if row.business_key != business_key:
            raise KeyReused("this Idempotency-Key was used for another submission; use a new one")
        if bytes(row.content_sha256) != sha256 or row.kind != kind.value:
            plain = self._keyring.decrypt(row.episode_id, bytes(row.content), "submission")
            where = differing(json.loads(plain), content)
            if idempotency_key is not None and row.idempotency_key == idempotency_key:
                raise KeyReused("this Idempotency-Key was used with another body")
            raise Conflict(
                "this was submitted before with other content; it differs at " + ", ".join(where),
                where,
            )
        return Received(row.id, row.episode_id, kind, row.outcome, repeated=True)

    def taken(self, organisation: str, submission_id: str) -> dict[str, Any]:
        """Notes that its run has it; what it is answered, now and for ever."""
        with self._database.begin(organisation) as connection:
            # A lost note costs one more hand-over, so nobody waits here for the disk.
            connection.execute("set local synchronous_commit = off")
            noted = connection.execute(
                """
                update submission set taken_at = coalesce(taken_at, now()) where id = %(id)s
                returning outcome
                """,
                {"id": submission_id},
            )
        found: dict[str, Any] = noted.scalar_one()
        return found

    def status(self, organisation: str, submission_id: str) -> list[dict[str, Any] | None]:
        """Its outcome, or None while there is none; nothing where there is no such submission."""
        with self._database.begin(organisation) as connection:
            return connection.execute(
                "select outcome from submission where id = %(id)s", {"id": submission_id}
            ).scalars()

    def known(
        self, organisation: str, kind: SubmissionKind, business_key: str, content: dict[str, Any]
    ) -> Received | None:
        """The very same submission, if it was taken before."""
        sha256 = hashlib.sha256(canonical(content)).digest()
        with self._database.begin(organisation) as connection:
            row = connection.execute(
                """
                select id, episode_id, outcome from submission
                where organisation_id = %(organisation)s and business_key = %(key)s
                  and kind = %(kind)s and content_sha256 = %(sha256)s and not refused
                """,
                {
                    "organisation": organisation,
                    "key": business_key,
                    "kind": kind.value,
                    "sha256": sha256,
                },
            ).one_or_none()
        if row is None:
            return None
        return Received(row.id, row.episode_id, kind, row.outcome, repeated=True)


def _visible(connection: Connection, episode_id: str) -> bool:
    found = connection.execute(
        f"select 1 from {_named(episode_id)[0]} where id = %(id)s", {"id": episode_id}
    ).scalar_one_or_none()
    return found is not None


def _named(subject_id: str) -> tuple[str, str]:
    """The table of an id, and what people call the thing."""
    known = {
        "fb": ("family_binding", "family binding"),
        "fc": ("family_code_link", "link"),
        "ca": ("credit_account", "credit account"),
    }
    return known.get(subject_id.partition("_")[0], ("episode", "episode"))


class SqlQueue:
    """Implements ``activities.world.SubmissionQueue`` as the worker's role."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def untaken(self, older_than_s: float) -> list[tuple[str, str, str]]:
        """At most 500, drawn by lot: those that never end keep no other from its turn."""
        with self._database.begin() as connection:
            rows = connection.execute(
                """
                select episode_id, id, kind from submission
                where (outcome is null or taken_at is null)
                  and received_at < now() - make_interval(secs => %(age)s)
                order by random() limit 500
                """,
                {"age": older_than_s},
            )
            return [(row.episode_id, row.id, row.kind) for row in rows]

    def note_taken(self, submission_id: str) -> None:
        with self._database.begin() as connection:
            connection.execute(
                "update submission set taken_at = now() where id = %(id)s and taken_at is null",
                {"id": submission_id},
            )
