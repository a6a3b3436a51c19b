"""What reads about bills and about an episode's repair are answered."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from crossclaim.domain.allocation import Fault, Frozen, Sentence
from crossclaim.domain.bill_difference import ChargedLine, Kind
from crossclaim.domain.bill_status import StandingVersion
from crossclaim.domain.episode_cancellation import PartyMoney
from crossclaim.domain.money import Money
from crossclaim.domain.repair_state import RepairState
from crossclaim.domain.settlement_cancellation import Undoing
from crossclaim.domain.submission import FunderKind


class Told(Frozen):
    """An answer that has these members and no others."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class StandingVersionAnswer(StandingVersion):
    text: Sentence


class BillVersionsAnswer(Told):
    episode_id: str
    number: str
    versions: list[StandingVersionAnswer]
    """The oldest first."""


class FunderDifferenceAnswer(Told):
    funder: FunderKind
    organisation: str | None
    before: Money
    after: Money
    change: Money
    reasons: list[str]


class LineDifferenceAnswer(Told):
    line: int
    kind: Kind
    before: ChargedLine | None
    after: ChargedLine | None
    change: Money
    funders: list[FunderDifferenceAnswer]
    text: Sentence


class BillDifferenceAnswer(Told):
    """Σ of the lines' changes = the change of the total; per funder too."""

    episode_id: str
    number: str
    from_version: int
    to_version: int
    reason: str
    before: Money
    after: Money
    change: Money
    lines: list[LineDifferenceAnswer]
    funders: list[FunderDifferenceAnswer]


class UndoingAnswer(Undoing):
    text: Sentence


class NamedBillAnswer(Told):
    id: str
    number: str
    version: int


class BillCancellationAnswer(Told):
    episode_id: str
    bill: NamedBillAnswer
    possible: bool
    steps: list[UndoingAnswer]
    errors: list[Fault]


class EpisodeCancellationAnswer(Told):
    episode_id: str
    effect: str
    """An order that carries it does this and nothing else."""
    revision: int
    possible: bool
    steps: list[UndoingAnswer]
    parties: list[PartyMoney]
    errors: list[Fault]


class HandOverAnswer(Told):
    """What the patient's condition was stands in the record alone."""

    number: str
    from_institution: str
    from_staff: str
    to_institution: str
    to_staff: str
    departed_at: datetime
    handed_over_at: datetime
    crew: list[dict[str, str]]
    vehicle: dict[str, object]
    emergency_reason: str
    state: str
    recipient: str | None
    basis: str | None
    """None, as the five after it, while the record has not gone out."""
    rule: str | None
    decided_by: str | None
    missing: list[str] | None
    consents: list[int] | None
    released_at: datetime | None


class HandOversAnswer(Told):
    episode_id: str
    hand_overs: list[HandOverAnswer]


class RepairsAnswer(RepairState):
    """Who holds or cancelled the episode, and which steps may be left out now."""


BILL_ANSWERS: tuple[type[BaseModel], ...] = (
    *(BillVersionsAnswer, BillDifferenceAnswer, BillCancellationAnswer),
    *(EpisodeCancellationAnswer, HandOversAnswer, RepairsAnswer),
)
