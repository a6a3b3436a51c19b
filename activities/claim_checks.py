"""Checks a claim before it is decided here: pended for the insurer's examiner, or let through."""

from __future__ import annotations

from activities.orders import Subject
from activities.records import EpisodeTransaction
from activities.world import World
from crossclaim.domain.bill_chain import replaced_claims
from crossclaim.domain.claim_review import by_person_before, drawn, review, with_ebills
from crossclaim.domain.ebill_reading import compared
from crossclaim.domain.misuse_signals import ReviewFacts
from crossclaim.domain.non_medical import medical_part
from crossclaim.domain.records import ClaimRow, EpisodeRows
from crossclaim.domain.redecision import decided_by_rules
from crossclaim.domain.standing_examination import TO_EXAMINE
from crossclaim.domain.stay import local_day


def pended(
    tx: EpisodeTransaction, world: World, order: Subject, rows: EpisodeRows, claim: ClaimRow
) -> bool:
    """Whether a check sends the claim to the examiner; it is then pended with every reason.

    The exception names none: of what the check found only the insurer is told.
    """
    tx.mark_documents(claim.id, order.episode_id)
    checked = tx.claim_check(claim.id)
    facts = ReviewFacts(
        lines=medical_part(checked.bill).lines,
        diagnoses=[one.code for one in checked.episode.diagnoses],
    )
    plans = world.plans
    found = review(checked.matches, checked.channel, facts, plans, local_day(order.at))
    words = list(compared(checked.readings, checked.claimed))
    if words:
        tx.note_ebills(claim.id, order.episode_id, words, order.at)
        found = with_ebills(found, words, local_day(order.at))
    if any(not decided_by_rules(rows, older) for older in replaced_claims(rows, claim)):
        found = by_person_before(found, local_day(order.at))
    if not found.reasons:
        return False
    insurer = claim.organisation_id or ""
    tx.change_claim(claim.id, state="pended", submitted_at=order.at)
    tx.add_review(claim.id, order.episode_id, insurer, found, order.at)
    tx.open_exception(order.episode_id, TO_EXAMINE, claim.reference, {}, order.at)
    tx.change_episode(order.episode_id)
    return True


def draw_for_review(tx: EpisodeTransaction, world: World, order: Subject, claim: ClaimRow) -> None:
    """A share of the decisions that nobody has looked at is looked at afterwards."""
    if drawn(world.plans, claim.id, local_day(order.at)):
        tx.draw_sample(claim.id, order.at)
