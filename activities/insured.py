"""Who is covered, as an insurer must be told: opened from the episode for one send."""

from __future__ import annotations

from activities.records import EpisodeTransaction
from activities.world import World
from crossclaim.domain.party import Insured
from crossclaim.domain.submission import FunderKind


def insured_of(tx: EpisodeTransaction, world: World, episode_id: str, insurer: str) -> Insured:
    """The insured person of one insurer's coverage; of the others nothing is said."""
    content = tx.episode_content(episode_id)
    claimed = (c for c in content.coverages if c.funder is FunderKind.INSURER)
    coverage = next(c for c in claimed if c.organisation == insurer)
    hospital = world.reference.hospital(content.hospital)
    return Insured(
        episode_id=episode_id,
        insurer=coverage.organisation or "",
        policy_number=coverage.policy_number or "",
        plan=coverage.plan or "",
        name=content.patient.name,
        birth_date=content.patient.birth_date,
        document=content.patient.documents[0],
        hospital=content.hospital,
        hospital_name=hospital.name.en if hospital else content.hospital,
    )
