-- What a FHIR message says beyond the submissions that it became: told again to its sender alone.
create table fhir_message (
    id bigint generated always as identity primary key,
    -- The API writes it before the episode's own row is there.
    episode_id text not null,
    organisation_id text not null references organisation,
    about text not null,
    sha256 text not null,
    sealed bytea not null,
    recorded_at timestamptz not null default now()
);
create index fhir_message_episode on fhir_message (episode_id, organisation_id, about, id);

alter table fhir_message enable row level security;
alter table fhir_message force row level security;
create policy worker_all on fhir_message to crossclaim_worker using (true) with check (true);
create policy reader_all on fhir_message for select to crossclaim_reader using (true);
create policy owner_reads on fhir_message for select to crossclaim_owner using (true);
create policy sender_reads on fhir_message for select to crossclaim_app using (
    organisation_id = current_setting('crossclaim.organisation', true));
create policy sender_keeps on fhir_message for insert to crossclaim_app with check (
    organisation_id = current_setting('crossclaim.organisation', true)
    and exists (select 1 from submission s where s.episode_id = fhir_message.episode_id
                and s.organisation_id = fhir_message.organisation_id));

create trigger fhir_message_append_only before update or delete on fhir_message
    for each row execute function never_changes();

grant select, insert on fhir_message to crossclaim_app;
grant select on fhir_message to crossclaim_worker, crossclaim_reader;
