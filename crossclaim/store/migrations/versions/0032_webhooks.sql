-- Outgoing webhooks. A message is written by a trigger in the transaction of the row that it tells of,
-- so that none is forgotten and none tells of what was rolled back. It holds ids and no personal data.
create table webhook_endpoint (
    id text primary key,
    organisation_id text not null references organisation,
    url text not null,
    -- Types of events; none: every type, also those that come later.
    types text[] not null default '{}',
    description text not null default '',
    state text not null default 'enabled' check (state in ('enabled', 'disabled')),
    reason text not null default '' check (reason in ('', 'by_owner', 'gone', 'given_up')),
    disabled_at timestamptz,
    secret_sealed bytea not null,
    -- During a rotation both sign.
    previous_sealed bytea,
    previous_until timestamptz,
    rotation_key text,
    version integer not null default 1,
    idempotency_key text,
    content_sha256 text not null,
    made_by text not null,
    ended_at timestamptz,
    recorded_at timestamptz not null default now(),
    changed_at timestamptz not null default now(),
    unique (organisation_id, idempotency_key),
    check ((state = 'enabled') = (disabled_at is null) and (state = 'enabled') = (reason = ''))
);
create index webhook_endpoint_owner on webhook_endpoint (organisation_id) where ended_at is null;

-- Numbers rise within an episode as its steps commit, since a step holds the episode's lock.
create table webhook_message (
    number bigint generated always as identity primary key,
    id text not null unique,
    endpoint_id text not null references webhook_endpoint,
    organisation_id text not null references organisation,
    episode_id text references episode,
    type text not null,
    subject text not null,
    version integer not null default 1,
    occurred_at timestamptz not null,
    state text not null default 'pending' check (state in ('pending', 'delivered', 'given_up')),
    -- Of this round; a replay begins another.
    tries integer not null default 0,
    attempts integer not null default 0,
    due_at timestamptz not null default now(),
    leased_until timestamptz,
    finished_at timestamptz,
    recorded_at timestamptz not null default now()
);
create index webhook_message_pending on webhook_message (endpoint_id, episode_id, number)
    where state = 'pending';
create index webhook_message_endpoint on webhook_message (endpoint_id, number);
create index webhook_message_recorded on webhook_message (recorded_at);

create table webhook_attempt (
    message_id text not null references webhook_message (id) on delete cascade,
    attempt integer not null,
    endpoint_id text not null references webhook_endpoint,
    organisation_id text not null references organisation,
    started_at timestamptz not null,
    latency_ms integer,
    status integer,
    outcome text not null default 'unknown',
    -- What the receiver said, cut; it may say anything.
    answer_sealed bytea,
    primary key (message_id, attempt)
);

-- What an organisation wants to have sent again; a worker makes it so and says how many that were.
create table webhook_replay (
    id text primary key,
    endpoint_id text not null references webhook_endpoint,
    organisation_id text not null references organisation,
    -- One message, or those that were written in a time.
    message_id text references webhook_message (id) on delete cascade,
    from_at timestamptz,
    to_at timestamptz,
    scope text not null default 'all' check (scope in ('all', 'given_up', 'waiting')),
    made_by text not null,
    recorded_at timestamptz not null default now(),
    applied_at timestamptz,
    messages integer,
    check ((message_id is null) = (from_at is not null and to_at is not null))
);
create index webhook_replay_open on webhook_replay (recorded_at) where applied_at is null;

