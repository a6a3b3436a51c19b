-- The words that patients sign, language by language; a version never changes and is never removed.
create table consent_wording (
    type text not null,
    version text not null,
    language text not null check (language in ('en', 'zh-Hant', 'zh-Hans')),
    -- Of the words, in UTF-8.
    sha256 text not null,
    wording text not null check (length(wording) between 20 and 20000),
    example boolean not null default false,
    recorded_at timestamptz not null default now(),
    primary key (type, version, language)
);
create trigger consent_wording_stays before update or delete on consent_wording
    for each row execute function never_changes();
alter table consent_wording enable row level security;
alter table consent_wording force row level security;
create policy worker_all on consent_wording to crossclaim_worker using (true) with check (true);
create policy reader_all on consent_wording for select to crossclaim_reader using (true);
-- About nobody: whoever is asked to sign may read it.
create policy app_reads on consent_wording for select to crossclaim_app using (true);
grant select on consent_wording to crossclaim_app, crossclaim_worker, crossclaim_reader;
grant insert on consent_wording to crossclaim_worker;
