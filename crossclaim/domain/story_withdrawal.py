"""Tells what a withdrawn consent did to an insurer's part, and until when a claim waits for a new
one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from crossclaim.domain.money import fen
from crossclaim.domain.stay import local_day
from crossclaim.domain.story_facts import WithdrawalFact
from crossclaim.domain.story_line import Scene, StoryLine, line, word
from crossclaim.domain.story_phrase import Value
from crossclaim.domain.story_words import CONSENTS
from crossclaim.domain.withdrawal_rows import ENDED, RESUMED

_BEGUN = {
    "before_claim": "withdrawal_ended",
    "before_decision": "withdrawal_suspended",
    "before_payout": "withdrawal_payment_goes_on",
    "after_payout": "withdrawal_access_closed",
}


def tell_withdrawals(scene: Scene) -> Iterator[StoryLine]:
    for one in scene.facts.withdrawals:
        yield from _withdrawal(scene, one)


def _withdrawal(scene: Scene, one: WithdrawalFact) -> Iterator[StoryLine]:
    source, insurer = f"withdrawal/{one.id}", scene.name(one.organisation_id)
    values: dict[str, Value] = {"insurer": insurer, "consent": word(CONSENTS, one.consent)}
    more: dict[str, Value] = {}
    if one.branch == "before_decision" and one.suspended_until is not None:
        last = local_day(one.suspended_until - timedelta(seconds=1))
        more = {"until": last.isoformat()}
    elif one.branch == "before_payout":
        more = {"pay": fen(one.insurer_minor), "patient": fen(one.patient_minor)}
    yield line(_BEGUN[one.branch], one.recorded_at, "patient", source, **values, **more)
    at = max(one.recorded_at, one.changed_at)
    if one.branch != "before_decision":
        return
    if one.state == RESUMED:
        yield line("withdrawal_resumed", at, "patient", source, insurer=insurer)
    elif one.state == ENDED:
        patient = fen(one.patient_minor)
        yield line("withdrawal_over", at, "crossclaim", source, insurer=insurer, patient=patient)
