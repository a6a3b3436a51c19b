-- What staff of the platform wrote about an episode, or had tried again and why. The words are
-- sealed under the episode's key; parties do not see them.
create table staff_note (
    id text primary key,
    episode_id text not null references episode,
    organisation_id text not null,
    person text not null,
    kind text not null check (kind in ('note', 'try_again')),
    sealed bytea not null,
    recorded_at timestamptz not null default now()
);
create index staff_note_episode on staff_note (episode_id);

alter table staff_note enable row level security;
alter table staff_note force row level security;
create policy owner_reads on staff_note for select to crossclaim_owner using (true);
create policy worker_reads on staff_note for select to crossclaim_worker using (true);
create policy reader_all on staff_note for select to crossclaim_reader using (true);
create policy own_rows on staff_note to crossclaim_app
    using (organisation_id = current_setting('crossclaim.organisation', true))
    with check (organisation_id = current_setting('crossclaim.organisation', true));
grant select, insert on staff_note to crossclaim_app;
grant select on staff_note to crossclaim_worker, crossclaim_reader;

-- Whose staff look after every episode.
insert into organisation (id, kind, name, name_zh) values ('crossclaim', 'operator', 'crossclaim', 'crossclaim')
    on conflict (id) do nothing;

-- What the search box and the worklist look for.
create index bill_number on bill (number);
create index claim_number on claim (number) where number <> '';
create index guarantee_number on guarantee (number) where number <> '';
create index episode_visit_number on episode (visit_number);
create index exception_open on exception_item (code, episode_id) where resolved_at is null;
