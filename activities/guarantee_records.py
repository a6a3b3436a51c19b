"""What one transaction about an episode reads and writes of letters of guarantee alone."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from crossclaim.domain.guarantee_rows import GuaranteeRequestRow
from crossclaim.domain.submission import DocumentNamed


class GuaranteeTransaction(Protocol):
    """Part of ``EpisodeTransaction``."""

    def add_guarantee_request(
        self, episode_id: str, row: GuaranteeRequestRow, documents: list[DocumentNamed]
    ) -> None: ...
    def change_guarantee_request(self, request_id: str, **fields: object) -> None: ...
    def guarantee_proposed_by(self, request_id: str) -> str | None:
        """The key of who proposed a limit that waits for a second person."""
        ...

    def guarantee_documents(self, episode_id: str, request_id: str) -> list[DocumentNamed]: ...
    def lapse_guarantee_requests(self, guarantee_id: str, at: datetime) -> None:
        """Nobody answers what is open about it any more."""
        ...
