"""What the API needs to give a patient a way to his own pages."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.patient_bearer import Bearer
from crossclaim.security.roles import Principal


class NewPatientLink(Frozen):
    """Told once: whoever has it and knows one thing of the person comes in with it, once."""

    url: str
    qr_svg: str
    """The same as a picture to print."""
    bearer: Bearer
    expires_at: datetime


class PatientLinks(Protocol):
    """Links to a patient's own pages."""

    async def make(self, principal: Principal, episode_id: str, bearer: Bearer) -> NewPatientLink:
        """A new one ends the one before, and the sessions that began by it.

        Raises ``NotFound``, for another's episode too, and ``Refused`` where nobody is there whom
        it could be for.
        """
        ...
