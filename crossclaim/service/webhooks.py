"""An organisation's webhooks: endpoints, delivery log, replays; only what it may see and set."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from ulid import ULID

from crossclaim.api.webhook_port import MessageFilters
from crossclaim.domain.errors import KeyReused, NotFound, PreconditionFailed, Refused
from crossclaim.domain.fault_sentences import fault
from crossclaim.domain.faults import refusal_text
from crossclaim.domain.webhook_events import EventType
from crossclaim.domain.webhook_submission import WebhookChange, WebhookEndpoint, WebhookReplay
from crossclaim.security import webhook_keys
from crossclaim.security.data_key import SYSTEM
from crossclaim.security.keyring import Keyring
from crossclaim.security.roles import Principal
from crossclaim.security.webhooks import new_secret
from crossclaim.service.reads import opened_cursor, sealed_cursor
from crossclaim.service.webhook_bodies import attempt_body, endpoint_body, message_body
from crossclaim.store import webhook_sql as sql
from crossclaim.store.connection import Connection
from crossclaim.store.session import Database
from crossclaim.store.webhook_outbox import answer_field, secret_field

T = TypeVar("T")
MOST_ENDPOINTS = 20

_EVER = ("1970-01-01T00:00:00Z", "2999-01-01T00:00:00Z")


class WebhookDesk:
    """Implements ``crossclaim.api.webhook_port.Webhooks`` under row-level security."""

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        now: Callable[[], datetime],
        *,
        allow_private: bool = False,
    ) -> None:
        self._database = database
        self._keyring = keyring
        self._now = now
        self.allow_private = allow_private

    async def _within(self, principal: Principal, work: Callable[[Connection], T]) -> T:
        def run() -> T:
            with self._database.begin(principal.organisation) as connection:
                return work(connection)

        return await asyncio.to_thread(run)

    async def listed(
        self, principal: Principal, status: str | None, limit: int, cursor: str | None
    ) -> dict[str, Any]:
        asked = {"status": status, "after": opened_cursor(cursor), "limit": limit + 1}
        rows = await self._within(principal, lambda c: c.execute(sql.LIST, asked).mappings())
        more = sealed_cursor(rows[limit - 1]["id"]) if len(rows) > limit else None
        return {"webhook_endpoints": [endpoint_body(row) for row in rows[:limit]], "next": more}

    async def read(self, principal: Principal, endpoint_id: str) -> dict[str, Any]:
        return endpoint_body(await self._within(principal, lambda c: _found(c, endpoint_id)))

    async def add(
        self, principal: Principal, endpoint: WebhookEndpoint, key: str | None
    ) -> tuple[dict[str, Any], bool]:
        content = endpoint.model_dump(mode="json")
        if endpoint.signature == "v1":
            del content["signature"]  # digests of before there was a choice have no such member
        sha256 = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
        endpoint_id, (secret, public) = f"we_{ULID()}", _new_key(endpoint.signature)
        values = {
            "id": endpoint_id,
            "organisation": principal.organisation,
            "url": endpoint.url,
            "types": [type_.value for type_ in endpoint.types],
            "description": endpoint.description or "",
            "secret": self._sealed(endpoint_id, secret),
            "signature": endpoint.signature,
            "public": public,
            "key": key,
            "sha256": sha256,
            "by": principal.key_id,
        }

        def work(connection: Connection) -> tuple[dict[str, Any], bool]:
            new = connection.execute(sql.ADD, values).rowcount == 1
            if new:
                _check_number(connection)
                return {**endpoint_body(_found(connection, endpoint_id)), **_told(secret)}, False
            asked = {"organisation": principal.organisation, "key": key}
            (known,) = connection.execute(sql.BY_KEY, asked).mappings()
            if known["content_sha256"] != sha256:
                raise KeyReused("this Idempotency-Key was used for another endpoint")
            return {**endpoint_body(known), **_told(self._opened(known))}, True

        return await self._within(principal, work)

    async def change(
        self, principal: Principal, endpoint_id: str, change: WebhookChange, version: int | None
    ) -> dict[str, Any]:
        def work(connection: Connection) -> dict[str, Any]:
            before = _found(connection, endpoint_id)
            values = _changed(before, change, version, self._now())
            if connection.execute(sql.CHANGE, values).rowcount != 1:
                raise PreconditionFailed(_ANOTHER)
            if before["state"] == "disabled" and values["state"] == "enabled":
                _ask_again(connection, principal, endpoint_id, "waiting")
            return _found(connection, endpoint_id)

        return endpoint_body(await self._within(principal, work))

    async def end(self, principal: Principal, endpoint_id: str, version: int | None) -> None:
        def work(connection: Connection) -> None:
            known = _found(connection, endpoint_id)
            asked = {"id": endpoint_id, "version": known["version"] if version is None else version}
            if connection.execute(sql.END, asked).rowcount != 1:
                raise PreconditionFailed(_ANOTHER)

        await self._within(principal, work)

    async def rotate(
        self, principal: Principal, endpoint_id: str, overlap_hours: int, key: str | None
    ) -> dict[str, Any]:
        values = {
            "id": endpoint_id,
            "until": self._now() + timedelta(hours=overlap_hours),
            "key": key,
        }

        def work(connection: Connection) -> dict[str, Any]:
            secret, public = _new_key(_found(connection, endpoint_id)["signature"])
            new = {"secret": self._sealed(endpoint_id, secret), "public": public}
            connection.execute(sql.ROTATE, values | new)
            (row,) = connection.execute(sql.SECRET, {"id": endpoint_id}).mappings()
            return {**row, "id": endpoint_id}

        row = await self._within(principal, work)
        told = _told(self._opened(row)) or {"public_key": row["public_key"]}
        return {**told, "previous_valid_until": row["previous_until"].isoformat()}

    async def ping(self, principal: Principal, endpoint_id: str, key: str | None) -> str:
        message_id = f"msg_{_token(principal, endpoint_id, key)}"
        values = {
            "id": message_id,
            "endpoint": endpoint_id,
            "organisation": principal.organisation,
            "type": EventType.PING.value,
            "at": self._now(),
        }

        def work(connection: Connection) -> None:
            _found(connection, endpoint_id)
            connection.execute(sql.PING, values)

        await self._within(principal, work)
        return message_id

    async def messages(
        self,
        principal: Principal,
        endpoint_id: str,
        filters: MessageFilters,
        cursor: str | None,
    ) -> dict[str, Any]:
        after = opened_cursor(cursor) or ""
        asked = {
            **filters.model_dump(exclude={"limit"}),
            "endpoint": endpoint_id,
            "after": int(after) if after.isdecimal() and len(after) < 19 else None,
            "limit": filters.limit + 1,
        }

        def work(connection: Connection) -> list[dict[str, Any]]:
            _found(connection, endpoint_id)
            return connection.execute(sql.MESSAGES, asked).mappings()

        rows = await self._within(principal, work)
        page, more = rows[: filters.limit], len(rows) > filters.limit
        return {
            "messages": [message_body(row) for row in page],
            "next": sealed_cursor(str(page[-1]["number"])) if more else None,
        }

    async def message(
        self, principal: Principal, endpoint_id: str, message_id: str
    ) -> dict[str, Any]:
        asked = {"id": message_id, "endpoint": endpoint_id}

        def work(connection: Connection) -> tuple[dict[str, Any], list[dict[str, Any]]]:
            return _message(connection, asked), connection.execute(sql.ATTEMPTS, asked).mappings()

        row, attempts = await self._within(principal, work)
        return {
            **message_body(row),
            "attempts": [attempt_body(one, self._answer(message_id, one)) for one in attempts],
        }

    async def replay(
        self,
        principal: Principal,
        endpoint_id: str,
        replay: WebhookReplay | str,
        key: str | None,
    ) -> dict[str, Any]:
        def work(connection: Connection) -> dict[str, Any]:
            _found(connection, endpoint_id)
            if isinstance(replay, str):
                _message(connection, {"id": replay, "endpoint": endpoint_id})
                made = _ask_again(
                    connection, principal, endpoint_id, "all", message=replay, key=key
                )
            else:
                span = (replay.from_at.isoformat(), replay.to_at.isoformat())
                made = _ask_again(connection, principal, endpoint_id, replay.scope, span, key=key)
            return _replay(connection, endpoint_id, made)

        return await self._within(principal, work)

    async def replay_status(
        self, principal: Principal, endpoint_id: str, replay_id: str
    ) -> dict[str, Any]:
        return await self._within(principal, lambda c: _replay(c, endpoint_id, replay_id))

    def _sealed(self, endpoint_id: str, secret: str) -> bytes:
        return self._keyring.encrypt(SYSTEM, secret.encode(), secret_field(endpoint_id))

    def _opened(self, row: dict[str, Any]) -> str:
        sealed, field = bytes(row["secret_sealed"]), secret_field(row["id"])
        return self._keyring.decrypt(SYSTEM, sealed, field).decode()

    def _answer(self, message_id: str, attempt: dict[str, Any]) -> str | None:
        """What the receiver said, as far as it is text."""
        if attempt["answer_sealed"] is None:
            return None
        field = answer_field(message_id, attempt["attempt"])
        return self._keyring.decrypt(SYSTEM, bytes(attempt["answer_sealed"]), field).decode(
            "utf-8", "replace"
        )


def _new_key(signature: str) -> tuple[str, str]:
    """What signs, and what is told to everybody; nothing of a secret that both know."""
    if signature == "v1":
        return new_secret(), ""
    private = webhook_keys.new_private_key()
    return private, webhook_keys.public_key_of(private)


def _told(secret: str) -> dict[str, str]:
    """What a receiver must keep to itself; a private key of ours is told to nobody."""
    return {} if webhook_keys.is_private_key(secret) else {"secret": secret}


_ANOTHER = "the webhook endpoint has another version by now; read it again"


def _check_number(connection: Connection) -> None:
    """Each event is written once for each endpoint. Raises ``Refused``, and nothing was added."""
    if connection.execute(sql.COUNT, {}).scalar_one() > MOST_ENDPOINTS:
        too_many = fault("WEBHOOK_TOO_MANY", "", most=MOST_ENDPOINTS)
        raise Refused(refusal_text(1), [too_many])


def _found(connection: Connection, endpoint_id: str) -> dict[str, Any]:
    rows = connection.execute(sql.FIND, {"id": endpoint_id}).mappings()
    if not rows:
        raise NotFound("there is no such webhook endpoint")
    return rows[0]


def _message(connection: Connection, asked: dict[str, Any]) -> dict[str, Any]:
    rows = connection.execute(sql.ONE_MESSAGE, asked).mappings()
    if not rows:
        raise NotFound("there is no such message")
    return rows[0]


def _changed(
    before: dict[str, Any], change: WebhookChange, version: int | None, at: datetime
) -> dict[str, Any]:
    """The row's columns after a change; what is left out stays."""
    values = {
        "id": before["id"],
        "version": before["version"] if version is None else version,
        "url": change.url or before["url"],
        "types": before["types"] if change.types is None else [t.value for t in change.types],
        "description": change.description or before["description"],
        "state": before["state"],
        "reason": before["reason"],
        "disabled_at": before["disabled_at"],
    }
    if change.enabled is True:
        values |= {"state": "enabled", "reason": "", "disabled_at": None}
    if change.enabled is False and before["state"] == "enabled":
        values |= {"state": "disabled", "reason": "by_owner", "disabled_at": at}
    return values


