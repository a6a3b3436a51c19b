"""A bundle with a journey in an episode: apart in split, ledger and claim, whatever is decided."""

from __future__ import annotations

import pytest

from activities.claims import ClaimSteps
from activities.decisions import record_decision
from activities.orders import Subject
from crossclaim.domain.money import hk_cents
from crossclaim.domain.party import AnswerState, ClaimAnswer, ClaimOrder
from crossclaim.domain.submission import FunderKind, SubmissionKind
from tests.steps.rig import Rig, totals
from tests.steps.transfer_rig import NOW, Transfer, TransferRig


@pytest.fixture
def journey(rig: Rig) -> Transfer:
    return TransferRig.of(rig).open("bundle-journey")


def tender(amount: str, journey: Transfer) -> None:
    legs = [{**journey.content["tender"]["legs"][0], "reference": f"P-{amount}"}]
    legs[0]["amount"] = {"amount": amount, "currency": "CNY"}
    said = {**journey.content["tender"], "legs": legs}
    assert journey.say(SubmissionKind.TENDER, said).status == 200


def decide(journey: Transfer, benefit: int) -> None:
    (claim,) = journey.of.rig.rows(journey.id).claims
    answer = ClaimAnswer(
        reference=claim.reference,
        state=AnswerState.PARTIAL,
        claim_number="X-1",
        benefit=hk_cents(benefit),
        disposition="DECIDED",
        decided_at=NOW,
    )
    order = Subject(episode_id=journey.id, subject=claim.id, at=NOW)
    with journey.of.world.records.transaction() as tx:
        rows = tx.lock(journey.id)
        assert rows is not None
        record_decision(tx, journey.of.world, order, rows, rows.claim(claim.id), answer)


def test_what_is_no_medical_care_is_the_patients_and_stands_on_accounts_of_its_own(
    journey: Transfer,
) -> None:
    split = journey.bill().split
    assert totals(split) == {"insurer": "5300.00", "patient": "1500.00"}
    assert split.non_medical == split.of(FunderKind.PATIENT)
    left = journey.of.rig.balances(journey.id)
    assert left["patient:non_medical"] == 150_000 == -left["hospital:hku-szh:non_medical"]
    assert left["hospital:hku-szh:bills"] == -530_000
    tender("1499.99", journey)
    assert journey.of.rig.balances(journey.id)["patient:non_medical"] == 1
    tender("0.01", journey)
    left = journey.of.rig.balances(journey.id)
    assert not {"patient:non_medical", "hospital:hku-szh:non_medical"} & set(left)


def test_a_void_gives_back_both_parts(journey: Transfer) -> None:
    own = {**journey.content["bill"], "coverages": []}
    split = journey.say(SubmissionKind.BILL, own).split
    assert totals(split) == {"patient": "6800.00"}
    tender("1700.00", journey)
    left = journey.of.rig.balances(journey.id)
    assert left["funder:patient:due"] == 510_000 and "patient:non_medical" not in left
    void = {"bill_number": "MZF20260414-0604", "bill_version": 1, "reason": "Not done"}
    void["voided_at"] = NOW.isoformat()
    answer = journey.say(SubmissionKind.VOID, void)
    assert answer.status == 200
    left = journey.of.rig.balances(journey.id)
    assert left["patient:non_medical"] == -150_000, "owed until the cashier has given it back"
    for refund in answer.body["refunds"]:
        told = {"refund": refund["reference"], "receipt": "TK-1", "paid_back_at": NOW.isoformat()}
        assert journey.say(SubmissionKind.REFUND_CONFIRMATION, told).status == 200
    left = journey.of.rig.balances(journey.id)
    assert {n: a for n, a in left.items() if not n.startswith("guarantee:")} == {}


@pytest.mark.parametrize(
    ("benefit", "insurer", "patient"),
    [(400_000, "3660.00", "3140.00"), (700_000, "5300.00", "1500.00"), (0, "0.00", "6800.00")],
)
def test_no_decision_of_the_insurer_reaches_the_journey(
    journey: Transfer, benefit: int, insurer: str, patient: str
) -> None:
    """Even one that is worth more than the care."""
    journey.bill()
    decide(journey, benefit)
    split = journey.of.rig.splits(journey.id)[-1]
    assert totals(split) == {"insurer": insurer, "patient": patient}
    apart = [s for s in split.shares if s.line in (3, 4)]
    assert {s.funder for s in apart} == {FunderKind.PATIENT}
    assert sum(s.amount.amount_minor for s in apart) == 150_000
    left = journey.of.rig.balances(journey.id)
    assert left["patient:non_medical"] == 150_000


def test_the_insurer_is_claimed_of_for_the_care_alone(journey: Transfer) -> None:
    journey.bill()
    rows = journey.of.rig.rows(journey.id)
    order = Subject(episode_id=journey.id, subject=rows.claims[0].id, at=NOW)
    with journey.of.world.records.transaction() as tx:
        steps = ClaimSteps(journey.of.world)
        asked: ClaimOrder = steps._order(tx, rows, rows.claims[0], order, [])
    assert [line.number for line in asked.lines] == [1, 2]
    assert asked.total.amount_minor == 530_000


@pytest.mark.parametrize(
    ("part", "code"),
    [("bill-one-sum", "BUNDLE_NOT_DIVIDED"), ("bill-short", "BUNDLE_NON_MEDICAL_SHORT")],
)
def test_a_bundle_that_hides_its_journey_is_refused_and_nothing_is_kept(
    journey: Transfer, part: str, code: str
) -> None:
    assert journey.bill(part).codes == [code]
    assert journey.of.rig.rows(journey.id).bills == []


def test_switched_on_benefits_pay_by_their_limits_and_count_for_the_next_bill(rig: Rig) -> None:
    visit = TransferRig.of(rig).open("benefits-switched-on")
    split = visit.bill().split
    assert totals(split) == {"insurer": "5166.00", "patient": "1054.00"}
    (claim,) = visit.of.rig.rows(visit.id).claims
    with visit.of.world.records.transaction() as tx:
        content = tx.episode_content(visit.id).coverages[0]
    policy = content.policy_number or ""
    assert visit.of.rig.used(policy, "gba-care-plus-example") == claim.forecast_minor == 564_590
