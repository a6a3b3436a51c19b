"""What resources are made of: an episode's rows as the reader may see them, opened."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from crossclaim.domain.allocation import AllocationResult, Frozen
from crossclaim.domain.paper_claim import EbillNamed
from crossclaim.domain.party import ClaimAnswer
from crossclaim.domain.records import ClaimRow, EpisodeRows
from crossclaim.domain.submission import BillSubmission, EpisodeSubmission


class KeptMessage(Frozen):
    """A resource as it was sent, its references already to ours."""

    about: str
    """For instance ``Claim/F1/2`` or ``Coverage/0``."""
    resource: dict[str, Any]


class StoredDocument(Frozen):
    sha256: str
    organisation_id: str
    content_type: str
    size_bytes: int
    recorded_at: datetime


class EpisodeFacts(Frozen):
    """``whole``: the reader is the hospital, or watches over everybody: nothing is cut away."""

    rows: EpisodeRows
    content: EpisodeSubmission
    whole: bool = False
    unmasked: bool = False
    """The reader may see the numbers of identity documents and policies."""
    closed: bool = False
    """A withdrawn consent keeps the reader from the person and the papers."""
    bills: dict[str, BillSubmission] = {}
    answers: dict[str, ClaimAnswer] = {}
    """Claim → its first decision."""
    notes: dict[tuple[str, int], str] = {}
    """Information request and item → what whoever is asked is told of it."""
    documents: list[StoredDocument] = []
    ebills: list[EbillNamed] = []
    kept: list[KeptMessage] = []

    @property
    def episode_id(self) -> str:
        return self.rows.episode.id

    def sent(self, about: str) -> dict[str, Any]:
        """The resource as the reader itself sent it; nothing where he did not."""
        return next((one.resource for one in reversed(self.kept) if one.about == about), {})

    def split(self, bill_id: str) -> AllocationResult | None:
        found = self.rows.allocation(bill_id)
        return None if found is None else found.result

    def claim(self, claim_id: str) -> ClaimRow | None:
        """A claim that is no supplement of another."""
        known = (c for c in self.rows.claims if c.id == claim_id and c.supplements is None)
        return next(known, None)
