-- Who signed for a patient who cannot: the capacity and the paper in the open, the person sealed.
alter table consent add column signer_capacity text not null default '';
alter table consent add column signer_paper text not null default '';
alter table consent add column signer_sealed bytea;

-- Joining and sharing are a person's towards eHealth, whatever episode they were signed in: the
-- newest word about each. The gate of every send to eHealth holds this row beside the consent's.
create table ehealth_consent (
    -- A blind index of the identity number, as in identity_index.
    person bytea not null,
    type text not null check (type in ('EHEALTH_JOIN', 'EHEALTH_SHARE')),
    in_force boolean not null,
    changed_at timestamptz not null,
    source text not null check (source in ('episode', 'ehealth')),
    episode_id text not null references episode,
    recorded_at timestamptz not null default now(),
    primary key (person, type)
);

-- One request for a patient's record. The codes are sealed, and gone once they cannot be used.
create table record_request (
    id text primary key,
    episode_id text not null references episode,
    number text not null,
    system text not null check (system in ('ehealth', 'hospital-authority')),
    institution text not null,
    reference text not null unique,
    state text not null check (state in
        ('due', 'sent', 'answered', 'refused', 'expired', 'stopped', 'set_aside', 'lost')),
    codes_sealed bytea,
    requested_at timestamptz not null,
    requested_by text not null,
    expires_at timestamptz not null,
    give_up_at timestamptz not null,
    window_from date not null,
    window_until date not null,
    sections text[] not null,
    next_try_at timestamptz,
    answered_at timestamptz,
    reason text not null default '',
    -- Of the record, or of the evidence when the answer may not be shown.
    object_key text not null default '',
    recorded_at timestamptz not null default now(),
    unique (episode_id, number),
    unique (episode_id, id),
    check (codes_sealed is null or state in ('due', 'sent'))
);

-- What is handed in to eHealth: documents of the visit, and changes of its consents.
create table record_delivery (
    id text primary key,
    episode_id text not null references episode,
    number text not null,
    kind text not null check (kind in
        ('visit_summary', 'radiology_image', 'consent_given', 'consent_withdrawn')),
    institution text not null,
    reference text not null unique,
    state text not null check (state in
        ('due', 'sent', 'delivered', 'refused', 'stopped', 'lapsed')),
    sha256 text not null default '',
    made_on date,
    consent_type text not null default '',
    signer text not null default '',
    changed_at timestamptz,
    asked_at timestamptz not null,
    due_within_s integer not null,
    next_try_at timestamptz,
    receipt text not null default '',
    delivered_at timestamptz,
    reason text not null default '',
    recorded_at timestamptz not null default now()
);
create index record_delivery_episode on record_delivery (episode_id);

-- Everybody who ever fetched or looked at a record, or was refused to.
create table record_access (
    id bigint generated always as identity primary key,
    -- Not checked against the episode itself: its row is locked while a consent is withdrawn, and the
    -- one who looks holds what the withdrawal waits for.
    episode_id text not null,
    request_id text not null,
    organisation_id text not null,
    key_id text not null,
    staff text not null,
    what text not null check (what in ('fetched', 'read', 'refused')),
    consents bigint[] not null default '{}',
    recorded_at timestamptz not null default now(),
    foreign key (episode_id, request_id) references record_request (episode_id, id)
);
create index record_access_episode on record_access (episode_id);
create trigger record_access_append_only before update or delete on record_access
    for each row execute function never_changes();
create trigger record_access_no_truncate before truncate on record_access
    for each statement execute function never_changes();

-- What the record system told the patient of: an access, or a change of consent.
create table record_notice (
    episode_id text not null references episode,
    reference text not null,
    event text not null check (event in ('access', 'consent')),
    number text not null,
    means text not null check (means in ('sms', 'email', 'post')),
    sent_at timestamptz not null,
    recorded_at timestamptz not null default now(),
    primary key (reference, number)
);
create index record_notice_episode on record_notice (episode_id);

-- A medical record is its hospital's alone: no insurer of the episode sees that there is one.
do $$
declare
    t text;
begin
    foreach t in array array['ehealth_consent', 'record_request', 'record_delivery',
        'record_access', 'record_notice']
    loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy worker_all on %I to crossclaim_worker using (true) with check (true)', t);
        execute format('create policy reader_all on %I for select to crossclaim_reader using (true)', t);
        execute format('create policy owner_reads on %I for select to crossclaim_owner using (true)', t);
        continue when t = 'ehealth_consent';
        execute format(
            'create policy hospital_reads on %I for select to crossclaim_app using (exists (select 1 '
            'from episode_party p where p.episode_id = %I.episode_id and p.role = ''hospital'' '
            'and p.organisation_id = current_setting(''crossclaim.organisation'', true)))',
            t, t);
    end loop;
end $$;
create policy hospital_reads on ehealth_consent for select to crossclaim_app using (exists (
    select 1 from identity_index i join episode_party p on p.episode_id = i.episode_id
    where i.value = ehealth_consent.person and p.role = 'hospital'
    and p.organisation_id = current_setting('crossclaim.organisation', true)));
create policy hospital_writes on record_access for insert to crossclaim_app with check (
    what in ('read', 'refused')
    and organisation_id = current_setting('crossclaim.organisation', true) and exists (
        select 1 from episode_party p where p.episode_id = record_access.episode_id
        and p.role = 'hospital'
        and p.organisation_id = current_setting('crossclaim.organisation', true)));

grant select on ehealth_consent, record_request, record_delivery, record_access, record_notice
    to crossclaim_worker, crossclaim_reader;
grant select on ehealth_consent, record_request, record_delivery, record_access, record_notice
    to crossclaim_app;
grant insert on record_access to crossclaim_app;
grant insert on ehealth_consent, record_request, record_delivery, record_access, record_notice
    to crossclaim_worker;
grant update on ehealth_consent, record_request, record_delivery to crossclaim_worker;
