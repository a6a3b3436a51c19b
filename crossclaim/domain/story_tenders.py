"""Tells of payments through the acquirer and of what goes back to the patient."""

from __future__ import annotations

from collections.abc import Iterator

from crossclaim.domain.money import fen
from crossclaim.domain.story_facts_tenders import PaymentFact, RefundFact
from crossclaim.domain.story_line import Scene, StoryLine, line, reason, word
from crossclaim.domain.story_phrase import Value, sentence_of
from crossclaim.domain.story_words import METHODS
from crossclaim.domain.story_words_tenders import RATE_BY

_ACQUIRER = "acquirer"


def tell_tenders(scene: Scene) -> Iterator[StoryLine]:
    for payment in scene.facts.payments:
        yield from _payment(scene, payment)
    for refund in scene.facts.refunds:
        yield from _refund(scene, refund)


def _payment(scene: Scene, payment: PaymentFact) -> Iterator[StoryLine]:
    source, at = f"payment_order/{payment.reference}", payment.changed_at
    named: dict[str, Value] = {"reference": payment.reference}
    yield line(
        "payment_asked",
        payment.recorded_at,
        scene.facts.episode.hospital_id,
        source,
        amount=fen(payment.amount_minor),
        number=scene.facts.bill(payment.bill_id).number,
        method=word(METHODS, payment.method),
        **named,
    )
    if payment.state in ("refused", "closed"):
        kind = f"payment_{payment.state}"
        yield line(kind, at, _ACQUIRER, source, reason=reason(payment.code), **named)
    if payment.card_currency:
        yield line(
            "payment_card",
            at,
            _ACQUIRER,
            source,
            card=f"{payment.card_currency} {payment.card_amount}",
            rate=payment.card_rate,
            by=sentence_of(RATE_BY[payment.card_rate_by]),
            **named,
        )


def _refund(scene: Scene, refund: RefundFact) -> Iterator[StoryLine]:
    source = f"tender_refund/{refund.reference}"
    told: dict[str, Value] = {
        "amount": fen(refund.amount_minor),
        "number": scene.facts.bill(refund.bill_id).number,
        "method": word(METHODS, refund.method),
        "reference": refund.reference,
        "reason": reason(refund.cause),
    }
    by_hand = refund.route == "cashier"
    if by_hand:
        told["hospital"] = scene.hospital()
    kind = "refund_by_cashier" if by_hand else "refund_ordered"
    yield line(kind, refund.recorded_at, "crossclaim", source, **told)
    if refund.state == "refunded":
        who = scene.facts.episode.hospital_id if by_hand else _ACQUIRER
        amount, reference = fen(refund.amount_minor), refund.reference
        yield line(
            "refund_made", refund.changed_at, who, source, amount=amount, reference=reference
        )
    if refund.state == "refused":
        yield line(
            "refund_dropped" if by_hand else "refund_refused",
            refund.changed_at,
            "crossclaim" if by_hand else _ACQUIRER,
            source,
            reference=refund.reference,
            reason=reason(refund.code),
        )
