"""Where open information requests stand: what their claims wait for, and what is due. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.information_about import UNDECIDED, still_awaited
from crossclaim.domain.information_rows import OPEN, InformationRequestRow
from crossclaim.domain.payout_clock import Pause
from crossclaim.domain.records import ClaimRow, EpisodeRows

AWAITS_INFORMATION = "awaits_information"


class InformationStanding(Frozen):
    """``due``: the request whose reminder, escalation or end is due; ``until``: the next one's."""

    due: str = ""
    until: datetime | None = None


def open_requests(rows: EpisodeRows, about: str = "") -> list[InformationRequestRow]:
    """Those that wait for documents, about one claim or letter or about all."""
    return [
        one
        for one in rows.information_requests
        if one.state == OPEN and (not about or about in (one.claim_id, one.guarantee))
    ]


def awaits_information(rows: EpisodeRows, claim: ClaimRow) -> bool:
    """The claim is not decided, nor its insurer chased, while documents are owed to it."""
    decidable = claim.decides == "here" or claim.state in ("queued", "pended")
    return decidable and claim.state in UNDECIDED and bool(open_requests(rows, claim.id))


def pauses_of(rows: EpisodeRows, about: str) -> list[Pause]:
    """The stretches in which the clock of a claim, or of a question about a letter, stands still;
    those that overlap are one."""
    found: list[Pause] = []
    asked = (r for r in rows.information_requests if about in (r.claim_id, r.guarantee))
    for one in sorted(asked, key=lambda r: r.asked_at):
        last = found[-1] if found else None
        if last is not None and (last.until is None or one.asked_at <= last.until):
            ends = [last.until, one.closed_at]
            until = None if None in ends else max(t for t in ends if t is not None)
            found[-1] = last.model_copy(update={"until": until})
        else:
            found.append(Pause(cause=AWAITS_INFORMATION, since=one.asked_at, until=one.closed_at))
    return found


def stood_still(rows: EpisodeRows, claim_id: str, since: datetime) -> timedelta:
    """For how long the clock has stood still since a moment, by the pauses that are over."""
    spans = ((max(p.since, since), p.until) for p in pauses_of(rows, claim_id))
    return sum(
        (until - begun for begun, until in spans if until is not None and until > begun),
        timedelta(),
    )


def information_standing(rows: EpisodeRows, at: datetime) -> InformationStanding | None:
    """None: nobody is asked for anything."""
    requests = open_requests(rows)
    if not requests:
        return None
    times: list[datetime] = []
    for one in requests:
        if not still_awaited(rows, one):
            return InformationStanding(due=one.id)
        for moment in _moments(one):
            if moment <= at:
                return InformationStanding(due=one.id)
            times.append(moment)
    return InformationStanding(until=min(times, default=None))


def information_wait(rows: EpisodeRows) -> str:
    """Code of the wait, by who is asked; empty: for nobody."""
    requests = open_requests(rows)
    return _wait_for(requests)


def letter_wait(rows: EpisodeRows, found: Mapping[str, object]) -> str:
    """Code of the wait for an insurer's letter of guarantee, or for what it wants to see first."""
    asked = [one for one in open_requests(rows) if one.guarantee is not None]
    return _wait_for(asked) or ("INSURER_GUARANTEE" if found.get("guarantee_waiting") else "")


def _wait_for(requests: list[InformationRequestRow]) -> str:
    return f"{requests[0].asked_of.upper()}_DOCUMENTS" if requests else ""


def asking_insurer(rows: EpisodeRows, found: Mapping[str, object]) -> str | None:
    """The insurer whose request is waited for, where no letter of guarantee is."""
    requests = open_requests(rows)
    if found.get("guarantee_waiting"):
        requests = [one for one in requests if one.guarantee is not None]
    return requests[0].organisation_id if requests else None


def _moments(request: InformationRequestRow) -> Iterator[datetime]:
    """What is still to come of it: the reminders, then the word that it is overdue."""
    yield from request.remind_at[request.reminded :]
    if request.overdue_at is None:
        yield request.due_at
