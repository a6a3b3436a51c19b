"""What the judge of a submission must be told beside the submission itself."""

from __future__ import annotations

from datetime import date, datetime

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.plan import Plan
from crossclaim.domain.stay import Stay, local_day


class Context(Frozen):
    """``hospital`` is the sender, if it may name only itself; ``stay`` is the episode so far."""

    received_at: datetime
    hospital: str | None = None
    insurer: str | None = None
    """The sender, if it is an insurer."""
    stay: Stay = Stay()
    records_plan: Plan | None = None
    """The plan about health records, which says who signs for whom."""

    @property
    def today(self) -> date:
        return local_day(self.received_at)
