-- A stay as the healthcare security bureau knows it: registered at the admission (2401), ended at the
-- discharge (2402). Its number there stands sealed with the account; nothing here says who lies where.
create table bureau_stay (
    episode_id text primary key references episode,
    -- no_consent, refused: the bureau could not be told of the discharge. withdrawn: the registration was
    -- taken back since nothing was laid on the bureau; kept: the bureau would not let it go.
    state text not null check (state in
        ('admitted', 'discharged', 'no_consent', 'refused', 'withdrawn', 'kept')),
    code text not null default '',
    admitted_at timestamptz not null,
    discharged_at timestamptz,
    recorded_at timestamptz not null default now()
);

-- Stays are cleared, and so compared, apart from visits.
alter table settlement_comparison add column stays boolean not null default false;

alter table bureau_stay enable row level security;
alter table bureau_stay force row level security;
create policy worker_all on bureau_stay to crossclaim_worker using (true) with check (true);
create policy reader_all on bureau_stay for select to crossclaim_reader using (true);
create policy owner_reads on bureau_stay for select to crossclaim_owner using (true);
create policy party_reads on bureau_stay for select to crossclaim_app using (exists (select 1
    from episode_party p where p.episode_id = bureau_stay.episode_id and p.role = 'hospital'
    and p.organisation_id = current_setting('crossclaim.organisation', true)));

grant select on bureau_stay to crossclaim_worker, crossclaim_reader, crossclaim_app;
grant insert, update on bureau_stay to crossclaim_worker;
