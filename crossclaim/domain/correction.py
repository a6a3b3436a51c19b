"""What a new version of a bill says that it corrects."""

from __future__ import annotations

from enum import StrEnum

from crossclaim.domain.wire_shape import Text, Wire


class CorrectionKind(StrEnum):
    """A version that takes the place of a final one. A void takes it back and has its own order."""

    REPLACE = "replace"
    """Any charge may change."""
    LATE_CHARGE = "late_charge"
    """Lines are added, no other changes."""
    CANCEL_ITEM = "cancel_item"
    """Lines are taken off or made smaller, none is added."""


class Correction(Wire):
    """What a version changes of the final one before it, under the number that it keeps."""

    kind: CorrectionKind
    of_version: int
    reason: Text
