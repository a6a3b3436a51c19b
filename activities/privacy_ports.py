"""What the steps about privacy need: the chain, where its roots lie, requests of persons, keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from crossclaim.domain.audit_chain import Root
from crossclaim.domain.subject_request import Erased, Judged


class AuditChain(Protocol):
    """The audit's rows as a chain."""

    def seal(self) -> int: ...

    def unanchored(self) -> list[Root]: ...

    def note_anchored(self, block: int) -> None: ...


class Anchors(Protocol):
    """A store outside the database in which nothing is ever changed."""

    def lay(self, root: Root) -> None: ...

    def keep(self, key: str, body: bytes) -> None: ...


class SubjectExports(Protocol):
    """All that is held about a person, as one sealed file."""

    def make(self, request_id: str, at: datetime) -> str:
        """Gathers it; the request's state after it."""
        ...

    def expire(self, at: datetime) -> int:
        """Destroys the keys of exports that were fetched or lay too long; how many."""
        ...


class Erasures(Protocol):
    """Keys of persons who are to be forgotten, in daily batches; each call may be repeated."""

    def judge(self, at: datetime) -> list[Judged]:
        """What may be erased now; everything else of the persons is closed to all but law."""
        ...

    def begin(self, scopes: list[Judged], at: datetime) -> str | None:
        """The open batch with these keys destroyed; None: there is nothing to do."""
        ...

    def finish(self, batch_id: str, at: datetime) -> Erased:
        """A new epoch, survivors under it, the old epochs destroyed; the signed certificate."""
        ...

    def report_due(self, on: date) -> int:
        """Notes what retention does not hold any more; how much that is."""
        ...


class RunEnder(Protocol):
    async def end_run(self, scope: str) -> None:
        """Ends the run of a scope, if one is open."""
        ...


@dataclass(frozen=True)
class PrivacyPorts:
    """One per worker process."""

    chain: AuditChain
    exports: SubjectExports
    erasures: Erasures
    runs: RunEnder
    anchors: Anchors | None = None
