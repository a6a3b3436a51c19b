"""Scenario E12 at its edges: sends on their way, insurers that go on, two insurers, vouchers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from temporalio.testing import ActivityEnvironment

from activities.claims import ClaimSteps
from activities.guarantees import GuaranteeSteps
from activities.withdrawal_steps import WithdrawalSteps
from crossclaim.domain.errors import Final
from crossclaim.domain.party import ClaimAnswer, ClaimOrder, GuaranteeAnswer, GuaranteeOrder
from crossclaim.domain.submission import SubmissionKind
from tests.flows.hospital import varied
from tests.steps.rig import AT, HARBOUR, MUTUAL, Rig
from tests.steps.two_insurers import PEARL, DualStay, first_there, second_here, second_there
from tests.steps.withdrawn_visit import INSURED, REST, WHOLE, Listening, WithdrawnVisit, on


class WithdrawsMeanwhile(Listening):
    """The patient withdraws while a send is at the insurer's door."""

    visit: WithdrawnVisit | None = None

    def submit_claim(self, order: ClaimOrder) -> ClaimAnswer:
        assert self.visit is not None
        visit, self.visit = self.visit, None
        visit.withdraw()
        self.answers.update({})
        answer = super().submit_claim(order)
        self.visit = visit
        return answer


def racing(rig: Rig) -> tuple[WithdrawnVisit, WithdrawsMeanwhile]:
    visit = WithdrawnVisit.opened(rig)
    insurer = WithdrawsMeanwhile()
    world = replace(visit.rig.world, insurers={HARBOUR: insurer})
    visit.rig, visit.insurer = replace(visit.rig, world=world), insurer
    insurer.visit = visit
    return visit, insurer


def test_a_withdrawal_between_the_attempts_row_and_its_answer_came_after_the_send(
    rig: Rig,
) -> None:
    visit, insurer = racing(rig)
    visit.billed()
    visit.submit()
    assert len(insurer.orders) == 1
    assert visit.claim().state == "suspended"
    assert visit.withdrawal().branch == "before_decision"
    (attempt,) = visit.rig._select(
        "select occurred_at, cardinality(consents) as consents, outcome from outbound_attempt"
        " where episode_id = %(id)s and operation = 'claim'",
        id=visit.episode,
    )
    assert attempt["consents"] == 4 and attempt["outcome"] == "answered"
    assert attempt["occurred_at"] <= visit.withdrawal().withdrawn_at


def test_a_decision_that_answers_the_send_itself_is_kept_as_well(rig: Rig) -> None:
    visit, _ = racing(rig)
    visit.billed()
    visit.will_decide()
    visit.submit()
    assert visit.claim().state == "suspended"
    assert visit.exceptions() == {"DECISION_WHILE_SUSPENDED"}
    assert visit.claim().pay_fen is None and visit.standing().payout_due is None
    kept = visit.rig._select(
        "select operation, code from kept_answer where episode_id = %(id)s", id=visit.episode
    )
    assert [(one["operation"], one["code"]) for one in kept] == [
        ("claim", "DECISION_WHILE_SUSPENDED")
    ]


def test_a_naive_twin_that_forgets_the_suspension_pays_on_a_decision_without_consent(
    rig: Rig,
) -> None:
    visit, _ = racing(rig)
    visit.billed()
    visit.will_decide()
    visit.submit()
    visit.rig.change(
        "update claim set state = 'queued' where episode_id = %(id)s", id=visit.episode
    )
    visit.decided()
    assert visit.standing().payout_due == visit.claim().id


def test_no_try_again_sends_what_a_withdrawal_has_suspended(rig: Rig) -> None:
    visit, insurer = racing(rig)
    visit.billed()
    visit.submit()
    visit.submit()
    ClaimSteps(visit.rig.world).inquire_claim(visit.about(visit.claim().id))
    assert len(insurer.orders) == 1 and visit.claim().state == "suspended"


