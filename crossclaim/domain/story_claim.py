"""Tells of claims on insurers and on vouchers: due, taken, decided."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from crossclaim.domain.decided import as_split
from crossclaim.domain.insurer_turns import insurers_parts
from crossclaim.domain.money import fen
from crossclaim.domain.standing_bureau import KIND
from crossclaim.domain.standing_pay_later import PAY_LATER_CLAIM
from crossclaim.domain.story_facts import ClaimFact
from crossclaim.domain.story_line import Scene, StoryLine, line, reasons, word
from crossclaim.domain.story_pay_later import tell_charge
from crossclaim.domain.story_phrase import Value
from crossclaim.domain.story_settlement import tell_settlement
from crossclaim.domain.story_words import RESULTS
from crossclaim.domain.voucher_rows import KINDS

_ONE_STEP = timedelta(seconds=2)
"""A step's business time is read before its transaction; what it caused is told after it."""


def tell_claims(scene: Scene) -> Iterator[StoryLine]:
    for claim in scene.facts.claims:
        if claim.supplements is None:
            yield from _claim(scene, claim)


def decided_at(scene: Scene, claim: ClaimFact) -> datetime | None:
    """When the decision was kept; None while there is none."""
    if claim.decided_at is None and claim.state not in ("approved", "partial", "denied"):
        return None
    return scene.answered_at(
        claim.reference, max(claim.decided_at or _due(scene, claim), _due(scene, claim))
    )


def _due(scene: Scene, claim: ClaimFact) -> datetime:
    """Not before the rows that made it due, which the database's own clock has stamped."""
    facts = scene.facts
    causes = [facts.bill(claim.bill_id).recorded_at]
    if claim.kind in (*KINDS, KIND):
        # The patient's signature and payment made it due.
        causes += [t.recorded_at for t in facts.tenders if t.bill_id == claim.bill_id]
    return max([claim.occurred_at, *(t for t in causes if t - claim.occurred_at < _ONE_STEP)])


def _claim(scene: Scene, claim: ClaimFact) -> Iterator[StoryLine]:
    if claim.kind == PAY_LATER_CLAIM:
        yield from tell_charge(scene, claim, _due(scene, claim))
        return
    voucher = claim.kind in KINDS
    who = "voucher" if voucher else claim.organisation_id or ""
    source, due = f"claim/{claim.id}", _due(scene, claim)
    if claim.kind == KIND:
        yield from tell_settlement(scene, claim, due)
        return
    values: dict[str, Value] = {"reference": claim.reference}
    insurer = scene.name(who)
    yield line(
        "claim_due" if claim.kind == "direct" else f"claim_due_{claim.kind}",
        due,
        "patient" if claim.kind == "reimbursement" else "crossclaim",
        source,
        number=scene.facts.bill(claim.bill_id).number,
        insurer=insurer,
        forecast=claim.counted(claim.forecast_minor),
        **values,
    )
    yield from _statements(scene, claim, due)
    decided = decided_at(scene, claim)
    if voucher:
        yield from _voucher(scene, claim, decided or scene.answered_at(claim.reference, due))
        return
    yield from _pended(scene, claim, due)
    later = scene.answered_later(claim.reference, claim.decided_at)
    if later is not None and claim.decides != "here":
        yield line("claim_queued", later, who, source, insurer=insurer, **values)
    if claim.state == "failed":
        at = scene.answered_at(claim.reference, due)
        yield line("claim_stopped", at, "crossclaim", source, **values)
    if decided is None or claim.state == "failed":
        return
    again = any(word.claim_id == claim.id for word in scene.facts.revisions)
    if claim.state == "denied" or (again and not claim.benefit_minor):
        yield line("claim_denied", decided, who, source, insurer=insurer, **values)
        return
    yield line(
        _DECIDED.get((claim.decides or "", claim.decided_by), "claim_decided"),
        decided,
        who,
        source,
        insurer=insurer,
        result=word(RESULTS, claim.state),
        benefit=claim.counted(claim.benefit_minor),
        pay=fen(claim.pay_fen or 0),
        **values,
    )


_DECIDED = {
    ("here", ""): "claim_decided_here",
    ("here", "rules"): "claim_decided_here",
    ("here", "examiner"): "claim_examined",
}


def _pended(scene: Scene, claim: ClaimFact, due: datetime) -> Iterator[StoryLine]:
    """A check sent it to the examiner; what it found only the insurer hears."""
    for found in scene.facts.reviews:
        if found.claim_id == claim.id:
            yield line(
                "claim_pended",
                max(found.occurred_at, due),
                "crossclaim",
                f"claim/{claim.id}",
                reference=claim.reference,
                insurer=scene.name(claim.organisation_id or ""),
                reason=reasons(",".join(found.reasons)),
            )


def _statements(scene: Scene, claim: ClaimFact, at: datetime) -> Iterator[StoryLine]:
    """What the insurers that pay before say of the bill, as it goes with a later one's claim."""
    of_bill = [s for s in scene.facts.splits if s.bill_id == claim.bill_id]
    newest = max(of_bill, key=lambda split: split.version, default=None)
    if claim.kind != "direct" or newest is None:
        return
    claimed = {c.organisation_id for c in scene.facts.claims if c.bill_id == claim.bill_id}
    for part in insurers_parts(newest.result):
        if part.organisation == claim.organisation_id:
            return
        if part.organisation not in claimed:
            continue
        said = as_split(newest.result, part.organisation)
        yield line(
            "claim_statement",
            at,
            "crossclaim",
            f"claim/{claim.id}",
            number=scene.facts.bill(claim.bill_id).number,
            insurer=scene.name(claim.organisation_id or ""),
            other=scene.name(part.organisation or ""),
            paid=said.paid,
            benefit=said.benefit,
        )


def _voucher(scene: Scene, claim: ClaimFact, at: datetime) -> Iterator[StoryLine]:
    source = f"claim/{claim.id}"
    benefit = claim.benefit_minor if claim.benefit_minor is not None else claim.forecast_minor
    if claim.state in ("approved", "voiding", "voided") and claim.decided_at is not None:
        yield line(
            "claim_voucher_taken",
            at,
            "voucher",
            source,
            reference=claim.reference,
            benefit=claim.counted(benefit),
        )
    if claim.state == "failed":
        yield line("claim_voucher_failed", at, "voucher", source, reference=claim.reference)
    if claim.state == "voided":
        taken_back = scene.answered_at(f"{claim.reference}V", at)
        yield line("claim_voided", taken_back, "voucher", source, reference=claim.reference)
