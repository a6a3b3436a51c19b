"""Tells of the healthcare security bureau: who is insured, what it quoted, settled, took back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from crossclaim.domain.bureau import BUREAU
from crossclaim.domain.money import fen
from crossclaim.domain.story_facts import ClaimFact
from crossclaim.domain.story_line import Scene, StoryLine, line, reason


def tell_bureau(scene: Scene) -> Iterator[StoryLine]:
    """The look-up once, and every quote of a bill that was taken."""
    for account in scene.facts.funder_accounts[:1]:
        at = max(account.looked_up_at, scene.facts.episode.recorded_at)
        source = f"funder_account/{account.ordinal}"
        if account.state == "found":
            yield line("insured_found", at, BUREAU, source)
        else:
            yield line("insured_missing", at, BUREAU, source, reason=reason(account.code))
    for stay in scene.facts.bureau_stays:
        yield line("stay_registered", stay.recorded_at, BUREAU, "bureau_stay")
        if stay.discharged_at is not None:
            at = max(stay.discharged_at, stay.recorded_at)
            yield line("stay_ended", at, BUREAU, "bureau_stay")
        if stay.state == "withdrawn":
            at = max(stay.discharged_at or stay.admitted_at, stay.recorded_at)
            yield line("stay_taken_back", at, BUREAU, "bureau_stay")
    for quote in scene.facts.quotes:
        if quote.state == "refused":
            continue
        yield line(
            "bill_quoted",
            quote.recorded_at,
            BUREAU,
            f"settlement_quote/{quote.bill_id}",
            fund=fen(quote.fund_minor),
            account=fen(quote.account_minor),
            family=fen(quote.family_minor),
        )


def tell_settlement(scene: Scene, claim: ClaimFact, due: datetime) -> Iterator[StoryLine]:
    """One claim on the bureau, in CNY."""
    source, reference = f"claim/{claim.id}", claim.reference
    yield line(
        "claim_due_basic_insurance",
        due,
        "crossclaim",
        source,
        number=scene.facts.bill(claim.bill_id).number,
        reference=reference,
        forecast=fen(claim.forecast_minor or 0),
    )
    at = scene.answered_at(reference, max(claim.decided_at or due, due))
    if claim.benefit_minor is not None:
        yield line(
            "settlement_made",
            at,
            BUREAU,
            source,
            reference=reference,
            settlement=claim.number,
            benefit=fen(claim.benefit_minor),
        )
    if claim.state == "failed":
        yield line("settlement_failed", at, BUREAU, source, reference=reference)
    if claim.state == "queued":
        yield line("settlement_waits", at, BUREAU, source, reference=reference)
    if claim.state == "voided":
        taken_back = scene.answered_at(f"{reference}V", at)
        yield line("settlement_cancelled", taken_back, BUREAU, source, reference=reference)
