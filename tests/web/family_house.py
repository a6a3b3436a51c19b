"""Family reads in memory: who applied, and what he may be told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from crossclaim.api.services import BindingFilters
from crossclaim.domain.errors import NotFound
from crossclaim.security.roles import Principal


@dataclass
class MemoryFamily:
    """``owners``: id of a binding or link → the organisation that applied."""

    owners: dict[str, str] = field(default_factory=dict)

    def _mine(self, principal: Principal, subject_id: str) -> None:
        if self.owners.get(subject_id) != principal.organisation:
            raise NotFound("there is no such family binding")

    async def binding(self, principal: Principal, binding_id: str) -> dict[str, Any]:
        self._mine(principal, binding_id)
        return {"binding_id": binding_id}

    async def bindings(
        self, principal: Principal, filters: BindingFilters, cursor: str | None
    ) -> dict[str, Any]:
        return {"filters": filters.model_dump(), "cursor": cursor, "bindings": [], "next": None}

    async def story(self, principal: Principal, binding_id: str, language: str) -> dict[str, Any]:
        self._mine(principal, binding_id)
        return {"binding_id": binding_id, "language": language}

    async def uses(self, principal: Principal, binding_id: str, side: str) -> dict[str, Any]:
        self._mine(principal, binding_id)
        return {"binding_id": binding_id, "side": side, "uses": []}

    async def code_link(self, principal: Principal, link_id: str) -> dict[str, Any]:
        self._mine(principal, link_id)
        return {"link_id": link_id}
