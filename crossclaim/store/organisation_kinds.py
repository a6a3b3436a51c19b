"""Of what kind an organisation is, and that a credential's role is one of that kind."""

from __future__ import annotations

from collections.abc import Iterable

from crossclaim.domain.errors import CrossclaimError
from crossclaim.security.roles import KINDS, belongs
from crossclaim.store.connection import Connection


class RoleMisplaced(CrossclaimError):
    """An organisation of this kind has nobody in such a role."""

    status = 422
    code = "ROLE_MISPLACED"


def require_belonging(connection: Connection, organisation: str, roles: Iterable[str]) -> None:
    """Raises ``RoleMisplaced``. Of an organisation that is not known the insert itself tells."""
    kind = connection.execute(
        "select kind from organisation where id = %(id)s", {"id": organisation}
    ).scalar_one_or_none()
    if kind is None:
        return
    strange = sorted(role for role in roles if not belongs(role, kind))
    if strange:
        known = ", ".join(sorted(KINDS[kind]))
        raise RoleMisplaced(
            f"{organisation} is of the kind {kind} and has no {', '.join(strange)}; its roles are"
            f" {known}."
        )
