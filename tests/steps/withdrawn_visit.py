"""Scenario E12's visit, step by step by hand: a bill of CNY 3,275.00, of which 2,287.50 insured."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from activities.claims import ClaimSteps
from activities.guarantees import GuaranteeSteps
from activities.orders import Subject
from activities.payouts import PayoutSteps
from activities.submissions import SubmissionSteps
from activities.withdrawal_steps import WithdrawalSteps
from crossclaim.domain.ledger import credit_entry, hospital_bills
from crossclaim.domain.records import ClaimRow, EpisodeRows, GuaranteeRow
from crossclaim.domain.standing import Standing
from crossclaim.domain.submission import SubmissionKind
from crossclaim.domain.withdrawal_rows import WithdrawalRow
from crossclaim.plans.loader import load_plans
from crossclaim.security.roles import Principal, Role
from crossclaim.service.party_view import party_view
from tests.flows.flow_stack import flow_reference
from tests.flows.hospital import Body, example, varied
from tests.steps.examiner import Examiner, decision
from tests.steps.rig import HARBOUR, Answer, Rig

WITHDRAWN_AT = datetime(2026, 5, 6, 1, 0, tzinfo=UTC)
"""09:00 in the region, as everything of E12 is told."""
INSURED, REST, WHOLE = 228_750, 98_750, 327_500
APPROVED = 250_000
"""HK cents."""
_numbers = itertools.count(1)


def on(day: int, hour: int = 1) -> datetime:
    """A day of May 2026; later months run on from it."""
    return datetime(2026, 5, 1, hour, tzinfo=UTC) + timedelta(days=day - 1)


class Listening(Examiner):
    """An examiner that keeps what it was told to stop, and what else it was sent."""

    def __init__(self, limit_hkd: int = 3_000) -> None:
        super().__init__(limit_hkd=limit_hkd)
        self.stopped: list[tuple[str, str]] = []
        self.then: Callable[[], None] | None = None

    def stop(self, word: str, about: str, reference: str, at: datetime) -> None:
        self.stopped.append((word, about))
        if self.then is not None:
            self.then()


@dataclass
class WithdrawnVisit:
    rig: Rig
    episode: str
    bill: Body
    insurer: Listening
    now: datetime = WITHDRAWN_AT
    parts: Body = field(default_factory=dict)

    @classmethod
    def opened(cls, rig: Rig, limit_hkd: int = 3_000, **changes: object) -> WithdrawnVisit:
        """2 May: consents; 3 May: a guarantee of HKD 3,000."""
        parts, number = example("e12-consent-withdrawn"), next(_numbers)
        insurer, plans = Listening(limit_hkd), load_plans(demonstration=True)
        world = replace(
            rig.world,
            insurers={HARBOUR: insurer},
            plan_shelf=lambda: plans,
            reference=flow_reference(),
        )
        own = replace(rig, world=world)
        submission = varied(parts["episode"], visit={"number": f"MZ-E12-{number}"}, **changes)
        episode, answer = own.say(SubmissionKind.EPISODE, submission, at=on(2))
        assert answer.status == 201, answer.body
        bill = varied(parts["bill"], number=f"F-E12-{number}")
        visit = cls(own, episode, bill, insurer, now=on(3), parts=parts)
        visit.ask()
        return visit

    def ask(self) -> None:
        steps = GuaranteeSteps(self.rig.world)
        standing = self.standing()
        while standing.eligibility_due or standing.guarantee_due:
            if standing.eligibility_due:
                standing = steps.check_eligibility(self.about(standing.eligibility_due))
            elif standing.guarantee_due:
                standing = steps.request_guarantee(self.about(standing.guarantee_due))

    def say(self, kind: SubmissionKind, content: Body, **more: str) -> Answer:
        return self.rig.say(kind, content, self.episode, at=self.now, **more)[1]

    def billed(self) -> Answer:
        self.now = max(self.now, on(4))
        answer = self.say(SubmissionKind.BILL, self.bill)
        assert answer.status == 200, answer.body
        return answer

    def tender(self, amount_fen: int) -> Answer:
        leg = {
            "method": "bank_card",
            "amount": {"amount": f"{amount_fen / 100:.2f}", "currency": "CNY"},
            "reference": f"POS-{next(_numbers)}",
        }
        content = {
            "bill_number": self.bill["number"],
            "bill_version": self.bill["version"],
            "tendered_at": self.now.isoformat(),
            "legs": [leg],
            "consents": [],
        }
        answer = self.say(SubmissionKind.TENDER, content)
        assert answer.status == 200, answer.body
        return answer

    def withdraw(self, at: datetime = WITHDRAWN_AT, **changes: object) -> Answer:
        self.now = at
        content = varied(self.parts["withdrawal"], number=f"W-{next(_numbers)}", **changes)
        answer = self.say(SubmissionKind.CONSENT, content)
        assert answer.status == 200, answer.body
        return answer

    def give_again(self, at: datetime, **changes: object) -> Answer:
        self.now = at
        number = f"G-{next(_numbers)}"
        content = varied(self.parts["consent"], number=number, given=changes)
        answer = self.say(SubmissionKind.CONSENT, content)
        assert answer.status == 200, answer.body
        return answer

    def submit(self) -> Standing:
        self.now = max(self.now, on(5))
        return ClaimSteps(self.rig.world).submit_claim(self.about(self.claim().id))

    def decided(self, benefit_c: int = APPROVED) -> Answer:
        """The insurer calls back."""
        resource = decision(HARBOUR, self.claim().reference, benefit_c).model_dump_json()
        return self.say(SubmissionKind.INSURER_ANSWER, {"resource": resource}, organisation=HARBOUR)

    def will_decide(self, benefit_c: int = APPROVED) -> None:
        reference = self.claim().reference
        self.insurer.answers[reference] = decision(HARBOUR, reference, benefit_c)

    def credited(self) -> None:
        """The payout is reserved and the bank has paid it."""
        PayoutSteps(self.rig.world).reserve_payout(self.about(self.claim().id))
        (payout,) = self.rows().payouts
        hospital = hospital_bills(self.rows().episode.hospital_id)
        debtor, amount = payout.debtor_organisation_id, payout.amount_minor
        with self.rig.world.records.transaction() as tx:
            state = {"state": "credited", "credited_at": self.now, "closed_at": self.now}
            tx.change_intent(payout.reference, **state)
            entry = credit_entry(
                f"credit:{payout.reference}", hospital, debtor, payout.bank, amount
            )
            tx.post(self.episode, entry, self.now)
            tx.change_episode(self.episode)

    def followed(self) -> Standing:
        """Every step after the withdrawal that is due now."""
        steps, standing = WithdrawalSteps(self.rig.world), self.standing()
        while standing.withdrawal is not None and standing.withdrawal.step:
            due = standing.withdrawal
            standing = getattr(steps, due.step)(self.about(due.subject))
        return standing

    def closed(self) -> str:
        """Lets go and closes; the episode's status."""
        standing, steps = self.followed(), GuaranteeSteps(self.rig.world)
        while standing.guarantee_release_due:
            standing = steps.release_guarantee(self.about(standing.guarantee_release_due))
        if standing.closable:
            SubmissionSteps(self.rig.world).close_episode(self.about(""))
        return self.rows().episode.status

    def standing(self) -> Standing:
        return self.rig.standing(self.episode, self.now)

    def about(self, subject: str) -> Subject:
        return Subject(episode_id=self.episode, subject=subject, at=self.now)

    def read_by(self, insurer: str) -> Body:
        """The episode as an insurer reads it."""
        principal = Principal(key_id="k", organisation=insurer, role=Role.INSURER_SYSTEM)
        return party_view(principal, self.rows(), [])

    def rows(self) -> EpisodeRows:
        return self.rig.rows(self.episode)

    def claim(self) -> ClaimRow:
        (found,) = (c for c in self.rows().claims if c.organisation_id == HARBOUR)
        return found

    def guarantee(self) -> GuaranteeRow:
        (found,) = self.rows().guarantees
        return found

    def withdrawal(self) -> WithdrawalRow:
        (found,) = self.rows().withdrawals
        return found

    def balances(self) -> dict[str, int]:
        """Account → what is left there; whatever is left balances in each currency."""
        found = self.rig.balances(self.episode)
        in_hkd = {name: left for name, left in found.items() if name.startswith("guarantee:")}
        assert sum(in_hkd.values()) == sum(found.values()) == 0
        return found

    def told(self) -> str:
        """Its story, which is there in all three languages."""
        return self.rig.story(self.episode, self.now)

    def exceptions(self) -> set[str]:
        return set(self.rig.exceptions(self.episode))
