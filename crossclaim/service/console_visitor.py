"""Which database role reads for a visitor of the console, and whose rows alone he is told."""

from __future__ import annotations

from crossclaim.security.roles import INSURER_ROLES, WATCHER_ROLES, Principal, Role
from crossclaim.store.session import Database

STAFF = WATCHER_ROLES | {Role.OPERATOR}
"""Of the platform they see every episode; of a hospital or an insurer what is theirs."""
_OPERATES = "select kind = 'operator' from organisation where id = %(organisation)s"


def insurer_of(principal: Principal) -> str | None:
    """Whose rows alone are told to a role of an insurer; ``None`` for the others."""
    return principal.organisation if principal.role in INSURER_ROLES else None


class Doors:
    """``own`` sees what an organisation may see; ``every`` is the reader's role."""

    def __init__(self, own: Database, every: Database) -> None:
        self.own, self.every = own, every
        self._operators: dict[str, bool] = {}

    def looks_after_all(self, principal: Principal) -> bool:
        """Staff of the platform itself; another organisation's support is its own alone."""
        organisation = principal.organisation
        if principal.role not in STAFF:
            return False
        if organisation not in self._operators:
            with self.own.begin(organisation) as connection:
                found = connection.execute(_OPERATES, {"organisation": organisation})
                self._operators[organisation] = bool(found.scalar_one_or_none())
        return self._operators[organisation]

    def of(self, principal: Principal) -> Database:
        return self.every if self.looks_after_all(principal) else self.own
