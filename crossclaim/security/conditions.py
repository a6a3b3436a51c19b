"""What an operation asks for beside the role: a second person, a fresh sign-in, a licence."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from crossclaim.security.roles import Operation


class Condition(StrEnum):
    """What an operation asks for beside the role."""

    SECOND_PERSON = "second_person"
    """Somebody else than who took the step before; judged where that step is known."""
    STEP_UP = "step_up"
    """A person signed in within the last minutes; a system proves itself with every token."""
    MAINLAND_LICENCE = "mainland_licence"
    """For care in the mainland, a person needs a mainland licence on file on that day."""


_SECOND = frozenset({Condition.SECOND_PERSON})
_STEP_UP = frozenset({Condition.STEP_UP})
_LICENCE = frozenset({Condition.MAINLAND_LICENCE})

CONDITIONS: Mapping[str, frozenset[Condition]] = MappingProxyType(
    {
        Operation.APPROVE_PAYOUT: _SECOND | _STEP_UP,
        Operation.DECIDE_PAYOUT_FINDING: _SECOND | _STEP_UP,
        Operation.DECIDE_WRITE_OFF: _SECOND | _STEP_UP,
        Operation.DECIDE_CLAW_BACK_FINDING: _SECOND | _STEP_UP,
        Operation.PROPOSE_PAYEE_ACCOUNT: _STEP_UP,
        Operation.DECIDE_PAYEE_ACCOUNT: _SECOND | _STEP_UP,
        Operation.DECIDE_SKIP: _SECOND,
        Operation.CONFIRM_CLAIM_DECISION: _SECOND | _LICENCE,
        Operation.DECIDE_APPEAL: _SECOND | _LICENCE,
        # What counts as claim service is a reading of ours (docs/rules.md).
        Operation.DECIDE_CLAIM_LINES: _LICENCE,
        Operation.DECIDE_GUARANTEE: _LICENCE,
        Operation.CHANGE_DECISION: _LICENCE,
        Operation.REQUEST_INFORMATION: _LICENCE,
        Operation.CHANGE_INFORMATION_REQUEST: _LICENCE,
    }
)


def asks(operation: str, condition: Condition) -> bool:
    return condition in CONDITIONS.get(operation, frozenset())
