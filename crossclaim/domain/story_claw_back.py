"""Tells of money of payouts that goes back to funders."""

from __future__ import annotations

from collections.abc import Iterator

from crossclaim.domain.money import fen
from crossclaim.domain.story_facts_bill import ClawBackFact
from crossclaim.domain.story_line import Scene, StoryLine, line, word
from crossclaim.domain.story_phrase import Value
from crossclaim.domain.story_words_payout import TWICE_OUTCOMES, WRITE_OFF_REASONS


def tell_claw_backs(scene: Scene) -> Iterator[StoryLine]:
    for back in scene.facts.claw_backs:
        hospital = scene.facts.episode.hospital_id
        payee = hospital if back.payee == "hospital" else back.payee
        source, insurer = f"claw_back/{back.reference}", scene.name(back.organisation_id)
        amount = fen(back.amount_minor)
        yield line(
            "claw_back_ordered",
            back.recorded_at,
            "crossclaim",
            source,
            payee=scene.name(payee),
            amount=amount,
            insurer=insurer,
            reference=back.reference,
        )
        yield from _write_offs(scene, back, source)
        yield from _findings(scene, back, source)
        if back.received_at is not None:
            yield line(
                "claw_back_received",
                max(back.recorded_at, back.received_at),
                back.organisation_id,
                source,
                amount=amount,
                insurer=insurer,
                reference=back.reference,
            )
        elif back.state == "needless":
            yield line(
                "claw_back_needless",
                max(back.recorded_at, back.ended_at or back.ordered_at),
                "crossclaim",
                source,
                payee=scene.name(payee),
                amount=amount,
                insurer=insurer,
                reference=back.reference,
            )


def _findings(scene: Scene, back: ClawBackFact, source: str) -> Iterator[StoryLine]:
    """How it ended that its owner had it twice."""
    who = back.organisation_id
    values: dict[str, Value] = {"reference": back.reference, "insurer": scene.name(who)}
    for one in scene.facts.claw_back_findings:
        if one.claw_back != back.reference:
            continue
        told, about = word(TWICE_OUTCOMES, one.outcome), f"{source}/finding/{one.number}"
        amount = fen(one.amount_minor)
        told_at = one.recorded_at
        yield line(
            "claw_back_finding_told", told_at, who, about, outcome=told, amount=amount, **values
        )
        if one.approved is not None and one.decided_at is not None:
            kind = "confirmed" if one.approved else "refused"
            at = max(told_at, one.decided_at)
            yield line(f"claw_back_finding_{kind}", at, who, about, **values)


def _write_offs(scene: Scene, back: ClawBackFact, source: str) -> Iterator[StoryLine]:
    """One person's word that nobody is asked any more, and another's."""
    who = back.organisation_id
    values: dict[str, Value] = {
        "reference": back.reference,
        "amount": fen(back.amount_minor),
        "insurer": scene.name(who),
    }
    for one in scene.facts.write_offs:
        if one.claw_back != back.reference:
            continue
        why = word(WRITE_OFF_REASONS, one.reason)
        about = f"{source}/write-off/{one.number}"
        yield line("write_off_proposed", one.recorded_at, who, about, reason=why, **values)
        if one.approved is not None and one.decided_at is not None:
            kind = "written_off" if one.approved else "write_off_refused"
            yield line(kind, max(one.recorded_at, one.decided_at), who, about, **values)