-- Which state of which row is an event; the same table stands in the program, and a test compares them.
create table webhook_rule (
    source text not null,
    state text not null,
    type text not null,
    id_column text not null,
    version_column text,
    time_column text,
    primary key (source, state)
);
insert into webhook_rule (source, state, type, id_column, version_column, time_column) values
    ('episode_party', 'opened', 'episode.opened', 'episode_id', null, null),
    ('episode', 'open', 'episode.reopened', 'id', 'revision', null),
    ('episode', 'closed', 'episode.closed', 'id', 'revision', 'closed_at'),
    ('episode', 'CLOSED_CONSENT_WITHDRAWN', 'episode.closed', 'id', 'revision', 'closed_at'),
    ('consent', 'withdrawn', 'consent.withdrawn', 'id', null, 'withdrawn_at'),
    ('guarantee', 'requested', 'guarantee.requested', 'id', null, 'requested_at'),
    ('guarantee', 'at_desk', 'guarantee.requested', 'id', null, 'requested_at'),
    ('guarantee', 'granted', 'guarantee.answered', 'id', null, 'answered_at'),
    ('guarantee', 'refused', 'guarantee.answered', 'id', null, 'answered_at'),
    ('guarantee', 'released', 'guarantee.released', 'id', null, 'released_at'),
    ('guarantee', 'cancelled', 'guarantee.cancelled', 'id', null, null),
    ('guarantee', 'expired', 'guarantee.expired', 'id', null, null),
    ('guarantee', 'withdrawn', 'guarantee.withdrawn', 'id', null, null),
    ('guarantee_request', 'requested', 'guarantee.change_requested', 'id', null, 'requested_at'),
    ('guarantee_request', 'at_desk', 'guarantee.change_requested', 'id', null, 'asked_at'),
    ('guarantee_request', 'granted', 'guarantee.change_answered', 'id', null, 'answered_at'),
    ('guarantee_request', 'refused', 'guarantee.change_answered', 'id', null, 'answered_at'),
    ('allocation', 'split', 'bill.split', 'bill_id', 'version', 'occurred_at'),
    ('bill', 'superseded', 'bill.superseded', 'id', 'version', null),
    ('bill', 'voided', 'bill.voided', 'id', 'version', null),
    ('bill', 'reopened', 'bill.reopened', 'id', 'version', null),
    ('payment_order', 'paid', 'payment.paid', 'reference', null, 'paid_at'),
    ('payment_order', 'refused', 'payment.refused', 'reference', null, 'changed_at'),
    ('payment_order', 'closed', 'payment.closed', 'reference', null, 'changed_at'),
    ('tender_refund', 'refunded', 'refund.made', 'reference', null, 'refunded_at'),
    ('tender_refund', 'refused', 'refund.refused', 'reference', null, 'changed_at'),
    ('claim', 'submitted', 'claim.submitted', 'id', null, 'submitted_at'),
    ('claim', 'pended', 'claim.pended', 'id', null, null),
    ('claim', 'suspended', 'claim.suspended', 'id', null, null),
    ('claim', 'approved', 'claim.decided', 'id', null, 'decided_at'),
    ('claim', 'partial', 'claim.decided', 'id', null, 'decided_at'),
    ('claim', 'denied', 'claim.decided', 'id', null, 'decided_at'),
    ('claim', 'voided', 'claim.voided', 'id', null, null),
    ('claim', 'replaced', 'claim.replaced', 'id', null, null),
    ('claim', 'failed', 'claim.failed', 'id', null, null),
    ('claim_revision', 'decided', 'claim.decided', 'claim_id', 'version', 'decided_at'),
    ('information_request', 'open', 'information.requested', 'id', null, 'asked_at'),
    ('information_request', 'answered', 'information.answered', 'id', null, 'closed_at'),
    ('information_request', 'withdrawn', 'information.withdrawn', 'id', null, 'closed_at'),
    ('information_request', 'ended', 'information.ended', 'id', null, 'closed_at'),
    ('information_event', 'reminded', 'information.reminded', 'request_id', null, 'occurred_at'),
    ('information_event', 'overdue', 'information.overdue', 'request_id', null, 'occurred_at'),
    ('information_event', 'extended', 'information.extended', 'request_id', null, 'occurred_at'),
    ('appeal', 'open', 'appeal.lodged', 'id', null, 'lodged_at'),
    ('appeal', 'upheld', 'appeal.decided', 'id', null, 'decided_at'),
    ('appeal', 'changed', 'appeal.decided', 'id', null, 'decided_at'),
    ('payout_intent', 'to_be_approved', 'payout.to_be_approved', 'reference', null, 'reserved_at'),
    ('payout_intent', 'reserved', 'payout.reserved', 'reference', null, 'reserved_at'),
    ('payout_intent', 'sent', 'payout.sent', 'reference', null, 'sent_at'),
    ('payout_intent', 'accepted', 'payout.accepted', 'reference', null, null),
    ('payout_intent', 'credited', 'payout.credited', 'reference', null, 'credited_at'),
    ('payout_intent', 'unknown', 'payout.unknown', 'reference', null, null),
    ('payout_intent', 'rejected', 'payout.rejected', 'reference', null, 'closed_at'),
    ('payout_intent', 'returned', 'payout.returned', 'reference', null, 'closed_at'),
    ('payout_intent', 'cancelled', 'payout.cancelled', 'reference', null, 'closed_at'),
    ('claw_back', 'due', 'claw_back.ordered', 'reference', null, 'ordered_at'),
    ('claw_back', 'received', 'claw_back.received', 'reference', null, 'received_at'),
    ('claw_back', 'needless', 'claw_back.needless', 'reference', null, null),
    ('exception_item', 'opened', 'exception.opened', 'id', null, 'opened_at'),
    ('exception_item', 'resolved', 'exception.resolved', 'id', null, 'resolved_at');

