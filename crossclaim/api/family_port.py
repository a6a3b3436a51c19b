"""What the API needs of family bindings: what may be read of them, and the office's own word."""

from __future__ import annotations

from typing import Any, Protocol

from crossclaim.domain.allocation import Frozen
from crossclaim.security.roles import Principal


class BindingFilters(Frozen):
    """Narrows a list of family bindings; ``None`` does not narrow."""

    state: str | None = None
    limit: int = 50


class FamilyReads(Protocol):
    """Family bindings and codes as the organisation that applied may see them."""

    async def binding(self, principal: Principal, binding_id: str) -> dict[str, Any]:
        """Raises ``NotFound``, for another's too."""
        ...

    async def bindings(
        self, principal: Principal, filters: BindingFilters, cursor: str | None
    ) -> dict[str, Any]: ...

    async def story(self, principal: Principal, binding_id: str, language: str) -> dict[str, Any]:
        """``language`` is ``en``, ``zh-Hant`` or ``zh-Hans``."""
        ...

    async def uses(self, principal: Principal, binding_id: str, side: str) -> dict[str, Any]:
        """What was taken, as the ``authoriser`` or the ``user`` may see it."""
        ...

    async def code_link(self, principal: Principal, link_id: str) -> dict[str, Any]: ...
