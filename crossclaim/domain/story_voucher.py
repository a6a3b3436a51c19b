"""Tells of vouchers beyond the own claim: the spouse, the first use, two stages, papers, months."""

from __future__ import annotations

from collections.abc import Iterator

from crossclaim.domain.money import hk_cents
from crossclaim.domain.stay import local_day
from crossclaim.domain.story_facts_voucher import StageFact
from crossclaim.domain.story_line import Scene, StoryLine, line, word
from crossclaim.domain.story_phrase import Value
from crossclaim.domain.story_words import DOCUMENTS, ENTRIES


def tell_vouchers(scene: Scene) -> Iterator[StoryLine]:
    yield from _spouse(scene)
    yield from _appointments(scene)
    yield from _first_use(scene)
    for stage in scene.facts.stages:
        yield from _stage(scene, stage)
    for said in scene.facts.confirmations:
        number = scene.facts.bill(said.bill_id).number
        yield line(
            "claim_confirmation_given",
            said.recorded_at,
            scene.facts.episode.hospital_id,
            f"voucher_confirmation/{said.bill_id}",
            by=said.confirmed_by,
            number=number,
        )
    yield from _papers(scene)
    for paid in scene.facts.reimbursed:
        if paid.outcome == "paid":
            yield line(
                "voucher_reimbursed",
                paid.recorded_at,
                "voucher",
                f"voucher_reconciliation/{paid.reference}",
                amount=hk_cents(paid.paid_minor or 0),
                reference=paid.reference,
                number=paid.statement or "-",
            )


def _spouse(scene: Scene) -> Iterator[StoryLine]:
    for spouse in scene.facts.spouses:
        source = "voucher_spouse"
        yield line("spouse_named", spouse.named_at, "patient", source)
        if spouse.looked_up_at is None:
            continue
        asked = [a.reference for a in scene.facts.attempts if a.operation == "pairing"]
        known = spouse.looked_up_at
        at = scene.answered_at(asked[0], known) if asked else known
        if spouse.paired_on is None:
            yield line("spouse_not_paired", at, "voucher", source)
        else:
            yield line("spouse_paired", at, "voucher", source, day=spouse.paired_on)
    for claim in scene.facts.paired_claims:
        told = (claim.decision or {}).get("told_by_message") or []
        if {"own", "spouse"} <= set(told):
            at = scene.answered_at(claim.reference, claim.decided_at or claim.occurred_at)
            source = f"claim/{claim.reference}"
            yield line("spouse_told", at, "voucher", source, reference=claim.reference)


def _appointments(scene: Scene) -> Iterator[StoryLine]:
    hospital = scene.facts.episode.hospital_id
    for one in scene.facts.appointments:
        values: dict[str, Value] = {
            "number": one.number,
            "department": scene.department(one.department),
            "starts_at": one.starts_at,
            "entry": word(ENTRIES, one.entry),
        }
        source = f"appointment/{one.number}/{one.version}"
        yield line(f"appointment_{one.state}", one.recorded_at, hospital, source, **values)


def _first_use(scene: Scene) -> Iterator[StoryLine]:
    hospital = scene.facts.episode.hospital_id
    for check in scene.facts.identity_checks:
        yield line(
            "identity_checked",
            check.recorded_at,
            hospital,
            f"identity_check/{check.number}",
            by=check.checked_by,
            document=word(DOCUMENTS, check.document_type),
            place=scene.window(check.place),
            checked_at=check.checked_at,
        )
    opened = [
        a
        for a in scene.facts.attempts
        if a.operation == "open-account" and a.outcome == "answered" and a.finished_at
    ]
    for attempt in opened[:1]:
        at = attempt.finished_at or attempt.started_at
        yield line("account_temporary", at, "voucher", f"outbound_attempt/{attempt.id}")


def _stage(scene: Scene, stage: StageFact) -> Iterator[StoryLine]:
    claim = next(c for c in scene.facts.claims if c.id == stage.claim_id)
    source, reference = f"voucher_stage/{stage.claim_id}", claim.reference
    entered = scene.answered_at(reference, stage.entered_at)
    day = local_day(stage.lapse_at)
    yield line("claim_entered", entered, "voucher", source, reference=reference, day=day)
    if stage.confirmed_at is not None and stage.confirmed_at > stage.entered_at:
        at = max(entered, scene.answered_at(f"{reference}K", stage.confirmed_at))
        yield line("claim_confirmed", at, "voucher", source, reference=reference)
    if stage.validated_at is not None and stage.validated_at > stage.entered_at:
        at = max(entered, stage.validated_at)
        yield line("claim_validated", at, "voucher", source, reference=reference)
    if stage.lapsed_at is not None:
        yield line("claim_lapsed", stage.lapsed_at, "voucher", source, reference=reference)


def _papers(scene: Scene) -> Iterator[StoryLine]:
    """One line a claim, when its last language was kept."""
    for claim_id, void in dict.fromkeys((r.claim_id, r.void) for r in scene.facts.use_records):
        own = [r for r in scene.facts.use_records if (r.claim_id, r.void) == (claim_id, void)]
        kept = [r.recorded_at for r in own]
        claim = next(c for c in scene.facts.claims if c.id == claim_id)
        source = f"voucher_use_record/{claim_id}"
        kind = "use_record_void" if void else "use_record_kept"
        yield line(kind, max(kept), "crossclaim", source, reference=claim.reference)
