"""Who works at a claim, and whose decision that keeps back: a person's, never a system's. Pure."""

from __future__ import annotations

from typing import Final

from crossclaim.domain.allocation import Frozen

TAKEN: Final = "taken"
SECOND_LOOK: Final = "second_look"
_PERSON = "pn_"
"""What the id of a person begins with; a system's key begins otherwise."""


class Taking(Frozen):
    """The newest word on who works at a claim."""

    kind: str
    person: str

    def held_from(self, actor: str) -> bool:
        """Somebody else works at it."""
        return self.kind == TAKEN and self.person != actor


def kept_back(taking: Taking | None, actor: str) -> str:
    """The code of why this person does not decide now; empty: nothing keeps him, or it is a system,
    which nobody who has gone home holds up."""
    if taking is None or not actor.startswith(_PERSON):
        return ""
    if taking.held_from(actor):
        return "CLAIM_HELD_BY_OTHER"
    wants_other = taking.kind == SECOND_LOOK and taking.person == actor
    return "CLAIM_SECOND_LOOK" if wants_other else ""
