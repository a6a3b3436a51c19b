"""Rows of withdrawn consents: where each met an insurer's claim, and what became of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from crossclaim.domain.allocation import Frozen

CONSENT_WITHDRAWN: Final = "CONSENT_WITHDRAWN"
"""Why a cover carries nothing of an episode any more, and why a bill was split anew."""
ENDED, SUSPENDED, RESUMED, UNCHANGED = "ended", "suspended", "resumed", "unchanged"
SUSPEND, RESUME, CANCEL = "suspend", "resume", "cancel"
"""What an insurer with a house of its own is told about its claim."""


class WithdrawalRow(Frozen):
    """``claim_id`` is set where a claim had been sent and was not decided."""

    id: str
    organisation_id: str
    """The insurer that the consent no longer reaches."""
    claim_id: str | None = None
    sequence: int
    consent: str
    branch: str
    state: str
    claim_state: str = ""
    """What a suspended claim was before."""
    withdrawn_at: datetime
    suspended_until: datetime | None = None
    """The first moment after the suspension's last day."""
    told: str = ""
    insurer_minor: int
    pending_minor: int
    patient_minor: int
    retained_until: date | None = None

    def to_tell(self) -> str:
        """What the insurer has still to hear about the claim; nothing when it is in the picture."""
        wanted = {SUSPENDED: SUSPEND, ENDED: CANCEL, RESUMED: RESUME}.get(self.state, "")
        unheard = wanted == RESUME and not self.told
        return "" if self.claim_id is None or unheard or wanted == self.told else wanted
