"""Messages of the exchange in PostgreSQL; what they say stands under the episode's key."""

from __future__ import annotations

from typing import Any

from crossclaim.domain.hcx import REQUESTS
from crossclaim.domain.hcx_cycle import Answered, Arrived, Cycle, DueAnswer
from crossclaim.security.keyring import SYSTEM, Keyring
from crossclaim.store.session import Database

_FIELD = "hcx_message"
_CYCLE = (
    "organisation_id as organisation, sender, recipient, action, reference, episode_id,"
    " api_call_id, correlation_id"
)


def opened_content(keyring: Keyring, episode_id: str | None, sealed: bytes | None) -> str:
    """Under the episode's key, or the system's where it is about no episode."""
    if sealed is None:
        return ""
    return keyring.decrypt(episode_id or SYSTEM, bytes(sealed), _FIELD).decode()


class SqlHcxMessages:
    """As the worker's role: cycles of ours, their answers, and answers that we owe."""

    def __init__(self, database: Database, keyring: Keyring) -> None:
        self._database = database
        self._keyring = keyring

    def open(self, wanted: Cycle) -> Cycle:
        """Commits the cycle before anything is sent, or finds the one that is there."""
        with self._database.begin() as connection:
            connection.execute(
                """
                insert into hcx_message (direction, organisation_id, episode_id, sender, recipient,
                    action, opens, reference, api_call_id, correlation_id, workflow_id)
                values ('out', %(organisation)s, %(episode_id)s, %(sender)s, %(recipient)s,
                    %(action)s, %(opens)s, %(reference)s, %(api_call_id)s, %(correlation_id)s,
                    %(episode_id)s)
                on conflict do nothing
                """,
                {**wanted.model_dump(), "opens": wanted.opens},
            )
            (row,) = connection.execute(
                f"""
                select {_CYCLE} from hcx_message where direction = 'out'
                  and recipient = %(recipient)s and reference = %(reference)s
                  and action = %(action)s
                order by id desc limit 1
                """,
                wanted.model_dump(),
            ).mappings()
        return Cycle.model_validate(row)

    def find(self, recipient: str, references: list[str]) -> Cycle | None:
        """The request with one of these references that was sent there last; no inquiry."""
        with self._database.begin() as connection:
            rows = connection.execute(
                f"""
                select {_CYCLE} from hcx_message where direction = 'out'
                  and recipient = %(recipient)s and reference = any(%(references)s)
                  and opens
                order by id desc limit 1
                """,
                {"recipient": recipient, "references": references},
            ).mappings()
        return Cycle.model_validate(rows[0]) if rows else None

    def answer(self, cycle: Cycle) -> Answered | None:
        """What came last under the cycle's correlation id from whom it went to."""
        with self._database.begin() as connection:
            rows = connection.execute(
                """
                select status, code, content_sealed from hcx_message where direction = 'in'
                  and correlation_id = %(correlation_id)s and sender = %(recipient)s
                order by id desc limit 1
                """,
                cycle.model_dump(),
            ).all()
        if not rows:
            return None
        content = opened_content(self._keyring, cycle.episode_id, rows[0].content_sealed)
        return Answered(status=rows[0].status, code=rows[0].code, content=content)

    def due_answer(self, message_id: int) -> DueAnswer:
        with self._database.begin() as connection:
            row = connection.execute(
                """
                select organisation_id, episode_id, sender, recipient, action, api_call_id,
                       correlation_id, workflow_id, status, code, content_sealed,
                       key_is_gone(episode_id) as erased,
                       answered_at is not null or exists (
                           select 1 from hcx_notice n where n.episode_id = m.episode_id
                             and n.request_id = m.id and n.topic = '' and n.outcome = 'told')
                       as answered
                from hcx_message m where id = %(id)s and direction = 'in'
                """,
                {"id": message_id},
            ).one()
        return DueAnswer(
            id=message_id,
            organisation=row.organisation_id,
            episode_id=row.episode_id,
            sender=row.sender,
            recipient=row.recipient,
            action=row.action,
            api_call_id=row.api_call_id,
            correlation_id=row.correlation_id,
            workflow_id=row.workflow_id,
            status=row.status,
            code=row.code,
            content=self._said(row),
            answered=row.answered,
            erased=row.erased,
        )

    def _said(self, row: Any) -> str:
        sealed = None if row.erased else row.content_sealed
        return opened_content(self._keyring, row.episode_id, sealed)

    def note_answered(self, message_id: int) -> None:
        with self._database.begin() as connection:
            connection.execute(
                "update hcx_message set answered_at = now() where id = %(id)s"
                " and answered_at is null",
                {"id": message_id},
            )

    def note_refused(self, message_id: int, why: str) -> None:
        with self._database.begin() as connection:
            connection.execute(
                "update hcx_message set refused_at = now(), refused_why = %(why)s"
                " where id = %(id)s",
                {"id": message_id, "why": why},
            )

    def owed(self, older_than_s: float, at_most: int) -> list[int]:
        """Requests that nobody has answered, of each asker the oldest first, so that one who is
        away keeps no other waiting, and what was not tried yet first; none that was refused for
        good, nor one so old that its asker has long asked again."""
        with self._database.begin() as connection:
            return connection.execute(
                """
                select id from (
                    select id, recorded_at, row_number() over (
                        partition by sender order by recorded_at, id) as place,
                        exists (select 1 from outbound_attempt a where
                            a.reference = api_call_id and a.operation = 'hcx-answer') as tried
                    from hcx_message where direction = 'in' and answered_at is null
                      and refused_at is null and action = any(%(actions)s)
                      and recorded_at < now() - make_interval(secs => %(older)s)
                      and recorded_at > now() - interval '14 days') m
                order by place, tried, recorded_at, id limit %(at_most)s
                """,
                {"actions": list(REQUESTS), "older": older_than_s, "at_most": at_most},
            ).scalars()


