"""Webhooks on our rows: every event, in its order, at least once, to those it concerns."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from signal import SIGKILL

import pytest
from temporalio.testing import ActivityEnvironment

from activities.orders import WebhookWatch
from activities.webhooks import WebhookSteps
from crossclaim.api.webhook_port import MessageFilters
from crossclaim.domain.errors import KeyReused, NotFound
from crossclaim.domain.webhook_events import RULES, SILENT, EventType
from crossclaim.domain.webhook_message import PAUSES, Reply
from crossclaim.domain.webhook_submission import WebhookChange, WebhookEndpoint, WebhookReplay
from crossclaim.gateways.webhook_receiver import WebhookReceiver
from crossclaim.service.webhooks import WebhookDesk
from crossclaim.stack import Stack
from crossclaim.store.webhook_outbox import LEASE, SqlWebhookOutbox
from crossclaim.wiring import House, api_house, worker_house
from tests.steps.rig import HARBOUR, Rig, policy_number
from tests.steps.webhook_rig import (
    BROKEN,
    INSURED,
    TAKEN,
    WINDOW,
    Hooks,
    ReceiverProcess,
    die_within_a_try,
)

WORKED = ["episode.opened", "bill.split", "bill.split", "claim.decided"]


@pytest.fixture(scope="module")
def houses(stack: Stack) -> Iterator[tuple[House, House]]:
    worker, api = worker_house(stack.settings), api_house(stack.settings)
    yield worker, api
    worker.database.close()
    api.database.close()


@pytest.fixture
async def hooks(houses: tuple[House, House], rig: Rig) -> AsyncIterator[Hooks]:
    worker, api = houses
    desk = WebhookDesk(api.database, api.keyring, lambda: datetime.now(UTC), allow_private=True)
    yield Hooks(rig, desk, SqlWebhookOutbox(worker.database, worker.keyring, draw=lambda: 0.0))
    rig.change(
        "update webhook_endpoint set state = 'disabled', reason = 'by_owner',"
        " disabled_at = now() where state = 'enabled'"
    )
    with api.database.begin(WINDOW.organisation) as connection:
        connection.execute("update webhook_endpoint set ended_at = now()", {})
    with api.database.begin(INSURED.organisation) as connection:
        connection.execute("update webhook_endpoint set ended_at = now()", {})


def decided(rig: Rig) -> str:
    """A visit whose bill was split and whose insurer's part was decided here."""
    visit = rig.visit(policy_number())
    visit.accepted()
    visit.claim_vouchers()
    visit.decide()
    return visit.episode


async def test_every_event_of_an_episode_comes_in_its_order_and_holds_no_fact(
    hooks: Hooks,
) -> None:
    endpoint = await hooks.listens()
    episode = decided(hooks.rig)
    told = hooks.drained()
    assert {one.endpoint_id for one in told} == {endpoint}
    types = [one.message.type for one in told]
    assert [t for t in types if t in WORKED] == WORKED and types[0] == "episode.opened"
    for one in told:
        body = one.message.payload("https://crossclaim.example")
        assert re.fullmatch(
            rb'\{"data":\{"episode_id":"ep_\w+","id":"[\w\-:]+",'
            rb'"link":"https://crossclaim\.example/v1/[\w/\-]+","version":\d+\},'
            rb'"timestamp":"[0-9T:.+\-]+","type":"[a-z_.]+"\}',
            body,
        ), body
        assert episode.encode() in body and len(body) < 500
    assert {row["state"] for row in hooks.rows(endpoint)} == {"delivered"}


