"""What people order about an episode as a whole: hold it, let it go on, cancel it, skip a step."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime

from crossclaim.domain.submission_kind import SubmissionKind as SubmissionKind
from crossclaim.domain.wire_shape import Code, Text, Wire


class HoldReason(StrEnum):
    """Why an episode is held. The words beside it are sealed; the code is told to its parties."""

    INPUT_WRONG = "input_wrong"
    ANSWER_AWAITED = "answer_awaited"
    DISPUTE = "dispute"
    PATIENT_ASKS = "patient_asks"
    CHECK = "check"


class CancelReason(StrEnum):
    """Why an episode is cancelled."""

    BILLED_WRONGLY = "billed_wrongly"
    DUPLICATE = "duplicate"
    CARE_NOT_GIVEN = "care_not_given"
    PATIENT_ASKS = "patient_asks"


class SkipReason(StrEnum):
    """Why a step is not taken."""

    NOT_NEEDED = "not_needed"
    DONE_ELSEWHERE = "done_elsewhere"
    PARTY_GONE = "party_gone"


class HoldSubmission(Wire):
    """``POST /v1/episodes/{id}/holds``. Business key: episode + number."""

    number: Code
    """The sender's number of this hold."""
    reason: HoldReason
    note: Text
    """In words, for whoever releases it."""
    until: AwareDatetime | None = None
    """When it ends by itself, or somebody is reminded; without it, it stands until released."""
    at_end: Literal["release", "remind"] = "remind"
    asked_at: AwareDatetime


class ReleaseSubmission(Wire):
    """``POST /v1/episodes/{id}/releases``. Business key: the hold's."""

    hold: Code
    """Number of the hold."""
    note: Text
    asked_at: AwareDatetime


class EpisodeCancellation(Wire):
    """``POST /v1/episodes/{id}/cancellations``. Business key: episode + number."""

    number: Code
    """The sender's number of this order."""
    effect: Code
    """Of the preview that was read (``GET …/cancellation``): nothing else is done."""
    reason: CancelReason
    note: Text
    asked_at: AwareDatetime


class SkipSubmission(Wire):
    """``POST /v1/episodes/{id}/skips``. Business key: episode + number."""

    number: Code
    """The sender's number of this proposal."""
    step: Code
    subject: Code
    """Both as ``GET …/repairs`` lists them."""
    reason: SkipReason
    note: Text
    asked_at: AwareDatetime


class SkipDecision(Wire):
    """``POST /v1/episodes/{id}/skip-decisions``. Business key: the proposal's + ``decision``."""

    number: Code
    approved: bool
    note: Text
    decided_at: AwareDatetime


class StaffReason(Wire):
    """``POST /v1/episodes/{id}/retries`` and ``…/resets``: nothing but why."""

    reason: Text


AboutRepair = (
    HoldSubmission | ReleaseSubmission | EpisodeCancellation | SkipSubmission | SkipDecision
)

BY_STAFF = frozenset(
    {
        SubmissionKind.HOLD,
        SubmissionKind.RELEASE,
        SubmissionKind.EPISODE_CANCELLATION,
        SubmissionKind.SKIP,
        SubmissionKind.SKIP_DECISION,
    }
)
"""Kinds that staff of the platform send about an episode of which it is no party."""


def repair_key(episode_id: str, submission: AboutRepair) -> str:
    """The business key."""
    match submission:
        case HoldSubmission():
            return f"{episode_id}/hold/{submission.number}"
        case ReleaseSubmission():
            return f"{episode_id}/hold/{submission.hold}/release"
        case EpisodeCancellation():
            return f"{episode_id}/episode-cancellation/{submission.number}"
        case SkipSubmission():
            return f"{episode_id}/skip/{submission.number}"
        case SkipDecision():
            return f"{episode_id}/skip/{submission.number}/decision"
