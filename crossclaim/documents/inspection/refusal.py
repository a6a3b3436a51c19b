"""Why a file is not taken: one stable code each, whose sentence the API tells."""

from __future__ import annotations

from enum import StrEnum

from crossclaim.domain.errors import CrossclaimError


class Why(StrEnum):
    """The code of a refusal."""

    CONTENT = "DOCUMENT_CONTENT"
    """Other bytes than the stated type has."""
    DAMAGED = "DOCUMENT_DAMAGED"
    """It cannot be read to its end, so nobody knows what is in it."""
    LOCKED = "DOCUMENT_LOCKED"
    MALWARE = "DOCUMENT_MALWARE"
    ACTIVE = "DOCUMENT_ACTIVE"
    """It would run, open or carry something else."""
    BOMB = "DOCUMENT_BOMB"
    """Unpacked it is far larger than it looks."""


class NotTaken(CrossclaimError):
    """The file is refused and nothing of it is kept; its text names no content."""

    status = 422

    def __init__(self, why: Why) -> None:
        super().__init__(why.value, code=why.value)
        self.why = why