class SqlHcxArrivals:
    """As the API's role, under row-level security: what the organisation that sends may see."""

    def __init__(self, database: Database, keyring: Keyring) -> None:
        self._database = database
        self._keyring = keyring

    def cycle(self, organisation: str, correlation_id: str) -> Cycle | None:
        """Our request that this correlation id was made for, if it went to this organisation."""
        with self._database.begin(organisation) as connection:
            rows = connection.execute(
                f"select {_CYCLE} from hcx_message where direction = 'out'"
                " and correlation_id = %(id)s limit 1",
                {"id": correlation_id},
            ).mappings()
        return Cycle.model_validate(rows[0]) if rows else None

    def known(self, organisation: str, sender: str, api_call_id: str) -> tuple[int, str] | None:
        """Row and digest of the message that used this call id."""
        with self._database.begin(organisation) as connection:
            row = connection.execute(
                "select id, sha256 from hcx_message where direction = 'in'"
                " and sender = %(sender)s and api_call_id = %(id)s",
                {"sender": sender, "id": api_call_id},
            ).one_or_none()
        return None if row is None else (row.id, row.sha256)

    def request(self, organisation: str, sender: str, correlation_id: str) -> Arrived | None:
        """The request of theirs that opened this cycle; an inquiry opens none."""
        with self._database.begin(organisation) as connection:
            rows = connection.execute(
                """
                select organisation_id as organisation, episode_id, sender, recipient, action,
                       reference, api_call_id, correlation_id, workflow_id, status, code, sha256,
                       content_sealed
                from hcx_message where direction = 'in' and sender = %(sender)s
                  and correlation_id = %(id)s and opens
                order by id limit 1
                """,
                {"sender": sender, "id": correlation_id},
            ).mappings()
        if not rows:
            return None
        sealed, episode_id = rows[0].pop("content_sealed"), rows[0]["episode_id"]
        content = opened_content(self._keyring, episode_id, sealed)
        return Arrived.model_validate({**rows[0], "content": content})

    def keep(self, message: Arrived) -> tuple[int, str]:
        """Row and digest of what stands under this call id now: this message, or an earlier one."""
        values = message.model_dump(exclude={"content"})
        sealed = None
        if message.content:
            scope = message.episode_id or SYSTEM
            sealed = self._keyring.encrypt(scope, message.content.encode(), _FIELD)
        with self._database.begin(message.organisation) as connection:
            connection.execute(
                """
                insert into hcx_message (direction, organisation_id, episode_id, sender, recipient,
                    action, opens, reference, api_call_id, correlation_id, workflow_id, status,
                    code, sha256, content_sealed)
                values ('in', %(organisation)s, %(episode_id)s, %(sender)s, %(recipient)s,
                    %(action)s, %(opens)s, %(reference)s, %(api_call_id)s, %(correlation_id)s,
                    %(workflow_id)s, %(status)s, %(code)s, %(sha256)s, %(sealed)s)
                on conflict (direction, sender, api_call_id) do nothing
                """,
                {**values, "opens": message.opens, "sealed": sealed},
            )
        kept = self.known(message.organisation, message.sender, message.api_call_id)
        assert kept is not None, "it was just kept"
        return kept
