"""What a person is told when the demonstration does not come out as it should."""

from __future__ import annotations

from crossclaim.domain.errors import CrossclaimError


class DemoFailed(CrossclaimError):
    """``detail`` is one sentence."""

    code = "DEMO_FAILED"


class DemoStopped(CrossclaimError):
    """Somebody asked to stop while the demonstration ran."""

    code = "DEMO_STOPPED"