async def test_an_insurer_hears_of_its_own_and_not_of_what_is_the_hospitals(
    hooks: Hooks,
) -> None:
    endpoint, window = await hooks.listens(INSURED), await hooks.listens()
    decided(hooks.rig)
    types = {row["type"] for row in hooks.rows(endpoint)}
    assert {"episode.opened", "claim.decided"} <= types
    assert not {t for t in types if t.split(".")[0] in {"bill", "payment", "exception", "refund"}}
    claims = {row["subject"] for row in hooks.rows(endpoint) if row["type"].startswith("claim.")}
    seen = {row["subject"] for row in hooks.rows(window) if row["type"].startswith("claim.")}
    assert len(claims) == 1 and claims < seen, "the voucher's claim is nobody else's business"
    before = len(hooks.rows(endpoint))
    hooks.rig.visit(policy_number(), insurer=HARBOUR)
    assert len(hooks.rows(endpoint)) == before, "another insurer's episode"


async def test_only_chosen_types_are_told_and_nothing_of_what_was_rolled_back(
    hooks: Hooks,
) -> None:
    endpoint = await hooks.listens(types=[EventType.BILL_SPLIT])
    visit = hooks.rig.visit(policy_number())
    with pytest.raises(RuntimeError), hooks.rig.world.records.transaction() as tx:
        tx.open_exception(visit.episode, "BUREAU_SILENT", "r", {}, datetime.now(UTC))
        raise RuntimeError
    visit.bill()
    assert [row["type"] for row in hooks.rows(endpoint)] == ["bill.split"]


async def test_the_next_of_an_episode_waits_for_the_one_before_and_nobody_else_does(
    hooks: Hooks,
) -> None:
    await hooks.listens()
    first, second = decided(hooks.rig), decided(hooks.rig)
    heads = hooks.due()
    assert {(one.message.episode_id, one.message.type) for one in heads} == {
        (first, "episode.opened"),
        (second, "episode.opened"),
    }
    assert hooks.due() == [], "a lease keeps other workers away"
    one = next(head for head in heads if head.message.episode_id == first)
    other = next(head for head in heads if head.message.episode_id == second)
    assert hooks.outbox.note(one, BROKEN, datetime.now(UTC)) == "pending"
    assert hooks.outbox.note(other, TAKEN, datetime.now(UTC)) == "delivered"
    assert {one.message.episode_id for one in hooks.due()} == {second}
    later = datetime.now(UTC) + PAUSES[0]
    again = [m for m in hooks.due(later) if m.message.episode_id == first]
    assert [m.message.id for m in again] == [one.message.id] and again[0].tries == 2


async def test_a_worker_that_died_within_a_try_is_followed_by_another_and_changes_nothing_late(
    hooks: Hooks,
) -> None:
    endpoint = await hooks.listens()
    decided(hooks.rig)
    now = datetime.now(UTC)
    (lost,) = hooks.due(now)
    (again,) = hooks.due(now + LEASE)
    assert again.message.id == lost.message.id and again.attempt == lost.attempt + 1
    assert hooks.outbox.note(lost, TAKEN, now) == "pending", "the zombie's word comes too late"
    assert hooks.outbox.note(again, TAKEN, now + LEASE) == "delivered"
    outcomes = hooks.rig._select(
        "select outcome from webhook_attempt where message_id = %(id)s order by attempt",
        id=lost.message.id,
    )
    assert len(outcomes) == 2 and hooks.rows(endpoint)[0]["state"] == "delivered"


async def test_a_worker_that_is_killed_after_the_answer_sends_the_same_event_again(
    hooks: Hooks, stack: Stack, tmp_path: Path
) -> None:
    """At least once: the receiver sees one id twice, and the next only after it."""
    receiver = ReceiverProcess(tmp_path)
    body, _ = await hooks.desk.add(WINDOW, WebhookEndpoint(url=receiver.url), None)
    receiver.knows(body["secret"])
    receiver.start()
    try:
        hooks.rig.visit(policy_number())
        settings = stack.settings.model_copy(update={"data_dir": tmp_path})
        worker = get_context("spawn").Process(target=die_within_a_try, args=(settings,))
        worker.start()
        await asyncio.to_thread(worker.join)
        assert worker.exitcode == -SIGKILL
        world = replace(
            hooks.rig.world,
            webhooks=hooks.outbox,
            webhook_sender=WebhookReceiver(allow_private=True),
        )
        (again,) = hooks.due(datetime.now(UTC) + LEASE)
        await WebhookSteps(world).deliver(again)
    finally:
        receiver.kill()
    first = hooks.rows(body["id"])[0]
    assert [line["webhook_id"] for line in receiver.journal()] == [first["id"]] * 2
    assert (first["state"], first["attempts"]) == ("delivered", 2)


