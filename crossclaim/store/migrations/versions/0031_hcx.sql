-- Messages of the HCX-style exchange, both ways: rows are added; only whether a request was answered
-- is noted later.
create table hcx_message (
    id bigint generated always as identity primary key,
    direction text not null check (direction in ('out', 'in')),
    -- The organisation that the message is exchanged with; it alone may see the row.
    organisation_id text not null references organisation,
    episode_id text references episode,
    sender text not null,
    recipient text not null,
    action text not null,
    -- Whether it opens a cycle: neither an answer nor an inquiry.
    opens boolean not null,
    -- Ours, of the request that a cycle is about.
    reference text not null default '',
    api_call_id text not null,
    correlation_id text not null,
    workflow_id text not null default '',
    status text not null default '',
    code text not null default '',
    sha256 text not null default '',
    -- What an answer said, or what a request is to be answered, under the episode's key.
    content_sealed bytea,
    answered_at timestamptz,
    recorded_at timestamptz not null default now(),
    unique (direction, sender, api_call_id)
);
-- One cycle for each request of ours, for ever; inquiries are cycles of their own.
create unique index hcx_message_cycle on hcx_message (recipient, reference, action)
    where direction = 'out' and opens;
create index hcx_message_correlation on hcx_message (correlation_id);
create index hcx_message_episode on hcx_message (episode_id);

alter table hcx_message enable row level security;
alter table hcx_message force row level security;
create policy owner_reads on hcx_message for select to crossclaim_owner using (true);
create policy worker_all on hcx_message to crossclaim_worker using (true) with check (true);
create policy reader_all on hcx_message for select to crossclaim_reader using (true);
create policy party_reads on hcx_message for select to crossclaim_app using (
    organisation_id = current_setting('crossclaim.organisation', true));
create policy party_keeps on hcx_message for insert to crossclaim_app with check (
    direction = 'in' and organisation_id = current_setting('crossclaim.organisation', true));

grant select on hcx_message to crossclaim_app, crossclaim_worker, crossclaim_reader;
grant insert on hcx_message to crossclaim_app, crossclaim_worker;
grant update (answered_at) on hcx_message to crossclaim_worker;
