"""Of several proposals about one thing each waits for its own word."""

from __future__ import annotations

from datetime import datetime

from activities.records import EpisodeTransaction


def proposal_decided(
    tx: EpisodeTransaction, episode_id: str, code: str, kind: str, about: str, at: datetime
) -> None:
    """One was refused, or decides a part: the exception ends, or is about the next that waits."""
    tx.resolve_exceptions(episode_id, [code], at, about)
    if number := tx.waiting_proposal(kind, about):
        tx.open_exception(episode_id, code, about, {"number": number}, at)
