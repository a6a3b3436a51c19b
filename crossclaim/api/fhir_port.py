"""What the FHIR server needs of the house."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Protocol

from crossclaim.domain.allocation import Frozen
from crossclaim.security.roles import Principal

Resource = dict[str, Any]


class FhirQuery(Frozen):
    """A search, read: what narrows it, and after which row it goes on."""

    ids: list[str] | None = None
    patients: list[str] | None = None
    """Our ids of episodes."""
    statuses: list[str] | None = None
    identifiers: list[tuple[str | None, str]] | None = None
    """System (``None``: any) and value."""
    changed: list[tuple[str, datetime]] = []
    """An operator of SQL and a moment, all of which hold."""
    created: list[tuple[str, datetime]] = []
    days: list[date] = []
    """Of settlements."""
    after: list[Any] | None = None
    """Where the page before ended."""
    limit: int = 20
    one: bool = False
    """A single resource is read, by its id."""
    includes: list[str] = []
    """Elements whose targets are told too."""


class FhirPage(Frozen):
    """``after``: where the next page begins, if there is one."""

    found: list[Resource]
    included: list[Resource] = []
    after: list[Any] | None = None
    episodes: list[str] = []
    """Whose records were opened."""


class FhirReads(Protocol):
    """Resources as the principal may see them."""

    async def search(self, principal: Principal, kind: str, query: FhirQuery) -> FhirPage: ...

    async def read(self, principal: Principal, kind: str, resource_id: str) -> FhirPage:
        """Exactly one. Raises ``NotFound``, and ``KeyDestroyed`` (410) for who was erased."""
        ...


class FhirMessages(Protocol):
    """Keeps what a message says beyond its submissions, for its sender alone."""

    async def keep(
        self, principal: Principal, episode_id: str, resources: dict[str, Resource]
    ) -> None:
        """By what each is about. Raises ``Conflict`` for a claim that was sent otherwise."""
        ...
