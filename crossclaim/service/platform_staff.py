"""Who looks after every episode: staff of the platform itself, and by which role they read."""

from __future__ import annotations

from crossclaim.security.roles import WATCHER_ROLES, Principal, Role
from crossclaim.store.session import Database

STAFF = WATCHER_ROLES | {Role.OPERATOR}
"""Of the platform they see every episode; of a hospital or an insurer what is theirs."""
_OPERATES = "select kind = 'operator' from organisation where id = %(organisation)s"


class PlatformStaff:
    """``own`` sees what an organisation may see; ``every`` is the reader's role, or absent.

    Asks once for each organisation: its kind never changes.
    """

    def __init__(self, own: Database, every: Database | None) -> None:
        self.own, self._every = own, every
        self._operators: dict[str, bool] = {}

    def looks_after_all(self, principal: Principal) -> bool:
        """Another organisation's support is its own alone."""
        return principal.role in STAFF and self._operates(principal.organisation)

    def database(self, principal: Principal) -> Database:
        if self._every is not None and self.looks_after_all(principal):
            return self._every
        return self.own

    def _operates(self, organisation: str) -> bool:
        if organisation not in self._operators:
            with self.own.begin(organisation) as connection:
                found = connection.execute(_OPERATES, {"organisation": organisation})
                self._operators[organisation] = bool(found.scalar_one_or_none())
        return self._operators[organisation]
