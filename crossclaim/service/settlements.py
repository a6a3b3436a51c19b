"""Settlements for the hospital that is paid and the insurer that pays, in the form asked for."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

from crossclaim.api.settlement_port import SettlementForm
from crossclaim.domain.errors import NotFound
from crossclaim.domain.reference import Reference
from crossclaim.domain.settlement import Settlement
from crossclaim.security.roles import Principal
from crossclaim.service.issued_papers import IssuedPapers
from crossclaim.service.settlement_forms import (
    advice_of,
    csv_of,
    facts_of,
    fhir_of,
    json_of,
    number_of,
    pdf_of,
)
from crossclaim.store.session import Database
from crossclaim.store.settlement_reads import SqlSettlements


class SettlementDesk:
    """Implements ``crossclaim.api.settlement_port.Settlements`` under row-level security."""

    def __init__(
        self, database: Database, reference: Reference, issued: IssuedPapers | None = None
    ) -> None:
        """Without ``issued`` no code leads back to a printed advice."""
        self._reads = SqlSettlements(database)
        self._reference = reference
        self._issued = issued

    async def listed(self, principal: Principal, day: date, language: str) -> dict[str, Any]:
        found = await asyncio.to_thread(self._listed, principal, day)
        told = [json_of(one, language) for one in found]
        for one in told:
            one["lines"] = len(one["lines"])
        return {"day": day.isoformat(), "settlements": told}

    async def read(
        self, principal: Principal, hospital: str, funder: str, day: date, language: str
    ) -> SettlementForm:
        found = await asyncio.to_thread(self._read, principal, hospital, funder, day)
        return self._form(found, json_of(found, language))

    async def fhir(
        self, principal: Principal, hospital: str, funder: str, day: date
    ) -> SettlementForm:
        found = await asyncio.to_thread(self._read, principal, hospital, funder, day)
        return self._form(found, fhir_of(found, self._reference))

    async def file(
        self,
        principal: Principal,
        hospital: str,
        funder: str,
        day: date,
        language: str,
        kind: str,
    ) -> SettlementForm:
        found = await asyncio.to_thread(self._read, principal, hospital, funder, day)
        if kind == "csv":
            return self._form(found, csv_of(found, language).encode("utf-8-sig"))
        content = await asyncio.to_thread(self._pdf, principal, found, language)
        return self._form(found, content)

    def _pdf(self, principal: Principal, found: Settlement, language: str) -> bytes:
        if self._issued is None:
            return pdf_of(found, self._reference, language)
        sheet = advice_of(found, self._reference, language)
        return self._issued.issue(principal.organisation, sheet, language).content

    @staticmethod
    def _form(settlement: Settlement, content: dict[str, Any] | bytes) -> SettlementForm:
        return SettlementForm(
            number=number_of(settlement), facts=facts_of(settlement), content=content
        )

    def _listed(self, principal: Principal, day: date) -> list[Settlement]:
        found = self._reads.listed(day, None, principal.organisation)
        return [one for one in found if principal.organisation in (one.hospital, one.funder)]

    def _read(self, principal: Principal, hospital: str, funder: str, day: date) -> Settlement:
        """Whoever is neither paid nor pays is told nothing, not even that there is one."""
        if principal.organisation in (hospital, funder):
            found = self._reads.read(hospital, funder, day, principal.organisation)
            if found is not None:
                return found
        raise NotFound("nothing was settled on this day")
