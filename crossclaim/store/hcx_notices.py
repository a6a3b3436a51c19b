"""What we tell on the exchange of ourselves, and who wants which topic."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from crossclaim.domain.hcx_cycle import Arrived, DueNotice
from crossclaim.domain.hcx_topics import Subscription, Topic
from crossclaim.security.keyring import Keyring
from crossclaim.store.hcx_tables import opened_content
from crossclaim.store.session import Database

_SAME = """coalesce(o.episode_id, '') = coalesce(n.episode_id, '')
    and o.recipient = n.recipient and o.sender = n.sender and o.topic = n.topic
    and case when n.topic = '' then o.request_id = n.request_id else o.subject = n.subject end"""
"""Whether two notices tell of the same: a request's decision, or one row by one topic."""
_DUE = f"""
select n.number, n.organisation_id as organisation, n.sender, n.recipient, n.topic, n.episode_id,
       n.subject, n.told, n.ended_at is not null as over, m.sender as asker, m.recipient as asked,
       m.action, m.reference, m.api_call_id, m.correlation_id, m.workflow_id, m.status, m.code,
       m.sha256, m.content_sealed, m.organisation_id as asked_by,
       n.episode_id is not null and key_is_gone(n.episode_id) as erased,
       exists (select 1 from hcx_notice o where o.number > n.number and {_SAME}) as superseded,
       coalesce((select case when o.outcome in ('told', 'refused') then o.said_sha256 else '?' end
                 from hcx_notice o where o.number <= n.number and {_SAME}
                 and o.said_sha256 <> '' order by o.number desc limit 1), '') as said_before
from hcx_notice n left join hcx_message m on m.id = n.request_id where n.number = %(number)s
"""
_SUPERSEDE = f"""
update hcx_notice n set ended_at = now(), outcome = 'superseded'
where n.ended_at is null and n.said_sha256 = '' and n.recorded_at > now() - interval '14 days'
  and exists (
    select 1 from hcx_notice o where o.number > n.number and {_SAME})
"""
_WAITING = f"""
select number from (
    select n.number, n.recorded_at, n.said_sha256, row_number() over (
        partition by n.recipient order by n.recorded_at, n.number) as place
    from hcx_notice n left join hcx_message m on m.id = n.request_id and m.api_call_id = n.subject
    where n.ended_at is null and n.recorded_at > now() - interval '14 days'
      and (m.id is null or n.recorded_at <= now() - make_interval(secs => %(after)s))
      and not exists (select 1 from hcx_notice o where o.ended_at is null
          and o.number < n.number and o.recorded_at > now() - interval '14 days' and {_SAME})) n
order by place, said_sha256 <> '', recorded_at, number limit %(at_most)s
"""
LOOKED_AT_AFTER_S = 30.0
"""When a request's own notice is looked at: a decision that was being written when the request was
kept saw no request, and is there to be read by then."""
_NEWEST = """
select distinct on (s.organisation_id, s.subscriber, s.topic) s.organisation_id, s.subscriber,
       s.sender, s.topic, s.active, s.expires_at
from hcx_subscription s where s.sender = any(%(senders)s) and s.topic = %(topic)s
order by s.organisation_id, s.subscriber, s.topic, s.id desc
"""
_HOSPITALS = "select 1 from episode where id = %(episode)s and hospital_id = %(organisation)s"
_OWN: Mapping[str, str] = {
    Topic.CLAIM_STATUS.value: """
select 1 from claim where episode_id = %(episode)s and id = %(subject)s
   and organisation_id = %(organisation)s
union all select 1 from guarantee where episode_id = %(episode)s and id = %(subject)s
   and insurer_id = %(organisation)s
""",
    Topic.ELIGIBILITY.value: """
select 1 from coverage where episode_id = %(episode)s and ordinal::text = %(subject)s
   and organisation_id = %(organisation)s
""",
    Topic.REIMBURSEMENT.value: """
select 1 from payout_intent where episode_id = %(episode)s and reference = %(subject)s
   and debtor_organisation_id = %(organisation)s
""",
}
"""Whose the row is that a topic tells of, beside the episode's hospital."""
_ADD_ONCE = """
insert into hcx_notice (organisation_id, sender, recipient, topic, subject, told)
select %(organisation)s, %(sender)s, %(recipient)s, %(topic)s, %(subject)s,
       cast(%(told)s as jsonb)
where not exists (select 1 from hcx_notice n where n.recipient = %(recipient)s
    and n.sender = %(sender)s and n.topic = %(topic)s and n.subject = %(subject)s)
"""


