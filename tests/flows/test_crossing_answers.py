"""Answers that cross on the way or come again changed, and a claim that cannot be sent."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import boto3
import pytest

from activities.claims import ClaimSteps
from activities.decisions import record_decision
from activities.guarantees import GuaranteeSteps
from crossclaim.domain.money import hk_cents
from crossclaim.domain.party import AnswerState, ClaimAnswer
from crossclaim.stack import Stack
from crossclaim.wiring import House
from tests.flows.crossing import (
    details_of_exceptions,
    dispositions,
    house_of,
    order_about,
    world_of,
)
from tests.flows.hospital import Hospital, tender_of, varied
from tests.flows.inpatient_stay import AT_DISCHARGE, DISCHARGED, InpatientStay
from tests.flows.money import ledger
from tests.flows.simulator import Simulator
from tests.plain_files import pdf_of

BENEFIT = 3392386


@pytest.fixture(scope="module")
def house(flow_stack: Stack) -> Iterator[House]:
    house = house_of(flow_stack)
    yield house
    house.database.close()


def test_a_decision_that_comes_while_we_inquire_is_not_overwritten_by_the_older_word(
    shenzhen: Hospital, insurer: Simulator, house: House
) -> None:
    stay = InpatientStay.there(shenzhen)
    insurer.fault("pend", operation="claim", policy_number=stay.policy, delay_s=3600)
    episode = stay.billed_before_discharge()
    episode.say("discharge", DISCHARGED)
    claim = episode.wait("claims", state="queued")["claims"][0]

    def the_decision_comes() -> None:
        insurer.later(3600)
        episode.wait("claims", benefit_minor=BENEFIT)

    steps = ClaimSteps(world_of(house, the_decision_comes))
    standing = steps.inquire_claim(order_about(episode.id, claim["id"]))
    assert standing.claim_waiting is None
    rows = episode.closed()
    assert [(c["state"], c["benefit_minor"]) for c in rows["claims"]] == [("partial", BENEFIT)]
    assert [p["amount_minor"] for p in rows["payouts"]] == [3104033]
    assert ledger(rows) == {}


def test_a_guarantee_that_comes_while_we_inquire_stays_granted(
    shenzhen: Hospital, insurer: Simulator, house: House
) -> None:
    stay = InpatientStay.there(shenzhen)
    insurer.fault("pend", operation="preauthorization", policy_number=stay.policy, delay_s=3600)
    episode = stay.open()
    guarantee = episode.wait("guarantees", state="queued")["guarantees"][0]

    def the_letter_comes() -> None:
        insurer.later(3600)
        episode.wait("guarantees", state="granted")

    steps = GuaranteeSteps(world_of(house, the_letter_comes))
    standing = steps.inquire_guarantee(order_about(episode.id, guarantee["id"]))
    assert (standing.guarantee_waiting, standing.guarantee_due) == (None, None)
    (known,) = episode.rows()["guarantees"]
    assert (known["state"], bool(known["number"])) == ("granted", True)


def test_another_decision_after_the_first_changes_nothing_and_a_person_hears_of_it(
    shenzhen: Hospital, insurer: Simulator, house: House
) -> None:
    stay = InpatientStay.there(shenzhen)
    episode = stay.billed_before_discharge()
    episode.say("discharge", DISCHARGED)
    before = episode.closed()
    world, order = world_of(house, lambda: None), order_about(episode.id, "")

    def hear(benefit: int) -> None:
        answer = ClaimAnswer(
            reference=stay.claim,
            state=AnswerState.PARTIAL,
            benefit=hk_cents(benefit),
            disposition="CHAN Tai Man is to have less.",
        )
        with world.records.transaction() as tx:
            rows = tx.lock(episode.id)
            assert rows is not None
            (claim,) = rows.claims
            record_decision(tx, world, order, rows, claim, answer)

    hear(BENEFIT)
    assert episode.exceptions() == []
    hear(BENEFIT - 100_00)
    after = episode.rows()
    (found,) = after["exceptions"]
    assert (found["code"], found["reference"]) == ("DECISION_CHANGED_LATER", stay.claim)
    details = {
        "state": "partial",
        "decided_hkd": "33923.86",
        "later_hkd": "33823.86",
        "proposed_cny": "-91.50",
    }
    assert details_of_exceptions(house, episode.id) == [details]
    assert dispositions(house, episode.id) == [""]
    assert (after["claims"], after["payouts"]) == (before["claims"], before["payouts"])


def test_a_claim_whose_document_is_lost_stops_for_a_person_and_the_episode_lives_on(
    shenzhen: Hospital, insurer: Simulator, house: House, flow_stack: Stack
) -> None:
    stay = InpatientStay.there(shenzhen)
    content = pdf_of("a summary")
    sha256 = hashlib.sha256(content).hexdigest()
    named = {"kind": "discharge_summary", "name": "summary.pdf", "sha256": sha256}
    stay.bill = varied(stay.bill, documents=[named])
    episode = stay.open()
    shenzhen.upload(f"{episode.path}/documents?name=summary.pdf", content, "application/pdf")
    episode.say("admission", {"admitted_at": "2026-03-11T09:20:00+08:00"})
    episode.say("bills", stay.bill)
    _lose_documents(flow_stack, episode.id)
    episode.say("discharge", DISCHARGED)
    rows = episode.wait("exceptions", code="CLAIM_STOPPED")
    (claim,) = rows["claims"]
    assert claim["state"] == "failed"
    assert details_of_exceptions(house, episode.id) == [{"code": "DOCUMENT_MISSING"}]
    assert insurer.journal("accepted", reference=claim["reference"]) == []
    # The run still takes what the hospital says.
    episode.say("tenders", tender_of(stay.bill, "20810.17", AT_DISCHARGE))


def _lose_documents(stack: Stack, episode_id: str) -> None:
    settings = stack.settings
    s3 = boto3.client(
        "s3",
        endpoint_url=settings.s3_endpoint,
        region_name=settings.s3_region,
        aws_access_key_id=settings.s3_access_key.get_secret_value(),
        aws_secret_access_key=settings.s3_secret_key.get_secret_value(),
    )
    prefix = f"{episode_id}/documents/"
    found = s3.list_objects_v2(Bucket=settings.s3_bucket, Prefix=prefix)["Contents"]
    assert found, "there is something to lose"
    for entry in found:
        s3.delete_object(Bucket=settings.s3_bucket, Key=entry["Key"])