-- Whom a row concerns beside the hospital; null is everybody of the episode.
create function webhook_concerns(source text, content jsonb) returns text[] language sql stable as $$
    select case
        when source in ('episode', 'episode_party') then null
        when source = 'consent' then array[content ->> 'recipient']
        when source = 'guarantee' then array[content ->> 'insurer_id']
        when source = 'guarantee_request' then
            array(select g.insurer_id from guarantee g where g.id = content ->> 'guarantee_id')
        when source in ('claim', 'claw_back', 'information_request') then
            array[content ->> 'organisation_id']
        when source in ('claim_revision', 'appeal') then
            array(select c.organisation_id from claim c where c.id = content ->> 'claim_id')
        when source = 'information_event' then
            array(select r.organisation_id from information_request r
                  where r.id = content ->> 'request_id')
        when source = 'payout_intent' then array[content ->> 'debtor_organisation_id']
        else array[]::text[]
    end
$$;

-- The argument names the column of the state, or is the state itself behind an equals sign.
create function tell_webhooks() returns trigger language plpgsql as $$
declare
    content jsonb;
    reached text;
    of_episode text;
    concerned text[];
begin
    -- Where nobody listens this is all that it costs.
    if not exists (select 1 from webhook_endpoint where ended_at is null) then
        return null;
    end if;
    content := to_jsonb(new);
    of_episode := content ->> case tg_table_name when 'episode' then 'id' else 'episode_id' end;
    if tg_argv[0] like '=%' then
        reached := substr(tg_argv[0], 2);
    else
        reached := content ->> tg_argv[0];
    end if;
    concerned := webhook_concerns(tg_table_name::text, content);
    insert into webhook_message (id, endpoint_id, organisation_id, episode_id, type, subject,
        version, occurred_at)
    select 'msg_' || replace(gen_random_uuid()::text, '-', ''), e.id, e.organisation_id,
           of_episode, r.type, content ->> r.id_column,
           coalesce((content ->> r.version_column)::integer, 1),
           coalesce((content ->> r.time_column)::timestamptz, now())
    from webhook_rule r
    join (select organisation_id, bool_or(role = 'hospital') as is_hospital
          from episode_party where episode_id = of_episode group by organisation_id) p on true
    join webhook_endpoint e on e.organisation_id = p.organisation_id and e.ended_at is null
        and (cardinality(e.types) = 0 or r.type = any (e.types))
    where r.source = tg_table_name and r.state = reached
      and case when tg_table_name = 'episode_party'
               then p.organisation_id = content ->> 'organisation_id'
               else concerned is null or p.is_hospital or p.organisation_id = any (concerned) end
    order by e.id;
    return null;
end $$;

create trigger webhooks_opened after insert on episode_party
    for each row execute function tell_webhooks('=opened');
