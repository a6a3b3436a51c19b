"""Takes stock inside a transaction: the standing that a step hands back to its workflow."""

from __future__ import annotations

from datetime import datetime

from activities.records import EpisodeTransaction
from activities.world import World
from crossclaim.domain.records import EpisodeRows
from crossclaim.domain.standing import Standing, standing_of


def standing_in(tx: EpisodeTransaction, world: World, episode_id: str, at: datetime) -> Standing:
    """The standing by the rows as this transaction leaves them."""
    return standing_by(tx.rows(episode_id), world, at)


def standing_by(rows: EpisodeRows, world: World, at: datetime) -> Standing:
    """The standing by rows that were read in this transaction and not changed since."""
    return standing_of(rows, world.habits_for(rows), at)
