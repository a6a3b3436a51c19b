"""A bill's split after an insurer has decided otherwise than before, on rows that may be paid."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from activities.covers import KnownCover, Scene, known_covers, use_covers
from activities.decided_bill import NotDivided
from activities.records import EpisodeTransaction
from activities.world import World
from crossclaim.domain.allocate import reconcile_with_decision
from crossclaim.domain.allocation import AllocationResult, BillFacts
from crossclaim.domain.cover import Confirmed, Cover
from crossclaim.domain.decided import as_split, confirmed_by, redivided
from crossclaim.domain.insurer_turns import insurers_parts
from crossclaim.domain.money import ConversionRate, Currency, Money, fen, total
from crossclaim.domain.non_medical import medical_part, medical_split, redone
from crossclaim.domain.party import ClaimAnswer
from crossclaim.domain.records import ClaimRow, EpisodeRows
from crossclaim.domain.redecision import decided_by_rules, is_decided
from crossclaim.domain.stay import local_day
from crossclaim.domain.submission import FunderKind


@dataclass(frozen=True)
class Redivided:
    """``proposed``: the same with what persons have decided after this insurer judged anew, where
    our rules can; ``use`` records what the covers that are counted here use."""

    old: AllocationResult
    result: AllocationResult
    proposed: AllocationResult
    use: Callable[[int, datetime], None]


def redivided_by(
    tx: EpisodeTransaction, world: World, rows: EpisodeRows, claim: ClaimRow, answer: ClaimAnswer
) -> Redivided:
    """Those that pay after the insurer are judged anew where our rules alone have decided; the word
    of a person or of another house is locked, and cut only at what is left of the bill.

    Writes nothing. Raises NotDivided.
    """
    old = tx.split(claim.bill_id)
    if not old.covers:
        result = redone(old, lambda medical: reconcile_with_decision(medical, answer).result)
        return Redivided(old, result, result, lambda version, at: None)
    bill, content = tx.bill_content(claim.bill_id), tx.episode_content(rows.episode.id)
    scene = Scene(tx, world, rows, content)
    ended = rows.ended_covers()
    known = [k for k in known_covers(scene, bill, claim.bill_id) if k.organisation not in ended]
    own = confirmed_by(medical_split(old), claim.organisation_id, answer)
    episode = rows.episode
    facts = BillFacts(
        episode=content,
        bill=medical_part(bill),
        consents=[],
        admitted_on=local_day(episode.admitted_at) if episode.admitted_at else None,
        discharged_on=local_day(episode.discharged_at) if episode.discharged_at else None,
        chosen=None if bill.coverages is None else tuple(bill.coverages),
    )

    def judged(covers: list[Cover]) -> AllocationResult:
        result = redone(old, lambda medical: redivided(medical, facts, covers, world.plans))
        if result.refused:
            raise NotDivided(",".join(sorted({fault.code for fault in result.faults})))
        return result

    result = judged(_locked(rows, claim, old, known, own, by_rules=False))
    proposed = judged(_locked(rows, claim, old, known, own, by_rules=True))

    def use(version: int, at: datetime) -> None:
        tx.reverse_cover_use(claim.bill_id, at)
        noted = tx.cover_version(claim.bill_id, version)
        use_covers(scene, known, claim.bill_id, noted, result, at)

    return Redivided(old, result, proposed, use)


def _locked(
    rows: EpisodeRows,
    claim: ClaimRow,
    old: AllocationResult,
    known: list[KnownCover],
    own: Confirmed,
    *,
    by_rules: bool,
) -> list[Cover]:
    """The covers with what is confirmed of each; ``by_rules``: those after it are all judged."""
    locks: dict[str | None, Confirmed] = {}
    left, after = _shared(old), False
    for part in insurers_parts(medical_split(old)):
        if part.organisation == claim.organisation_id:
            after, locks[part.organisation] = True, own
            left = left - own.paid
            continue
        other = rows.direct_claim(claim.bill_id, part.organisation)
        decided = other is not None and is_decided(other)
        free = after and (by_rules or (other is not None and decided_by_rules(rows, other)))
        if not decided or free:
            continue
        kept = as_split(old, part.organisation)
        rate = old.rate_of(part.organisation)
        locks[part.organisation] = kept if rate is None else _within(kept, left, rate)
        left = left - locks[part.organisation].paid
    return [
        one.cover.model_copy(update={"confirmed": locks[one.organisation]})
        if one.organisation in locks
        else one.cover
        for one in known
    ]


def _within(kept: Confirmed, left: Money, rate: ConversionRate) -> Confirmed:
    """E11: nobody pays above what those before leave of the bill; the later part goes first."""
    if kept.paid <= left:
        return kept
    direct = min(kept.direct, left)
    benefit = min(kept.benefit, rate.from_fen(left))
    return kept.model_copy(
        update={
            "paid": left,
            "direct": direct,
            "benefit": benefit,
            "direct_benefit": min(kept.direct_benefit, benefit, rate.from_fen(direct)),
        }
    )


def _shared(old: AllocationResult) -> Money:
    """CNY that insurers and the patient carry together."""
    own = (FunderKind.INSURER, FunderKind.PATIENT)
    shares = (s.amount for s in medical_split(old).shares if s.funder in own)
    return max(total(shares, Currency.CNY), fen(0))
