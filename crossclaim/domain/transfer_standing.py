"""What is due in an episode that is a transfer by ambulance, and what it waits for. Pure."""

from __future__ import annotations

from crossclaim.domain.records import EpisodeRows
from crossclaim.domain.submission import EncounterClass


def transfer_standing(rows: EpisodeRows, *, papers: bool) -> dict[str, object]:
    """``papers``: records can be printed and kept here."""
    due = next((h.id for h in rows.hand_overs if h.state == "due"), None)
    return {"hand_over_due": due} if papers and due is not None else {}


def transfer_wait(rows: EpisodeRows) -> str:
    """Empty where nothing of a transfer is awaited."""
    if any(known.state == "held" for known in rows.hand_overs):
        return "TRANSFER_CONSENT"
    if rows.episode.encounter_class is EncounterClass.AMBULANCE_TRANSFER and not rows.hand_overs:
        return "HAND_OVER"
    return ""


def transfer_over(rows: EpisodeRows) -> bool:
    """No hand-over is awaited, and none waits for its consent."""
    return not transfer_wait(rows)
