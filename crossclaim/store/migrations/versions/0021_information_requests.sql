-- Information requests: what an insurer still wants to see of a claim, and how each was answered.
create table information_request (
    id text primary key,
    episode_id text not null references episode,
    claim_id text not null references claim,
    organisation_id text not null references organisation,
    number text not null,
    asked_of text not null check (asked_of in ('hospital', 'patient')),
    state text not null check (state in ('open', 'answered', 'withdrawn', 'ended')),
    asked_at timestamptz not null,
    due_at timestamptz not null,
    remind_at timestamptz[] not null,
    reminded integer not null default 0,
    overdue_at timestamptz,
    closed_at timestamptz,
    recorded_at timestamptz not null default now(),
    unique (episode_id, organisation_id, number),
    check ((state = 'open') = (closed_at is null))
);
create index information_request_open on information_request (due_at) where state = 'open';

-- One document; within a claim at most one open request asks for it.
create table information_item (
    request_id text not null references information_request,
    item integer not null,
    episode_id text not null references episode,
    claim_id text not null references claim,
    kind text not null,
    line integer,
    paper text not null default '',
    -- What whoever is asked is told of it.
    note_sealed bytea,
    state text not null check (state in ('wanted', 'received', 'not_had', 'dropped')),
    sha256 text,
    reason text not null default '',
    answered_by text not null default '',
    answered_at timestamptz,
    recorded_at timestamptz not null default now(),
    primary key (request_id, item),
    check ((state = 'received') = (sha256 is not null))
);
create index information_item_episode on information_item (episode_id);
create unique index information_item_once
    on information_item (claim_id, kind, coalesce(line, -1), paper) where state = 'wanted';
create unique index information_item_document
    on information_item (claim_id, sha256) where sha256 is not null;

-- What was told of a request and when: rows are added and never changed.
create table information_event (
    id bigint generated always as identity primary key,
    request_id text not null references information_request,
    episode_id text not null references episode,
    kind text not null
        check (kind in ('reminded', 'overdue', 'extended', 'withdrawn', 'ended', 'answered')),
    due_at timestamptz,
    occurred_at timestamptz not null,
    recorded_at timestamptz not null default now()
);
create index information_event_episode on information_event (episode_id);

-- A link that answers one request and nothing else. The link itself is kept nowhere, and of those
-- that one organisation makes for one request the newest alone is good.
create table information_link (
    id bigint generated always as identity primary key,
    sha256 text not null unique,
    request_id text not null references information_request,
    episode_id text not null references episode,
    organisation_id text not null references organisation,
    role text not null,
    made_by text not null,
    expires_at timestamptz not null,
    recorded_at timestamptz not null default now()
);
create index information_link_request on information_link (request_id);

do $$
declare
    t text;
begin
    foreach t in array
        array['information_request', 'information_item', 'information_event', 'information_link']
    loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy owner_reads on %I for select to crossclaim_owner using (true)', t);
        -- Links are the API's alone.
        continue when t = 'information_link';
        execute format('create policy worker_all on %I to crossclaim_worker using (true) with check (true)', t);
        execute format('create policy reader_all on %I for select to crossclaim_reader using (true)', t);
    end loop;
end $$;

-- The insurer that asks, and the hospital of the episode; no other insurer of it.
create policy party_reads on information_request for select to crossclaim_app using (
    (organisation_id = current_setting('crossclaim.organisation', true) and exists (
        select 1 from episode_party p where p.episode_id = information_request.episode_id
        and p.organisation_id = current_setting('crossclaim.organisation', true)))
    or exists (
        select 1 from episode_party p where p.episode_id = information_request.episode_id
        and p.role = 'hospital'
        and p.organisation_id = current_setting('crossclaim.organisation', true)));
create policy party_reads on information_item for select to crossclaim_app using (
    exists (select 1 from information_request r where r.id = information_item.request_id));
create policy party_reads on information_event for select to crossclaim_app using (
    exists (select 1 from information_request r where r.id = information_event.request_id));

-- Whoever holds a link finds that one alone.
create policy bearer_reads on information_link for select to crossclaim_app using (
    sha256 = current_setting('crossclaim.upload_link', true)
    or organisation_id = current_setting('crossclaim.organisation', true));
create policy party_makes on information_link for insert to crossclaim_app with check (
    organisation_id = current_setting('crossclaim.organisation', true)
    and exists (select 1 from information_request r where r.id = information_link.request_id
                and r.episode_id = information_link.episode_id));

grant select on information_request, information_item, information_event
    to crossclaim_app, crossclaim_worker, crossclaim_reader;
grant select, insert on information_link to crossclaim_app;
grant insert on information_request, information_item, information_event to crossclaim_worker;
grant update (state, due_at, remind_at, reminded, overdue_at, closed_at)
    on information_request to crossclaim_worker;
grant update (state, sha256, reason, answered_by, answered_at)
    on information_item to crossclaim_worker;
