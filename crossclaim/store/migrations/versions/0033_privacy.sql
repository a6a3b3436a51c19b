-- The audit as a chain, requests of the persons themselves, storage only, and erasure by keys.

alter table audit add column purpose text not null default '';
alter table audit add column fields text[] not null default '{}';
create index audit_object on audit (object, id) where object <> '';
create index audit_recorded on audit using brin (recorded_at);
create index record_access_recorded on record_access using brin (recorded_at);
create index submission_received on submission using brin (received_at);
create trigger audit_no_truncate before truncate on audit
    for each statement execute function never_changes();

-- Rows are written freely; a sealing job chains them in blocks. `source` and `row_id` name the row,
-- `digest` is SHA-256 of the digest before it and the row's canonical content.
create table audit_block (
    number bigint primary key,
    first_position bigint not null,
    last_position bigint not null,
    root bytea not null,
    sealed_at timestamptz not null,
    -- When the newest of its rows was recorded.
    reached timestamptz not null,
    signed_by text not null,
    signature text not null,
    -- When its root came to the store that nobody can change.
    anchored_at timestamptz,
    check (first_position <= last_position)
);
create table audit_link (
    position bigint primary key,
    source text not null check (source in ('audit', 'record_access', 'submission')),
    row_id text not null,
    digest bytea not null,
    unique (source, row_id)
);
create trigger audit_link_append_only before update or delete on audit_link
    for each row execute function never_changes();
create trigger audit_link_no_truncate before truncate on audit_link
    for each statement execute function never_changes();
create trigger audit_block_stays before delete on audit_block
    for each row execute function never_changes();
create trigger audit_block_no_truncate before truncate on audit_block
    for each statement execute function never_changes();

-- What a person asks about his own data; the document stands sealed under a key of the request.
create table subject_request (
    id text primary key,
    organisation_id text not null references organisation,
    kind text not null check (kind in ('access', 'erasure')),
    state text not null default 'asked' check (state in
        ('asked', 'confirmed', 'ready', 'nobody', 'waiting', 'storage_only', 'erased', 'expired')),
    sealed bytea not null,
    -- Blind indexes of the document, gone once the person is erased.
    person bytea[] not null,
    asked_by text not null,
    asked_at timestamptz not null default now(),
    ready_at timestamptz,
    expires_at timestamptz,
    -- How many of what, and which rule holds what until when; ids and codes only.
    findings jsonb not null default '{}'
);
create index subject_request_open on subject_request (asked_at)
    where state in ('asked', 'confirmed', 'waiting', 'storage_only', 'ready');
-- The second person's word: another key than the first one's.
create table subject_confirmation (
    request_id text primary key references subject_request,
    organisation_id text not null references organisation,
    key_id text not null,
    recorded_at timestamptz not null default now()
);
-- An export is handed out once.
create table subject_fetch (
    request_id text primary key references subject_request,
    organisation_id text not null references organisation,
    key_id text not null,
    recorded_at timestamptz not null default now()
);
create function second_person() returns trigger language plpgsql as $$
begin
    if not exists (select 1 from subject_request r where r.id = new.request_id
                   and r.organisation_id = new.organisation_id and r.asked_by <> new.key_id) then
        raise exception 'SECOND_PERSON: who asked cannot confirm' using errcode = 'check_violation';
    end if;
    return new;
end $$;
create trigger subject_confirmation_by_another before insert on subject_confirmation
    for each row execute function second_person();

-- Kept because a law says so, and used for nothing else: closed to the API but for legal purposes.
create table storage_only (
    scope text primary key,
    request_id text not null references subject_request,
    rule text not null,
    until date,
    since timestamptz not null
);

-- One daily batch of erasures: keys destroyed, a new epoch, survivors wrapped anew, old epochs gone.
create table erasure_batch (
    id text primary key,
    state text not null check (state in ('begun', 'done')),
    new_epoch text not null default '',
    old_epochs text[] not null default '{}',
    rewrapped bigint not null default 0,
    begun_at timestamptz not null,
    done_at timestamptz,
    certificate jsonb,
    signature text not null default ''
);
create unique index erasure_batch_open on erasure_batch (state) where state = 'begun';
create table erased_scope (
    scope text primary key,
    key_id text not null,
    request_id text not null references subject_request,
    batch_id text not null references erasure_batch,
    erased_at timestamptz not null
);
create table retired_epoch (
    epoch text primary key,
    retired_at timestamptz not null
);
-- No key is stored under an epoch that is about to be destroyed. The retirement takes the lock alone,
-- so it waits for every transaction that stored one before.
create function epoch_is_in_use() returns trigger language plpgsql as $$
begin
    if new.wrapped is null then
        return new;
    end if;
    perform pg_advisory_xact_lock_shared(hashtextextended('epochs', 0));
    if exists (select 1 from retired_epoch r where r.epoch = new.epoch) then
        raise exception 'EPOCH_RETIRED: % takes no more keys', new.epoch
            using errcode = 'object_not_in_prerequisite_state';
    end if;
    return new;
end $$;
create trigger data_key_epoch before insert or update on data_key
    for each row execute function epoch_is_in_use();
create index data_key_epoch on data_key (epoch) where wrapped is not null;

-- What retention no longer holds: told to a person, and never removed by itself.
create table retention_due (
    scope text primary key,
    rule text not null,
    due_on date not null,
    reported_on date not null
);

do $$
declare
    t text;
