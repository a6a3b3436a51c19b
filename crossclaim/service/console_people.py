"""What the console calls the people of the visitor's own organisation."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from crossclaim.security.keyring import Keyring
from crossclaim.security.roles import Principal
from crossclaim.store.people import SqlPeople
from crossclaim.store.session import Database


class OwnPeople:
    """An id that names nobody there stays as it is: it is a key's or a client's."""

    def __init__(self, database: Database, keyring: Keyring) -> None:
        self._people = SqlPeople(database, keyring)

    async def names(self, principal: Principal, people: Iterable[str]) -> dict[str, str]:
        return await asyncio.to_thread(self._names, principal.organisation, set(people))

    def _names(self, organisation: str, people: set[str]) -> dict[str, str]:
        found = {}
        for one in people:
            person = self._people.by_id(one)
            known = person is not None and person.organisation == organisation
            found[one] = person.name if person is not None and known else one
        return found
