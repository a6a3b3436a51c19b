"""Which roles are shown the numbers of a person's documents and his telephone, and which a mask.

Names are shown to whoever may read an episode; a number is what somebody else could use.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from crossclaim.security.principal import Role

NUMBERS: Mapping[Role, bool] = MappingProxyType(
    {
        # Who checks the document at the window.
        Role.HOSPITAL_BILLING: True,
        # An insurer knows its members by their policies.
        Role.INSURER_SYSTEM: False,
        Role.INSURER_EXAMINER: False,
        Role.INSURER_SUPERVISOR: False,
        # Whose work is amounts, confirmations or the platform itself.
        Role.HOSPITAL_PROVIDER: False,
        Role.HOSPITAL_FINANCE: False,
        Role.FINANCE: False,
        Role.SUPPORT: False,
        Role.SUPPORT_SUPERVISOR: False,
        Role.OPERATOR: False,
        Role.AUDITOR: False,
    }
)


def shows_numbers(role: Role) -> bool:
    """A role that the table does not name is shown none."""
    return NUMBERS.get(role, False)
