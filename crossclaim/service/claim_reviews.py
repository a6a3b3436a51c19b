"""Claims that were checked, examined or drawn, told to the insurer whose they are."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from crossclaim.domain.errors import NotFound
from crossclaim.security.keyring import Keyring
from crossclaim.security.roles import Principal
from crossclaim.service.party_view import own_rows
from crossclaim.store.claim_samples import Samples, read_samples
from crossclaim.store.connection import Connection
from crossclaim.store.rows import read_party_rows
from crossclaim.store.session import Database

_CLAIMS = """
select c.id, c.bill_id, c.reference, c.state, c.decided_by, c.forecast_minor, c.benefit_minor,
       c.benefit_currency, r.reasons, r.trace
from claim c join claim_review r on r.claim_id = c.id
where c.episode_id = %(id)s and r.organisation_id = %(organisation)s order by c.id
"""
_DECISIONS = """
select claim_id, number, sealed, benefit_minor, currency, second_needed, state, decided_at,
       confirmed_at
from claim_examination where episode_id = %(id)s order by decided_at, number
"""


class StoredReviews:
    """Implements ``crossclaim.api.services.ClaimReviews`` under row-level security."""

    def __init__(self, database: Database, keyring: Keyring) -> None:
        self._database = database
        self._keyring = keyring

    async def listed(self, principal: Principal, episode_id: str) -> dict[str, Any]:
        return await asyncio.to_thread(self._listed, principal.organisation, episode_id)

    def _listed(self, organisation: str, episode_id: str) -> dict[str, Any]:
        with self._database.begin(organisation) as connection:
            rows = read_party_rows(connection, episode_id)
            if rows is None:
                raise NotFound("there is no such episode")
            decisions = self._decisions(connection, episode_id)
            values = {"id": episode_id, "organisation": organisation}
            found = connection.execute(_CLAIMS, values).mappings()
        # What a withdrawn consent keeps it from goes with the bill.
        billed = {bill.id for bill in own_rows(organisation, rows).bills}
        claims = [one for one in found if one.pop("bill_id") in billed]
        for claim in claims:
            claim["decisions"] = [told for of, told in decisions if of == claim["id"]]
        return {"episode_id": episode_id, "claims": claims}

    def _decisions(
        self, connection: Connection, episode_id: str
    ) -> list[tuple[str, dict[str, Any]]]:
        found = []
        for row in connection.execute(_DECISIONS, {"id": episode_id}).mappings():
            claim_id, sealed = str(row.pop("claim_id")), bytes(row.pop("sealed"))
            plain = self._keyring.decrypt(episode_id, sealed, "examination")
            row["decision"] = json.loads(plain)
            found.append((claim_id, row))
        return found

    async def samples(self, principal: Principal) -> dict[str, Any]:
        return samples_body(await asyncio.to_thread(self._samples, principal.organisation))

    def _samples(self, organisation: str) -> Samples:
        with self._database.begin(organisation) as connection:
            return read_samples(connection, organisation)


def samples_body(samples: Samples) -> dict[str, Any]:
    """As JSON holds it."""
    return {
        "estimates": [one.model_dump(mode="json") for one in samples.estimates],
        "drawn": [
            {k: v.isoformat() if hasattr(v, "isoformat") else v for k, v in row.items()}
            for row in samples.drawn
        ],
    }
