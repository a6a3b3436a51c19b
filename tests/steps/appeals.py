"""Appeals on our rows, each step taken by hand: who appeals, who reviews, what is paid."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import datetime, timedelta

from activities.claims import ClaimSteps
from activities.orders import Subject
from activities.payouts import PayoutSteps
from crossclaim.domain.ledger import credit_entry, reimbursements
from crossclaim.domain.records import ClaimRow, EpisodeRows, PayoutRow
from crossclaim.domain.submission import SubmissionKind
from tests.flows.hospital import Body
from tests.steps.paper_claims import APPROVED, INSURER, claim
from tests.steps.rig import Answer, Rig

CLERK, FIRST, SECOND = "key-clerk", "key-first", "key-second"
LATER = APPROVED + timedelta(hours=30)
_numbers = itertools.count(1)


def lines(*amounts: str) -> list[Body]:
    """What is paid of each charge line, in HKD."""
    return [
        {
            "line": number,
            "approved": {"amount": amount, "currency": "HKD"},
            "reason": "PLAN_TERMS",
        }
        for number, amount in enumerate(amounts, 1)
    ]


E6_LINES = lines("751.91", "0.00", "800.00", "0.00")
"""As E6 was decided: the second visit of a day and the physiotherapy are paid nothing."""
WON = lines("751.91", "375.96", "800.00", "0.00")
"""The second visit of the day is paid too: HKD 375.96 more."""


@dataclass(frozen=True)
class Papers:
    """E6's claim with papers, decided and paid to the patient."""

    rig: Rig
    episode: str

    @classmethod
    def paid(cls, rig: Rig) -> Papers:
        found = cls.decided(rig)
        found.pay(APPROVED)
        return found

    @classmethod
    def decided(cls, rig: Rig) -> Papers:
        kind = SubmissionKind.PAPER_CLAIM
        episode, answer = rig.say(kind, claim(), organisation=INSURER, at=APPROVED)
        assert answer.status == 201, answer.body
        found = cls(rig, episode)
        subject = Subject(episode_id=episode, subject=found.claim.id, at=APPROVED)
        ClaimSteps(rig.world).decide_claim(subject)
        return found

    @property
    def claim(self) -> ClaimRow:
        return next(c for c in self.rows().claims if c.supplements is None)

    def rows(self) -> EpisodeRows:
        return self.rig.rows(self.episode)

    def pay(self, at: datetime) -> list[PayoutRow]:
        """Reserves what is due and has the bank credit all; every payout so far."""
        standing = self.rig.standing(self.episode, at)
        while standing.payout_due:
            due = Subject(episode_id=self.episode, subject=standing.payout_due, at=at)
            standing = PayoutSteps(self.rig.world).reserve_payout(due)
        for payout in self.rows().payouts:
            if payout.credited_at is None and payout.state != "cancelled":
                with self.rig.world.records.transaction() as tx:
                    tx.change_intent(
                        payout.reference, state="credited", credited_at=at, closed_at=at
                    )
                    who, bank = payout.debtor_organisation_id, payout.bank
                    entry = credit_entry(
                        f"credit:{payout.reference}",
                        reimbursements(),
                        who,
                        bank,
                        payout.amount_minor,
                    )
                    tx.post(self.episode, entry, at)
                    tx.change_episode(self.episode)
        return self.rows().payouts

    def appeal(
        self, *, level: int = 1, at: datetime = LATER, sender: str = INSURER, **changes: object
    ) -> Answer:
        asked = {
            "number": f"AP-{next(_numbers)}",
            "claim_id": self.claim.id,
            "level": level,
            "reason": "The second visit was to another specialist.",
            **changes,
        }
        kind = SubmissionKind.APPEAL
        return self.rig.say(kind, asked, self.episode, organisation=sender, key_id=CLERK, at=at)[1]

    def review(
        self,
        decided: list[Body] | None = None,
        *,
        level: int = 1,
        key: str = FIRST,
        at: datetime = LATER,
        sender: str = INSURER,
        **changes: object,
    ) -> Answer:
        word = {
            "claim_id": self.claim.id,
            "level": level,
            "outcome": "upheld" if decided is None else "changed",
            "reason": "Two departments on one day.",
            "lines": decided or [],
            "decided_at": at.isoformat(),
            **changes,
        }
        kind = SubmissionKind.APPEAL_DECISION
        return self.rig.say(kind, word, self.episode, organisation=sender, key_id=key, at=at)[1]
