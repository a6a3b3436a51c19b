"""The story of scenario E5 on the real engines: told in order, in three languages, about nobody."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import WorkflowExecutionStatus

from crossclaim.config import Settings
from crossclaim.domain.story import Story
from crossclaim.domain.story_page import page_of
from crossclaim.service.story import story_body, story_of
from crossclaim.stack import Stack
from crossclaim.wiring import House, worker_house
from tests.flows.hospital import Episode, Hospital, tender_of
from tests.flows.inpatient_stay import (
    ADMITTED,
    AT_DISCHARGE,
    DISCHARGED,
    PATIENT_ACCOUNT,
    THERE,
    THERE_LIMITED,
    InpatientStay,
)
from tests.flows.patience import until
from tests.flows.simulator import Simulator
from tests.flows.voucher_visit import WINDOW, VoucherVisit
from tests.unit.story_scene import CANARIES, in_this_order
from workflows.policies import episode_workflow_id

LANGUAGES = ("en", "zh-Hant", "zh-Hans")


async def told(settings: Settings, episode_id: str, language: str = "en") -> Story:
    """As support reads it: the reader's role, every organisation's rows."""
    house = House(settings, settings.database_reader_url.get_secret_value())
    try:
        return await story_of(house, episode_id, language)
    finally:
        house.database.close()


async def has_ended(settings: Settings, episode_id: str) -> bool:
    """Whether the newest run of the episode is over, so that the next message starts another."""
    client = await worker_house(settings).client(lazy=False)
    handle = client.get_workflow_handle(episode_workflow_id(episode_id))
    return (await handle.describe()).status is WorkflowExecutionStatus.COMPLETED


def asked_at_the_api(episode: Episode, language: str = "en") -> dict[str, Any]:
    answer = episode.hospital.get(f"{episode.path}/story?language={language}")
    assert answer.status_code == 200, answer.text
    content: dict[str, Any] = answer.json()
    return content


@pytest.fixture(scope="module")
def finished(flow_stack: Stack, shenzhen: Hospital) -> tuple[InpatientStay, Episode]:
    """E5 with its second part: closed, taken up again for a reimbursement, closed again."""
    stay = InpatientStay(shenzhen, THERE, THERE_LIMITED)
    episode = stay.open()
    episode.wait("guarantees", state="granted")
    episode.say("admission", ADMITTED)
    episode.say("bills", stay.interim)
    episode.say("discharge", DISCHARGED)
    episode.say("bills", stay.bill)
    episode.say("tenders", tender_of(stay.bill, "24400.50", AT_DISCHARGE))
    episode.closed()
    until(lambda: asyncio.run(has_ended(flow_stack.settings, episode.id)), "the first run's end")
    episode.say("reimbursements", stay.reimbursement())
    episode.wait("payouts", payee="patient", state="credited")
    episode.closed()
    return stay, episode


async def test_the_story_of_e5_goes_from_consent_to_closing_in_the_order_in_which_it_happened(
    flow_stack: Stack, finished: tuple[InpatientStay, Episode]
) -> None:
    stay, episode = finished
    story = await told(flow_stack.settings, episode.id)
    claim, later = sorted(episode.rows()["claims"], key=lambda c: str(c["kind"]))
    payout, reimbursed = sorted(episode.rows()["payouts"], key=lambda p: str(p["payee"]))
    number = stay.bill["number"]
    in_this_order(
        page_of(story),
        "signed the consent to sending data across the border for Harbour Life",
        "Harbour Life Assurance Ltd guarantees up to HKD 30,000.00",
        "admitted the patient at 2026-03-11 09:20",
        f"sent interim bill {number} version 1 over CNY 21,000.00; the forecast:",
        f"sent final bill {number} version 2 over CNY 51,850.50; the split: Harbour Life"
        " Assurance Ltd CNY 27,450.00 (HKD 30,000.00), the patient CNY 24,400.50",
        f"Claim {claim['reference']} on Harbour Life",
        f"decided claim {claim['reference']}",
        f"Payout {payout['reference']} was fixed: CNY 27,450.00 from Harbour Life",
        f"The order for payout {payout['reference']} (CNY 27,450.00) was handed to Harbour Bank",
        f"Harbour Bank confirms payout {payout['reference']}",
        "The guarantee of Harbour Life Assurance Ltd was released",
        "the episode was closed",
        f"claim {later['reference']} on Harbour Life",
        f"confirms payout {reimbursed['reference']}: CNY 3,590.33 was credited",
        "the episode was closed",
        "Waits for nothing.",
    )
    assert any("The patient paid CNY 24,400.50" in line for line in page_of(story))
    assert story.waiting is None


async def test_both_runs_are_told_the_archived_one_too_and_every_line_names_its_source(
    flow_stack: Stack, finished: tuple[InpatientStay, Episode]
) -> None:
    _, episode = finished
    body = story_body(await told(flow_stack.settings, episode.id))
    runs = [line["source"] for line in body["story"] if line["kind"].startswith("run_")]
    assert len(runs) == len(set(runs)) == 2
    assert all(line["source"] for line in body["story"])
    assert json.loads(json.dumps(body)) == body


@pytest.mark.parametrize("language", LANGUAGES)
async def test_no_line_in_any_language_tells_who_the_patient_is(
    flow_stack: Stack, finished: tuple[InpatientStay, Episode], language: str
) -> None:
    stay, episode = finished
    page = page_of(await told(flow_stack.settings, episode.id, language))
    at_the_api = asked_at_the_api(episode, language)
    text = "\n".join(page) + json.dumps(at_the_api, ensure_ascii=False)
    secrets = {*CANARIES, stay.policy, PATIENT_ACCOUNT, "6200000000000005", "K80.2"}
    assert [secret for secret in secrets if secret in text] == []
    # The same search finds them in what the hospital had sent.
    assert "CHAN Tai Man" in json.dumps(stay.submission)


async def test_without_the_engine_the_story_still_comes_from_the_rows_and_says_so_last(
    flow_stack: Stack, finished: tuple[InpatientStay, Episode]
) -> None:
    _, episode = finished
    nobody = flow_stack.settings.model_copy(update={"temporal_address": "127.0.0.1:1"})
    story = await told(nobody, episode.id)
    assert story.lines[-1].kind == "engine_silent"
    kinds = [line.kind for line in story.lines]
    assert kinds.count("closed") == 2 and "bank_credited_amount" in kinds


def test_a_story_says_what_it_waits_for_since_when_and_which_try_comes_next(
    shenzhen: Hospital, insurer: Simulator
) -> None:
    stay = InpatientStay.there(shenzhen)
    insurer.fault("error_500", times=1000, operation="preauthorization", policy_number=stay.policy)
    episode = stay.open()

    def waits_for_its_next_try() -> dict[str, Any] | None:
        story = asked_at_the_api(episode)
        kinds = [line["kind"] for line in story["story"]]
        # The try before is a row, the next one the engine's; they are read one after the other.
        return story if {"retry_pending", "asked_unknown"} <= set(kinds) else None

    story = until(waits_for_its_next_try, "a pending try")
    insurer.faults()
    lines = {line["kind"]: line["text"] for line in story["story"]}
    assert "ask for the letter of guarantee failed" in lines["retry_pending"]
    assert "Asked Harbour Life Assurance Ltd for a letter of guarantee" in lines["asked_unknown"]
    assert story["waiting"]["code"] == "STEP" and story["waiting"]["since"]
    episode.wait("guarantees", state="granted")
    in_this_order(
        [line["kind"] for line in asked_at_the_api(episode)["story"]],
        "asked_unknown",
        "asked_again_found",
        "guarantee_granted",
    )
    waiting = asked_at_the_api(episode, "zh-Hant")["waiting"]
    assert waiting["code"] == "HOSPITAL_ADMISSION"
    assert waiting["text"] == "等待香港大學深圳醫院報告入院。"


def test_a_voucher_claim_tells_its_lost_answer_its_return_and_the_correction(
    jiangmen: Hospital, voucher: Simulator
) -> None:
    visit = VoucherVisit(jiangmen, voucher)
    voucher.fault("accepted_answer_lost", operation="claim", account=visit.account)
    episode = visit.open()
    episode.say("bills", visit.bill)
    episode.say("tenders", visit.signed_tender("0.82"))
    episode.closed()
    void = {
        "bill_number": visit.bill["number"],
        "bill_version": 1,
        "voided_at": "2025-10-14T11:20:00+08:00",
        "reason": "the laboratory was not done",
    }
    episode.say("voids", void)
    episode.paid_back()
    correction = visit.corrected_bill()
    episode.say("bills", correction)
    episode.tender(correction, "0.29", WINDOW)
    episode.closed()
    in_this_order(
        [line["text"] for line in asked_at_the_api(episode)["story"]],
        "opened the episode: an outpatient visit.",
        "The voucher account was found; the rate HKD 1 = CNY 0.915",
        "the split: vouchers CNY 1,285.58 (HKD 1,405.00), the patient CNY 0.82",
        "The patient paid CNY 0.82",
        "Voucher claim CV",
        "Asked the eHealth System (Subsidies) for the use of vouchers (attempt 1): the connection"
        " broke off. It may have arrived",
        "Asked the eHealth System (Subsidies) again for the use of vouchers, looking under the",
        "HKD 1,405.00 of vouchers are used",
        "the episode was closed",
        "took a bill back",
        "cashier is to give CNY 0.82",
        "the split: vouchers CNY 1,086.11",
        "HKD 1,187.00 of vouchers are used",
        "the episode was closed",
    )


def test_another_hospital_is_told_nothing(
    jiangmen: Hospital, finished: tuple[InpatientStay, Episode]
) -> None:
    _, episode = finished
    assert jiangmen.get(f"{episode.path}/story").status_code == 404


def test_the_example_holds_every_canary_that_is_searched_for() -> None:
    examples = Path(__file__).parents[2] / "examples"
    sent = (examples / "episode-1-inpatient.json").read_text("utf-8")
    assert [canary for canary in CANARIES if canary not in sent] == []
