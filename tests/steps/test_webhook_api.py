"""The routes of webhooks over our rows: what a billing system sees and may change."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from typer.testing import CliRunner

from crossclaim.api.application import build_app
from crossclaim.cli.application import app as command_line
from crossclaim.domain.webhook_message import Reply
from crossclaim.service.audit import SqlAudit
from crossclaim.service.webhooks import MOST_ENDPOINTS, WebhookDesk
from crossclaim.stack import Stack
from crossclaim.store.webhook_outbox import SqlWebhookOutbox
from crossclaim.wiring import House, api_house, worker_house
from tests.steps.rig import Rig
from tests.steps.webhook_rig import TAKEN
from tests.web.house import JIANGMEN, SHENZHEN, MemoryHouse, services_over

PLACE = "/v1/webhook-endpoints"
ADDRESS = {"url": "https://hooks.example.com/in", "types": ["bill.split"]}


@pytest.fixture(scope="module")
def api(stack: Stack) -> Iterator[House]:
    house = api_house(stack.settings)
    yield house
    house.database.close()


@pytest.fixture
async def client(api: House, rig: Rig) -> AsyncIterator[httpx.AsyncClient]:
    desk = WebhookDesk(api.database, api.keyring, lambda: datetime.now(UTC))
    audited = replace(services_over(MemoryHouse()), webhooks=desk, audit=SqlAudit(api.database))
    app = build_app(audited)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://api", headers=SHENZHEN
    ) as connected:
        yield connected
    rig.change(
        "update webhook_endpoint set state = 'disabled', reason = 'by_owner',"
        " disabled_at = now() where state = 'enabled'"
    )


async def made(client: httpx.AsyncClient, **more: Any) -> httpx.Response:
    answer = await client.post(PLACE, json={**ADDRESS, **more})
    assert answer.status_code == 201, answer.text
    return answer


async def test_an_endpoint_lives_from_its_secret_to_its_end(client: httpx.AsyncClient) -> None:
    first = await made(client, description="Billing")
    body, place = first.json(), first.headers["location"]
    assert body["secret"].startswith("whsec_") and body["types"] == ["bill.split"]
    read = await client.get(place)
    assert read.json() == {name: body[name] for name in body if name != "secret"}
    assert read.headers["etag"] == first.headers["etag"] == '"v1"'
    changed = await client.patch(place, json={"enabled": False}, headers={"If-Match": '"v1"'})
    assert (changed.status_code, changed.json()["reason"]) == (200, "by_owner")
    assert changed.headers["etag"] == '"v2"'
    for method in (client.patch, client.delete):
        more: dict[str, Any] = {"json": {"enabled": True}} if method == client.patch else {}
        stale = await method(place, headers={"If-Match": '"v1"'}, **more)
        assert (stale.status_code, stale.json()["code"]) == (412, "PRECONDITION_FAILED")
        weak = await method(place, headers={"If-Match": 'W/"v2"'}, **more)
        assert weak.status_code == 412
        unread = await method(place, headers={"If-Match": "v2"}, **more)
        assert (unread.status_code, unread.json()["errors"][0]["code"]) == (400, "ETAG_FORM")
    assert (await client.delete(place, headers={"If-Match": '"v2"'})).status_code == 204
    assert (await client.get(place)).status_code == 404
    assert (await client.delete(place)).status_code == 404


async def test_an_endpoint_that_verifies_by_a_public_key_is_told_no_secret(
    client: httpx.AsyncClient,
) -> None:
    first = await made(client, signature="v1a")
    body, place = first.json(), first.headers["location"]
    assert "secret" not in body and body["public_key"].startswith("whpk_")
    assert "whsk_" not in first.text
    assert (await client.get(place)).json()["public_key"] == body["public_key"]
    turned = await client.post(f"{place}/secret-rotations", json={"overlap_hours": 1})
    new = turned.json()["public_key"]
    assert new.startswith("whpk_") and new != body["public_key"] and "whsk_" not in turned.text
    assert (await client.get(place)).json()["public_key"] == new
    assert (await made(client)).json()["public_key"] is None


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"url": "http://hooks.example.com/"}, "/url", "WEBHOOK_URL_NOT_HTTPS"),
        ({"url": "https://169.254.169.254/latest"}, "/url", "WEBHOOK_URL_PRIVATE"),
        ({"url": "https://a:b@hooks.example.com/"}, "/url", "WEBHOOK_URL_USERINFO"),
        ({"url": "https://hooks.example.com/", "types": ["bill.eaten"]}, "/types/0", None),
        ({"types": []}, "/url", None),
        ({"url": "https://hooks.example.com/", "secret": "mine"}, "/secret", None),
    ],
)
async def test_a_bad_address_is_refused_with_its_place(
    client: httpx.AsyncClient, body: dict[str, Any], pointer: str, code: str | None
) -> None:
    answer = await client.post(PLACE, json=body)
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["pointer"]) == (422, pointer)
    assert error["detail_zh_hant"] and code in (None, error["code"])


async def test_a_list_goes_page_by_page_and_another_hospital_sees_none_of_it(
    client: httpx.AsyncClient,
) -> None:
    for number in range(3):
        await made(client, url=f"https://hooks.example.com/{number}")
    listed = await client.get(PLACE, params={"status": "enabled", "limit": 2})
    assert len(listed.json()["webhook_endpoints"]) == 2
    link = listed.headers["link"]
    assert link.startswith(f"<{PLACE}?status=enabled&limit=2&cursor=") and 'rel="next"' in link
    rest = await client.get(link[1 : link.index(">")])
    assert len(rest.json()["webhook_endpoints"]) == 1 and "link" not in rest.headers
    theirs = await client.get(PLACE, headers=JIANGMEN)
    assert theirs.json() == {"webhook_endpoints": [], "next": None}
    endpoint = rest.json()["webhook_endpoints"][0]["id"]
    for path in ("", "/messages"):
        assert (await client.get(f"{PLACE}/{endpoint}{path}", headers=JIANGMEN)).status_code == 404


async def test_a_test_event_is_sent_seen_and_sent_again(
    client: httpx.AsyncClient, stack: Stack
) -> None:
    place = (await made(client)).headers["location"]
    headers = {"Idempotency-Key": "ping-1"}
    pinged = await client.post(f"{place}/pings", headers=headers)
    again = await client.post(f"{place}/pings", headers=headers)
    assert pinged.status_code == 202 and pinged.json() == again.json()
    worker = worker_house(stack.settings)
    outbox = SqlWebhookOutbox(worker.database, worker.keyring)
    for one in outbox.take(10, datetime.now(UTC)):
        outbox.note(one, TAKEN.model_copy(update={"answer": b"pong"}), datetime.now(UTC))
    message = (await client.get(pinged.headers["location"])).json()
    assert (message["type"], message["status"]) == ("ping", "delivered")
    assert [(a["status"], a["answer"]) for a in message["attempts"]] == [(204, "pong")]
    replayed = await client.post(pinged.headers["location"] + "/replays")
    assert replayed.status_code == 202 and replayed.json()["status"] == "waiting"
    assert outbox.replay(datetime.now(UTC)) == 1
    worker.database.close()
    told = (await client.get(replayed.headers["location"])).json()
    assert (told["status"], told["messages"]) == ("applied", 1)
    span = {"from_at": "2026-01-01T00:00:00Z", "to_at": "2025-01-01T00:00:00Z"}
    refused = await client.post(f"{place}/replays", json=span)
    assert [e["code"] for e in refused.json()["errors"]] == ["WEBHOOK_REPLAY_TIME"]
    rotated = await client.post(f"{place}/secret-rotations", json={"overlap_hours": 1})
    assert rotated.status_code == 201 and rotated.json()["secret"].startswith("whsec_")


async def test_who_made_a_secret_stands_in_the_audit(client: httpx.AsyncClient, rig: Rig) -> None:
    place = (await made(client)).headers["location"]
    await client.post(f"{place}/secret-rotations", json={})
    rows = rig._select(
        "select key_id, operation, outcome from audit where object = %(id)s order by id",
        id=place.rsplit("/", 1)[1],
    )
    assert [tuple(row.values()) for row in rows] == [("shenzhen", "manage_webhooks", "201")]


async def test_an_organisation_has_a_number_of_endpoints_and_no_more(
    client: httpx.AsyncClient, rig: Rig
) -> None:
    rig.change(
        "update webhook_endpoint set state = 'disabled', reason = 'by_owner',"
        " disabled_at = now() where state = 'enabled'"
    )
    codes = []
    while not codes:
        answer = await client.post(PLACE, json=ADDRESS)
        codes = [error["code"] for error in answer.json().get("errors", [])]
    assert codes == ["WEBHOOK_TOO_MANY"]
    listed = (await client.get(PLACE, params={"limit": 200})).json()["webhook_endpoints"]
    assert len(listed) == MOST_ENDPOINTS
    for one in listed:
        assert (await client.delete(f"{PLACE}/{one['id']}")).status_code == 204


async def test_the_types_are_told_in_the_readers_language(client: httpx.AsyncClient) -> None:
    told = await client.get("/v1/webhook-event-types", headers={"Accept-Language": "zh-HK"})
    meanings = {one["type"]: one["meaning"] for one in told.json()["types"]}
    assert meanings["bill.voided"] == "帳單已作廢。" and len(meanings) > 40


@pytest.fixture
def address(api: House) -> Iterator[str]:
    """The same routes on a port of this machine, for the command line."""
    desk = WebhookDesk(api.database, api.keyring, lambda: datetime.now(UTC))
    app = build_app(replace(services_over(MemoryHouse()), webhooks=desk))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
        thread = threading.Thread(target=lambda: asyncio.run(server.serve([listener])))
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join()


def test_the_command_line_does_what_the_routes_do(
    address: str, stack: Stack, rig: Rig, tmp_path: Path
) -> None:
    (tmp_path / "window.key").write_text("cc_test_shenzhen\n")
    where = ["--key-file", str(tmp_path / "window.key"), "--api", address]

    def say(*words: str, status: int = 0) -> str:
        done = CliRunner().invoke(command_line, ["webhooks", *words, *where])
        assert done.exit_code == status, done.output
        return done.output

    added = json.loads(say("add", "https://hooks.example.com/cli", "--type", "ping", "--json"))
    endpoint, worker = added["id"], worker_house(stack.settings)
    assert "whsec_" not in say("show", endpoint, "--json")
    message = json.loads(say("ping", endpoint, "--json"))["message"]
    assert message in say("messages", endpoint, "--status", "pending")
    outbox = SqlWebhookOutbox(worker.database, worker.keyring)
    for one in outbox.take(10, datetime.now(UTC)):
        outbox.note(one, Reply(outcome="GONE", status=410), datetime.now(UTC))
    worker.database.close()
    assert "410" in say("message", endpoint, message)
    assert "reason: gone" in say("show", endpoint)
    assert endpoint in say("list", "--status", "disabled")
    assert "waiting" in say("replay", endpoint, "--message", message)
    span = ["--from", "2026-01-01T00:00:00Z", "--to", "2026-01-02T00:00:00Z"]
    assert "waiting" in say("replay", endpoint, *span)
    assert "enabled" in say("enable", endpoint) and "by_owner" in say("disable", endpoint)
    assert "whsec_" in say("rotate", endpoint) and "bill.split" in say("types")
    assert "internet" in say("add", "https://10.0.0.1/", status=1)
    say("end", endpoint)
    assert "no such" in say("show", endpoint, status=1)
