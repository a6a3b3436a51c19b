"""The chain over the audit's rows: a sealing that blocks no writer, and what a check reads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from crossclaim.domain.audit_chain import (
    GENESIS,
    BreakKind,
    Broken,
    Link,
    Recorded,
    Root,
    broken_link,
    chained,
    contradicted,
)
from crossclaim.security.signing import Signer, is_signed
from crossclaim.store.audit_rows import named, unlinked
from crossclaim.store.connection import Connection
from crossclaim.store.session import Database

BLOCK_ROWS = 5_000
_PAGE = 5_000
_SEALER = "select pg_try_advisory_xact_lock(hashtextextended('audit-chain', 0))"
_LAST = """
select b.number, b.last_position, b.root, b.reached - interval '1 hour' as horizon
from audit_block b order by b.number desc limit 1
"""
_LINK = """
insert into audit_link (position, source, row_id, digest)
select * from unnest(%(positions)s::bigint[], %(sources)s::text[], %(rows)s::text[],
                     %(digests)s::bytea[])
"""
_BLOCK = """
insert into audit_block (number, first_position, last_position, root, sealed_at, reached,
                         signed_by, signature)
values (%(block)s, %(first)s, %(last)s, decode(%(root)s, 'hex'), %(sealed_at)s,
        to_timestamp(%(reached)s / 1000000.0), %(key)s, %(signature)s)
"""
_ROOTS = """
select number, first_position, last_position, encode(root, 'hex') as root, sealed_at, signed_by,
       signature
from audit_block {where} order by number
"""


class SqlAuditChain:
    """Implements ``activities.privacy_ports.AuditChain`` as the worker's role."""

    def __init__(self, database: Database, signer: Signer, block_rows: int = BLOCK_ROWS) -> None:
        self._database = database
        self._signer = signer
        self._block_rows = block_rows

    def seal(self) -> int:
        """Chains what was recorded since the last block; how many rows. 0 too while another does.

        Writers are never waited for and never wait: what they commit later joins a later block.
        """
        total = 0
        while sealed := self._seal_block():
            total += sealed
            if sealed < self._block_rows:
                break
        return total

    def _seal_block(self) -> int:
        with self._database.begin() as connection:
            if not connection.execute(_SEALER).scalar_one():
                return 0
            last = connection.execute(_LAST).one_or_none()
            horizon = last.horizon if last else "-infinity"
            rows = unlinked(connection, horizon, self._block_rows)
            if rows:
                previous = bytes(last.root) if last else GENESIS
                number = last.number + 1 if last else 1
                self._write(connection, rows, previous, number, last.last_position if last else 0)
            return len(rows)

    def _write(
        self, connection: Connection, rows: list[Recorded], previous: bytes, number: int, end: int
    ) -> None:
        digests = list(chained(previous, rows))
        connection.execute(
            _LINK,
            {
                "positions": list(range(end + 1, end + 1 + len(rows))),
                "sources": [row.source for row in rows],
                "rows": [row.id for row in rows],
                "digests": digests,
            },
        )
        unsigned = Root(
            block=number,
            first=end + 1,
            last=end + len(rows),
            root=digests[-1].hex(),
            sealed_at=datetime.now(UTC).isoformat(timespec="microseconds"),
            key=self._signer.public_key,
        )
        signature = self._signer.sign(unsigned.signed_part())
        told = {**unsigned.model_dump(), "signature": signature, "reached": rows[-1].at_us}
        connection.execute(_BLOCK, told)

    def unanchored(self) -> list[Root]:
        """Roots that stand nowhere but here, oldest first."""
        with self._database.begin() as connection:
            return _roots(connection, "where anchored_at is null")

    def note_anchored(self, block: int) -> None:
        with self._database.begin() as connection:
            connection.execute(
                "update audit_block set anchored_at = clock_timestamp() where number = %(n)s",
                {"n": block},
            )

    def first_break(self, anchors: list[Root]) -> tuple[Broken | None, int, int]:
        """The first broken link, if any; how many rows were checked; how many wait for a block."""
        with self._database.begin() as connection:
            roots = _roots(connection, "")
            broken, computed, end = self._walk(connection, roots)
            broken = broken or contradicted(anchors, computed, end) or self._forged(anchors)
            horizon = connection.execute(_LAST).one_or_none()
            if horizon is None:
                return broken, 0, len(unlinked(connection, "-infinity", _PAGE))
            if broken is None:
                late = unlinked(connection, horizon.horizon, 1, older=True)
                broken = _inserted(late, end)
            return broken, end, len(unlinked(connection, horizon.horizon, _PAGE))

    def _walk(
        self, connection: Connection, roots: list[Root]
    ) -> tuple[Broken | None, dict[int, str], int]:
        previous, expected, computed = GENESIS, 1, {0: GENESIS.hex()}
        for root in roots:
            if root.first != expected:
                return Broken(kind=BreakKind.DELETED, position=expected), computed, expected - 1
            for links in _pages(connection, root):
                rows = named(connection, [link.name for link in links])
                broken = broken_link(previous, links, rows, expected)
                if broken is not None:
                    found = broken.model_copy(update={"block": root.block})
                    return found, computed, expected - 1
                if links:
                    previous, expected = links[-1].digest, links[-1].position + 1
            computed[root.last] = previous.hex()
            if previous.hex() != root.root or expected != root.last + 1 or not self._ours(root):
                told = Broken(kind=BreakKind.FORGED, position=root.last, block=root.block)
                return told, computed, expected - 1
        return None, computed, expected - 1

    def _ours(self, root: Root) -> bool:
        return root.key == self._signer.public_key and is_signed(
            root.key, root.signed_part(), root.signature
        )

    def _forged(self, anchors: list[Root]) -> Broken | None:
        for root in anchors:
            if not self._ours(root):
                return Broken(kind=BreakKind.FORGED, position=root.last, block=root.block)
        return None


def _inserted(late: list[Recorded], end: int) -> Broken | None:
    return next(
        (
            Broken(kind=BreakKind.INSERTED, position=end, source=row.source, row_id=row.id)
            for row in late
        ),
        None,
    )


def _pages(connection: Connection, root: Root) -> Iterator[list[Link]]:
    for first in range(root.first, root.last + 1, _PAGE):
        rows = connection.execute(
            "select position, source, row_id, digest from audit_link"
            " where position between %(first)s and %(last)s order by position",
            {"first": first, "last": min(first + _PAGE - 1, root.last)},
        ).mappings()
        yield [Link(**{**row, "digest": bytes(row["digest"])}) for row in rows]


def _roots(connection: Connection, where: str) -> list[Root]:
    rows = connection.execute(_ROOTS.format(where=where))
    return [
        Root(
            block=row.number,
            first=row.first_position,
            last=row.last_position,
            root=row.root,
            sealed_at=row.sealed_at.astimezone(UTC).isoformat(timespec="microseconds"),
            key=row.signed_by,
            signature=row.signature,
        )
        for row in rows
    ]
