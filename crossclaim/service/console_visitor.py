"""Whose rows alone a visitor of the console is told."""

from __future__ import annotations

from crossclaim.security.roles import INSURER_ROLES, Principal


def insurer_of(principal: Principal) -> str | None:
    """Whose rows alone are told to a role of an insurer; ``None`` for the others."""
    return principal.organisation if principal.role in INSURER_ROLES else None
