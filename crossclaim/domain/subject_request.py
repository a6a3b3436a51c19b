"""What a person asks about his own data: a copy of all, or its erasure."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any, Literal

from pydantic import AwareDatetime

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.submission import Code, IdentityDocument, Wire

EXPORT_SCHEMA = "crossclaim-subject-export/1"
CERTIFICATE_SCHEMA = "crossclaim-erasure-certificate/1"


class SubjectKind(StrEnum):
    ACCESS = "access"
    ERASURE = "erasure"


class SubjectState(StrEnum):
    ASKED = "asked"
    CONFIRMED = "confirmed"
    READY = "ready"
    """The export lies there, to be fetched once."""
    NOBODY = "nobody"
    """Nothing is held about this document."""
    WAITING = "waiting"
    """Something of the person is not over yet."""
    STORAGE_ONLY = "storage_only"
    """A rule keeps it; it is used for nothing else."""
    ERASED = "erased"
    EXPIRED = "expired"


class SubjectRequest(Wire):
    """``POST /v1/subject-requests``: one key asks, and for an erasure another confirms."""

    kind: Literal["access", "erasure"]
    document: IdentityDocument
    identity_seen: Code
    """Kind of the paper by which whoever asks was known to be this person."""
    identity_seen_at: AwareDatetime


JUDGED_AT_ONCE = 500
"""Keys of one round: they travel in one message. Whoever is left is of the next day's."""


class Judged(Frozen):
    """A data key that may be destroyed, and whose request says so."""

    scope: str
    request_id: str


class Erased(Frozen):
    """What a batch came to; the certificate names scopes and keys, never persons."""

    batch_id: str
    scopes: tuple[str, ...]
    rewrapped: int
    certificate: dict[str, Any]
    signature: str


class DueRecord(Frozen):
    """Records that no rule keeps any more. A person decides; nothing goes by itself."""

    scope: str
    rule: str
    due_on: date
