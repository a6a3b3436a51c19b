"""Every history that was ever recorded replays on the workflows of today, and stays as it was."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer
from temporalio.workflow import NondeterminismError

from crossclaim.api.family_examples import FAMILY_EXAMPLES
from crossclaim.domain.family_submission import FamilyBindingSubmission
from tests.flows.hospital import example
from tests.replay.hasty_binding import HastyBinding
from tests.replay.hasty_workflow import HastyCredit, HastyEpisode
from tests.replay.shelf import FOLDER, pins, sha256
from workers.registry import WORKFLOWS
from workflows.episode import EpisodeWorkflow
from workflows.family_binding import FamilyBindingWorkflow

HISTORIES = sorted(path.name for path in FOLDER.glob("*.json"))


def history(name: str) -> WorkflowHistory:
    text = (FOLDER / name).read_text("utf-8")
    return WorkflowHistory.from_json("recorded", text)


@pytest.mark.parametrize("name", HISTORIES)
async def test_a_recorded_history_replays(name: str) -> None:
    replayer = Replayer(workflows=WORKFLOWS, data_converter=pydantic_data_converter)
    result = await replayer.replay_workflow(history(name))
    assert result.replay_failure is None


@pytest.mark.parametrize("name", HISTORIES)
async def test_a_naive_change_of_the_order_of_commands_does_not_replay(name: str) -> None:
    replayer = Replayer(
        workflows=[HastyEpisode, HastyBinding, HastyCredit], data_converter=pydantic_data_converter
    )
    with pytest.raises(NondeterminismError):
        await replayer.replay_workflow(history(name))


def test_no_recorded_history_has_been_recorded_again() -> None:
    found = {name: sha256((FOLDER / name).read_bytes()) for name in HISTORIES}
    assert found == pins()
    assert HISTORIES, "record histories with `python -m tests.replay.record NAME`"


def test_both_episodes_are_recorded_with_every_outside_step() -> None:
    steps = {step for name in HISTORIES for step in _activities(name)}
    assert steps >= {
        "look_up_voucher",
        "claim_voucher",
        "void_voucher",
        "check_eligibility",
        "request_guarantee",
        "submit_claim",
        "send_payout",
        "inquire_payout",
        "release_guarantee",
        "archive_history",
        "apply_for_binding",
        "ask_about_binding",
        "tell_binding_ended",
        "look_up_pay_later",
        "charge_pay_later",
        "refund_pay_later",
        "send_credit_order",
        "inquire_credit_order",
        "archive_credit_history",
        "discharge_insured",
        "settle_bill",
        "cancel_settlement",
        "take_payment",
        "refund_tender",
        "tell_withdrawal",
    }


def _activities(name: str) -> Iterator[str]:
    for event in json.loads((FOLDER / name).read_text("utf-8"))["events"]:
        scheduled = event.get("activityTaskScheduledEventAttributes")
        if scheduled:
            yield scheduled["activityType"]["name"]


@pytest.mark.parametrize("name", HISTORIES)
def test_a_recorded_history_names_nobody(name: str) -> None:
    told = _plain(FOLDER / name)
    for person in _persons():
        assert person not in told, "a payload holds personal data"
    assert '"revision"' in told, "the payloads are in the clear"


def test_the_same_look_finds_the_person_in_a_naive_history(tmp_path: Path) -> None:
    content = json.dumps(example("episode-1-inpatient"), ensure_ascii=False).encode()
    naive = tmp_path / "naive.json"
    naive.write_text(json.dumps({"events": [{"data": base64.b64encode(content).decode()}]}))
    told = _plain(naive)
    assert {"陳大文", "AB987654(3)", "K80.2"} <= {p for p in _persons() if p in told}


def _persons() -> list[str]:
    """Names, numbers, accounts and diagnoses of the example persons; how an identity number of
    Jiangmen begins.
    """
    found = ["6200000000000047", "CHAN", "HO Mei Ling"]
    for name in ("episode-1-inpatient", "episode-2-voucher"):
        submission = example(name)
        patient = submission["patient"]
        found += [*patient["name"].values(), patient["mobile"], patient["birth_date"]]
        found += [d["number"] for d in patient["documents"]]
        found += [d["code"] for d in submission["diagnoses"]]
        found += [d["text"] for d in submission["diagnoses"]]
    family = FAMILY_EXAMPLES[FamilyBindingSubmission]
    for side in ("authoriser", "user"):
        found += family[side]["name"].values()
    return [*found, "440703"]


def _plain(path: Path) -> str:
    """The file's text and, after it, every payload decoded."""
    text = path.read_text("utf-8")
    return text + "\n".join(_payloads(json.loads(text)))


def _payloads(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from _payloads(one)
    elif isinstance(value, dict):
        if isinstance(value.get("data"), str):
            yield base64.b64decode(value["data"]).decode("utf-8", "replace")
        for inner in value.values():
            yield from _payloads(inner)


def test_the_twin_is_the_same_workflow_but_for_its_order() -> None:
    assert issubclass(HastyEpisode, EpisodeWorkflow)
    assert issubclass(HastyBinding, FamilyBindingWorkflow)
