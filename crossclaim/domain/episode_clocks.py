"""Every clock of an episode with its due time, who has to act, and how it stands. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from enum import StrEnum

from crossclaim.domain.allocation import Frozen, Sentence
from crossclaim.domain.guarantee_rows import AT_DESK
from crossclaim.domain.payout_clock import ClockState
from crossclaim.domain.plan import Plan
from crossclaim.domain.records import EpisodeRows
from crossclaim.domain.standing_clock import clock_of
from crossclaim.domain.stay import REGION_ZONE
from crossclaim.domain.story_phrase import filled

PATIENT, PROVIDER = "patient", "provider"


class ClockKind(StrEnum):
    PAYOUT = "payout"
    """Three days from the approval to the patient's account."""
    GUARANTEE_EXPIRY = "guarantee_expiry"
    GUARANTEE_ANSWER = "guarantee_answer"
    """A person at the insurer has to answer about a letter."""
    VOUCHER_CONFIRMATION = "voucher_confirmation"
    INFORMATION = "information"
    APPEAL = "appeal"
    SUSPENSION = "suspension"
    """A claim stands still until a new consent, or ends."""
    BANK_FENCE = "bank_fence"
    """Until then a bank may still execute an order of unknown outcome."""


class Clock(Frozen):
    """``due_at`` is None while it stands still. ``owed_by``: an organisation, ``patient``,
    ``hospital`` or ``provider``."""

    kind: ClockKind
    about: str
    """The reference or number that people know the thing by."""
    owed_by: str
    state: ClockState
    due_at: datetime | None
    since: datetime | None = None

    @property
    def runs(self) -> bool:
        """Somebody is still awaited: in time, standing still, or late."""
        return self.state in (ClockState.RUNNING, ClockState.PAUSED, ClockState.BREACHED)


def clocks_of(rows: EpisodeRows, payout_plan: Plan | None, now: datetime) -> list[Clock]:
    """Those that still run first, the nearest due time before the later ones."""
    found = [
        *_payouts(rows, payout_plan, now),
        *_letters(rows, now),
        *_letter_answers(rows, now),
        *_vouchers(rows, now),
        *_information(rows, now),
        *_appeals(rows, now),
        *_suspensions(rows, now),
        *_fences(rows, now),
    ]
    far = now + timedelta(days=36_500)
    return sorted(found, key=lambda one: (not one.runs, one.due_at or far, one.about))


def _payouts(rows: EpisodeRows, plan: Plan | None, now: datetime) -> Iterator[Clock]:
    for claim in rows.claims:
        clock = clock_of(rows, claim, plan, now)
        if clock is None:
            continue
        payouts = [p for p in rows.payouts if p.claim_id == claim.id]
        state = clock.state
        last = payouts[-1] if payouts else None
        if state is ClockState.BREACHED and last is not None and last.state == "credited":
            # Late, and over: nobody is awaited any more.
            state = ClockState.MET
        yield Clock(
            kind=ClockKind.PAYOUT,
            about=claim.reference,
            owed_by=claim.organisation_id or "",
            state=state,
            due_at=clock.due_at,
            since=claim.decided_at,
        )


def _letters(rows: EpisodeRows, now: datetime) -> Iterator[Clock]:
    """A letter covers through its last day in the region."""
    for letter in rows.guarantees:
        last = letter.ended_on or letter.valid_until
        if letter.state != "granted" or last is None:
            continue
        ends = datetime.combine(last, time.min, REGION_ZONE) + timedelta(days=1)
        yield Clock(
            kind=ClockKind.GUARANTEE_EXPIRY,
            about=letter.number or letter.reference,
            owed_by="hospital",
            state=_state(ends, None, now),
            due_at=ends,
            since=letter.answered_at,
        )


