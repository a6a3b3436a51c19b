-- A letter of guarantee as reserved money: raised, used by bills, let go at its end.
alter table guarantee add column held_minor bigint;
alter table guarantee add column used_minor bigint not null default 0;
alter table guarantee add column moves integer not null default 0;
alter table guarantee add column conditions text[] not null default '{}';
alter table guarantee add column exclusions text[] not null default '{}';
-- Last day of care that it covers, once the insurer took it back.
alter table guarantee add column ended_on date;
alter table guarantee add column tell_end boolean not null default false;
alter table guarantee add constraint guarantee_uses_what_it_holds
    check (held_minor is null or (used_minor >= 0 and used_minor <= held_minor));
alter table guarantee drop constraint guarantee_state_check;
alter table guarantee add constraint guarantee_state_check check (state in
    ('due', 'requested', 'queued', 'at_desk', 'granted', 'refused', 'released', 'cancelling',
     'cancelled', 'expired', 'withdrawn'));

-- More money or time under a letter that is there, or a new one that a person at the insurer decides.
create table guarantee_request (
    id text primary key,
    episode_id text not null references episode,
    guarantee_id text not null references guarantee,
    reference text not null unique,
    kind text not null check (kind in ('new', 'change')),
    state text not null check (state in
        ('letter', 'due', 'requested', 'queued', 'at_desk', 'granted', 'refused', 'lapsed')),
    planned_minor bigint,
    wanted_until date,
    reasons text[] not null default '{}',
    -- The documents that go with it, by their content.
    sealed bytea not null,
    asked_at timestamptz not null,
    requested_at timestamptz,
    due_at timestamptz,
    answered_at timestamptz,
    disposition text not null default '',
    -- The letter's whole limit before and after a change that was granted.
    before_minor bigint,
    limit_minor bigint,
    decided_by text not null default '',
    recorded_at timestamptz not null default now()
);
create index guarantee_request_episode on guarantee_request (episode_id);
-- One question at a time about a letter.
create unique index guarantee_request_open on guarantee_request (guarantee_id)
    where state in ('due', 'requested', 'queued', 'at_desk');

alter table guarantee_request enable row level security;
alter table guarantee_request force row level security;
create policy worker_all on guarantee_request to crossclaim_worker using (true) with check (true);
create policy reader_all on guarantee_request for select to crossclaim_reader using (true);
create policy owner_reads on guarantee_request for select to crossclaim_owner using (true);
-- The hospital reads all of its episode, an insurer what is asked of it.
create policy party_reads on guarantee_request for select to crossclaim_app using (exists (select 1
    from guarantee g join episode_party p on p.episode_id = g.episode_id
    where g.id = guarantee_request.guarantee_id
    and p.organisation_id = current_setting('crossclaim.organisation', true)
    and (p.role = 'hospital' or p.organisation_id = g.insurer_id)));
grant select, insert, update on guarantee_request to crossclaim_worker;
grant select on guarantee_request to crossclaim_app, crossclaim_reader;
