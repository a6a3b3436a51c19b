"""What stops a back-test: a figure over half of the claims would mislead."""

from __future__ import annotations

from crossclaim.domain.errors import CrossclaimError


class ClaimsRefused(CrossclaimError):
    """A claims file that cannot be read whole; says file, line, member and reason."""

    status = 422
    code = "CLAIMS_REFUSED"
