-- What participants of the exchange want to be told of, each wish a row; the newest of a subscriber,
-- sender and topic counts.
create table hcx_subscription (
    id bigint generated always as identity primary key,
    organisation_id text not null references organisation,
    subscriber text not null,
    -- A participant that we are.
    sender text not null,
    topic text not null,
    active boolean not null,
    expires_at timestamptz not null,
    recorded_at timestamptz not null default now()
);
create index hcx_subscription_newest on hcx_subscription (sender, topic, subscriber, id desc);

-- What we tell of ourselves: a decision on the callback of the request that asked for it (no topic), or
-- a topic. A notice is written by a trigger in the transaction of the row that it tells of.
create table hcx_notice (
    number bigint generated always as identity primary key,
    organisation_id text not null references organisation,
    sender text not null,
    recipient text not null,
    request_id bigint references hcx_message,
    episode_id text references episode,
    topic text not null default '',
    -- The row that is told of, by its id; ids and codes alone.
    subject text not null,
    told jsonb not null default '{}',
    recorded_at timestamptz not null default now(),
    ended_at timestamptz,
    outcome text not null default ''
        check (outcome in ('', 'told', 'refused', 'undecided', 'unsubscribed')),
    check ((ended_at is null) = (outcome = '')),
    check (topic <> '' or request_id is not null)
);
create index hcx_notice_due on hcx_notice (recorded_at) where ended_at is null;
create index hcx_notice_episode on hcx_notice (episode_id);

do $$
declare
    t text;
begin
    foreach t in array array['hcx_subscription', 'hcx_notice']
    loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy owner_all on %I to crossclaim_owner using (true) with check (true)', t);
        execute format('create policy worker_all on %I to crossclaim_worker using (true) with check (true)', t);
        execute format('create policy reader_all on %I for select to crossclaim_reader using (true)', t);
        execute format('create policy own_rows on %I for select to crossclaim_app using (organisation_id = '
            'current_setting(''crossclaim.organisation'', true))', t);
        execute format('grant select on %I to crossclaim_app, crossclaim_worker, crossclaim_reader', t);
    end loop;
end $$;
create policy own_wishes on hcx_subscription for insert to crossclaim_app with check (
    organisation_id = current_setting('crossclaim.organisation', true));
grant insert on hcx_subscription to crossclaim_app;
grant insert on hcx_notice to crossclaim_worker;
grant update (ended_at, outcome) on hcx_notice to crossclaim_worker;

-- Arguments: the actions whose askers hear of it on their callback, the topic, the column of the id, and
-- that of the state. Where nobody asked over the exchange about the episode, one look is all it costs.
create function tell_exchange() returns trigger language plpgsql as $$
declare
    content jsonb;
begin
    if not exists (select 1 from hcx_message
                   where episode_id = new.episode_id and direction = 'in' and opens) then
        return null;
    end if;
    content := to_jsonb(new);
    insert into hcx_notice (organisation_id, sender, recipient, request_id, episode_id, subject)
    select m.organisation_id, m.recipient, m.sender, m.id, m.episode_id, content ->> tg_argv[2]
    from hcx_message m
    where m.episode_id = new.episode_id and m.direction = 'in' and m.opens
      and m.action = any (string_to_array(tg_argv[0], ','))
      and not exists (select 1 from hcx_notice n
                      where n.request_id = m.id and n.topic = '' and n.ended_at is null);
    insert into hcx_notice (organisation_id, sender, recipient, request_id, episode_id, topic, subject,
        told)
    select distinct on (m.sender, m.recipient) m.organisation_id, m.recipient, m.sender, m.id,
        m.episode_id, tg_argv[1], content ->> tg_argv[2],
        jsonb_build_object('status', coalesce(content ->> tg_argv[3], tg_argv[3]))
    from hcx_message m
    join lateral (select s.active, s.expires_at from hcx_subscription s
          where s.sender = m.recipient and s.subscriber = m.sender and s.topic = tg_argv[1]
          order by s.id desc limit 1) s on s.active and s.expires_at > now()
    where m.episode_id = new.episode_id and m.direction = 'in' and m.opens
    order by m.sender, m.recipient, m.id desc;
    return null;
end $$;

create trigger exchange_told after update on claim
    for each row when (old.state is distinct from new.state
        and new.state in ('submitted', 'queued', 'pended', 'suspended', 'approved', 'partial', 'denied',
            'voided', 'replaced', 'failed'))
    execute function tell_exchange('claim/submit', 'notif-claim-status-update', 'id', 'state');
create trigger exchange_told_new after insert on claim
    for each row when (new.state in ('approved', 'partial', 'denied'))
    execute function tell_exchange('claim/submit', 'notif-claim-status-update', 'id', 'state');
create trigger exchange_told after insert on claim_revision
    for each row execute function tell_exchange(
        'claim/submit', 'notif-claim-status-update', 'claim_id', 'decided');
create trigger exchange_told after update on guarantee
    for each row when (old.state is distinct from new.state and new.state in ('granted', 'refused'))
    execute function tell_exchange('preauth/submit', 'notif-claim-status-update', 'id', 'state');
create trigger exchange_told after insert on allocation
    for each row execute function tell_exchange('predetermination/submit', '', 'bill_id', 'split');
create trigger exchange_told after update on payout_intent
    for each row when (old.state is distinct from new.state and new.state = 'credited')
    execute function tell_exchange('', 'notif-claim-reimbursement', 'reference', 'state');
create trigger exchange_told after update on coverage
    for each row when (old.eligible is distinct from new.eligible and new.eligible is not null)
    execute function tell_exchange('', 'notif-coverage-eligibility-change', 'ordinal', 'eligible');
