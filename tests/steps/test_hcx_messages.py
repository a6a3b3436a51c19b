"""Rows of the exchange: ids made once, seen by one organisation, and answers that we owe."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment
from typer.testing import CliRunner

from activities.hcx_answers import HcxAnswerSteps
from activities.orders import HcxAnswerOrder
from crossclaim.cli.application import app
from crossclaim.domain.errors import Final, GatewayError, OutcomeUnknown
from crossclaim.domain.hcx import CLAIM, ELIGIBILITY, STATUS_CHECK, Headers
from crossclaim.domain.hcx_cycle import Arrived, Cycle
from crossclaim.gateways.hcx_answers import HcxAnswerGateway
from crossclaim.gateways.hcx_keys import own_file
from crossclaim.stack import Stack
from crossclaim.store.hcx_tables import SqlHcxArrivals, SqlHcxMessages
from crossclaim.wiring import House, api_house, worker_house
from tests.steps.rig import AT, HARBOUR, HOSPITAL, PLAN, Rig

THEIRS, OURS = "harbour@hcx", "shenzhen@hcx"


@dataclass(frozen=True)
class Rows:
    episode: str
    worker: House
    api: House

    @property
    def messages(self) -> SqlHcxMessages:
        return SqlHcxMessages(self.worker.database, self.worker.keyring)

    @property
    def arrivals(self) -> SqlHcxArrivals:
        return SqlHcxArrivals(self.api.database, self.api.keyring)

    def cycle(self, action: str = CLAIM, reference: str = "") -> Cycle:
        return Cycle(
            organisation=HARBOUR,
            sender=OURS,
            recipient=THEIRS,
            action=action,
            reference=reference or f"CL{uuid.uuid4().hex}",
            episode_id=self.episode,
            api_call_id=str(uuid.uuid4()),
            correlation_id=str(uuid.uuid4()),
        )

    def request(self, **said: str) -> Arrived:
        known = {
            "organisation": HOSPITAL,
            "episode_id": self.episode,
            "sender": OURS,
            "recipient": THEIRS,
            "action": CLAIM,
            "api_call_id": str(uuid.uuid4()),
            "correlation_id": str(uuid.uuid4()),
            "workflow_id": "visit-1",
            "status": "response.partial",
            "sha256": "a" * 64,
            "content": '{"resourceType": "ClaimResponse"}',
        }
        return Arrived.model_validate({**known, **said})


def selected(rig: Rig, statement: str, **values: object) -> list[dict[str, Any]]:
    with rig.database.begin() as connection:
        return connection.execute(statement, values).mappings()


@pytest.fixture
def rows(rig: Rig, stack: Stack) -> Rows:
    cover = {"funder": "insurer", "organisation": HARBOUR, "policy_number": "HL-1", "plan": PLAN}
    episode = rig.open([cover])
    return Rows(episode, worker_house(stack.settings), api_house(stack.settings))


def test_a_request_has_its_ids_for_ever_and_every_inquiry_its_own(rows: Rows) -> None:
    wanted = rows.cycle()
    first = rows.messages.open(wanted)
    again = rows.messages.open(rows.cycle(reference=wanted.reference))
    assert first == again == wanted
    other_action = rows.messages.open(rows.cycle(ELIGIBILITY, wanted.reference))
    assert other_action.correlation_id != first.correlation_id
    asked = [rows.messages.open(rows.cycle(STATUS_CHECK, wanted.reference)) for _ in range(2)]
    assert len({c.correlation_id for c in asked}) == 2
    found = rows.messages.find(THEIRS, [wanted.reference])
    assert found is not None and found.action == ELIGIBILITY
    assert rows.messages.find("another@hcx", [wanted.reference]) is None


def test_an_answer_is_found_by_its_cycle_and_only_from_whom_it_went_to(rows: Rows) -> None:
    cycle = rows.messages.open(rows.cycle())
    assert rows.arrivals.cycle(HARBOUR, cycle.correlation_id) == cycle
    # Another organisation, even one of the episode, sees no cycle that it was not asked in.
    assert rows.arrivals.cycle(HOSPITAL, cycle.correlation_id) is None
    forged = rows.request(correlation_id=cycle.correlation_id, sender="other@hcx")
    rows.arrivals.keep(forged)
    assert rows.messages.answer(cycle) is None
    told = rows.request(
        organisation=HARBOUR,
        sender=THEIRS,
        recipient=OURS,
        action="claim/on_submit",
        correlation_id=cycle.correlation_id,
        status="response.complete",
    )
    rows.arrivals.keep(told)
    answer = rows.messages.answer(cycle)
    assert answer is not None
    assert (answer.status, answer.content) == ("response.complete", told.content)


def test_a_call_id_is_kept_once_with_its_content_sealed(rows: Rows, rig: Rig) -> None:
    request = rows.request(content='{"name": "CHAN Tai Man"}')
    number, digest = rows.arrivals.keep(request)
    other = request.model_copy(update={"sha256": "b" * 64, "content": "{}"})
    assert rows.arrivals.keep(other) == (number, digest) == (number, "a" * 64)
    assert rows.arrivals.known(HARBOUR, OURS, request.api_call_id) is None
    found = rows.arrivals.request(HOSPITAL, OURS, request.correlation_id)
    assert found == request
    (row,) = selected(rig, "select content_sealed from hcx_message where id = %(id)s", id=number)
    assert b"CHAN" not in bytes(row["content_sealed"])


@pytest.mark.parametrize(
    "statement",
    [
        "insert into hcx_message (direction, organisation_id, sender, recipient, action, opens,"
        " api_call_id, correlation_id) values ('out', 'hku-szh', 'a', 'b', 'c', true, 'd', 'e')",
        "insert into hcx_message (direction, organisation_id, sender, recipient, action, opens,"
        " api_call_id, correlation_id)"
        " values ('in', 'jiangmen-central', 'a', 'b', 'c', true, 'd', 'e')",
        "update hcx_message set answered_at = now()",
        "delete from hcx_message",
    ],
)
def test_the_api_adds_what_came_from_the_organisation_and_changes_nothing(
    rows: Rows, statement: str
) -> None:
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        rows.api.database.begin(HOSPITAL) as connection,
    ):
        _ = connection.execute(statement).rowcount


@dataclass
class Recorder:
    """Whoever asked, with failures in front."""

    failures: list[GatewayError] = field(default_factory=list)
    sent: list[tuple[str, Headers, bytes]] = field(default_factory=list)

    def send(self, action: str, headers: Headers, content: bytes) -> None:
        self.sent.append((action, headers, content))
        if self.failures:
            raise self.failures.pop(0)


def answering(rows: Rows, rig: Rig, there: Recorder) -> HcxAnswerSteps:
    gateway = HcxAnswerGateway({OURS: there}, rows.messages)  # type: ignore[dict-item]
    return HcxAnswerSteps(replace(rig.world, hcx=gateway))


def send(steps: HcxAnswerSteps, number: int) -> bool:
    order = HcxAnswerOrder(message=number, at=AT)
    taken: bool = ActivityEnvironment().run(steps.send_hcx_answer, order)
    return taken


def attempts(rig: Rig, request: Arrived) -> list[tuple[int, str]]:
    found = selected(
        rig,
        "select attempt, outcome from outbound_attempt where reference = %(ref)s order by attempt",
        ref=request.api_call_id,
    )
    return [(row["attempt"], row["outcome"]) for row in found]


def test_an_answer_goes_out_under_one_call_id_however_often_it_is_sent(
    rows: Rows, rig: Rig
) -> None:
    request = rows.request()
    number, _ = rows.arrivals.keep(request)
    there = Recorder([OutcomeUnknown("lost", code="TIMED_OUT")])
    steps = answering(rows, rig, there)
    with pytest.raises(ApplicationError):
        send(steps, number)
    assert send(steps, number) is True
    assert attempts(rig, request) == [(1, "unknown"), (2, "answered")]
    (action, first, content), (_, second, _) = there.sent
    assert (action, content.decode()) == ("claim/on_submit", request.content)
    assert first.api_call_id == second.api_call_id != request.api_call_id
    assert (first.sender, first.recipient) == (THEIRS, OURS)
    assert first.correlation_id == request.correlation_id
    assert (first.workflow_id, first.status) == ("visit-1", "response.partial")
    # It was taken: a late second run sends nothing.
    assert send(steps, number) is True
    assert len(there.sent) == 2


def test_an_answer_that_is_refused_for_good_stays_in_its_attempt(rows: Rows, rig: Rig) -> None:
    request = rows.request()
    number, _ = rows.arrivals.keep(request)
    there = Recorder([Final("no", code="ERR_INVALID_CORRELATION_ID")])
    assert send(answering(rows, rig, there), number) is False
    assert attempts(rig, request) == [(1, "refused")]
    assert number not in rows.messages.owed(0, 1000), "the sweep leaves it"


def test_the_sweep_begins_what_is_owed_and_nothing_that_is_answered(rows: Rows, rig: Rig) -> None:
    owed, _ = rows.arrivals.keep(rows.request())
    told, _ = rows.arrivals.keep(rows.request())
    answer, _ = rows.arrivals.keep(rows.request(action="claim/on_submit"))
    assert send(answering(rows, rig, Recorder()), told) is True
    found = rows.messages.owed(0, 1000)
    assert owed in found and told not in found and answer not in found
    assert owed not in rows.messages.owed(60, 1000), "its own run has not had its time"


def test_an_inquiry_about_nothing_of_ours_is_answered_with_an_error(rows: Rows, rig: Rig) -> None:
    code = "ERR_INVALID_CORRELATION_ID"
    request = rows.request(action=STATUS_CHECK, status="response.error", code=code, content="")
    number, _ = rows.arrivals.keep(request.model_copy(update={"episode_id": None}))
    there = Recorder()
    assert send(answering(rows, rig, there), number) is True
    ((action, headers, content),) = there.sent
    assert (action, content) == ("hcx/on_status", b"{}")
    assert headers.error is not None and headers.error.code == code


def test_keys_are_made_sealed_and_listed_with_their_dates(stack: Stack, tmp_path: Path) -> None:
    parties = stack.settings.parties_file
    before = parties.read_text("utf-8") if parties.exists() else None
    exchange = {"keys_dir": str(tmp_path), "own": [{"code": OURS, "organisation": HOSPITAL}]}
    parties.write_text(yaml.safe_dump({"hcx": exchange}))
    try:
        assert ours_told(stack, "participants")[0]["organisation"] == HOSPITAL
        assert ours_told(stack, "keys") == []
        made = ours_told(stack, "keys", f"--new={OURS}", "--days=20")
        assert [(row["use"], row["state"]) for row in made] == [
            ("enc", "ends soon"),
            ("sig", "ends soon"),
        ]
    finally:
        parties.unlink() if before is None else parties.write_text(before)
    assert "PRIVATE" not in own_file(tmp_path, OURS).read_text()


def ours_told(stack: Stack, *words: str) -> list[dict[str, str]]:
    told = CliRunner().invoke(
        app, ["hcx", *words, "--json", "--data-dir", str(stack.home.root)], catch_exceptions=False
    )
    rows: list[dict[str, str]] = json.loads(told.output)
    return rows


def test_an_asker_that_is_down_keeps_no_other_waiting_for_its_answer(rows: Rows, rig: Rig) -> None:
    for _ in range(3):
        rows.arrivals.keep(rows.request(sender="away@hcx"))
    here, _ = rows.arrivals.keep(rows.request(sender="here@hcx"))
    waiting = rows.messages.owed(0, 1000)
    senders = {rows.messages.due_answer(number).sender for number in waiting}
    begun = rows.messages.owed(0, len(senders))
    assert here in begun
    assert {rows.messages.due_answer(number).sender for number in begun} == senders


def test_an_answer_about_somebody_erased_ends_with_that_reason(rows: Rows, rig: Rig) -> None:
    number, _ = rows.arrivals.keep(rows.request())
    rig.change(
        "update data_key set wrapped = null, destroyed_at = now() where scope = %(scope)s",
        scope=rows.episode,
    )
    house = worker_house(rows.worker.settings)
    there = Recorder()
    fresh = replace(rows, worker=house)
    assert send(answering(fresh, rig, there), number) is False
    assert there.sent == [] and number not in fresh.messages.owed(0, 1000)
    (row,) = selected(rig, "select refused_why from hcx_message where id = %(id)s", id=number)
    assert row["refused_why"] == "erased"
    house.database.close()


def test_an_answer_whose_decision_was_told_already_is_sent_no_more(rows: Rows, rig: Rig) -> None:
    number, _ = rows.arrivals.keep(rows.request())
    rig.change(
        "insert into hcx_notice (organisation_id, sender, recipient, request_id, episode_id,"
        " subject, said_sha256, ended_at, outcome) select organisation_id, recipient, sender, id,"
        " episode_id, 'CL1', 'b', now(), 'told' from hcx_message where id = %(id)s",
        id=number,
    )
    there = Recorder()
    assert send(answering(rows, rig, there), number) is True
    assert there.sent == [], "queued would come after the decision"
    assert number not in rows.messages.owed(0, 1000)


def test_askers_that_nothing_was_tried_with_come_before_those_that_are_away(
    rows: Rows, rig: Rig
) -> None:
    down, _ = rows.arrivals.keep(rows.request(sender="down@hcx"))
    there = Recorder([OutcomeUnknown("lost", code="TIMED_OUT")])
    gateway = HcxAnswerGateway({"down@hcx": there}, rows.messages)  # type: ignore[dict-item]
    with pytest.raises(ApplicationError):
        send(HcxAnswerSteps(replace(rig.world, hcx=gateway)), down)
    new, _ = rows.arrivals.keep(rows.request(sender="new@hcx"))
    begun = [number for number in rows.messages.owed(0, 1000) if number in (down, new)]
    assert begun == [new, down]
