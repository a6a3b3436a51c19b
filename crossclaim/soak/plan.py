"""What one soak does; the same seed gives the same episodes, faults and restarts."""

from __future__ import annotations

import hashlib
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Kind(StrEnum):
    """An episode by who pays."""

    VOUCHER = "voucher"
    STAY_DECIDED_THERE = "stay_decided_there"
    STAY_DECIDED_HERE = "stay_decided_here"
    PAPERS = "papers"
    BASIC_INSURANCE = "basic_insurance"


class SoakPlan(BaseModel):
    """``restart_every_s``: a worker is killed and started again that often; 0 for never.

    ``times_as_often``: by how much more the parties fail than they promise to.
    """

    model_config = ConfigDict(frozen=True)

    episodes: int
    seed: int
    concurrency: int
    workers: int
    restart_every_s: float
    times_as_often: float = 1.0

    def kind(self, number: int) -> Kind:
        """Of the episode with this number."""
        kinds = list(Kind)
        return kinds[drawn(self.seed, "kind", number) % len(kinds)]


def drawn(seed: int, what: str, number: int) -> int:
    """A number that only these three decide, whatever happened before."""
    digest = hashlib.sha256(f"{seed}|{what}|{number}".encode()).digest()
    return int.from_bytes(digest[:8], "big")
