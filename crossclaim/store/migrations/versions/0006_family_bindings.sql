-- Family sharing (家庭共济): a relative's bill may spend the authoriser's personal account. Names,
-- documents, insurance and areas stand in `sealed` only, under the binding's own data key.
create table family_binding (
    id text primary key,
    organisation_id text not null references organisation,
    number text not null,
    channel text not null,
    relation text not null,
    state text not null check (state in ('applied', 'under_review', 'bound', 'refused', 'unbound')),
    revision integer not null default 1,
    -- A refused application that this one follows.
    replaces text references family_binding,
    sealed bytea not null,
    -- Blind indexes, as in identity_index, for exact look-up.
    authoriser_index bytea not null,
    user_index bytea not null,
    -- The rules by which the application was judged.
    plan text not null,
    plan_version text not null,
    judged_on date not null,
    -- Of the undertaking that both signed (承诺书); asking for the end withdraws it.
    consent_version text not null,
    consent_signed_at timestamptz not null,
    reference text not null unique,
    office_number text not null default '',
    applied_at timestamptz not null,
    sent_at timestamptz,
    asked_at timestamptz,
    inquiries integer not null default 0,
    decided_on date,
    bound_on date,
    reason text not null default '',
    -- The first day on which it no longer holds.
    ended_on date,
    ended_by text not null default '' check (ended_by in ('', 'people', 'office')),
    office_told_at timestamptz,
    recorded_at timestamptz not null default now(),
    check ((state = 'bound') <= (bound_on is not null and ended_on is null)),
    check ((state = 'unbound') = (ended_on is not null))
);
-- One live binding of the same two people.
create unique index family_binding_live on family_binding (authoriser_index, user_index)
    where state in ('applied', 'under_review', 'bound');
create index family_binding_user on family_binding (user_index) where bound_on is not null;
create index family_binding_organisation on family_binding (organisation_id, id);

create table family_binding_state (
    binding_id text not null references family_binding,
    ordinal integer not null,
    state text not null,
    event text not null,
    reason text not null default '',
    occurred_at timestamptz not null,
    recorded_at timestamptz not null default now(),
    primary key (binding_id, ordinal)
);

create table family_binding_attempt (
    binding_id text not null references family_binding,
    operation text not null check (operation in ('apply', 'ask', 'end')),
    attempt integer not null,
    occurred_at timestamptz not null,
    started_at timestamptz not null default now(),
    finished_at timestamptz,
    outcome text,
    code text not null default '',
    primary key (binding_id, operation, attempt)
);

create table family_binding_exception (
    id bigint generated always as identity primary key,
    binding_id text not null references family_binding,
    code text not null,
    reference text not null default '',
    details jsonb not null default '{}',
    opened_at timestamptz not null,
    resolved_at timestamptz,
    recorded_at timestamptz not null default now(),
    unique (binding_id, code, reference)
);

-- What bills took from an authoriser's account; a reversal gives the same amount back.
create table family_account_use (
    binding_id text not null references family_binding,
    episode_id text not null references episode,
    bill_id text not null references bill,
    version integer not null,
    reversal boolean not null default false,
    amount_minor bigint not null check (amount_minor > 0),
    occurred_at timestamptz not null,
    recorded_at timestamptz not null default now(),
    primary key (binding_id, bill_id, version, reversal)
);
create index family_account_use_bill on family_account_use (bill_id);

-- The family code account (亲情账户): it shows the relative's own code and opens no account.
create table family_code_link (
    id text primary key,
    organisation_id text not null references organisation,
    number text not null,
    relation text not null,
    sealed bytea not null,
    shower_index bytea not null,
    relative_index bytea not null,
    linked_at timestamptz not null,
    ended_at timestamptz,
    recorded_at timestamptz not null default now()
);
create unique index family_code_link_live on family_code_link (shower_index, relative_index)
    where ended_at is null;
create index family_code_link_organisation on family_code_link (organisation_id, id);

create trigger family_binding_state_append_only before update or delete on family_binding_state
    for each row execute function never_changes();
create trigger family_binding_state_no_truncate before truncate on family_binding_state
    for each statement execute function never_changes();
create trigger family_account_use_append_only before update or delete on family_account_use
    for each row execute function never_changes();
create trigger family_account_use_no_truncate before truncate on family_account_use
    for each statement execute function never_changes();

-- Who the two are, and what was once decided or ended, never changes.
create function family_binding_is_fixed() returns trigger language plpgsql as $$
begin
    if (new.id, new.organisation_id, new.number, new.channel, new.relation, new.replaces,
            new.sealed, new.authoriser_index, new.user_index, new.reference, new.applied_at)
        is distinct from (old.id, old.organisation_id, old.number, old.channel, old.relation,
            old.replaces, old.sealed, old.authoriser_index, old.user_index, old.reference,
            old.applied_at)
       or (old.bound_on is not null and new.bound_on is distinct from old.bound_on)
       or (old.ended_on is not null and new.ended_on is distinct from old.ended_on)
       or (old.state in ('refused', 'unbound') and new.state <> old.state)
       or (old.state = 'bound' and new.state not in ('bound', 'unbound')) then
        raise exception 'BINDING_FIXED: binding % keeps its people and its past', old.id
            using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
create trigger family_binding_fixed before update on family_binding
    for each row execute function family_binding_is_fixed();

-- Whose application a reference is, so that the office's signed answer can be kept as a submission.
create function family_binding_organisation(wanted text) returns text
    language sql stable security definer set search_path = public as
    $$ select organisation_id from family_binding where reference = wanted $$;
revoke all on function family_binding_organisation(text) from public;

do $$
declare
    t text;
begin
    foreach t in array array['family_binding', 'family_code_link']
    loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy worker_all on %I to crossclaim_worker using (true) with check (true)', t);
        execute format('create policy reader_all on %I for select to crossclaim_reader using (true)', t);
        execute format('create policy owner_reads on %I for select to crossclaim_owner using (true)', t);
        -- The organisation that applied, and never an insurer.
        execute format(
            'create policy applicant_reads on %I for select to crossclaim_app using (organisation_id = '
            'current_setting(''crossclaim.organisation'', true) and not exists (select 1 '
            'from organisation o where o.id = %I.organisation_id and o.kind = ''insurer''))', t, t);
    end loop;
    foreach t in array array['family_binding_state', 'family_binding_attempt',
        'family_binding_exception', 'family_account_use']
    loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy worker_all on %I to crossclaim_worker using (true) with check (true)', t);
        execute format('create policy reader_all on %I for select to crossclaim_reader using (true)', t);
        execute format('create policy owner_reads on %I for select to crossclaim_owner using (true)', t);
        execute format(
            'create policy applicant_reads on %I for select to crossclaim_app using (exists (select 1 '
            'from family_binding b where b.id = %I.binding_id))', t, t);
    end loop;
end $$;

grant select on family_binding, family_binding_state, family_binding_attempt,
    family_binding_exception, family_account_use, family_code_link
    to crossclaim_worker, crossclaim_reader, crossclaim_app;
grant insert on family_binding, family_binding_state, family_binding_attempt,
    family_binding_exception, family_account_use, family_code_link to crossclaim_worker;
grant update on family_binding, family_binding_attempt, family_binding_exception to crossclaim_worker;
grant update (ended_at) on family_code_link to crossclaim_worker;
grant execute on function family_binding_organisation(text) to crossclaim_app;
