"""What an organisation reads and writes of its webhooks, as the API's role may."""

from __future__ import annotations

ENDPOINT = """id, url, types, description, state, reason, disabled_at, previous_until, signature,
    public_key, version, recorded_at, changed_at"""

FIND = f"select {ENDPOINT} from webhook_endpoint where id = %(id)s and ended_at is null"
LIST = f"""
select {ENDPOINT} from webhook_endpoint
where ended_at is null and (cast(%(status)s as text) is null or state = %(status)s)
  and (cast(%(after)s as text) is null or id < %(after)s)
order by id desc limit %(limit)s
"""
BY_KEY = f"""
select {ENDPOINT}, content_sha256, secret_sealed from webhook_endpoint
where organisation_id = %(organisation)s and idempotency_key = %(key)s
"""
COUNT = "select count(*) from webhook_endpoint where ended_at is null"
ADD = """
insert into webhook_endpoint (id, organisation_id, url, types, description, secret_sealed,
    signature, public_key, idempotency_key, content_sha256, made_by)
values (%(id)s, %(organisation)s, %(url)s, %(types)s, %(description)s, %(secret)s, %(signature)s,
    %(public)s, %(key)s, %(sha256)s, %(by)s)
on conflict (organisation_id, idempotency_key) do nothing
"""
CHANGE = """
update webhook_endpoint set url = %(url)s, types = %(types)s, description = %(description)s,
    state = %(state)s, reason = %(reason)s, disabled_at = %(disabled_at)s,
    version = version + 1, changed_at = now()
where id = %(id)s and ended_at is null and version = %(version)s
"""
END = """
update webhook_endpoint set ended_at = now(), version = version + 1, changed_at = now()
where id = %(id)s and ended_at is null and version = %(version)s
"""
ROTATE = """
update webhook_endpoint set secret_sealed = %(secret)s, public_key = %(public)s,
    previous_sealed = secret_sealed, previous_until = %(until)s, rotation_key = %(key)s,
    version = version + 1, changed_at = now()
where id = %(id)s and ended_at is null
  and (cast(%(key)s as text) is null or rotation_key is distinct from %(key)s)
"""
SECRET = """
select secret_sealed, public_key, previous_until from webhook_endpoint
where id = %(id)s and ended_at is null
"""
PING = """
insert into webhook_message (id, endpoint_id, organisation_id, type, subject, occurred_at)
values (%(id)s, %(endpoint)s, %(organisation)s, %(type)s, %(endpoint)s, %(at)s)
on conflict (id) do nothing
"""
MESSAGE = """number, id, type, episode_id, subject, version, occurred_at, state, attempts,
    due_at, finished_at, recorded_at"""
MESSAGES = f"""
select {MESSAGE} from webhook_message
where endpoint_id = %(endpoint)s
  and (cast(%(after)s as bigint) is null or number < %(after)s)
  and (cast(%(status)s as text) is null or state = %(status)s)
  and (cast(%(type)s as text) is null or type = %(type)s)
  and (cast(%(episode)s as text) is null or episode_id = %(episode)s)
  and (cast(%(since)s as timestamptz) is null or recorded_at >= %(since)s)
  and (cast(%(before)s as timestamptz) is null or recorded_at < %(before)s)
order by number desc limit %(limit)s
"""
ONE_MESSAGE = (
    f"select {MESSAGE} from webhook_message where id = %(id)s and endpoint_id = %(endpoint)s"
)
ATTEMPTS = """
select attempt, started_at, latency_ms, status, outcome, answer_sealed from webhook_attempt
where message_id = %(id)s order by attempt
"""
REPLAY = """
insert into webhook_replay (id, endpoint_id, organisation_id, message_id, from_at, to_at, scope,
    made_by)
values (%(id)s, %(endpoint)s, %(organisation)s, %(message)s, %(from_at)s, %(to_at)s, %(scope)s,
    %(by)s) on conflict (id) do nothing
"""
REPLAY_STATUS = """
select id, message_id, from_at, to_at, scope, applied_at, messages from webhook_replay
where id = %(id)s and endpoint_id = %(endpoint)s
"""