async def test_three_days_of_failures_disable_the_endpoint_and_lose_nothing(
    hooks: Hooks,
) -> None:
    endpoint = await hooks.listens()
    decided(hooks.rig)
    begun = at = datetime.now(UTC)
    # What other tests asked to be sent again is none of this one's.
    hooks.outbox.replay(begun)
    waiting = len(hooks.rows(endpoint))
    for pause in (*PAUSES, None):
        (one,) = hooks.due(at)
        state = hooks.outbox.note(one, BROKEN, at)
        assert state == ("pending" if pause else "given_up")
        if pause is not None:
            assert hooks.due(at + pause - timedelta(seconds=1)) == []
            at += pause
    assert at - begun == timedelta(hours=75, minutes=35, seconds=5)
    found = await hooks.desk.read(WINDOW, endpoint)
    assert (found["status"], found["reason"]) == ("disabled", "given_up")
    assert hooks.due(at + timedelta(days=9)) == []
    page = await hooks.desk.messages(WINDOW, endpoint, MessageFilters(), None)
    assert len(page["messages"]) == waiting
    await hooks.desk.change(WINDOW, endpoint, WebhookChange(enabled=True), found["version"])
    assert hooks.outbox.replay(at) == 0, "what was never tried is due already"
    assert len(hooks.drained(at)) == waiting - 1
    made = await hooks.desk.replay(WINDOW, endpoint, one.message.id, None)
    assert made["status"] == "waiting" and hooks.outbox.replay(at) == 1
    assert [m.message.id for m in hooks.drained(at)] == [one.message.id]
    status = await hooks.desk.replay_status(WINDOW, endpoint, made["replay"])
    assert (status["status"], status["messages"]) == ("applied", 1)


async def test_an_endpoint_whose_secret_cannot_be_opened_holds_nobody_up(
    hooks: Hooks, houses: tuple[House, House]
) -> None:
    broken, whole = await hooks.listens(), await hooks.listens()
    swapped = (
        "update webhook_endpoint set secret_sealed = (select secret_sealed from webhook_endpoint"
        " where id = %(whole)s) where id = %(broken)s"
    )
    with houses[1].database.begin(WINDOW.organisation) as connection:
        connection.execute(swapped, {"whole": whole, "broken": broken})
    hooks.rig.visit(policy_number())
    due = {one.endpoint_id: one for one in hooks.due()}
    assert due[broken].secrets == () and due[whole].secrets
    world = replace(hooks.rig.world, webhooks=hooks.outbox, webhook_sender=WebhookReceiver())
    await WebhookSteps(world).deliver(due[broken])
    told = await hooks.desk.message(WINDOW, broken, due[broken].message.id)
    assert [one["outcome"] for one in told["attempts"]] == ["SECRET_UNREADABLE"]
    assert told["status"] == "pending" and told["next_try_at"] is not None


async def test_a_receiver_that_says_gone_is_left_alone_at_once(hooks: Hooks) -> None:
    endpoint = await hooks.listens()
    hooks.rig.visit(policy_number())
    one = hooks.due()[0]
    assert hooks.outbox.note(one, Reply(outcome="GONE", status=410), datetime.now(UTC)) == (
        "given_up"
    )
    assert hooks.endpoint(endpoint)["reason"] == "gone" and hooks.due() == []


