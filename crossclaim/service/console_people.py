"""What the console calls the people of the visitor's own organisation."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from crossclaim.security.keyring import Keyring
from crossclaim.security.roles import Principal
from crossclaim.store.people import SqlPeople
from crossclaim.store.session import Database


class OwnPeople:
    """An id that names nobody stays as it is: it is a key's or a client's. Of a person of another
    organisation only the organisation is told."""

    def __init__(self, database: Database, keyring: Keyring) -> None:
        self._people = SqlPeople(database, keyring)

    async def names(self, principal: Principal, people: Iterable[str]) -> dict[str, str]:
        return await asyncio.to_thread(self._names, principal.organisation, set(people))

    def _names(self, organisation: str, people: set[str]) -> dict[str, str]:
        found = {}
        for one in people:
            person = self._people.by_id(one)
            if person is None:
                found[one] = one
            else:
                own = person.organisation == organisation
                found[one] = person.name if own else person.organisation
        return found
