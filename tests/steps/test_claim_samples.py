"""Automatic decisions drawn for review, on our rows: reviewed once, told to their insurer."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from crossclaim.domain.money import hk_cents
from crossclaim.domain.submission import SubmissionKind
from crossclaim.plans.loader import DATA, read_plan
from crossclaim.stack import Stack
from crossclaim.store.claim_samples import read_samples
from crossclaim.wiring import api_house
from tests.flows.hospital import Body
from tests.steps.examining import checked, claim_of, decision, hkd, many_units, reasons, says
from tests.steps.paper_claims import INSURER, claim, paper
from tests.steps.rig import HARBOUR, Answer, Rig

REVIEW = SubmissionKind.SAMPLE_REVIEW


@pytest.fixture
def rig(rig: Rig) -> Rig:
    """Every automatic decision is drawn."""
    name = "claim-review.yaml"
    text = (DATA / name).read_text(encoding="utf-8")
    all_ = read_plan(text.replace("{2014-07-01: 0.05}", "{2014-07-01: 1}"), name)
    plans = rig.world.plans.replacing([all_])
    return replace(rig, world=replace(rig.world, plan_shelf=lambda: plans))


def found(claim_id: str, benefit: str) -> Body:
    return {
        "claim": claim_id,
        "benefit": hkd(benefit),
        "reviewed_at": "2026-05-04T10:00:00+08:00",
    }


def reviewed(rig: Rig, episode: str, benefit: str) -> Answer:
    return says(rig, episode, found(claim_of(rig, episode).id, benefit), kind=REVIEW)


def test_a_drawn_decision_is_reviewed_once_and_moves_no_money(rig: Rig) -> None:
    episode = checked(rig, claim([paper("V1", "2026-03-02", "860.00")]))
    before = rig.balances(episode)
    answer = reviewed(rig, episode, "700.00")
    assert (answer.status, answer.body["correct"]) == (200, False)
    assert reviewed(rig, episode, "751.91").codes == ["SAMPLE_REVIEWED"]
    assert rig.balances(episode) == before and claim_of(rig, episode).benefit_minor == 75191


def test_what_a_person_has_decided_is_not_drawn_nor_what_waits(rig: Rig) -> None:
    episode = checked(rig, many_units())
    assert reasons(rig, episode)
    assert reviewed(rig, episode, "1.00").codes == ["SAMPLE_UNKNOWN"]
    says(rig, episode, decision(claim_of(rig, episode).id, by_rules=True))
    assert reviewed(rig, episode, "1.00").codes == ["SAMPLE_UNKNOWN"]


def test_a_review_in_another_currency_is_refused(rig: Rig) -> None:
    episode = checked(rig, claim([paper("V1", "2026-03-02", "860.00")]))
    amount = {"amount": "1.00", "currency": "CNY"}
    wrong = {**found(claim_of(rig, episode).id, "1.00"), "benefit": amount}
    assert says(rig, episode, wrong, kind=REVIEW).codes == ["DECISION_CURRENCY"]


def test_the_insurer_reads_its_own_sample_and_nobody_elses(rig: Rig, stack: Stack) -> None:
    right = checked(rig, claim([paper("V1", "2026-03-02", "860.00")]))
    wrong = checked(rig, claim([paper("V1", "2026-03-02", "860.00")]))
    for episode, benefit in ((right, "751.91"), (wrong, "651.91")):
        assert reviewed(rig, episode, benefit).status == 200
    api = api_house(stack.settings)
    with api.database.begin(INSURER) as connection:
        (told,) = read_samples(connection, INSURER).estimates
    with api.database.begin(HARBOUR) as connection:
        assert read_samples(connection, INSURER) == ([], [])
    assert told.reviewed >= 2 and told.wrong >= 1 and told.decisions >= told.drawn >= 2
    assert told.share_wrong is not None and Decimal(0) < told.share_wrong < 1
    assert told.overpaid is not None and hk_cents(0) < told.overpaid
    api.database.close()


def test_a_drawn_decision_that_was_replaced_since_is_still_one_of_all(
    rig: Rig, stack: Stack
) -> None:
    """Red before: the whole shrank below its sample, and the estimate of money failed."""
    api = api_house(stack.settings)
    drawn = [checked(rig, claim([paper("V1", "2026-03-02", "860.00")])) for _ in range(2)]
    for episode, benefit in zip(drawn, ("751.91", "651.91"), strict=True):
        assert reviewed(rig, episode, benefit).status == 200
    with api.database.begin(INSURER) as connection:
        (before,) = read_samples(connection, INSURER).estimates
    for episode in drawn:
        with rig.world.records.transaction() as tx:
            tx.lock(episode)
            tx.change_claim(claim_of(rig, episode).id, state="replaced")
    with api.database.begin(INSURER) as connection:
        (after,) = read_samples(connection, INSURER).estimates
    assert (after.decisions, after.drawn) == (before.decisions, before.drawn)
    assert after.overpaid is not None and after.overpaid_low is not None
    api.database.close()
