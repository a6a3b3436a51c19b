"""What the examiner's desk is handed: claims that wait for a person, and the way to decide them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Protocol

from crossclaim.console.document_view import DocumentShown
from crossclaim.domain.allocation import Frozen, TraceStep
from crossclaim.domain.claim_sampling import Extrapolated
from crossclaim.domain.money import Currency
from crossclaim.security.roles import Principal


class WaitingClaim(Frozen):
    """A claim of the visitor's insurer that a check sent to an examiner."""

    id: str
    episode_id: str
    reference: str
    hospital_id: str
    reasons: list[str]
    since: datetime
    forecast_minor: int | None = None
    currency: Currency
    second: bool = False
    """Decided, and waiting for another person's word."""
    asked: int = 0
    """Documents that were asked for and are not here yet."""
    appeal: int = 0
    """The level of an open appeal; 0: none."""
    holding: str = ""
    """``taken`` or ``second_look``: what was last said of who works at it."""
    holder: str = ""
    """Whose word that was."""
    held_since: datetime | None = None

    def held_by_other(self, person: str) -> bool:
        return self.holding == "taken" and self.holder != person

    def wants_other(self, person: str) -> bool:
        """A second look is wanted, and not this person's."""
        return self.holding == "second_look" and self.holder == person


class QueueFilter(Frozen):
    """Empty members narrow nothing."""

    whose: str = ""
    """``mine``, ``free`` or nothing."""
    reason: str = ""
    kind: str = ""
    """``second``, ``asked``, ``appeal`` or nothing."""
    above_minor: int = 0
    order: str = "oldest"
    """``oldest`` or ``amount``."""

    def of(self, waiting: list[WaitingClaim], person: str) -> list[WaitingClaim]:
        """Those that fit, in their order."""
        found = [one for one in waiting if self._fits(one, person)]
        if self.order == "amount":
            found.sort(key=lambda one: -(one.forecast_minor or 0))
        return found

    def _fits(self, one: WaitingClaim, person: str) -> bool:
        mine = one.holding == "taken" and one.holder == person
        whose = {"": True, "mine": mine, "free": one.holding != "taken"}[self.whose]
        kind = {
            "": True,
            "second": one.second or one.holding == "second_look",
            "asked": one.asked > 0,
            "appeal": one.appeal > 0,
        }[self.kind]
        enough = (one.forecast_minor or 0) >= self.above_minor
        return whose and kind and enough and (not self.reason or self.reason in one.reasons)


class ClaimLine(Frozen):
    line: int
    service_date: date
    category: str
    code: str
    quantity: int
    amount_minor: int
    """Fen, as billed."""
    share_minor: int
    """Fen that the rules would have the insurer carry."""
    why: list[str] = []
    """Codes of why the rules carry less."""
    rules_minor: int | None = None
    """The same in what the insurer counts in, where one rate holds for the whole claim."""


class SaidBefore(Frozen):
    """A decision on the claim and what became of it."""

    number: str
    state: str
    """``waiting``, ``in_force`` or ``refused``."""
    by_rules: bool
    benefit_minor: int
    currency: Currency
    decided_by: str
    decided_at: datetime
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None


class ItemAsked(Frozen):
    item: int
    kind: str
    line: int | None = None
    status: str
    sha256: str = ""
    reason: str = ""
    note: str = ""


class Asked(Frozen):
    """An information request of the claim."""

    request: str
    number: str
    asked_of: str
    status: str
    asked_at: datetime
    due_at: datetime
    overdue: bool = False
    items: list[ItemAsked]


class OpenAppeal(Frozen):
    level: int
    lodged_by: str
    lodged_at: datetime
    due_at: datetime
    reason: str = ""
    lines: list[int] = []
    not_mine: bool = False
    """The visitor appealed or decided before: another person has to decide it."""


class Drawn(Frozen):
    """An automatic decision that was drawn for review."""

    claim_id: str
    episode_id: str
    benefit_minor: int
    currency: Currency
    drawn_at: datetime
    correct: bool | None = None
    right_minor: int | None = None
    reviewed_at: datetime | None = None


class Samples(Frozen):
    drawn: list[Drawn]
    estimates: list[Extrapolated]


class WaitingDecision(Frozen):
    number: str
    mine: bool = False
    """The visitor made it: another person has to confirm it."""
    benefit_minor: int
    currency: Currency
    decided_at: datetime
    lines: dict[int, int]
    """Line → minor units approved."""


class ExaminedClaim(WaitingClaim):
    state: str
    trace: list[TraceStep]
    lines: list[ClaimLine]
    decision: WaitingDecision | None = None
    """That waits for the second person."""
    said: list[SaidBefore] = []
    documents: list[DocumentShown] = []
    requests: list[Asked] = []
    open_appeal: OpenAppeal | None = None
    note: str = ""
    """Of whoever wants a second look."""

    def documents_of(self, line: int) -> list[DocumentShown]:
        """Those that prove the line, before those that are about the whole claim."""
        own = [one for one in self.documents if line in one.lines]
        return own or [one for one in self.documents if not one.lines]


class Examiner(Protocol):
    """Of one insurer's claims."""

    async def waiting(self, principal: Principal) -> list[WaitingClaim]:
        """The oldest first."""
        ...

    async def claim(self, principal: Principal, episode_id: str, claim_id: str) -> ExaminedClaim:
        """Raises ``NotFound``, for another's too."""
        ...

    async def decide(self, principal: Principal, episode_id: str, word: dict[str, Any]) -> int:
        """Status of the answer to a ``claim-decisions`` message, as at the API. Raises
        ``Refused`` with every fault."""
        ...

    async def confirm(self, principal: Principal, episode_id: str, word: dict[str, Any]) -> int:
        """Of a ``claim-confirmations`` message."""
        ...

    async def claim_file(
        self, principal: Principal, episode_id: str, claim_id: str, sha256: str
    ) -> tuple[str, bytes]:
        """Content type and content of one of the claim's documents. Raises ``NotFound``."""
        ...

    async def hold(
        self,
        principal: Principal,
        episode_id: str,
        claim_id: str,
        kind: str,
        before: str,
        note: str = "",
    ) -> None:
        """Takes the claim, gives it back, or wants a second look. ``before``: who had it when the
        page was shown. Raises ``Conflict`` where somebody else was first."""
        ...

    async def appealed(self, principal: Principal) -> list[WaitingClaim]:
        """Claims with an open appeal, the soonest due first."""
        ...

    async def samples(self, principal: Principal) -> Samples: ...

    async def names(self, principal: Principal, people: Iterable[str]) -> dict[str, str]: ...