def _letter_answers(rows: EpisodeRows, now: datetime) -> Iterator[Clock]:
    insurers = {letter.id: letter.insurer_id for letter in rows.guarantees}
    for asked in rows.guarantee_requests:
        if asked.due_at is None or (asked.answered_at is None and asked.state != AT_DESK):
            continue
        yield Clock(
            kind=ClockKind.GUARANTEE_ANSWER,
            about=asked.reference,
            owed_by=insurers.get(asked.guarantee_id, ""),
            state=_state(asked.due_at, asked.answered_at, now),
            due_at=asked.due_at,
            since=asked.asked_at,
        )


def _vouchers(rows: EpisodeRows, now: datetime) -> Iterator[Clock]:
    about = {claim.id: claim.reference for claim in rows.claims}
    for stage in rows.voucher_stages:
        yield Clock(
            kind=ClockKind.VOUCHER_CONFIRMATION,
            about=about.get(stage.claim_id, stage.claim_id),
            owed_by=PROVIDER,
            state=_state(stage.lapse_at, stage.confirmed_at, now),
            due_at=stage.lapse_at,
            since=stage.entered_at,
        )


def _information(rows: EpisodeRows, now: datetime) -> Iterator[Clock]:
    for asked in rows.information_requests:
        yield Clock(
            kind=ClockKind.INFORMATION,
            about=asked.number,
            owed_by=asked.asked_of,
            state=_state(asked.due_at, asked.closed_at, now),
            due_at=asked.due_at,
            since=asked.asked_at,
        )


def _appeals(rows: EpisodeRows, now: datetime) -> Iterator[Clock]:
    insurers = {claim.id: claim.organisation_id or "" for claim in rows.claims}
    for appeal in rows.appeals:
        yield Clock(
            kind=ClockKind.APPEAL,
            about=appeal.number,
            owed_by=insurers.get(appeal.claim_id, ""),
            state=_state(appeal.due_at, appeal.decided_at, now),
            due_at=appeal.due_at,
            since=appeal.lodged_at,
        )


def _suspensions(rows: EpisodeRows, now: datetime) -> Iterator[Clock]:
    about = {claim.id: claim.reference for claim in rows.claims}
    for one in rows.withdrawals:
        if one.state != "suspended" or one.suspended_until is None:
            continue
        yield Clock(
            kind=ClockKind.SUSPENSION,
            about=about.get(one.claim_id or "", one.organisation_id),
            owed_by=PATIENT,
            state=_state(one.suspended_until, None, now),
            due_at=one.suspended_until,
            since=one.withdrawn_at,
        )


def _fences(rows: EpisodeRows, now: datetime) -> Iterator[Clock]:
    for payout in rows.payouts:
        if payout.state == "unknown" and payout.fence_at is not None:
            yield Clock(
                kind=ClockKind.BANK_FENCE,
                about=payout.reference,
                owed_by=payout.bank,
                state=_state(payout.fence_at, None, now),
                due_at=payout.fence_at,
                since=payout.sent_at,
            )


def _state(due: datetime, done: datetime | None, now: datetime) -> ClockState:
    """What is over is met, late or not: nobody is awaited any more."""
    if done is not None and done <= now:
        return ClockState.MET
    return ClockState.BREACHED if now > due else ClockState.RUNNING


_UNITS = (
    (86_400, ("{n} d", "{n}天", "{n}天")),
    (3_600, ("{n} h", "{n}小時", "{n}小时")),
    (60, ("{n} min", "{n}分鐘", "{n}分钟")),
)


def how_long(span: timedelta) -> Sentence:
    """Rounded down to its largest unit; from two days on in days."""
    seconds = int(abs(span).total_seconds())
    for unit, words in _UNITS:
        least = 2 * unit if unit == 86_400 else unit
        if seconds >= least:
            return filled(words, n=seconds // unit)
    return filled(("less than 1 min", "不足1分鐘", "不足1分钟"))


def relative(due: datetime, now: datetime) -> Sentence:
    """``in 5 h``, or ``overdue by 2 d``."""
    late = now > due
    words = ("overdue by {span}", "已逾期{span}", "已逾期{span}") if late else _AHEAD
    return filled(words, span=how_long(due - now))


_AHEAD = ("in {span}", "{span}後", "{span}后")
