"""What steps write about health records: requests, deliveries, accesses, consents of eHealth."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from crossclaim.domain.health_record import Notice
from crossclaim.domain.submission import ConsentType, IdentityDocument


class HealthRecordTransaction(Protocol):
    """The part of an episode's transaction that is about records."""

    def add_record_request(
        self,
        request_id: str,
        episode_id: str,
        codes: dict[str, str],
        *,
        emergency_reason: str = "",
        **fields: object,
    ) -> None:
        """``emergency_reason``: why no consent was waited for; it is sealed."""
        ...

    def record_codes(self, request_id: str, episode_id: str) -> dict[str, str]:
        """The patient's codes, unsealed; {} once they are of no use any more."""
        ...

    def change_record_request(self, request_id: str, **fields: object) -> None: ...
    def add_record_delivery(self, delivery_id: str, episode_id: str, **fields: object) -> None: ...
    def change_record_delivery(self, delivery_id: str, **fields: object) -> None: ...
    def record_signer(self, delivery_id: str) -> str: ...
    def note_record_access(
        self, request_id: str, reference: str, operation: str, attempt: int
    ) -> None:
        """What was fetched by this attempt, for whom, and by which consents of its row."""
        ...

    def note_notice(self, episode_id: str, reference: str, event: str, notice: Notice) -> None: ...
    def note_ehealth_consent(
        self,
        episode_id: str,
        document: IdentityDocument,
        type_: ConsentType,
        in_force: bool,
        at: datetime,
        source: str = "episode",
    ) -> None:
        """A person's joining or sharing, in whatever episode it changed; the newest word holds."""
        ...

    def ehealth_allows(self, document: IdentityDocument, types: list[ConsentType]) -> bool:
        """Nothing says that the person ended one of these; locked FOR SHARE until the commit."""
        ...