async def test_a_range_is_sent_again_under_the_same_ids_and_in_order(hooks: Hooks) -> None:
    endpoint = await hooks.listens()
    decided(hooks.rig)
    first = [one.message.id for one in hooks.drained()]
    day = timedelta(days=1)
    now = datetime.now(UTC)
    again = WebhookReplay(from_at=now - day, to_at=now + day, scope="all")
    made = await hooks.desk.replay(WINDOW, endpoint, again, "key-1")
    assert made == await hooks.desk.replay(WINDOW, endpoint, again, "key-1")
    assert hooks.outbox.replay(now) == len(first)
    assert [one.message.id for one in hooks.drained()] == first


async def test_a_new_secret_and_the_one_before_both_sign_for_a_while(hooks: Hooks) -> None:
    body, _ = await hooks.desk.add(WINDOW, WebhookEndpoint(url="https://a.example/x"), "key-2")
    rotated = await hooks.desk.rotate(WINDOW, body["id"], 24, "key-3")
    assert rotated == await hooks.desk.rotate(WINDOW, body["id"], 24, "key-3")
    await hooks.desk.ping(WINDOW, body["id"], None)
    (one,) = hooks.due()
    assert one.secrets == (rotated["secret"], body["secret"]) and one.message.type == "ping"
    (later,) = hooks.due(datetime.now(UTC) + timedelta(hours=25))
    assert later.secrets == (rotated["secret"],)
    rows = hooks.rig._select("select * from webhook_endpoint where id = %(id)s", id=body["id"])
    assert body["secret"] not in str(rows) and rotated["secret"] not in str(rows)


async def test_another_organisation_sees_and_changes_nothing_of_it(hooks: Hooks) -> None:
    endpoint = await hooks.listens()
    hooks.rig.visit(policy_number())
    message = hooks.rows(endpoint)[0]["id"]
    for forbidden in (
        hooks.desk.read(INSURED, endpoint),
        hooks.desk.change(INSURED, endpoint, WebhookChange(enabled=False), None),
        hooks.desk.end(INSURED, endpoint, None),
        hooks.desk.rotate(INSURED, endpoint, 1, None),
        hooks.desk.ping(INSURED, endpoint, None),
        hooks.desk.messages(INSURED, endpoint, MessageFilters(), None),
        hooks.desk.message(INSURED, endpoint, message),
        hooks.desk.replay(INSURED, endpoint, message, None),
    ):
        with pytest.raises(NotFound):
            await forbidden
    listed = await hooks.desk.listed(INSURED, None, 50, None)
    assert listed["webhook_endpoints"] == []


async def test_a_key_makes_one_endpoint_and_no_other(hooks: Hooks) -> None:
    first, repeated = await hooks.desk.add(WINDOW, WebhookEndpoint(url="https://a.example/1"), "k")
    again, known = await hooks.desk.add(WINDOW, WebhookEndpoint(url="https://a.example/1"), "k")
    assert (first, repeated, known) == (again, False, True)
    with pytest.raises(KeyReused):
        await hooks.desk.add(WINDOW, WebhookEndpoint(url="https://a.example/2"), "k")


async def test_the_log_tells_every_try_and_is_forgotten_after_its_time(hooks: Hooks) -> None:
    endpoint = await hooks.listens()
    hooks.rig.visit(policy_number())
    one = hooks.due()[0]
    hooks.outbox.note(one, BROKEN, datetime.now(UTC))
    told = await hooks.desk.message(WINDOW, endpoint, one.message.id)
    (attempt,) = told["attempts"]
    assert (attempt["outcome"], attempt["status"], attempt["answer"]) == ("STATUS", 500, "no")
    sealed = hooks.rig._select(
        "select answer_sealed from webhook_attempt",
    )
    assert all(bytes(row["answer_sealed"] or b"") != b"no" for row in sealed)
    hooks.drained(datetime.now(UTC) + timedelta(hours=1))
    assert hooks.outbox.forget(0) == 0, "a week at least"
    old = "update webhook_message set recorded_at = now() - interval '40 days'"
    hooks.rig.change(f"{old} where endpoint_id = %(id)s", id=endpoint)
    assert hooks.outbox.forget(30) >= 1 and hooks.rows(endpoint) == []


