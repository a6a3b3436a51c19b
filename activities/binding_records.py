"""The door to our own rows of family bindings and codes: one transaction, as the steps need it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol

from crossclaim.domain.family_binding import BindingRow
from crossclaim.domain.family_submission import FamilyBindingSubmission, FamilyCodeLinkSubmission
from crossclaim.domain.records import StoredSubmission


class CodeLinkRow(Protocol):
    """A family code link as far as its steps look at it."""

    @property
    def linked_at(self) -> datetime: ...

    @property
    def ended_at(self) -> datetime | None: ...


class BindingTransaction(Protocol):
    """Reads and writes of one step; ``at`` is business time, from the workflow."""

    def submission(self, submission_id: str) -> StoredSubmission:
        """Locks and opens it."""
        ...

    def finish_submission(self, submission_id: str, outcome: dict[str, Any]) -> bool:
        """Stores the outcome once, for ever; False when the submission has one already."""
        ...

    def lock_binding(self, binding_id: str) -> BindingRow | None:
        """Locks it for this transaction; None: not opened yet."""
        ...

    def open_binding(
        self,
        binding_id: str,
        organisation: str,
        submission: FamilyBindingSubmission,
        at: datetime,
        **judged: object,
    ) -> bool:
        """False, and nothing is written, when these two have a live binding already."""
        ...

    def binding_content(self, binding_id: str) -> FamilyBindingSubmission: ...
    def change_binding(self, binding_id: str, **fields: object) -> None:
        """Sets columns and raises the revision; every step that changes anything ends with it."""
        ...

    def note_state(
        self, binding_id: str, state: str, event: str, reason: str, at: datetime
    ) -> None: ...

    def is_refused(self, binding_id: str, organisation: str) -> bool:
        """Whether this organisation applied for it and the office refused it."""
        ...

    def open_binding_attempt(self, binding_id: str, operation: str, at: datetime) -> int: ...
    def close_binding_attempt(
        self, binding_id: str, operation: str, attempt: int, outcome: str, code: str = ""
    ) -> None: ...
    def open_binding_exception(
        self, binding_id: str, code: str, reference: str, details: dict[str, str], at: datetime
    ) -> None: ...
    def resolve_binding_exceptions(
        self, binding_id: str, codes: list[str], at: datetime
    ) -> None: ...

    def lock_code_link(self, link_id: str) -> CodeLinkRow | None: ...
    def open_code_link(
        self, link_id: str, organisation: str, submission: FamilyCodeLinkSubmission
    ) -> bool:
        """False when this code is shown already."""
        ...

    def end_code_link(self, link_id: str, ended_at: datetime) -> None: ...


class BindingRecords(Protocol):
    """Opens transactions on our database as the worker's role."""

    def transaction(self) -> AbstractContextManager[BindingTransaction]: ...
