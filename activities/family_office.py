"""What the steps need of the city's medical insurance office; calls block."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from crossclaim.domain.family_office import BindingOrder, EndOrder, OfficeAnswer


class FamilyOffice(Protocol):
    """Each call may raise ``Retryable``, ``Final`` or ``OutcomeUnknown``, as all ports do."""

    def apply(self, order: BindingOrder) -> OfficeAnswer: ...

    def find(self, reference: str, at: datetime) -> OfficeAnswer:
        """Where the application under our reference stands, ``not_found`` too."""
        ...

    def end(self, order: EndOrder) -> OfficeAnswer:
        """The people have ended it. ``not_found``: the office has never had it."""
        ...

    def read_callback(self, text: str) -> OfficeAnswer:
        """Reads what the office sent of itself. Raises ``Final`` when it makes no sense."""
        ...
