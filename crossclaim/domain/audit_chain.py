"""The audit as a chain: each row's digest covers the digest before it; blocks end in a root.

A row holds ids, names of fields, decisions and purposes, never values, so an erasure changes none.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum

from crossclaim.domain.allocation import Frozen

GENESIS = hashlib.sha256(b"crossclaim audit chain 1").digest()
LATE_US = 3_600_000_000
"""A row this much older than the block before the one that it would join was put in later."""


class Recorded(Frozen):
    """What one row of the audit says. ``at_us``: microseconds since 1970, as recorded."""

    source: str
    id: str
    at_us: int
    organisation: str
    key_id: str
    operation: str
    about: str
    outcome: str
    purpose: str = ""
    fields: tuple[str, ...] = ()

    @property
    def name(self) -> tuple[str, str]:
        return self.source, self.id


def canonical(row: Recorded) -> bytes:
    """The same row gives the same bytes for ever: sorted members, no blanks, UTF-8."""
    return json.dumps(
        row.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    ).encode()


def linked(previous: bytes, row: Recorded) -> bytes:
    return hashlib.sha256(previous + canonical(row)).digest()


def chained(previous: bytes, rows: Iterable[Recorded]) -> Iterator[bytes]:
    """The digest of each row in turn."""
    for row in rows:
        previous = linked(previous, row)
        yield previous


class Link(Frozen):
    """Which row stands at a position of the chain, and the digest up to it."""

    position: int
    source: str
    row_id: str
    digest: bytes

    @property
    def name(self) -> tuple[str, str]:
        return self.source, self.row_id


class Root(Frozen):
    """The end of a block, as it is signed and laid where nobody can change it."""

    block: int
    first: int
    last: int
    root: str
    """Hex."""
    sealed_at: str
    key: str
    """The public key that signs, hex."""
    signature: str = ""

    def signed_part(self) -> bytes:
        told = self.model_dump(mode="json", exclude={"signature"})
        return json.dumps(told, sort_keys=True, separators=(",", ":")).encode()


class BreakKind(StrEnum):
    CHANGED = "changed"
    """The row does not say any more what was chained."""
    DELETED = "deleted"
    REORDERED = "reordered"
    INSERTED = "inserted"
    """A row older than the newest block stands in none."""
    FORGED = "forged"
    """A block whose root or signature is not that of its rows."""
    REWRITTEN = "rewritten"
    """A chain that fits together and differs from a root that was laid outside."""
    TRUNCATED = "truncated"
    """Outside lies a root beyond the end of the chain."""


class Broken(Frozen):
    """The first broken link."""

    kind: BreakKind
    position: int
    source: str = ""
    row_id: str = ""
    block: int = 0


def broken_link(
    previous: bytes, links: Sequence[Link], rows: Mapping[tuple[str, str], Recorded], expected: int
) -> Broken | None:
    """The first link of a stretch that does not hold; ``expected`` is its first position."""
    for at, link in enumerate(links):
        about = {"position": link.position, "source": link.source, "row_id": link.row_id}
        if link.position != expected + at:
            return Broken(kind=BreakKind.DELETED, position=expected + at)
        row = rows.get(link.name)
        if row is None:
            return Broken(kind=BreakKind.DELETED, **about)
        if linked(previous, row) != link.digest:
            moved = any(
                linked(previous, other) == link.digest
                for near in links
                if (other := rows.get(near.name)) is not None
            )
            kind = BreakKind.REORDERED if moved else BreakKind.CHANGED
            return Broken(kind=kind, **about)
        previous = link.digest
    return None


def contradicted(roots: Iterable[Root], computed: Mapping[int, str], end: int) -> Broken | None:
    """The first root laid outside that the chain does not reach or does not have.

    ``computed``: last position of a block → the root that its rows give, in hex.
    """
    for root in sorted(roots, key=lambda one: one.last):
        if root.last > end:
            return Broken(kind=BreakKind.TRUNCATED, position=end + 1, block=root.block)
        if computed.get(root.last) != root.root:
            return Broken(kind=BreakKind.REWRITTEN, position=root.first, block=root.block)
    return None
