"""The outbox of webhooks as the worker sees it: what is due, by lease, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from random import SystemRandom
from typing import Any

from crossclaim.domain.webhook_message import (
    DELIVERED,
    GONE,
    PAUSES,
    DueMessage,
    Message,
    Reply,
    pause_after,
)
from crossclaim.security.data_key import SYSTEM
from crossclaim.security.errors import Undecipherable
from crossclaim.security.keyring import Keyring
from crossclaim.store.connection import Connection
from crossclaim.store.session import Database

LEASE = timedelta(seconds=45)
"""Longer than a try may take: the worker that holds it is gone when it is over."""
_CHANCE = SystemRandom()
PER_ENDPOINT = 4
"""A slow receiver gets no more tries at once, so that it holds up nobody else's."""

# Only the first of an episode and endpoint is looked at; a ping has an order of its own.
_DUE = """
with heads as (
    select distinct on (m.endpoint_id, m.episode_id) m.number, m.endpoint_id, m.due_at,
           coalesce(m.leased_until > %(at)s, false) as leased
    from webhook_message m
    join webhook_endpoint e on e.id = m.endpoint_id
        and e.state = 'enabled' and e.ended_at is null
    where m.state = 'pending'
    order by m.endpoint_id, m.episode_id, m.number),
ranked as (
    select number, leased, due_at, row_number() over (
        partition by endpoint_id order by leased desc, due_at, number) as place
    from heads where leased or due_at <= %(at)s)
select number from ranked where place <= %(per_endpoint)s and not leased
order by due_at, number limit %(at_most)s
"""
_LEASE = """
update webhook_message set leased_until = %(until)s, attempts = attempts + 1, tries = tries + 1
where number = any(%(numbers)s) and state = 'pending'
  and (leased_until is null or leased_until <= %(at)s)
returning number, id, endpoint_id, organisation_id, episode_id, type, subject, version,
    occurred_at, attempts, tries
"""
_BEGIN = """
insert into webhook_attempt (message_id, attempt, endpoint_id, organisation_id, started_at)
values (%(id)s, %(attempts)s, %(endpoint_id)s, %(organisation_id)s, %(at)s)
"""
_ENDPOINTS = """
select id, url, secret_sealed, previous_sealed, previous_until from webhook_endpoint
where id = any(%(ids)s)
"""
_END = """
update webhook_attempt set latency_ms = %(latency)s, status = %(status)s, outcome = %(outcome)s,
    answer_sealed = %(answer)s
where message_id = %(id)s and attempt = %(attempt)s and outcome = 'unknown'
"""
_SETTLE = """
update webhook_message set state = %(state)s, due_at = %(due)s, leased_until = null,
    finished_at = case when %(state)s = 'pending' then null else cast(%(at)s as timestamptz) end
where id = %(id)s and attempts = %(attempt)s and state = 'pending'
"""
_DISABLE = """
update webhook_endpoint set state = 'disabled', reason = %(reason)s, disabled_at = %(at)s,
    version = version + 1, changed_at = now()
where id = %(endpoint)s and state = 'enabled'
"""
_REPLAYS = """
select id, endpoint_id, message_id, from_at, to_at, scope from webhook_replay
where applied_at is null order by recorded_at limit 20 for update skip locked
"""
_AGAIN = """
update webhook_message set state = 'pending', tries = 0, due_at = %(at)s, finished_at = null
where endpoint_id = %(endpoint_id)s and (state <> 'pending' or due_at > %(at)s)
  and (leased_until is null or leased_until <= %(at)s) and {chosen}
"""
_ONE = "id = %(message_id)s"
_RANGE = (
    "recorded_at >= %(from_at)s and recorded_at < %(to_at)s"
    " and (%(scope)s = 'all' or state = case %(scope)s when 'waiting' then 'pending'"
    " else %(scope)s end)"
)


def secret_field(endpoint_id: str) -> str:
    """What a sealed secret is bound to."""
    return f"webhook_secret:{endpoint_id}"


def answer_field(message_id: str, attempt: int) -> str:
    return f"webhook_answer:{message_id}:{attempt}"


