"""An insurer with a house of its own, whose examiner decides when a test says so."""

from __future__ import annotations

from datetime import datetime

from crossclaim.domain.money import hk_cents
from crossclaim.domain.party import (
    AnswerState,
    ClaimAnswer,
    ClaimOrder,
    EligibilityAnswer,
    GuaranteeAnswer,
    GuaranteeOrder,
)
from tests.steps.parties import SlowInsurer
from tests.steps.rig import AT


class Examiner(SlowInsurer):
    """An insurer that guarantees HKD 90,000 and keeps every claim until somebody decides."""

    def __init__(self, *, in_force: bool = True, limit_hkd: int = 90_000) -> None:
        self.orders: list[ClaimOrder] = []
        self.in_force = in_force
        self.limit = hk_cents(limit_hkd * 100)
        self.answers: dict[str, ClaimAnswer] = {}
        self.stops: list[dict[str, str]] = []

    def stop(self, word: str, about: str, reference: str, at: datetime) -> None:
        self.stops.append({"what": word, "about": about, "reference": reference})

    def check_eligibility(self, insured: object, at: object) -> EligibilityAnswer:
        return EligibilityAnswer(in_force=self.in_force, direct_billing=self.in_force)

    def request_guarantee(self, order: GuaranteeOrder) -> GuaranteeAnswer:
        return GuaranteeAnswer(
            reference=order.reference,
            state=AnswerState.APPROVED,
            guarantee_number=f"LG-{order.insured.insurer}",
            limit=self.limit,
        )

    def submit_claim(self, order: ClaimOrder) -> ClaimAnswer:
        self.orders.append(order)
        return self.answers.get(
            order.reference, ClaimAnswer(reference=order.reference, state=AnswerState.QUEUED)
        )

    def find_claim(self, reference: str) -> ClaimAnswer:
        taken = any(order.reference == reference for order in self.orders)
        state = AnswerState.QUEUED if taken else AnswerState.NOT_FOUND
        return self.answers.get(reference, ClaimAnswer(reference=reference, state=state))

    def read_callback(self, text: str) -> ClaimAnswer:
        return ClaimAnswer.model_validate_json(text)


def decision(organisation: str, reference: str, hkd_cents: int) -> ClaimAnswer:
    return ClaimAnswer(
        reference=reference,
        state=AnswerState.PARTIAL if hkd_cents else AnswerState.DENIED,
        claim_number=f"N-{organisation}",
        benefit=hk_cents(hkd_cents),
        decided_at=AT,
    )