def test_a_claim_that_was_due_is_not_sent_by_a_step_that_comes_late(rig: Rig) -> None:
    visit = WithdrawnVisit.opened(rig)
    visit.billed()
    due = visit.claim().id
    visit.withdraw()
    ClaimSteps(visit.rig.world).submit_claim(visit.about(due))
    assert visit.insurer.orders == [] and visit.claim().state == "voided"


class GrantsLate(Listening):
    """The patient withdraws while the letter of guarantee is being written."""

    visit: WithdrawnVisit | None = None

    def request_guarantee(self, order: GuaranteeOrder) -> GuaranteeAnswer:
        if self.visit is not None:
            self.visit.withdraw()
        return super().request_guarantee(order)


def test_a_guarantee_that_is_granted_after_the_withdrawal_is_cancelled_and_never_reserves(
    rig: Rig,
) -> None:
    visit = WithdrawnVisit.opened(rig)
    insurer = GrantsLate()
    world = replace(visit.rig.world, insurers={HARBOUR: insurer})
    own = replace(visit.rig, world=world)
    number = {"number": f"{visit.bill['number']}-late"}
    submission = varied(visit.parts["episode"], visit=number)
    episode, _ = own.say(SubmissionKind.EPISODE, submission, at=on(2))
    other = replace(visit, rig=own, episode=episode, insurer=insurer)
    insurer.visit = other
    other.ask()
    assert other.guarantee().state == "cancelling" and other.balances() == {}
    other.followed()
    assert insurer.stopped == [("cancel", other.guarantee().reference)]
    assert other.guarantee().state == "cancelled" and other.balances() == {}


class WillNotStop(Listening):
    def stop(self, word: str, about: str, reference: str, at: object) -> None:
        raise Final("no", code="STOP_REFUSED")


def test_an_insurer_that_does_not_stop_is_a_persons_business_and_holds_nothing_up(
    rig: Rig,
) -> None:
    visit = WithdrawnVisit.opened(rig)
    visit.billed()
    visit.submit()
    world = replace(visit.rig.world, insurers={HARBOUR: WillNotStop()})
    visit.rig = replace(visit.rig, world=world)
    visit.withdraw()
    visit.now = on(40)
    visit.followed()
    assert visit.exceptions() == {"WITHDRAWAL_NOTICE_REFUSED", "GUARANTEE_RELEASE_REFUSED"}
    assert visit.guarantee().state == "cancelled"
    visit.tender(WHOLE)
    assert visit.closed() == "CLOSED_CONSENT_WITHDRAWN" and visit.balances() == {}


def test_every_step_may_run_twice(rig: Rig) -> None:
    visit = WithdrawnVisit.opened(rig)
    visit.billed()
    visit.submit()
    visit.withdraw()
    visit.now = on(40)
    steps, one = WithdrawalSteps(visit.rig.world), visit.withdrawal()
    for _ in range(2):
        steps.tell_withdrawal(visit.about(one.id))
    for _ in range(2):
        steps.end_suspension(visit.about(one.id))
    for _ in range(2):
        steps.cancel_guarantee(visit.about(visit.guarantee().id))
    for _ in range(2):
        steps.tell_withdrawal(visit.about(one.id))
    words = [word for word, _ in visit.insurer.stopped]
    assert words == ["suspend", "cancel", "cancel"]
    assert visit.balances() == {"hospital:hku-szh:bills": -WHOLE, "funder:patient:due": WHOLE}


def test_of_two_insurers_only_the_one_whose_consent_went_is_cut_off(rig: Rig) -> None:
    stay = DualStay.opened(rig, [first_there(), second_there()])
    stay.billed()
    before = stay.rows().allocations[0].result
    withdrawn = {
        "number": "W-dual",
        "withdrawn": "PI_PROVIDE",
        "recipient": PEARL,
        "stated_at": "2026-04-11T09:00:00+08:00",
    }
    _, answer = stay.rig.say(SubmissionKind.CONSENT, withdrawn, stay.episode)
    (effect,) = answer.body["effects"]
    assert (effect["organisation"], effect["branch"]) == (PEARL, "before_claim")
    after = stay.rows().allocations[0].result
    assert after.insurer(HARBOUR) == before.insurer(HARBOUR) and after.insurer(PEARL) is None
    assert {g.insurer_id: g.state for g in stay.rows().guarantees} == {
        HARBOUR: "granted",
        PEARL: "cancelling",
    }
    stay.submit(HARBOUR)
    stay.answered(HARBOUR, 3_000_000)
    assert stay.claims() == {HARBOUR: "partial"}
    assert stay.examiners[PEARL].orders == []
    assert stay.rows().closing_status() == "closed"


