"""How it ended that an insurer had money back twice: one person's word, then another's."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from pydantic import AwareDatetime

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.money import Money
from crossclaim.domain.submission import Code, Text, Wire

GIVEN_BACK_TWICE: Final = "GIVEN_BACK_TWICE"
FOUND: Final = "CLAW_BACK_FINDING_PROPOSED"


class TwiceOutcome(StrEnum):
    """What was found out."""

    SENT_BACK = "sent_back"
    """The insurer has sent the second one to the payee."""
    NOT_RECEIVED = "not_received"
    """The payee gave nothing back: the receipt was about what the bank brought."""


class ClawBackFinding(Wire):
    """``POST /v1/episodes/{id}/claw-back-findings``. Key: the claw-back's + number."""

    claw_back: Code
    """What the insurer has back twice."""
    number: Code
    """The sender's number of this finding."""
    outcome: TwiceOutcome
    amount: Money
    """CNY that it is about: all that is with the insurer twice, or a part of it."""
    proof: Code
    """Reference of the transfer to the payee, or of the entry that was booked by mistake."""
    note: Text
    """What was looked at; it stays sealed with the submission."""
    found_at: AwareDatetime


class ClawBackFindingDecision(Wire):
    """``POST /v1/episodes/{id}/claw-back-finding-decisions``. Key: the finding's + ``decision``."""

    claw_back: Code
    number: Code
    approved: bool
    decided_at: AwareDatetime


def claw_back_finding_key(episode_id: str, said: ClawBackFinding | ClawBackFindingDecision) -> str:
    first = f"{episode_id}/claw-back/{said.claw_back}/finding/{said.number}"
    return first if isinstance(said, ClawBackFinding) else f"{first}/decision"


class ClawBackFindingRow(Frozen):
    number: str
    outcome: str
    amount_minor: int
    proof: str
    found_by: str
    approved: bool | None = None