create trigger webhooks_changed after update on episode
    for each row when (old.status is distinct from new.status)
    execute function tell_webhooks('status');
create trigger webhooks_withdrawn after update on consent
    for each row when (old.withdrawn_at is null and new.withdrawn_at is not null)
    execute function tell_webhooks('=withdrawn');
create trigger webhooks_split after insert on allocation
    for each row execute function tell_webhooks('=split');
create trigger webhooks_decided after insert on claim_revision
    for each row execute function tell_webhooks('=decided');
create trigger webhooks_told after insert on information_event
    for each row execute function tell_webhooks('kind');
create trigger webhooks_opened after insert on exception_item
    for each row execute function tell_webhooks('=opened');
create trigger webhooks_opened_again after update on exception_item
    for each row when (old.resolved_at is not null and new.resolved_at is null)
    execute function tell_webhooks('=opened');
create trigger webhooks_resolved after update on exception_item
    for each row when (old.resolved_at is null and new.resolved_at is not null)
    execute function tell_webhooks('=resolved');
do $$
declare
    t text;
begin
    foreach t in array array['guarantee', 'guarantee_request', 'bill', 'payment_order',
        'tender_refund', 'claim', 'information_request', 'appeal', 'payout_intent', 'claw_back']
    loop
        execute format('create trigger webhooks_added after insert on %I '
            'for each row execute function tell_webhooks(''state'')', t);
        execute format('create trigger webhooks_changed after update on %I '
            'for each row when (old.state is distinct from new.state) '
            'execute function tell_webhooks(''state'')', t);
    end loop;
    foreach t in array array['webhook_endpoint', 'webhook_message', 'webhook_attempt', 'webhook_replay']
    loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy worker_all on %I to crossclaim_worker using (true) with check (true)', t);
        execute format('create policy reader_all on %I for select to crossclaim_reader using (true)', t);
        execute format('create policy owner_reads on %I for select to crossclaim_owner using (true)', t);
        execute format(
            'create policy own_rows on %I to crossclaim_app using (organisation_id = '
            'current_setting(''crossclaim.organisation'', true)) with check (organisation_id = '
            'current_setting(''crossclaim.organisation'', true))', t);
        execute format('grant select on %I to crossclaim_app, crossclaim_worker, crossclaim_reader', t);
    end loop;
end $$;
-- A later migration that changes a state tells of it too.
create policy owner_tells on webhook_message for insert to crossclaim_owner with check (true);
grant select on webhook_rule to crossclaim_app, crossclaim_worker, crossclaim_reader;
grant insert, update on webhook_endpoint to crossclaim_app;
grant update (state, reason, disabled_at, version, changed_at) on webhook_endpoint to crossclaim_worker;
-- The API adds a test event and asks for messages to be sent again.
grant insert on webhook_message, webhook_replay to crossclaim_app;
grant insert, update on webhook_message, webhook_attempt to crossclaim_worker;
grant update on webhook_replay to crossclaim_worker;

-- No role of ours removes a row. What was sent long ago is forgotten through this alone, and a message
-- that may still be sent never is.
create policy owner_forgets on webhook_message for delete to crossclaim_owner using (true);
create function forget_webhooks(keep_days integer) returns integer
    language plpgsql security definer set search_path = public, pg_temp as $$
declare
    gone integer;
begin
    if keep_days < 7 then
        raise exception 'WEBHOOKS_KEPT: a delivery log is kept for a week at least'
            using errcode = 'insufficient_privilege';
    end if;
    delete from webhook_message m where m.number in (
        select o.number from webhook_message o join webhook_endpoint e on e.id = o.endpoint_id
        where o.recorded_at < now() - make_interval(days => keep_days)
          and (o.state <> 'pending' or e.state <> 'enabled' or e.ended_at is not null)
        order by o.recorded_at limit 2000);
    get diagnostics gone = row_count;
    return gone;
end $$;
revoke execute on function forget_webhooks(integer) from public;
grant execute on function forget_webhooks(integer) to crossclaim_worker;
