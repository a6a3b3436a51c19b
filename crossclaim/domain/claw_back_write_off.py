"""The word that nobody is asked any more for what was paid twice: one person's, then another's."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from pydantic import AwareDatetime

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.submission import Code, Text, Wire

PROPOSED: Final = "CLAW_BACK_WRITE_OFF_PROPOSED"


class WriteOffReason(StrEnum):
    """Why a payee is not asked any more."""

    PAYEE_CANNOT = "payee_cannot"
    PAYEE_NOT_FOUND = "payee_not_found"
    COST_ABOVE_AMOUNT = "cost_above_amount"
    AGREED = "agreed"


class ClawBackWriteOff(Wire):
    """``POST /v1/episodes/{id}/claw-back-write-offs``. Key: the claw-back's + number."""

    claw_back: Code
    """What was paid twice and has not come back."""
    number: Code
    """The sender's number of this proposal."""
    reason: WriteOffReason
    note: Text
    """What was tried; it stays sealed with the submission."""
    proposed_at: AwareDatetime


class ClawBackWriteOffDecision(Wire):
    """``POST /v1/episodes/{id}/claw-back-write-off-decisions``. Key: the proposal's +
    ``decision``."""

    claw_back: Code
    number: Code
    approved: bool
    decided_at: AwareDatetime


def write_off_key(episode_id: str, said: ClawBackWriteOff | ClawBackWriteOffDecision) -> str:
    first = f"{episode_id}/claw-back/{said.claw_back}/write-off/{said.number}"
    return first if isinstance(said, ClawBackWriteOff) else f"{first}/decision"


class WriteOffRow(Frozen):
    number: str
    reason: str
    proposed_by: str
    approved: bool | None = None
