"""The part of a transaction that is about information requests."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from crossclaim.domain.information_request import Timetable
from crossclaim.domain.information_rows import InformationItemRow
from crossclaim.domain.information_submission import InformationWanted


class InformationTransaction(Protocol):
    """Reads and writes of what an insurer still wants to see of a claim."""

    def add_information_request(
        self,
        request_id: str,
        episode_id: str,
        claim_id: str | None,
        insurer: str,
        wanted: InformationWanted,
        times: Timetable,
        at: datetime,
        *,
        guarantee: str | None = None,
    ) -> None: ...

    def change_information_request(self, request_id: str, **fields: object) -> None: ...

    def close_information_request(self, request_id: str, state: str, at: datetime) -> None:
        """Nothing more is awaited for it; what was still wanted is dropped."""
        ...

    def answer_item(self, answered: InformationItemRow, answered_by: str) -> None: ...

    def note_information(
        self,
        episode_id: str,
        request_id: str,
        kind: str,
        at: datetime,
        due_at: datetime | None = None,
    ) -> None:
        """For the story: ``reminded``, ``overdue``, ``extended``, ``withdrawn``, ``ended``,
        ``decided_without`` or ``answered``."""
        ...
