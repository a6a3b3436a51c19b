"""A family binding (家庭共济): its states, what moves it, and what is due next. Pure.

applied → under_review → bound | refused;  applied, under_review and bound → unbound.
Refused and unbound are for ever: who was refused applies anew. Whatever comes early, late, twice or
after the end moves nothing; what contradicts the past becomes an exception, and moves nothing.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.family_office import OfficeAnswer, OfficeState
from crossclaim.domain.stay import local_day

REFERENCE_LENGTH = 28


class BindingState(StrEnum):
    APPLIED = "applied"
    UNDER_REVIEW = "under_review"
    BOUND = "bound"
    REFUSED = "refused"
    UNBOUND = "unbound"


LIVE = (BindingState.APPLIED, BindingState.UNDER_REVIEW, BindingState.BOUND)


class BindingEvent(StrEnum):
    """What can happen to a binding after it was applied for."""

    APPLIED = "applied"
    TAKEN = "taken"
    APPROVED = "approved"
    REFUSED = "refused"
    ENDED_THERE = "ended_there"
    UNBIND_ASKED = "unbind_asked"


_PENDING = (BindingState.APPLIED, BindingState.UNDER_REVIEW)
_MOVES: dict[tuple[BindingState, BindingEvent], BindingState] = {
    (BindingState.APPLIED, BindingEvent.TAKEN): BindingState.UNDER_REVIEW,
    **{(state, BindingEvent.APPROVED): BindingState.BOUND for state in _PENDING},
    **{(state, BindingEvent.REFUSED): BindingState.REFUSED for state in _PENDING},
    **{(state, BindingEvent.ENDED_THERE): BindingState.UNBOUND for state in LIVE},
    **{(state, BindingEvent.UNBIND_ASKED): BindingState.UNBOUND for state in LIVE},
}
_EVENT_OF: dict[OfficeState, BindingEvent] = {
    OfficeState.UNDER_REVIEW: BindingEvent.TAKEN,
    OfficeState.APPROVED: BindingEvent.APPROVED,
    OfficeState.REFUSED: BindingEvent.REFUSED,
    OfficeState.ENDED: BindingEvent.ENDED_THERE,
}

CONTRADICTS = "OFFICE_CONTRADICTS_ITSELF"
AFTER_UNBINDING = "DECIDED_AFTER_UNBINDING"
NOT_USABLE = "ANSWER_NOT_USABLE"
LOST_THERE = "APPLICATION_NOT_FOUND_THERE"


class BindingRow(Frozen):
    """A binding as it is stored, without what is sealed."""

    id: str
    organisation_id: str
    number: str
    channel: str
    relation: str
    state: BindingState
    revision: int
    reference: str
    applied_at: datetime
    plan: str = ""
    plan_version: str = ""
    judged_on: date | None = None
    replaces: str | None = None
    office_number: str = ""
    sent_at: datetime | None = None
    asked_at: datetime | None = None
    inquiries: int = 0
    decided_on: date | None = None
    bound_on: date | None = None
    reason: str = ""
    ended_on: date | None = None
    ended_by: str = ""
    office_told_at: datetime | None = None

    def holds(self, on: date) -> bool:
        """Whether a bill of that day may spend the account."""
        begun = self.bound_on is not None and self.bound_on <= on
        return begun and (self.ended_on is None or on < self.ended_on)


class Change(Frozen):
    """What an event makes of a row: the new state if there is one, columns, an exception's code."""

    event: BindingEvent
    state: BindingState | None = None
    columns: dict[str, object] = {}
    exception: str = ""

    @property
    def nothing(self) -> bool:
        return self.state is None and not self.columns and not self.exception


def reference_of(binding_id: str) -> str:
    """``fb_01K…`` → ``FB01K…``: what the office knows it by, for ever."""
    return binding_id.replace("_", "").upper()


def binding_of(reference: str) -> str:
    """The way back; of something that is no reference of ours, an id that nothing has."""
    return f"fb_{reference[2:]}" if len(reference) == REFERENCE_LENGTH else "fb_"


def moved(state: BindingState, event: BindingEvent) -> BindingState | None:
    """The state that an event leads to; None when it moves nothing."""
    return _MOVES.get((state, event))


def unbind_asked(row: BindingRow, at: datetime) -> Change:
    """Either of the two ends it: it holds no more from this day on, whatever the office says."""
    to = moved(row.state, BindingEvent.UNBIND_ASKED)
    if to is None:
        return Change(event=BindingEvent.UNBIND_ASKED)
    columns = {"ended_on": local_day(at), "ended_by": "people", "asked_at": None}
    return Change(event=BindingEvent.UNBIND_ASKED, state=to, columns=columns)


