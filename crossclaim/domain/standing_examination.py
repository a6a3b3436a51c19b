"""Where an episode stands while a claim waits for the insurer's examiner. Pure."""

from __future__ import annotations

from crossclaim.domain.records import ClaimRow, EpisodeRows

PENDED = "pended"
TO_EXAMINE = "CLAIM_TO_EXAMINE"
TO_CONFIRM = "CLAIM_DECISION_TO_CONFIRM"
EXAMINATION = [TO_EXAMINE, TO_CONFIRM]
"""Exceptions that a decision on the claim settles."""


def examiner_waited_for(rows: EpisodeRows) -> ClaimRow | None:
    """The claim that an examiner has to decide first."""
    return next((c for c in rows.claims if c.state == PENDED), None)


def examination_wait(rows: EpisodeRows) -> dict[str, object]:
    """Whose examiner the episode waits for, as a claim that is waited for."""
    claim = examiner_waited_for(rows)
    return {} if claim is None else {"claim_waiting": claim.id}
