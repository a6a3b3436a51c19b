"""Whether somebody belongs to the platform itself: an organisation of kind ``operator``."""

from __future__ import annotations

from crossclaim.security.roles import WATCHER_ROLES, Principal, Role
from crossclaim.store.session import Database

_OPERATES = "select kind = 'operator' from organisation where id = %(organisation)s"
_STAFF = WATCHER_ROLES | {Role.OPERATOR}


class PlatformStaff:
    """Asks once for each organisation: its kind never changes."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[str, bool] = {}

    def __call__(self, principal: Principal) -> bool:
        """Another organisation's support is its own alone."""
        organisation = principal.organisation
        if principal.role not in _STAFF:
            return False
        if organisation not in self._known:
            with self._database.begin(organisation) as connection:
                found = connection.execute(_OPERATES, {"organisation": organisation})
                self._known[organisation] = bool(found.scalar_one_or_none())
        return self._known[organisation]