def office_said(row: BindingRow, answer: OfficeAnswer, at: datetime) -> Change:
    """What the office's word makes of the row, however late or often it comes."""
    event = _EVENT_OF.get(answer.state)
    if event is None:
        return Change(event=BindingEvent.TAKEN, exception=LOST_THERE)
    if not _possible(row, answer, at):
        return Change(event=event, exception=NOT_USABLE)
    number: dict[str, object] = (
        {"office_number": answer.number} if answer.number and not row.office_number else {}
    )
    to = moved(row.state, event)
    if to is None:
        return _late(row, answer, event, number)
    columns: dict[str, object] = {**number, "asked_at": at}
    if event is BindingEvent.APPROVED:
        columns |= {"decided_on": answer.decided_on, "bound_on": answer.decided_on}
    elif event is BindingEvent.REFUSED:
        columns |= {"decided_on": answer.decided_on, "reason": answer.reason}
    elif event is BindingEvent.ENDED_THERE:
        columns |= {"ended_on": answer.ended_on, "ended_by": "office", "office_told_at": at}
    return Change(event=event, state=to, columns=columns)


def _possible(row: BindingRow, answer: OfficeAnswer, at: datetime) -> bool:
    """An approval, a refusal or an end has a day between the application and now."""
    day = {
        OfficeState.APPROVED: answer.decided_on,
        OfficeState.REFUSED: answer.decided_on,
        OfficeState.ENDED: answer.ended_on,
    }.get(answer.state, local_day(at))
    # The office's midnight may be a little before ours.
    return day is not None and local_day(row.applied_at) <= day <= local_day(at) + timedelta(days=1)


def _late(
    row: BindingRow, answer: OfficeAnswer, event: BindingEvent, number: dict[str, object]
) -> Change:
    """The same word again says nothing new; another word than the first is an exception."""
    approved, refused = event is BindingEvent.APPROVED, event is BindingEvent.REFUSED
    if row.state is BindingState.UNBOUND and approved and row.bound_on is None:
        # It does not know that the two have ended it: it is told, even if it was told before.
        again: dict[str, object] = {**number, "office_told_at": None, "asked_at": None}
        return Change(event=event, columns=again, exception=AFTER_UNBINDING)
    contradicts = (
        (approved and row.state is BindingState.REFUSED)
        or (approved and row.bound_on is not None and answer.decided_on != row.bound_on)
        or (refused and row.bound_on is not None)
        or (refused and row.state is BindingState.REFUSED and answer.reason != row.reason)
    )
    return Change(event=event, columns=number, exception=CONTRADICTS if contradicts else "")


class BindingHabits(Frozen):
    """How often the office is asked, in seconds."""

    ask_every_s: float = 259_200
    recheck_every_s: float = 31_536_000
    """Of a binding in force: whether the office has ended it; 0 is never."""
    settle_after_s: float = 86_400
    """After so long a request that the office does not know will never reach it any more."""


class BindingStanding(Frozen):
    """What is due next; the workflow only ever branches on this recorded answer."""

    revision: int = 0
    opened: bool = False
    state: str = ""
    send_due: bool = False
    ask_due: bool = False
    tell_due: bool = False
    look_again_at: datetime | None = None
    closed: bool = False
    waiting_for: str = ""


def standing_of_binding(row: BindingRow, habits: BindingHabits, at: datetime) -> BindingStanding:
    """The standing at business time ``at``."""
    known = BindingStanding(revision=row.revision, opened=True, state=row.state.value)
    state, due = row.state, "ask_due"
    if state is BindingState.REFUSED:
        return known.model_copy(update={"closed": True})
    if state is BindingState.APPLIED:
        due, waits, every_s = "send_due", "OFFICE_RECEIPT", habits.ask_every_s
    elif state is BindingState.UNDER_REVIEW:
        waits, every_s = "OFFICE_REVIEW", habits.ask_every_s
    elif state is BindingState.BOUND:
        waits, every_s = "END_OF_SHARING", habits.recheck_every_s
        if not every_s:
            return known.model_copy(update={"waiting_for": waits})
    else:
        if row.sent_at is None or row.office_told_at is not None:
            return known.model_copy(update={"closed": True})
        due, waits, every_s = "tell_due", "OFFICE_END", habits.settle_after_s
    known = known.model_copy(update={"waiting_for": waits})
    next_at = row.asked_at + timedelta(seconds=every_s) if row.asked_at else at
    if next_at <= at:
        return known.model_copy(update={due: True})
    return known.model_copy(update={"look_again_at": next_at})