def test_the_database_has_the_catalogue_of_the_program(rig: Rig) -> None:
    rows = rig._select("select * from webhook_rule")
    told = {tuple(sorted(row.items(), key=lambda pair: pair[0])) for row in rows}
    ours = {tuple(sorted(rule.model_dump(mode="json").items())) for rule in RULES}
    assert told == ours


def test_every_state_that_a_row_may_have_is_an_event_or_said_to_be_none(rig: Rig) -> None:
    """A new state of a payout, a claim or a guarantee cannot be forgotten here."""
    sources = {rule.source for rule in RULES}
    checks = rig._select(
        "select c.relname, pg_get_constraintdef(k.oid) as text from pg_constraint k"
        " join pg_class c on c.oid = k.conrelid where k.contype = 'c'"
        " and pg_get_constraintdef(k.oid) ~ '^CHECK \\(\\(+(state|kind) = '"
    )
    states = {
        (row["relname"], state)
        for row in checks
        if row["relname"] in sources
        and ("(state = ANY" in row["text"] or row["relname"] == "information_event")
        for state in re.findall(r"'(\w+)'::text", row["text"])
    }
    known = {(rule.source, rule.state) for rule in RULES} | set(SILENT)
    assert len(states) > 60 and states - known == set()
    triggers = rig._select(
        "select distinct c.relname from pg_trigger t join pg_class c on c.oid = t.tgrelid"
        " join pg_proc p on p.oid = t.tgfoid where p.proname = 'tell_webhooks'"
    )
    assert {row["relname"] for row in triggers} == sources


async def test_events_arrive_in_order_at_a_receiver_that_fails_and_dies(
    hooks: Hooks, houses: tuple[House, House], tmp_path: Path
) -> None:
    """The step itself, over HTTP to another process that verifies with the public library."""
    receiver = ReceiverProcess(tmp_path)
    body, _ = await hooks.desk.add(WINDOW, WebhookEndpoint(url=receiver.url), None)
    receiver.knows(body["secret"])
    receiver.script({"episode.opened": [500], "bill.split": [503, 302]})
    worker = houses[0]
    quick = SqlWebhookOutbox(worker.database, worker.keyring, (timedelta(milliseconds=20),) * 400)
    world = replace(
        hooks.rig.world,
        webhooks=quick,
        webhook_sender=WebhookReceiver(allow_private=True),
        webhook_scan_s=0.02,
        public_url="https://crossclaim.example",
    )
    deliver = WebhookSteps(world).deliver_webhooks
    receiver.start()
    try:
        await asyncio.to_thread(decided, hooks.rig)
        expected = [row["type"] for row in hooks.rows(body["id"])]
        watching = asyncio.create_task(ActivityEnvironment().run(deliver, WebhookWatch(seconds=60)))
        while len(receiver.taken()) < 2:
            assert not watching.done()
            await asyncio.sleep(0.01)
        await asyncio.to_thread(receiver.kill)
        await asyncio.to_thread(decided, hooks.rig)
        await asyncio.to_thread(receiver.start)
        while any(row["state"] == "pending" for row in hooks.rows(body["id"])):
            assert not watching.done()
            await asyncio.sleep(0.01)
        watching.cancel()
    finally:
        receiver.kill()
    rows = hooks.rows(body["id"])
    first = rows[0]["episode_id"]
    journal = [line for line in receiver.journal() if line["data"]["episode_id"] == first]
    ids = list(dict.fromkeys(line["webhook_id"] for line in journal))
    assert ids == [row["id"] for row in rows if row["episode_id"] == first]
    assert [row["type"] for row in rows if row["episode_id"] == first] == expected
    assert {row["state"] for row in rows} == {"delivered"}
    assert sum(line["status"] >= 300 for line in receiver.journal()) == 3