class SqlHcxNotices:
    """As the worker's role: notices that wait, and how they ended."""

    def __init__(self, database: Database, keyring: Keyring) -> None:
        self._database = database
        self._keyring = keyring

    def due(self, number: int) -> DueNotice:
        with self._database.begin() as connection:
            (row,) = connection.execute(_DUE, {"number": number}).mappings()
        request = self._request(row) if row["api_call_id"] and not row["erased"] else None
        names = DueNotice.model_fields.keys() - {"request"}
        return DueNotice(**{name: row[name] for name in names}, request=request)

    def _request(self, row: Mapping[str, Any]) -> Arrived:
        known = {name: row[name] for name in Arrived.model_fields if name in row}
        told = {"organisation": row["asked_by"], "sender": row["asker"], "recipient": row["asked"]}
        content = opened_content(self._keyring, row["episode_id"], row["content_sealed"])
        return Arrived.model_validate({**known, **told, "content": content})

    def note_said(self, number: int, sha256: str) -> bool:
        """What is about to be said by it; False where it has ended meanwhile."""
        with self._database.begin() as connection:
            found = connection.execute(
                "update hcx_notice set said_sha256 = %(sha256)s"
                " where number = %(number)s and ended_at is null",
                {"number": number, "sha256": sha256},
            )
        return found.rowcount == 1

    def end(self, number: int, outcome: str) -> None:
        with self._database.begin() as connection:
            connection.execute(
                "update hcx_notice set ended_at = now(), outcome = %(outcome)s"
                " where number = %(number)s and ended_at is null",
                {"number": number, "outcome": outcome},
            )

    def waiting(self, at_most: int) -> list[int]:
        """Of each recipient the oldest first, so that one who is away keeps no other waiting,
        and what was not tried yet first; one that nobody took for two weeks is told no more.

        Of what changed again only the newest is left, after one that is on its way already. A
        request's own notice waits a little."""
        with self._database.begin() as connection:
            connection.execute(_SUPERSEDE, {})
            asked = {"at_most": at_most, "after": LOOKED_AT_AFTER_S}
            return connection.execute(_WAITING, asked).scalars()

    def wants(self, sender: str, recipient: str, topic: str, now: datetime) -> bool:
        """Whether it still does."""
        with self._database.begin() as connection:
            rows = connection.execute(_NEWEST, {"senders": [sender], "topic": topic}).all()
        return any(
            row.subscriber == recipient and row.active and row.expires_at > now for row in rows
        )

    def sees(self, organisation: str, episode_id: str, topic: str, subject: str) -> bool:
        """Whether the row is its own: whoever wrote about an episode sees no other insurer's."""
        asked = {"organisation": organisation, "episode": episode_id, "subject": subject}
        with self._database.begin() as connection:
            found = connection.execute(f"{_HOSPITALS} union all {_OWN[topic]} limit 1", asked)
            return bool(found.all())

    def announce(
        self, senders: list[str], topic: str, subject: str, told: str, now: datetime
    ) -> int:
        """A notice for everybody who subscribed to it at one of ours, once a subject."""
        asked = {"topic": topic, "subject": subject, "told": told}
        added = 0
        with self._database.begin() as connection:
            for row in connection.execute(_NEWEST, {"senders": senders, "topic": topic}).all():
                if not row.active or row.expires_at <= now:
                    continue
                found = {
                    "organisation": row.organisation_id,
                    "sender": row.sender,
                    "recipient": row.subscriber,
                }
                added += connection.execute(_ADD_ONCE, {**asked, **found}).rowcount
        return added


class SqlHcxSubscriptions:
    """As the API's role: wishes of the organisation that sends."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, organisation: str, wish: Subscription) -> None:
        with self._database.begin(organisation) as connection:
            connection.execute(
                """
                insert into hcx_subscription (organisation_id, subscriber, sender, topic, active,
                    expires_at)
                values (%(organisation)s, %(subscriber)s, %(sender)s, %(topic)s, %(active)s,
                    %(expires_at)s)
                """,
                {**wish.model_dump(), "topic": wish.topic.value, "organisation": organisation},
            )
