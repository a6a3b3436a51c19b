"""Tells of charges to pay-after-care: due, taken, failed, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from crossclaim.domain.money import fen
from crossclaim.domain.story_facts import ClaimFact
from crossclaim.domain.story_line import Scene, StoryLine, line

_PLATFORM = "huimin"


def tell_charge(scene: Scene, claim: ClaimFact, due: datetime) -> Iterator[StoryLine]:
    source, reference = f"claim/{claim.id}", claim.reference
    number, amount = scene.facts.bill(claim.bill_id).number, fen(claim.forecast_minor or 0)
    yield line(
        "charge_due", due, "crossclaim", source, number=number, amount=amount, reference=reference
    )
    at = scene.answered_at(reference, claim.decided_at or due)
    if claim.state in ("approved", "voiding", "voided") and claim.decided_at is not None:
        yield line("charge_taken", at, _PLATFORM, source, amount=amount, reference=reference)
    if claim.state == "failed":
        yield line("charge_failed", at, _PLATFORM, source, reference=reference)
    if claim.state == "voided":
        back = scene.answered_at(f"{reference}V", at)
        yield line("charge_taken_back", back, _PLATFORM, source, reference=reference)
