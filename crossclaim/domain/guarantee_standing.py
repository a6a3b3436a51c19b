"""What is due about letters of guarantee beside the first answer: questions, clocks, ends. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.guarantee_book import LIVE
from crossclaim.domain.guarantee_rows import AT_DESK, GuaranteeRequestRow
from crossclaim.domain.guarantee_rules import ends_at
from crossclaim.domain.information_standing import open_requests
from crossclaim.domain.records import EpisodeRows, GuaranteeRow

ASK, INQUIRE = "request_guarantee_change", "inquire_guarantee_change"
EXPIRE, TELL_LATE, TELL_END = "expire_guarantee", "note_late_guarantee", "tell_guarantee_end"
LATE = "GUARANTEE_ANSWER_LATE"


class GuaranteeStanding(Frozen):
    """The one step that is due; without a step only clocks run."""

    step: str = ""
    subject: str = ""
    """Id of the request, or of the letter."""
    look_again_at: datetime | None = None

    @property
    def outside(self) -> bool:
        return self.step in (ASK, INQUIRE, TELL_END)


def letters_standing(
    rows: EpisodeRows, answer_within_s: Mapping[str, float], otherwise_s: float, at: datetime
) -> GuaranteeStanding | None:
    """What is over ends first, then the insurers hear of what is new; None: nothing is open."""
    if rows.episode.closed_at is not None:
        return None
    due = sorted(_times(rows, answer_within_s, otherwise_s), key=lambda one: one[0])
    passed = [(step, subject) for when, step, subject in due if when <= at]
    for order in (EXPIRE, TELL_LATE, TELL_END, ASK, INQUIRE):
        for step, subject in passed:
            if step == order:
                return GuaranteeStanding(step=step, subject=subject)
    return GuaranteeStanding(look_again_at=due[0][0]) if due else None


def expires_at(letter: GuaranteeRow) -> datetime | None:
    """A letter that was over when it was given tells of the past: it is let go at the close."""
    if letter.state != LIVE or letter.valid_until is None or letter.answered_at is None:
        return None
    end = ends_at(letter.valid_until)
    return end if letter.answered_at < end else None


def _times(
    rows: EpisodeRows, answer_within_s: Mapping[str, float], otherwise_s: float
) -> Iterator[tuple[datetime, str, str]]:
    for letter in rows.guarantees:
        end = expires_at(letter)
        if end is not None:
            yield end, EXPIRE, letter.id
        if letter.tell_end and letter.requested_at is not None:
            yield letter.requested_at, TELL_END, letter.id
    told = {x.reference for x in rows.exceptions if x.code == LATE}
    for request in rows.guarantee_requests:
        if open_requests(rows, request.reference):
            # Its clock stands still, and an insurer that wants to see something is not chased.
            continue
        letter = rows.letter(request.guarantee_id)
        if request.state == AT_DESK and request.due_at and request.reference not in told:
            # An answer at the very moment is in time: the look is after it.
            yield request.due_at + timedelta(seconds=1), TELL_LATE, request.id
        within = answer_within_s.get(letter.insurer_id, otherwise_s)
        yield from _asked(request, within)


def _asked(request: GuaranteeRequestRow, within_s: float) -> Iterator[tuple[datetime, str, str]]:
    if request.state in ("due", "requested"):
        yield request.asked_at, ASK, request.id
    elif request.state == "queued" and request.requested_at is not None:
        yield request.requested_at + timedelta(seconds=within_s), INQUIRE, request.id


def at_desk(rows: EpisodeRows) -> str | None:
    """A letter whose first answer a person at the insurer owes."""
    return next((g.id for g in rows.guarantees if g.state == AT_DESK), None)
