"""The tree of errors that cross a border.

CrossclaimError                      a sentence for people, a stable code, an HTTP status
├── Refused                          the submission is wrong: carries every fault at once (422)
├── Conflict                         same business key, other content (409)
├── PreconditionFailed               it was changed meanwhile (412)
├── NotFound                         unknown, or another organisation's: never told apart (404)
├── NotAllowed                       no or wrong credentials (401), or a role too small (403)
├── Unavailable                      an engine of ours is down; try again (503)
└── GatewayError                     an outside party
    ├── Retryable                    it did not take the request; asking again is safe
    ├── Final                        it took the request and refused it for good
    └── OutcomeUnknown               it may or may not have acted: ask, never repeat blindly

Texts are built from codes and ids and never hold personal data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crossclaim.domain.allocation import Alternative, Fault


class CrossclaimError(Exception):
    """Base of all: ``code`` is stable, ``status`` is the HTTP status an API answer gets."""

    status = 500
    code = "INTERNAL"

    def __init__(self, detail: str, *, code: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        if code is not None:
            self.code = code


class Refused(CrossclaimError):
    status = 422
    code = "SUBMISSION_REFUSED"

    def __init__(
        self,
        detail: str,
        faults: list[Fault],
        *,
        code: str | None = None,
        alternatives: list[Alternative] | None = None,
    ) -> None:
        super().__init__(detail, code=code)
        self.faults = faults
        self.alternatives = alternatives or []
        """What would be legal instead of a refused bill, cheapest for the patient first."""


class Conflict(CrossclaimError):
    status = 409
    code = "SUBMISSION_DIFFERS"

    def __init__(self, detail: str, differences: list[str] | None = None) -> None:
        super().__init__(detail)
        self.differences = differences or []


class KeyReused(CrossclaimError):
    status = 422
    code = "IDEMPOTENCY_KEY_REUSED"


class InProgress(CrossclaimError):
    status = 409
    code = "SUBMISSION_IN_PROGRESS"


class PreconditionFailed(CrossclaimError):
    """``If-Match`` names another version than the one there is."""

    status = 412
    code = "PRECONDITION_FAILED"


class NotFound(CrossclaimError):
    status = 404
    code = "NOT_FOUND"


class NotAuthenticated(CrossclaimError):
    status = 401
    code = "NOT_AUTHENTICATED"


class NotAllowed(CrossclaimError):
    status = 403
    code = "NOT_ALLOWED"


class Unavailable(CrossclaimError):
    status = 503
    code = "UNAVAILABLE"


class GatewayError(CrossclaimError):
    """What went wrong with an outside party; ``code`` is the party's own or ours."""

    status = 502
    code = "GATEWAY"
    document = ""
    """What was said, where it cannot be true or cannot be read: evidence, kept and never logged."""


class Retryable(GatewayError):
    code = "GATEWAY_RETRYABLE"

    def __init__(
        self, detail: str, *, code: str | None = None, retry_after_s: float | None = None
    ) -> None:
        super().__init__(detail, code=code)
        self.retry_after_s = retry_after_s


class Final(GatewayError):
    code = "GATEWAY_FINAL"

    def __init__(
        self, detail: str, *, code: str | None = None, answer: dict[str, str] | None = None
    ) -> None:
        super().__init__(detail, code=code)
        self.answer = answer or {}


class OutcomeUnknown(GatewayError):
    code = "GATEWAY_OUTCOME_UNKNOWN"
