"""What a cancelled settlement still asks for: insurers that are to hear of it. Pure."""

from __future__ import annotations

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.records import EpisodeRows

CLAW_BACK_WAIT = "PAYEE_CLAW_BACK"
TAKE_BACK = "take_back_claim"


class BillStanding(Frozen):
    """The one step that is due, about a claim."""

    step: str
    subject: str


def bill_standing(rows: EpisodeRows) -> BillStanding | None:
    """A claim whose insurer is told that its settlement was cancelled."""
    waits = (claim.id for claim in rows.claims if claim.state == "withdrawing")
    subject = next(waits, None)
    return None if subject is None else BillStanding(step=TAKE_BACK, subject=subject)
