"""Tells of appeals and of decisions after the first."""

from __future__ import annotations

from collections.abc import Iterator

from crossclaim.domain.money import fen
from crossclaim.domain.story_line import Scene, StoryLine, line
from crossclaim.domain.story_phrase import Value


def tell_appeals(scene: Scene) -> Iterator[StoryLine]:
    claims = {claim.id: claim for claim in scene.facts.claims}
    for appeal in scene.facts.appeals:
        claim = claims[appeal.claim_id]
        yield line(
            "appeal_lodged",
            appeal.recorded_at,
            appeal.organisation_id,
            f"appeal/{appeal.id}",
            sender=scene.name(appeal.organisation_id),
            reference=claim.reference,
            level=str(appeal.level),
            insurer=scene.name(claim.organisation_id or ""),
            due=appeal.due_at,
        )
    for word in scene.facts.revisions:
        claim = claims[word.claim_id]
        insurer, source = claim.organisation_id or "", f"claim_revision/{claim.id}/{word.version}"
        kind = "appeal_upheld" if word.upheld else f"decided_again_{word.cause}"
        values: dict[str, Value] = {
            "reference": claim.reference,
            "insurer": scene.name(insurer),
        }
        if not word.upheld:
            values |= {"benefit": claim.counted(word.benefit_minor), "change": fen(word.change_fen)}
        yield line(kind, word.recorded_at, insurer, source, **values)