class SqlWebhookOutbox:
    """Implements ``activities.webhook_port.WebhookOutbox`` as the worker's role."""

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        pauses: Sequence[timedelta] = PAUSES,
        draw: Callable[[], float] = _CHANCE.random,
    ) -> None:
        self._database = database
        self._keyring = keyring
        self._pauses = pauses
        self._draw = draw

    def take(self, at_most: int, at: datetime) -> list[DueMessage]:
        asked = {"at": at, "per_endpoint": PER_ENDPOINT, "at_most": at_most}
        with self._database.begin() as connection:
            numbers = connection.execute(_DUE, asked).scalars()
            if not numbers:
                return []
            leased = {"numbers": numbers, "at": at, "until": at + LEASE}
            rows = connection.execute(_LEASE, leased).mappings()
            connection.execute_each(_BEGIN, [{**row, "at": at} for row in rows])
            endpoints = self._endpoints(connection, rows, at)
        rows.sort(key=lambda row: row["number"])
        return [_due_message(row, *endpoints[row["endpoint_id"]]) for row in rows]

    def _endpoints(
        self, connection: Connection, rows: list[dict[str, Any]], at: datetime
    ) -> dict[str, tuple[str, tuple[str, ...]]]:
        """Address and secrets by the endpoint's id."""
        ids = sorted({row["endpoint_id"] for row in rows})
        found = connection.execute(_ENDPOINTS, {"ids": ids}).all()
        return {row.id: (row.url, self._secrets(row, at)) for row in found}

    def _secrets(self, row: Any, at: datetime) -> tuple[str, ...]:
        sealed = [row.secret_sealed]
        if row.previous_sealed is not None and row.previous_until > at:
            sealed.append(row.previous_sealed)
        field = secret_field(row.id)
        try:
            return tuple(self._keyring.decrypt(SYSTEM, bytes(s), field).decode() for s in sealed)
        except Undecipherable:
            # One endpoint's trouble is not everybody's: its tries fail and are logged.
            return ()

    def note(self, sent: DueMessage, reply: Reply, at: datetime) -> str:
        state, due = self._outcome(sent, reply, at)
        message_id, attempt = sent.message.id, sent.attempt
        answer = None
        if reply.answer:
            field = answer_field(message_id, attempt)
            answer = self._keyring.encrypt(SYSTEM, reply.answer, field)
        about = {"id": message_id, "attempt": attempt, "at": at}
        with self._database.begin() as connection:
            connection.execute(
                _END,
                {
                    **about,
                    "latency": reply.latency_ms,
                    "status": reply.status,
                    "outcome": reply.outcome,
                    "answer": answer,
                },
            )
            settled = connection.execute(_SETTLE, {**about, "state": state, "due": due}).rowcount
            if settled and state == "given_up":
                reason = "gone" if reply.outcome == GONE else "given_up"
                ended = {"endpoint": sent.endpoint_id, "reason": reason, "at": at}
                connection.execute(_DISABLE, ended)
        return state if settled else "pending"

    def _outcome(self, sent: DueMessage, reply: Reply, at: datetime) -> tuple[str, datetime]:
        """The message's state, and when it is due next."""
        if reply.outcome == DELIVERED:
            return "delivered", at
        gone = reply.outcome == GONE
        pause = None if gone else pause_after(sent.tries, self._pauses, self._draw())
        return ("given_up", at) if pause is None else ("pending", at + pause)

    def replay(self, at: datetime) -> int:
        with self._database.begin() as connection:
            replays = connection.execute(_REPLAYS).mappings()
            return sum(_apply(connection, replay, at) for replay in replays)

    def forget(self, keep_days: int) -> int:
        with self._database.begin() as connection:
            gone: int = connection.execute(
                "select forget_webhooks(%(days)s)", {"days": max(keep_days, 7)}
            ).scalar_one()
            return gone


def _apply(connection: Connection, replay: dict[str, Any], at: datetime) -> int:
    statement = _AGAIN.format(chosen=_ONE if replay["message_id"] else _RANGE)
    messages = connection.execute(statement, {**replay, "at": at}).rowcount
    connection.execute(
        "update webhook_replay set applied_at = %(at)s, messages = %(messages)s where id = %(id)s",
        {"id": replay["id"], "at": at, "messages": messages},
    )
    return messages


def _due_message(row: dict[str, Any], url: str, secrets: tuple[str, ...]) -> DueMessage:
    return DueMessage(
        message=Message(**{name: row[name] for name in Message.model_fields}),
        endpoint_id=row["endpoint_id"],
        url=url,
        secrets=secrets,
        attempt=row["attempts"],
        tries=row["tries"],
    )