def test_with_the_first_insurer_gone_the_second_pays_what_it_would_have_paid(rig: Rig) -> None:
    stay = DualStay.opened(rig, [first_there(), second_here(4)])
    stay.billed()
    before = stay.rows().allocations[0].result.insurer(MUTUAL)
    withdrawn = {
        "number": "W-dual",
        "withdrawn": "CLAIM_AUTH",
        "recipient": HARBOUR,
        "stated_at": "2026-04-11T09:00:00+08:00",
    }
    stay.rig.say(SubmissionKind.CONSENT, withdrawn, stay.episode)
    after = stay.rows().allocations[0].result
    assert before is not None and after.insurer(MUTUAL) == before
    assert after.insurer(HARBOUR) is None
    claim = stay.claim_on(MUTUAL)
    assert claim.state == "due"
    stay.decide()
    assert stay.claim_on(MUTUAL).pay_fen == before.amount.amount_minor


def test_a_consent_that_names_nobody_cuts_off_both(rig: Rig) -> None:
    stay = DualStay.opened(rig, [first_there(), second_there()])
    stay.billed()
    withdrawn = {
        "number": "W-dual",
        "withdrawn": "PI_SENSITIVE",
        "stated_at": "2026-04-11T09:00:00+08:00",
    }
    _, answer = stay.rig.say(SubmissionKind.CONSENT, withdrawn, stay.episode)
    assert [one["organisation"] for one in answer.body["effects"]] == [HARBOUR, PEARL]
    result = stay.rows().allocations[0].result
    assert [t.funder.value for t in result.totals] == ["patient"]
    assert result.totals[0].amount == result.total
    assert stay.rows().closing_status() == "CLOSED_CONSENT_WITHDRAWN"


def test_vouchers_beside_the_insurer_stay_as_they_are(rig: Rig) -> None:
    visit = rig.visit("HL-VOUCHER-1", insurer=HARBOUR)
    _, answer = visit.bill()
    before = answer.split
    withdrawn = {
        "number": "W-voucher",
        "withdrawn": "PI_CROSS_BORDER",
        "stated_at": "2026-04-02T11:00:00+08:00",
    }
    _, told = rig.say(SubmissionKind.CONSENT, withdrawn, visit.episode, at=AT)
    (effect,) = told.body["effects"]
    after = visit.rows().allocations[0].result
    vouchers = [t for t in before.totals if t.funder.value == "voucher"]
    assert vouchers and [t for t in after.totals if t.funder.value == "voucher"] == vouchers
    assert after.insurer(HARBOUR) is None
    assert effect["after"]["insurer"]["amount"] == "0.00"
    assert sum(t.amount.amount_minor for t in after.totals) == after.total.amount_minor


@pytest.mark.parametrize("share", [0, REST])
def test_the_patient_pays_only_what_he_has_not_paid(share: int, rig: Rig) -> None:
    visit = WithdrawnVisit.opened(rig)
    visit.billed()
    if share:
        visit.tender(share)
    visit.withdraw()
    assert visit.tender(INSURED).body["still_due"]["amount"] == f"{(REST - share) / 100:.2f}"


def test_no_step_needs_the_engine_to_run(rig: Rig) -> None:
    """The steps are plain calls under the engine's own test environment too."""
    visit = WithdrawnVisit.opened(rig)
    visit.withdraw()
    steps = WithdrawalSteps(visit.rig.world)
    order = visit.about(visit.guarantee().id)
    standing = ActivityEnvironment().run(steps.cancel_guarantee, order)
    assert standing.withdrawal is None
    released = GuaranteeSteps(visit.rig.world).release_guarantee(order)
    assert released.revision == standing.revision and visit.guarantee().state == "cancelled"
