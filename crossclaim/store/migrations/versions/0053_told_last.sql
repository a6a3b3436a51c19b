-- A notice keeps what was said by it before it is sent, so that a change that is taken back meanwhile is
-- told as it stands, once; and it ends with the reason.
alter table hcx_notice add column said_sha256 text not null default '';
alter table hcx_notice drop constraint hcx_notice_outcome_check;
alter table hcx_notice add constraint hcx_notice_outcome_check check (outcome in
    ('', 'told', 'refused', 'undecided', 'unsubscribed', 'superseded', 'unchanged', 'erased'));
grant update (said_sha256) on hcx_notice to crossclaim_worker;
-- By what two notices are about the same.
create index hcx_notice_same on hcx_notice (coalesce(episode_id, ''), recipient, topic, number);

-- Why an answer is owed no more although nobody took it; nothing is said of those from before.
alter table hcx_message add column refused_why text not null default ''
    check (refused_why in ('', 'refused', 'erased'));
grant update (refused_why) on hcx_message to crossclaim_worker;

-- As in 0048, but every change is a notice of its own: one that is on its way may have been written
-- before this change was there to be read. Which of them are told is decided when they are sent.
create or replace function tell_exchange() returns trigger language plpgsql as $$
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
      and m.action = any (string_to_array(tg_argv[0], ','));
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

-- A decision that was there before its request was kept has told nobody: the request itself brings a
-- notice too, whose subject is its call id. Whether there is anything to tell is seen when it is sent.
create function request_is_told() returns trigger language plpgsql security definer
    set search_path = public, pg_temp as $$
begin
    insert into hcx_notice (organisation_id, sender, recipient, request_id, episode_id, subject)
    values (new.organisation_id, new.recipient, new.sender, new.id, new.episode_id, new.api_call_id);
    return null;
end $$;
revoke all on function request_is_told() from public;
create trigger exchange_asked after insert on hcx_message
    for each row when (new.direction = 'in' and new.opens and new.episode_id is not null
        and new.action in ('claim/submit', 'preauth/submit', 'predetermination/submit'))
    execute function request_is_told();
