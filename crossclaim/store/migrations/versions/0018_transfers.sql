-- Transfers by ambulance across the border: who handed the patient over to whom, and how that went out.
create table hand_over (
    id text primary key,
    episode_id text not null references episode,
    number text not null,
    from_institution text not null,
    from_staff text not null,
    to_institution text not null,
    to_staff text not null,
    -- The institution across the border, which the record goes to.
    recipient text not null,
    departed_at timestamptz not null,
    handed_over_at timestamptz not null,
    -- Staff and approvals by their issuers' own numbers; nothing about the patient.
    crew jsonb not null,
    vehicle jsonb not null,
    -- Condition and treatment, and why it was an emergency.
    sealed bytea not null,
    emergency_reason text not null default ''
        check (emergency_reason in ('', 'life_at_risk', 'health_at_risk')),
    decided_by text not null default '',
    state text not null check (state in ('due', 'held', 'issued')),
    recorded_at timestamptz not null default now(),
    unique (episode_id, number)
);

-- The printed record, one a language; its content stands in the document store.
create table hand_over_paper (
    hand_over_id text not null references hand_over,
    language text not null check (language in ('en', 'zh-Hant', 'zh-Hans')),
    episode_id text not null references episode,
    sha256 text not null,
    object_key text not null,
    content_type text not null,
    size_bytes bigint not null,
    recorded_at timestamptz not null default now(),
    primary key (hand_over_id, language)
);
create index hand_over_paper_episode on hand_over_paper (episode_id);

-- That a record went out, and on what basis: rows are added and never changed.
create table hand_over_release (
    hand_over_id text primary key references hand_over,
    episode_id text not null references episode,
    recipient text not null,
    basis text not null check (basis in ('consent', 'emergency')),
    rule text not null default '',
    reason text not null default '',
    decided_by text not null default '',
    consents bigint[] not null,
    missing text[] not null,
    released_at timestamptz not null,
    recorded_at timestamptz not null default now(),
    check (basis = 'consent' or (rule <> '' and reason <> '' and decided_by <> ''))
);
create index hand_over_release_episode on hand_over_release (episode_id);

do $$
declare
    t text;
begin
    foreach t in array array['hand_over', 'hand_over_paper', 'hand_over_release']
    loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy worker_all on %I to crossclaim_worker using (true) with check (true)', t);
        execute format('create policy reader_all on %I for select to crossclaim_reader using (true)', t);
        execute format('create policy owner_reads on %I for select to crossclaim_owner using (true)', t);
        -- The hospital's alone: an insurer that is a party of the episode reads none of them.
        execute format(
            'create policy party_reads on %I for select to crossclaim_app using (exists (select 1 '
            'from episode_party p where p.episode_id = %I.episode_id and p.role = ''hospital'' '
            'and p.organisation_id = current_setting(''crossclaim.organisation'', true)))',
            t, t);
    end loop;
end $$;

grant select on hand_over, hand_over_paper, hand_over_release
    to crossclaim_app, crossclaim_worker, crossclaim_reader;
grant insert on hand_over, hand_over_paper, hand_over_release to crossclaim_worker;
grant update (state) on hand_over to crossclaim_worker;
