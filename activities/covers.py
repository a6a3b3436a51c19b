"""What is known of every insurer's cover of an episode when a bill is judged: by our book of
policies and the counters under it, by the insurer's own word, else as the submitter stated it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from activities.quotes import counts_in, quoted_rate
from activities.records import EpisodeTransaction
from activities.world import World
from crossclaim.domain.accumulators import Accumulators, deductible_of, paid_in
from crossclaim.domain.allocation import AllocationResult
from crossclaim.domain.chain import Link
from crossclaim.domain.cover import Cover, policy_year
from crossclaim.domain.covers_link import covers_link
from crossclaim.domain.guarantee_book import left_for, terms_of
from crossclaim.domain.money import ConversionRate, Currency
from crossclaim.domain.rates import Rates
from crossclaim.domain.records import CoverageRow, CoverKey, EpisodeRows
from crossclaim.domain.reference import PolicyKnown
from crossclaim.domain.stay import local_day
from crossclaim.domain.submission import (
    BillSubmission,
    CoverageClaimed,
    CoverStated,
    EpisodeSubmission,
    FunderKind,
)


@dataclass(frozen=True)
class Scene:
    """One episode in one transaction, about to have a bill judged."""

    tx: EpisodeTransaction
    world: World
    rows: EpisodeRows
    episode: EpisodeSubmission

    def day(self, bill: BillSubmission) -> date:
        """The bill's first day, to which its policy year belongs."""
        admitted = self.rows.episode.admitted_at
        return local_day(admitted or bill.service_completed_at or bill.issued_at)


@dataclass(frozen=True)
class KnownCover:
    """One insurer's coverage of the episode, with all that is known of it."""

    place: int
    claimed: CoverageClaimed
    row: CoverageRow
    stated: CoverStated
    key: CoverKey | None
    """Whose counters are ours to keep: of an insurer that decides here."""
    policy: PolicyKnown | None
    cover: Cover
    day: date
    """The bill's first day, to which its policy year belongs."""
    counts_in: Currency = Currency.HKD
    """What its plan counts in."""

    @property
    def organisation(self) -> str:
        return self.claimed.organisation or ""


def known_covers(scene: Scene, bill: BillSubmission, bill_id: str = "") -> list[KnownCover]:
    """Every insurer's, in the episode's order. ``bill_id``: what that bill used counts as not used.

    Counters are locked for this transaction, always in the same order, so that two episodes of one
    member never wait for each other in a circle.
    """
    bare = list(_claimed(scene, bill))
    keys = {place: key for place, claimed, row, _ in bare if (key := _kept(claimed, row))}
    used = {
        key: scene.tx.cover_used(key, bill_id)
        for key in sorted(dict.fromkeys(keys.values()), key=_order)
    }
    found = []
    for place, claimed, row, stated in bare:
        key = keys.get(place)
        policy = None
        if key is not None:
            policy = scene.world.reference.policy(key.organisation, key.policy_number)
        counters = None if key is None else used[key]
        cover = _cover(scene, bill, claimed, stated, policy, counters)
        currency = counts_in(scene.world.plans, claimed.plan)
        day = scene.day(bill)
        found.append(KnownCover(place, claimed, row, stated, key, policy, cover, day, currency))
    return found


def _claimed(
    scene: Scene, bill: BillSubmission
) -> Iterable[tuple[int, CoverageClaimed, CoverageRow, CoverStated]]:
    rows = {row.ordinal: row for row in scene.rows.coverages}
    for place, claimed in enumerate(scene.episode.coverages):
        if claimed.funder is FunderKind.INSURER:
            told = bill.cover_facts.get(str(place), CoverStated())
            yield place, claimed, rows[place], _both(claimed, told)


def _both(opened: CoverStated, told: CoverStated) -> CoverStated:
    """What was said with the bill, else with the episode."""
    members = CoverStated.model_fields
    own = {name: getattr(told, name) for name in members}
    return CoverStated.model_validate(
        {name: getattr(opened, name) if own[name] is None else own[name] for name in members}
    )


def _kept(claimed: CoverageClaimed, row: CoverageRow) -> CoverKey | None:
    if row.decides != "here":
        return None
    if not (claimed.organisation and claimed.policy_number and claimed.plan):
        return None
    return CoverKey(
        organisation=claimed.organisation,
        policy_number=claimed.policy_number,
        plan=claimed.plan,
    )


def _order(key: CoverKey) -> tuple[str, str, str]:
    return key.organisation, key.policy_number, key.plan


def _cover(
    scene: Scene,
    bill: BillSubmission,
    claimed: CoverageClaimed,
    stated: CoverStated,
    policy: PolicyKnown | None,
    counters: Accumulators | None,
) -> Cover:
    since = policy.since if policy is not None else stated.covered_since
    if counters is None:
        year = 0 if since is None else policy_year(since, scene.day(bill))
        counters = _told(stated, year)
    return Cover(
        plan=claimed.plan or "",
        organisation=claimed.organisation,
        rank=stated.order,
        since=since,
        until=stated.covered_until if policy is None else None,
        accident=bill.accident,
        pre_existing=stated.pre_existing,
        used=counters,
        guarantee_limit=left_for(scene.rows, claimed.organisation, bill.number),
        guarantee_terms=terms_of(scene.rows, claimed.organisation),
        rates=_rates(scene, bill, claimed),
    )


def _told(stated: CoverStated, year: int) -> Accumulators:
    """What the submitter says was used; no other counter is known."""
    told = {deductible_of(year): stated.deductible_used, paid_in(year): stated.annual_benefit_used}
    return Accumulators(
        used={name: amount.amount_minor for name, amount in told.items() if amount},
        only=tuple(name for name, amount in told.items() if amount is not None),
    )


def _rates(scene: Scene, bill: BillSubmission, claimed: CoverageClaimed) -> Rates:
    """The guarantee's frozen rate or the bill's, and that of each day of service."""
    reference, organisation = scene.world.reference, claimed.organisation
    currency = counts_in(scene.world.plans, claimed.plan)
    guarantee = scene.rows.guarantee_of(organisation)
    quote: ConversionRate | None = guarantee.rate if guarantee is not None else None
    days = {line.service_date for line in bill.lines} | {scene.day(bill)}
    known = {day: quoted_rate(reference, day, organisation, currency) for day in sorted(days)}
    return Rates(
        quote=quote or quoted_rate(reference, bill.issued_at, organisation, currency),
        by_day={day: rate for day, rate in known.items() if rate is not None},
    )


def with_covers(links: Sequence[Link], covers: Sequence[KnownCover]) -> list[Link]:
    """The chain with every insurer judged on its own cover."""
    own = covers_link([known.cover for known in covers])
    return [own if link.funder is FunderKind.INSURER else link for link in links]


def use_covers(
    scene: Scene,
    covers: Sequence[KnownCover],
    bill_id: str,
    version: int,
    result: AllocationResult,
    at: datetime,
) -> None:
    """Adds what a final bill uses; the covers are locked since their counters were read."""
    kept = {(k.claimed.organisation, k.claimed.plan): k.key for k in covers if k.key is not None}
    for terms in result.covers:
        key = kept.get((terms.organisation, terms.plan))
        if key is not None:
            scene.tx.add_cover_use(key, scene.rows.episode.id, bill_id, version, terms.use, at)
