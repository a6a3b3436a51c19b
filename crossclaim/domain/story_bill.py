"""Tells of bills, of every version of their split with its rules, and of what the patient paid."""

from __future__ import annotations

from collections.abc import Iterator

from crossclaim.domain.money import fen
from crossclaim.domain.sentences import Reason
from crossclaim.domain.sentences_insurer import InsurerReason
from crossclaim.domain.story_facts import SplitFact, TenderFact
from crossclaim.domain.story_line import Scene, StoryLine, line, reason, word
from crossclaim.domain.story_phrase import Value, joined, plain
from crossclaim.domain.story_sentences_bill import CORRECTIONS
from crossclaim.domain.story_words import METHODS

_LEFT_OUT = frozenset(
    {
        Reason.EXCLUDED_CROSS_BORDER_AMBULANCE,
        Reason.EXCLUDED_LONG_TERM_PHYSIO,
        Reason.EXCLUDED_SPECIAL_DRUG,
        Reason.NO_BENEFIT,
        InsurerReason.COVER_NOT_IN_FORCE,
        InsurerReason.INSURER_WAITING_PERIOD,
        InsurerReason.NOT_COVERED_ENCOUNTER,
        InsurerReason.VISIT_PER_DAY,
        InsurerReason.VISIT_PER_YEAR,
    }
)
"""Why an insurer pays nothing of a charge: the patient asks at the desk."""


def tell_bills(scene: Scene) -> Iterator[StoryLine]:
    for split in sorted(scene.facts.splits, key=lambda s: s.recorded_at):
        yield from _split(scene, split)
    for tender in scene.facts.tenders:
        yield _payment(scene, tender)


def _split(scene: Scene, split: SplitFact) -> Iterator[StoryLine]:
    bill, result, at = scene.facts.bill(split.bill_id), split.result, split.recorded_at
    source = f"allocation/{bill.id}/{split.version}"
    which: dict[str, Value] = {"number": bill.number, "version": bill.version}
    shares = scene.split(result)
    if split.version == 1 and bill.corrects is not None:
        older = scene.facts.bill(bill.corrects)
        change = fen(bill.total_minor - older.total_minor)
        yield line(
            "bill_corrected",
            at,
            scene.facts.episode.hospital_id,
            source,
            hospital=scene.hospital(),
            correction=word(CORRECTIONS, bill.correction),
            older=older.version,
            change=change,
            split=shares,
            **which,
        )
    elif split.version == 1:
        yield line(
            f"bill_{bill.status}",
            at,
            scene.facts.episode.hospital_id,
            source,
            hospital=scene.hospital(),
            total=result.total,
            split=shares,
            **which,
        )
    else:
        why = reason(split.reason)
        yield line("split_changed", at, "crossclaim", source, reason=why, split=shares, **which)
    if result.non_medical is not None:
        amount = result.non_medical
        yield line("non_medical_apart", at, "crossclaim", source, amount=amount, **which)
    for step in result.trace:
        if step.result.split(" ", 1)[0] in _LEFT_OUT:
            plan = step.rule.partition(":")[0]
            yield line("left_out", at, "crossclaim", source, plan=plan, why=step.text, **which)
    later = result.later_reimbursement
    if later is not None and later.amount.amount_minor:
        insurer = scene.name(later.organisation)
        yield line(
            "later_reimbursement",
            at,
            "crossclaim",
            source,
            amount=later.amount,
            insurer=insurer,
        )
    if result.rules:
        rules = joined(plain(f"{r.plan} {r.version} ({r.on})") for r in result.rules)
        yield line("rules_used", at, "crossclaim", source, rules=rules, **which)


def _payment(scene: Scene, tender: TenderFact) -> StoryLine:
    by_refund = any(r.tender_id == tender.id for r in scene.facts.refunds)
    return line(
        "patient_paid_back" if tender.reversed and not by_refund else "patient_paid",
        tender.recorded_at,
        "patient",
        f"tender/{tender.id}",
        amount=fen(tender.amount_minor),
        number=scene.facts.bill(tender.bill_id).number,
        method=word(METHODS, tender.method),
        happened_at=tender.tendered_at,
    )