def _ask_again(
    connection: Connection,
    principal: Principal,
    endpoint_id: str,
    scope: str,
    span: tuple[str, str] = _EVER,
    *,
    message: str | None = None,
    key: str | None = None,
) -> str:
    replay_id = f"wr_{_token(principal, endpoint_id, key)}"
    connection.execute(
        sql.REPLAY,
        {
            "id": replay_id,
            "endpoint": endpoint_id,
            "organisation": principal.organisation,
            "message": message,
            "from_at": None if message else span[0],
            "to_at": None if message else span[1],
            "scope": scope,
            "by": principal.key_id,
        },
    )
    return replay_id


def _replay(connection: Connection, endpoint_id: str, replay_id: str) -> dict[str, Any]:
    asked = {"id": replay_id, "endpoint": endpoint_id}
    rows = connection.execute(sql.REPLAY_STATUS, asked).mappings()
    if not rows:
        raise NotFound("there is no such replay")
    row = rows[0]
    return {
        "replay": row["id"],
        "status": "waiting" if row["applied_at"] is None else "applied",
        "messages": row["messages"],
    }


def _token(principal: Principal, endpoint_id: str, key: str | None) -> str:
    """The same for a request that is sent again under its key."""
    if key is None:
        return str(ULID())
    text = f"{principal.organisation}\n{principal.key_id}\n{endpoint_id}\n{key}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]
