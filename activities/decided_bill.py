"""A bill's split after an insurer's decision that is not the one we forecast."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from activities.covers import Scene, known_covers, use_covers
from activities.records import EpisodeTransaction
from activities.world import World
from crossclaim.domain.allocate import reconcile_with_decision
from crossclaim.domain.allocation import AllocationResult, BillFacts
from crossclaim.domain.cover import Cover
from crossclaim.domain.decided import as_split, confirmed_by, redivided
from crossclaim.domain.insurer_turns import DECIDED, insurers_parts
from crossclaim.domain.money import Money
from crossclaim.domain.non_medical import medical_part, medical_split, redone
from crossclaim.domain.party import ClaimAnswer
from crossclaim.domain.records import ClaimRow, EpisodeRows
from crossclaim.domain.stay import local_day


class NotDivided(Exception):
    """The rules of today cannot judge the insurers that pay after; ``codes`` say why."""

    def __init__(self, codes: str) -> None:
        super().__init__(codes)
        self.codes = codes


@dataclass(frozen=True)
class DecidedSplit:
    """``use`` records what the covers that are counted here use by the new split."""

    result: AllocationResult
    difference: Money
    """Decision − forecast, in what the insurer counts in."""
    use: Callable[[int, datetime], None]


def divided_by_decision(
    tx: EpisodeTransaction, world: World, rows: EpisodeRows, claim: ClaimRow, answer: ClaimAnswer
) -> DecidedSplit:
    """The decision binds. The patient has the difference, or the insurers that pay after this one,
    whose parts are judged again on what it leaves. Raises NotDivided.
    """
    old = tx.split(claim.bill_id)
    if len(insurers_parts(old)) < 2 or not old.covers:
        outcomes = []

        def decided(medical: AllocationResult) -> AllocationResult:
            outcomes.append(reconcile_with_decision(medical, answer))
            return outcomes[-1].result

        result = redone(old, decided)
        return DecidedSplit(result, outcomes[-1].difference, _nothing)
    bill, content = tx.bill_content(claim.bill_id), tx.episode_content(rows.episode.id)
    scene = Scene(tx, world, rows, content)
    known = known_covers(scene, bill, claim.bill_id)
    own = confirmed_by(medical_split(old), claim.organisation_id, answer)

    def locked(cover: Cover) -> Cover:
        if cover.organisation == claim.organisation_id:
            return cover.model_copy(update={"confirmed": own})
        other = rows.direct_claim(claim.bill_id, cover.organisation)
        if other is None or other.state not in DECIDED:
            return cover
        return cover.model_copy(update={"confirmed": as_split(old, cover.organisation)})

    episode = rows.episode
    facts = BillFacts(
        episode=content,
        bill=medical_part(bill),
        consents=[],
        admitted_on=local_day(episode.admitted_at) if episode.admitted_at else None,
        discharged_on=local_day(episode.discharged_at) if episode.discharged_at else None,
        chosen=None if bill.coverages is None else tuple(bill.coverages),
    )
    covers = [locked(one.cover) for one in known]
    result = redone(old, lambda medical: redivided(medical, facts, covers, world.plans))
    if result.refused:
        raise NotDivided(",".join(sorted({fault.code for fault in result.faults})))

    def use(version: int, at: datetime) -> None:
        tx.reverse_cover_use(claim.bill_id, at)
        use_covers(scene, known, claim.bill_id, version, result, at)

    before = as_split(old, claim.organisation_id)
    return DecidedSplit(result, own.benefit - before.benefit, use)


def _nothing(version: int, at: datetime) -> None:
    """A single insurer's decision leaves the counters to the insurer's own word."""
