"""FHIR resources as an organisation may read them: found by the index, written from the rows."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

from crossclaim.api.fhir_port import FhirPage, FhirQuery, Resource
from crossclaim.domain.errors import NotFound
from crossclaim.domain.reference import Reference
from crossclaim.fhir.datatypes import our_id
from crossclaim.fhir.facts import EpisodeFacts
from crossclaim.fhir.resources import BUILDERS, referred, versioned
from crossclaim.gateways import strict_json
from crossclaim.security.errors import KeyDestroyed
from crossclaim.security.keyring import Keyring
from crossclaim.security.roles import WATCHER_ROLES, Principal
from crossclaim.service.fhir_facts import facts_of
from crossclaim.service.fhir_index import Hit, find
from crossclaim.service.fhir_settlements import advice_of, advices, named_advice
from crossclaim.store.connection import Connection
from crossclaim.store.fhir_messages import SqlFhirMessages
from crossclaim.store.session import Database
from crossclaim.store.settlement_reads import SqlSettlements

SETTLEMENTS = "PaymentReconciliation"


class FhirDesk:
    """Implements ``crossclaim.api.fhir_port.FhirReads`` under row-level security."""

    def __init__(self, database: Database, keyring: Keyring, reference: Reference) -> None:
        self._database = database
        self._keyring = keyring
        self._reference = reference
        self._settlements = SqlSettlements(database)

    async def search(self, principal: Principal, kind: str, query: FhirQuery) -> FhirPage:
        told = self._settled if kind == SETTLEMENTS else self.searched
        return await asyncio.to_thread(told, principal, kind, query)

    async def read(self, principal: Principal, kind: str, resource_id: str) -> FhirPage:
        return await asyncio.to_thread(self._read, principal, kind, resource_id)

    def _read(self, principal: Principal, kind: str, resource_id: str) -> FhirPage:
        if kind == SETTLEMENTS:
            one = advice_of(self._settlements, self._reference, principal, resource_id)
            return FhirPage(found=[one])
        ours = our_id(resource_id)
        page = self.searched(principal, kind, FhirQuery(ids=[ours or ""], limit=1, one=True))
        if not page.found:
            raise NotFound("there is no such resource")
        return page

    def searched(self, principal: Principal, kind: str, query: FhirQuery) -> FhirPage:
        """A search as it is, for whoever has a thread of his own."""
        whole = principal.role in WATCHER_ROLES
        with self._database.begin(principal.organisation) as connection:
            more = query.model_copy(update={"limit": query.limit + 1})
            hits = find(connection, kind, more, principal.organisation, whole=whole)
            page = hits[: query.limit]
            return self._written(connection, principal, kind, query, page).model_copy(
                update={"after": page[-1].after if len(hits) > query.limit else None}
            )

    def _written(
        self,
        connection: Connection,
        principal: Principal,
        kind: str,
        query: FhirQuery,
        hits: list[Hit],
    ) -> FhirPage:
        """Every episode is opened once, however many of its rows are on the page."""
        facts: dict[str, EpisodeFacts | None] = {}
        kinds = {kind, *(["Claim", "ClaimResponse"] if query.includes else [])}
        found, included = [], dict[tuple[str, str], Resource]()
        for hit in hits:
            if hit.episode_id not in facts:
                facts[hit.episode_id] = self._opened(connection, principal, hit, kinds, query)
            own = facts[hit.episode_id]
            built = BUILDERS[kind](own, hit.key) if own is not None else None
            if own is None or built is None:
                continue
            found.append(versioned(built, hit.changed_at))
            for target in _targets(built, query.includes):
                other = BUILDERS[target[0]](own, target[1]) if target not in included else None
                if other is not None:
                    included[target] = versioned(other, hit.changed_at)
        return FhirPage(
            found=found,
            included=list(included.values()),
            episodes=[one for one, opened in facts.items() if opened is not None],
        )

    def _opened(
        self,
        connection: Connection,
        principal: Principal,
        hit: Hit,
        kinds: set[str],
        query: FhirQuery,
    ) -> EpisodeFacts | None:
        """Who was erased is gone from every search; whoever asks for one of his ids is told so."""
        try:
            return facts_of(connection, self._keyring, principal, hit.episode_id, kinds)
        except KeyDestroyed:
            if query.one:
                raise
            return None

    def _settled(self, principal: Principal, kind: str, query: FhirQuery) -> FhirPage:
        told = advices(self._settlements, self._reference, principal, query.days)
        wanted = [one for one in told if named_advice(one, query)]
        begun = max(0, int(query.after[0])) if query.after else 0
        page = wanted[begun : begun + query.limit]
        ended = begun + query.limit
        return FhirPage(found=page, after=[ended] if ended < len(wanted) else None)


class FhirShelf:
    """Implements ``crossclaim.api.fhir_port.FhirMessages``."""

    def __init__(self, database: Database, keyring: Keyring) -> None:
        self._rows = SqlFhirMessages(database, keyring)

    async def keep(
        self, principal: Principal, episode_id: str, resources: dict[str, Resource]
    ) -> None:
        exact = {about: strict_json.dumps(_sorted(one)) for about, one in resources.items()}
        await asyncio.to_thread(self._rows.keep, principal.organisation, episode_id, exact)


def _sorted(node: Any) -> Any:
    """Members in one order, so that the same resource is the same however it was written."""
    if isinstance(node, dict):
        return {name: _sorted(node[name]) for name in sorted(node)}
    return [_sorted(one) for one in node] if isinstance(node, list) else node


def _targets(resource: Resource, paths: Iterable[str]) -> list[tuple[str, str]]:
    return [target for path in paths for target in referred(resource, path)]
