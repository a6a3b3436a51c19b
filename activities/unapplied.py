"""A submission that cannot be applied: tried again while that may help, then ended for a person."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from temporalio import activity
from temporalio.exceptions import FailureError

from crossclaim.domain.errors import CrossclaimError, Final, Refused, Retryable, Unavailable

Answer = TypeVar("Answer")

TRIES = 5
"""After so many failures for the same inner reason another try will not help."""
NOT_APPLIED = {
    "code": "SUBMISSION_NOT_APPLIED",
    "detail": "the submission could not be applied; a person must look",
}


def applied_or_given_up(
    apply: Callable[[], Answer], give_up: Callable[[Exception], Answer]
) -> Answer:
    """What ``apply`` answers; ``give_up`` once no other try will help. Everything that another try
    may put right is raised as it is, and the engine calls the step again."""
    try:
        return apply()
    except (Unavailable, Retryable, OSError, FailureError):
        raise
    except Exception as error:
        settled = isinstance(error, (Refused, Final))
        if not settled and activity.info().attempt < TRIES:
            raise
        return give_up(error)


def code_of(submission_id: str, error: Exception) -> str:
    """The code that staff are told, and the line in the log; never the error's own words."""
    code = error.code if isinstance(error, CrossclaimError) else type(error).__name__
    activity.logger.error("submission %s cannot be applied: %s", submission_id, code)
    return code