begin
    foreach t in array array['audit', 'audit_block', 'audit_link', 'subject_request',
        'subject_confirmation', 'subject_fetch', 'storage_only', 'erasure_batch', 'erased_scope',
        'retired_epoch', 'retention_due']
    loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy worker_all on %I to crossclaim_worker using (true) with check (true)', t);
        execute format('create policy reader_all on %I for select to crossclaim_reader using (true)', t);
        execute format('create policy owner_reads on %I for select to crossclaim_owner using (true)', t);
        execute format('grant select on %I to crossclaim_worker, crossclaim_reader', t);
    end loop;
    foreach t in array array['subject_request', 'subject_confirmation', 'subject_fetch']
    loop
        execute format('create policy own_rows on %I to crossclaim_app using (organisation_id = '
            'current_setting(''crossclaim.organisation'', true)) with check (organisation_id = '
            'current_setting(''crossclaim.organisation'', true))', t);
        execute format('grant select, insert on %I to crossclaim_app', t);
    end loop;
end $$;

-- Who looked is told to the patient's own hospital, and to whoever runs the platform for it.
create policy own_word on audit for insert to crossclaim_app with check (
    organisation_id = current_setting('crossclaim.organisation', true));
create policy own_patients on audit for select to crossclaim_app using (exists (select 1
    from episode_party p where p.organisation_id = current_setting('crossclaim.organisation', true)
    and p.role in ('hospital', 'operator')
    and (p.episode_id = audit.object or p.episode_id = (select c.episode_id from claim c
         where c.id = audit.object))));
grant select on audit to crossclaim_app;

create policy everybody on storage_only for select to crossclaim_app using (true);
grant select on storage_only to crossclaim_app;
create policy everybody on retired_epoch for select to crossclaim_app using (true);
grant select on retired_epoch to crossclaim_app;
create policy closed_but_stored on episode_party as restrictive for select to crossclaim_app using (
    current_setting('crossclaim.purpose', true) = 'legal'
    or not exists (select 1 from storage_only s where s.scope = episode_party.episode_id));
do $$
declare
    t text;
begin
    foreach t in array array['family_binding', 'family_code_link', 'credit_account']
    loop
        execute format('create policy closed_but_stored on %I as restrictive for select to '
            'crossclaim_app using (current_setting(''crossclaim.purpose'', true) = ''legal'' or not '
            'exists (select 1 from storage_only s where s.scope = %I.id))', t, t);
    end loop;
end $$;
-- The reader's role reads reports for nobody; where it reads for somebody's organisation, as staff do at
-- the console, what is only stored is closed to it too.
do $$
declare
    t text;
    scope text;
begin
    foreach t in array array['episode', 'episode_party', 'exception_item', 'identity_index', 'name_token']
    loop
        scope := case t when 'episode' then 'id' else 'episode_id' end;
        execute format('create policy closed_to_staff on %I as restrictive for select to '
            'crossclaim_reader using (coalesce(length(current_setting(''crossclaim.organisation'', true)), 0) = 0 '
            'or current_setting(''crossclaim.purpose'', true) = ''legal'' or not exists '
            '(select 1 from storage_only s where s.scope = %I.%I))', t, t, scope);
    end loop;
end $$;

grant insert on audit_block, audit_link, storage_only, erasure_batch, erased_scope, retired_epoch,
    retention_due to crossclaim_worker;
grant update (anchored_at) on audit_block to crossclaim_worker;
grant update (state, person, ready_at, expires_at, findings) on subject_request to crossclaim_worker;
grant update (state, new_epoch, old_epochs, rewrapped, done_at, certificate, signature)
    on erasure_batch to crossclaim_worker;
grant update (rule, due_on) on retention_due to crossclaim_worker;

-- The one thing that is ever removed: by what a person could be found whose key is destroyed. No role
-- of ours may delete a row; this function alone does, and of no living key.
do $$
declare
    t text;
begin
    foreach t in array array['identity_index', 'name_token']
    loop
        execute format('create policy owner_reads on %I for select to crossclaim_owner using (true)', t);
        execute format('create policy owner_forgets on %I for delete to crossclaim_owner using (exists '
            '(select 1 from data_key k where k.scope = %I.episode_id and k.wrapped is null))', t, t);
    end loop;
end $$;
create function forget_person(erased text) returns void language plpgsql security definer
    set search_path = public, pg_temp as $$
begin
    delete from identity_index where episode_id = erased;
    delete from name_token where episode_id = erased;
end $$;
revoke all on function forget_person(text) from public;
grant execute on function forget_person(text) to crossclaim_worker;

-- The text that was signed and the proof of it, by its digest.
alter table consent add column text_sha256 text not null default '';
alter table consent add column evidence_sha256 text not null default '';
create table consent_text (
    type text not null,
    version text not null,
    sha256 text not null,
    recorded_at timestamptz not null default now(),
    primary key (type, version)
);
create trigger consent_text_stays before update or delete on consent_text
    for each row execute function never_changes();
alter table consent_text enable row level security;
alter table consent_text force row level security;
create policy worker_all on consent_text to crossclaim_worker using (true) with check (true);
create policy reader_all on consent_text for select to crossclaim_reader using (true);
create policy app_reads on consent_text for select to crossclaim_app using (true);
grant select on consent_text to crossclaim_app, crossclaim_worker, crossclaim_reader;
grant insert on consent_text to crossclaim_worker;

-- Outside the Greater Bay Area: no text lets anything go there.
alter table organisation drop constraint organisation_region_check;
alter table organisation add constraint organisation_region_check
    check (region in ('CN', 'HK', 'MO', 'OTHER'));
