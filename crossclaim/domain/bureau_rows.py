"""Rows about basic insurance: the person at the bureau, its quotes, and a stay there."""

from __future__ import annotations

from datetime import datetime

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.submission import FunderKind


class FunderAccountRow(Frozen):
    """What a funder said of the patient; ``found``, ``absent``, ``no_consent`` or ``refused``."""

    ordinal: int
    """The coverage's place in the episode."""
    funder: FunderKind
    state: str
    code: str = ""
    looked_up_at: datetime


class QuoteRow(Frozen):
    """What the bureau pays of a bill: of a refused one too, which has no row of its own."""

    bill_id: str
    state: str
    code: str = ""
    fund_minor: int
    account_minor: int
    family_minor: int
    round: int

    @property
    def pays_minor(self) -> int:
        return self.fund_minor + self.account_minor + self.family_minor


class BureauStayRow(Frozen):
    """A stay as the bureau knows it: ``admitted``, ``discharged``; ``no_consent`` or ``refused``
    when it could not be told of the discharge; ``withdrawn`` when nothing of it was laid on the
    bureau, ``kept`` when the bureau would not let it go."""

    state: str
    code: str = ""
