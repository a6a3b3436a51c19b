"""Who asks, and what is known of the episode asked about."""

from __future__ import annotations

import asyncio
import hashlib

from crossclaim.domain.errors import NotAuthenticated, NotFound
from crossclaim.domain.stay import Stay
from crossclaim.domain.submission import EncounterClass, EpisodeSubmission
from crossclaim.security.api_keys import ApiKeyRecord, prefix_of, slow_hash, verify
from crossclaim.security.expiring_cache import ExpiringCache
from crossclaim.security.keyring import Keyring
from crossclaim.security.roles import Principal, Role
from crossclaim.store.keys import SqlApiKeys
from crossclaim.store.people import SqlPeople
from crossclaim.store.session import Database

REVOKED_WITHIN_S = 5.0
VERIFIED_FOR_S = 60.0


class SqlDirectory:
    """Implements ``crossclaim.api.services.Directory``. A revoked key works for 5 s at most.

    The slow hash of a key is verified once: what was found right is remembered for a minute with
    the hash that it was found right by, while the key's row is read anew every 5 s.
    """

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        keys: SqlApiKeys,
        people: SqlPeople | None = None,
    ) -> None:
        self._database = database
        self._keyring = keyring
        self._keys = keys
        self._people = people or SqlPeople(database, keyring)
        self._verified: ExpiringCache[tuple[str, str], bool] = ExpiringCache(
            entries_max=1024, age_max_s=VERIFIED_FOR_S
        )
        self._principals: ExpiringCache[str, Principal] = ExpiringCache(
            entries_max=1024, age_max_s=REVOKED_WITHIN_S
        )

    async def principal_of(self, api_key: str) -> Principal | None:
        digest = hashlib.sha256(api_key.encode()).hexdigest()
        known = self._principals.get(digest)
        if known is not None:
            return known
        principal = await asyncio.to_thread(self._principal, api_key)
        if principal is not None:
            self._principals.put(digest, principal)
        return principal

    def _principal(self, api_key: str) -> Principal | None:
        try:
            prefix = prefix_of(api_key)
        except NotAuthenticated:
            return None
        found = self._keys.find(prefix)
        if found is None or not self._is_key(api_key, found.record):
            return None
        person = None
        if found.person is not None:
            person = self._people.by_id(found.person)
            if person is None or person.disabled_at is not None:
                return None
        return Principal(
            organisation=found.organisation,
            role=Role(found.role),
            key_id=prefix,
            person=found.person,
            scopes=found.scopes,
            licences=person.licences if person else (),
        )

    def _is_key(self, api_key: str, record: ApiKeyRecord) -> bool:
        shown = hashlib.sha256(api_key.encode()).hexdigest()
        kept = record.argon2 or ""
        if kept and self._verified.get((shown, kept)):
            return True
        if not verify(api_key, record):
            return False
        if not kept:
            # Of an older build: from now on it stands under the slow hash.
            kept = slow_hash(api_key)
            self._keys.harden(record.prefix, kept)
        self._verified.put((shown, kept), True)
        return True

    async def stay_of(self, principal: Principal, episode_id: str) -> Stay | None:
        return await asyncio.to_thread(self._stay, principal, episode_id)

    def _stay(self, principal: Principal, episode_id: str) -> Stay:
        with self._database.begin(principal.organisation) as connection:
            row = connection.execute(
                """
                select hospital_id, encounter_class, sealed, admitted_at, discharged_at
                from episode where id = %(id)s
                """,
                {"id": episode_id},
            ).one_or_none()
        if row is None:
            raise NotFound("there is no such episode")
        plain = self._keyring.decrypt(episode_id, bytes(row.sealed), "episode")
        content = EpisodeSubmission.model_validate_json(plain)
        return Stay(
            hospital=row.hospital_id,
            encounter_class=EncounterClass(row.encounter_class),
            birth_date=content.patient.birth_date,
            admitted_at=row.admitted_at,
            discharged_at=row.discharged_at,
        )
