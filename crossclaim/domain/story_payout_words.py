"""Tells why a payout took its rail, who released it, who wanted it back, and what was found."""

from __future__ import annotations

from collections.abc import Iterator

from crossclaim.domain.sentence_words import WORDS
from crossclaim.domain.story_facts import PayoutFact
from crossclaim.domain.story_facts_payout import ApprovalFact, FindingFact, RailFact, RecallFact
from crossclaim.domain.story_line import Scene, StoryLine, line, reason, word
from crossclaim.domain.story_phrase import Value, joined

_HELD = {
    "amount": "payout_to_approve",
    "first_account": "payout_first_account",
    "account_check": "payout_account_check",
}


def tell_payout_words(scene: Scene) -> Iterator[StoryLine]:
    payouts = {p.reference: p for p in scene.facts.payouts}
    for rail in scene.facts.rails:
        yield _rail(payouts[rail.reference], rail)
    for approval in scene.facts.approvals:
        yield from _approval(payouts[approval.reference], approval)
    for recall in scene.facts.recalls:
        yield _recall(scene, payouts[recall.reference], recall)
    for finding in scene.facts.findings:
        yield from _finding(scene, payouts[finding.payout_reference], finding)


def _rail(payout: PayoutFact, rail: RailFact) -> StoryLine:
    why = joined((step.text for step in rail.trace if step.text), (" ", "", ""))
    source = f"payout_rail/{rail.reference}"
    values: dict[str, Value] = {"reference": rail.reference, "why": why}
    values["rail"] = word(WORDS, rail.rail)
    return line("payout_rail", rail.recorded_at, payout.debtor_organisation_id, source, **values)


def _approval(payout: PayoutFact, approval: ApprovalFact) -> Iterator[StoryLine]:
    source, who = f"payout_approval/{approval.reference}", payout.debtor_organisation_id
    named = {"reference": approval.reference}
    yield line(_HELD[approval.why], approval.recorded_at, "crossclaim", source, **named)
    if approval.approved is not None and approval.decided_at is not None:
        kind = "payout_approved" if approval.approved else "payout_not_approved"
        yield line(kind, approval.decided_at, who, source, **named)


def _recall(scene: Scene, payout: PayoutFact, recall: RecallFact) -> StoryLine:
    who = payout.debtor_organisation_id
    kind = "payout_cancelled_here" if recall.state == "needless" else "payout_recall_asked"
    return line(
        kind,
        recall.recorded_at,
        who,
        f"payout_recall/{recall.reference}",
        reference=recall.reference,
        insurer=scene.name(who),
        bank=payout.bank,
        reason=reason(recall.reason),
    )


def _finding(scene: Scene, payout: PayoutFact, finding: FindingFact) -> Iterator[StoryLine]:
    who, reference = payout.debtor_organisation_id, finding.payout_reference
    source = f"payout_finding/{reference}/{finding.number}"
    yield line(
        f"payout_found_{finding.outcome}",
        finding.recorded_at,
        who,
        source,
        reference=reference,
        insurer=scene.name(who),
        entry=finding.bank_entry or 0,
    )
    if finding.approved is not None and finding.decided_at is not None:
        kind = "payout_finding_confirmed" if finding.approved else "payout_finding_refused"
        yield line(kind, finding.decided_at, who, source, reference=reference)
