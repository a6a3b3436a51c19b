"""What the API needs of settlements."""

from __future__ import annotations

from datetime import date
from typing import Any, Protocol

from crossclaim.domain.allocation import Frozen
from crossclaim.security.roles import Principal


class SettlementForm(Frozen):
    """A settlement as it is written. ``facts``: a digest of all that it says."""

    number: str
    facts: str
    content: dict[str, Any] | bytes


class Settlements(Protocol):
    """What funders settled with hospitals, told to the two alone. Raises ``NotFound``."""

    async def listed(self, principal: Principal, day: date, language: str) -> dict[str, Any]: ...

    async def read(
        self, principal: Principal, hospital: str, funder: str, day: date, language: str
    ) -> SettlementForm: ...

    async def fhir(
        self, principal: Principal, hospital: str, funder: str, day: date
    ) -> SettlementForm: ...

    async def file(
        self,
        principal: Principal,
        hospital: str,
        funder: str,
        day: date,
        language: str,
        kind: str,
    ) -> SettlementForm:
        """``kind``: csv or pdf. Raises ``Unavailable`` where a package for it is missing."""
        ...
