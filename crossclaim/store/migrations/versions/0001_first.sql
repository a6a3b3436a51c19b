-- The first schema. Personal data (names, identity, account and policy numbers, diagnoses) stand in
-- `sealed` columns only, encrypted under the episode's data key. Amounts are minor units.

create table organisation (
    id text primary key,
    kind text not null check (kind in ('hospital', 'insurer', 'operator')),
    name text not null,
    name_zh text not null default '',
    time_zone text not null default 'Asia/Shanghai'
);

create table api_key (
    prefix text primary key,
    organisation_id text not null references organisation,
    sha256 text not null,
    role text not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz,
    revoked_at timestamptz
);

-- What is known of hospitals, insurers, consent texts, rates and policies; sealed under the system key.
create table reference_document (
    id text primary key,
    sealed bytea not null,
    loaded_at timestamptz not null default now()
);

create table data_key (
    scope text primary key,
    key_id text not null unique,
    epoch text not null,
    wrapped bytea,
    created_at timestamptz not null default now(),
    destroyed_at timestamptz
);

-- What was sent to us, remembered for ever; never partitioned, since its uniqueness is for ever.
create table submission (
    id text primary key,
    organisation_id text not null references organisation,
    business_key text not null,
    idempotency_key text,
    key_id text not null default '',
    kind text not null,
    episode_id text not null,
    content_sha256 bytea not null,
    content bytea not null,
    received_at timestamptz not null default now(),
    outcome jsonb,
    outcome_at timestamptz,
    refused boolean not null default false,
    unique (organisation_id, idempotency_key)
);
-- A refused submission stored nothing else, so its corrected successor may carry the same key.
create unique index submission_business_key on submission (organisation_id, business_key)
    where not refused;
create index submission_without_outcome on submission (received_at) where outcome is null;
create index submission_episode on submission (episode_id);

create table episode (
    id text primary key,
    hospital_id text not null references organisation,
    visit_number text not null,
    encounter_class text not null,
    department text not null,
    channel text not null,
    status text not null,
    revision integer not null default 1,
    sealed bytea not null,
    opened_at timestamptz not null,
    admitted_at timestamptz,
    discharged_at timestamptz,
    closed_at timestamptz,
    recorded_at timestamptz not null default now(),
    unique (hospital_id, visit_number)
);

create table episode_party (
    episode_id text not null references episode,
    organisation_id text not null references organisation,
    role text not null check (role in ('hospital', 'insurer', 'operator')),
    primary key (episode_id, organisation_id, role)
);
create index episode_party_organisation on episode_party (organisation_id, episode_id);

create table identity_index (
    episode_id text not null references episode,
    field text not null,
    value bytea not null,
    primary key (field, value, episode_id)
);

create table name_token (
    episode_id text not null references episode,
    token bytea not null,
    primary key (token, episode_id)
);

create table coverage (
    episode_id text not null references episode,
    ordinal smallint not null,
    funder text not null,
    organisation_id text references organisation,
    plan text,
    decides text check (decides in ('here', 'there')),
    eligible boolean,
    eligibility_at timestamptz,
    disposition text not null default '',
    primary key (episode_id, ordinal)
);

create table consent (
    id bigint generated always as identity primary key,
    episode_id text not null references episode,
    type text not null,
    recipient text not null default '',
    text_version text not null,
    channel text not null,
    signed_at timestamptz not null,
    transaction_number text,
    withdrawn_at timestamptz,
    withdrawal_stated_at timestamptz,
    recorded_at timestamptz not null default now()
);
create index consent_episode on consent (episode_id, type);

create table voucher_account (
    episode_id text primary key references episode,
    sealed bytea,
    balance_minor bigint not null check (balance_minor >= 0),
    cny_per_hkd numeric(12, 6),
    rate_id text not null default '',
    rate_as_of timestamptz,
    looked_up_at timestamptz not null
);

create table bill (
    id text primary key,
    episode_id text not null references episode,
    number text not null,
    version integer not null check (version > 0),
    status text not null check (status in ('interim', 'final')),
    state text not null check (state in ('current', 'superseded', 'voided')),
    total_minor bigint not null check (total_minor >= 0),
    sealed bytea not null,
    issued_at timestamptz not null,
    occurred_at timestamptz not null,
    recorded_at timestamptz not null default now(),
    unique (episode_id, number, version)
);
create unique index bill_one_current on bill (episode_id, number) where state = 'current';

create table charge_line (
    bill_id text not null references bill,
    episode_id text not null references episode,
    line integer not null,
    category text not null,
    code text not null,
    service_date date not null,
    quantity integer not null,
    amount_minor bigint not null,
    primary key (bill_id, line)
);

-- One row a version of a split: the forecast at the window, then what decisions made of it.
create table allocation (
    bill_id text not null references bill,
    version integer not null,
    episode_id text not null references episode,
    result jsonb not null,
    reason text not null,
    occurred_at timestamptz not null,
    recorded_at timestamptz not null default now(),
    primary key (bill_id, version)
);

create table allocation_share (
    bill_id text not null references bill,
    version integer not null,
    episode_id text not null references episode,
    line integer not null,
    funder text not null,
    organisation_id text,
    amount_minor bigint not null check (amount_minor >= 0),
    reasons text[] not null,
    primary key (bill_id, version, line, funder)
);

create table tender (
    id bigint generated always as identity primary key,
    episode_id text not null references episode,
    bill_id text not null references bill,
    method text not null,
    amount_minor bigint not null check (amount_minor > 0),
    reference text not null,
    tendered_at timestamptz not null,
    recorded_at timestamptz not null default now(),
    reversed boolean not null default false
);

create table guarantee (
    id text primary key,
    episode_id text not null references episode,
    insurer_id text not null references organisation,
    reference text not null unique,
    state text not null check (state in
        ('due', 'requested', 'queued', 'granted', 'refused', 'released', 'cancelled')),
    number text not null default '',
    limit_minor bigint,
    rate jsonb,
    estimate_minor bigint,
    valid_from date,
    valid_until date,
    disposition text not null default '',
    working_days_ahead integer,
    requested_at timestamptz,
    answered_at timestamptz,
    released_at timestamptz
);
create index guarantee_episode on guarantee (episode_id);

create table claim (
    id text primary key,
    episode_id text not null references episode,
    bill_id text not null references bill,
    organisation_id text references organisation,
    kind text not null check (kind in ('voucher', 'direct', 'reimbursement')),
    sequence integer not null default 1,
    reference text not null unique,
    state text not null check (state in
        ('due', 'submitted', 'queued', 'approved', 'partial', 'denied', 'voiding', 'voided', 'failed')),
    decides text,
    number text not null default '',
    forecast_minor bigint,
    benefit_minor bigint,
    benefit_currency text not null default 'HKD',
    pay_fen bigint,
    payee_sealed bytea,
    occurred_at timestamptz not null,
    submitted_at timestamptz,
    decided_at timestamptz,
    decision jsonb,
    unique (bill_id, kind, sequence)
);
create index claim_episode on claim (episode_id);

-- One row before each send to an outside party: every send is provably before or after a consent.
create table outbound_attempt (
    id bigint generated always as identity primary key,
    episode_id text not null references episode,
    party text not null,
    operation text not null,
    reference text not null,
    attempt integer not null,
    consents bigint[] not null default '{}',
    occurred_at timestamptz not null,
    started_at timestamptz not null default now(),
    finished_at timestamptz,
    outcome text,
    code text not null default '',
    unique (reference, operation, attempt)
);
create index outbound_attempt_episode on outbound_attempt (episode_id);

-- Never partitioned: one intent = one reference = one account, for ever.
create table payout_intent (
    reference text primary key,
    episode_id text not null references episode,
    claim_id text not null references claim,
    sequence integer not null default 1,
    payee text not null check (payee in ('hospital', 'patient')),
    payee_organisation_id text,
    payee_sealed bytea not null,
    payee_account_sha256 text not null,
    debtor_organisation_id text not null references organisation,
    debtor_account_sha256 text not null,
    bank text not null,
    amount_minor bigint not null check (amount_minor > 0),
    currency text not null default 'CNY',
    state text not null check (state in
        ('reserved', 'sent', 'accepted', 'credited', 'unknown', 'rejected', 'returned', 'cancelled')),
    reason text not null default '',
    replaces text references payout_intent,
    reserved_at timestamptz not null,
    sent_at timestamptz,
    fence_at timestamptz,
    settled_at timestamptz,
    credited_at timestamptz,
    closed_at timestamptz,
    recorded_at timestamptz not null default now(),
    unique (claim_id, sequence)
);
create index payout_intent_episode on payout_intent (episode_id);

create table payout_attempt (
    reference text not null references payout_intent,
    attempt integer not null,
    episode_id text not null references episode,
    kind text not null check (kind in ('order', 'inquiry')),
    file_name text not null,
    occurred_at timestamptz not null,
    recorded_at timestamptz not null default now(),
    released_at timestamptz,
    primary key (reference, kind, attempt)
);

create table bank_file (
    sha256 text primary key,
    bank text not null,
    name text not null,
    message_type text not null default '',
    message_id text not null default '',
    state text not null check (state in ('taken', 'processed', 'bad')),
    reason text not null default '',
    recorded_at timestamptz not null default now()
);

create table payout_report (
    bank text not null,
    message_id text not null,
    entry integer not null,
    reference text not null,
    attempt integer not null default 0,
    episode_id text,
    message_type text not null,
    state text not null,
    reason text not null default '',
    amount_minor bigint,
    currency text,
    creditor_account_sha256 text not null default '',
    happened_at timestamptz not null,
    recorded_at timestamptz not null default now(),
    applied_at timestamptz,
    effect text not null default '',
    primary key (bank, message_id, entry)
);
create index payout_report_reference on payout_report (reference);

create table bank_statement (
    bank text not null,
    message_id text not null,
    account_sha256 text not null,
    covers_from timestamptz not null,
    covers_to timestamptz not null,
    opening_minor bigint not null,
    closing_minor bigint not null,
    currency text not null,
    recorded_at timestamptz not null default now(),
    primary key (bank, message_id, account_sha256, covers_from),
    check (covers_from <= covers_to)
);

create table document (
    episode_id text not null,
    sha256 text not null,
    organisation_id text not null references organisation,
    object_key text not null,
    content_type text not null,
    size_bytes bigint not null,
    recorded_at timestamptz not null default now(),
    primary key (episode_id, sha256)
);

create table exception_item (
    id bigint generated always as identity primary key,
    episode_id text not null references episode,
    code text not null,
    reference text not null default '',
    details jsonb not null default '{}',
    opened_at timestamptz not null,
    resolved_at timestamptz,
    resolution text not null default '',
    recorded_at timestamptz not null default now(),
    unique (episode_id, code, reference)
);

create table history_archive (
    episode_id text not null references episode,
    run_id text not null,
    object_key text not null,
    sha256 text not null,
    events integer not null,
    recorded_at timestamptz not null default now(),
    primary key (episode_id, run_id)
);

create table audit (
    id bigint generated always as identity primary key,
    recorded_at timestamptz not null default now(),
    organisation_id text not null,
    key_id text not null,
    operation text not null,
    object text not null,
    outcome text not null
);

-- Ledger ---------------------------------------------------------------------------------------

create table account (
    id text primary key,
    kind text not null,
    organisation_id text,
    currency text not null check (currency in ('CNY', 'HKD', 'MOP'))
);

create table entry (
    id bigint generated always as identity primary key,
    key text not null unique,
    kind text not null,
    episode_id text references episode,
    reverses bigint unique references entry,
    occurred_at timestamptz not null,
    recorded_at timestamptz not null default now()
);
create index entry_episode on entry (episode_id);

create table posting (
    entry_id bigint not null references entry,
    ordinal smallint not null,
    account_id text not null references account,
    amount_minor bigint not null check (amount_minor <> 0),
    currency text not null,
    primary key (entry_id, ordinal)
);
create index posting_account on posting (account_id, entry_id);

create function entry_is_balanced() returns trigger language plpgsql as $$
declare
    target bigint;
    lopsided text;
begin
    if tg_table_name = 'entry' then
        target := new.id;
    else
        target := new.entry_id;
    end if;
    if (select count(*) from posting where entry_id = target) < 2 then
        raise exception 'LEDGER_ENTRY_EMPTY: entry % has fewer than two postings', target
            using errcode = 'check_violation';
    end if;
    select p.currency into lopsided from posting p where p.entry_id = target
        group by p.currency having sum(p.amount_minor) <> 0 limit 1;
    if lopsided is not null then
        raise exception 'LEDGER_UNBALANCED: entry % does not sum to zero in %', target, lopsided
            using errcode = 'check_violation';
    end if;
    if exists (select 1 from posting p join account a on a.id = p.account_id
               where p.entry_id = target and a.currency <> p.currency) then
        raise exception 'LEDGER_CURRENCY: entry % posts another currency than its account', target
            using errcode = 'check_violation';
    end if;
    return null;
end $$;

create constraint trigger entry_balanced after insert on entry
    deferrable initially deferred for each row execute function entry_is_balanced();
create constraint trigger posting_balanced after insert on posting
    deferrable initially deferred for each row execute function entry_is_balanced();

-- A posting may only join the entry of its own transaction, so a settled entry never grows.
create function posting_is_new() returns trigger language plpgsql as $$
begin
    if not exists (select 1 from entry e where e.id = new.entry_id
                   and e.xmin::text = (pg_current_xact_id()::text::bigint % 4294967296)::text) then
        raise exception 'LEDGER_ENTRY_CLOSED: entry % is already settled', new.entry_id
            using errcode = 'check_violation';
    end if;
    return new;
end $$;
create trigger posting_of_new_entry before insert on posting
    for each row execute function posting_is_new();

create function never_changes() returns trigger language plpgsql as $$
begin
    raise exception 'APPEND_ONLY: % rows are never changed or removed', tg_table_name
        using errcode = 'insufficient_privilege';
end $$;
create trigger entry_append_only before update or delete on entry
    for each row execute function never_changes();
create trigger posting_append_only before update or delete on posting
    for each row execute function never_changes();
create trigger account_append_only before update or delete on account
    for each row execute function never_changes();
create trigger audit_append_only before update or delete on audit
    for each row execute function never_changes();
create trigger entry_no_truncate before truncate on entry
    for each statement execute function never_changes();
create trigger posting_no_truncate before truncate on posting
    for each statement execute function never_changes();

-- An intent is one amount to one account for ever; a submission is what was sent.
create function identity_is_fixed() returns trigger language plpgsql as $$
begin
    if tg_table_name = 'payout_intent' and (new.reference, new.claim_id, new.amount_minor,
            new.currency, new.payee, new.payee_organisation_id, new.payee_sealed,
            new.payee_account_sha256, new.debtor_organisation_id, new.debtor_account_sha256,
            new.bank, new.episode_id, new.sequence, new.replaces, new.reserved_at)
        is distinct from (old.reference, old.claim_id, old.amount_minor,
            old.currency, old.payee, old.payee_organisation_id, old.payee_sealed,
            old.payee_account_sha256, old.debtor_organisation_id, old.debtor_account_sha256,
            old.bank, old.episode_id, old.sequence, old.replaces, old.reserved_at) then
        raise exception 'PAYOUT_FIXED: a payout intent keeps its amount and account for ever'
            using errcode = 'insufficient_privilege';
    end if;
    if tg_table_name = 'payout_intent' and old.closed_at is not null and new.state <> old.state
       and not (old.state = 'credited' and new.state = 'returned') then
        raise exception 'PAYOUT_CLOSED: intent % is closed', old.reference
            using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
create trigger payout_intent_fixed before update on payout_intent
    for each row execute function identity_is_fixed();

create function submission_is_fixed() returns trigger language plpgsql as $$
begin
    if (new.id, new.organisation_id, new.business_key, new.kind, new.episode_id, new.content_sha256)
        is distinct from
       (old.id, old.organisation_id, old.business_key, old.kind, old.episode_id, old.content_sha256)
       or (old.outcome is not null and (new.outcome, new.refused)
           is distinct from (old.outcome, old.refused)) then
        raise exception 'SUBMISSION_FIXED: a submission and its outcome never change'
            using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
create trigger submission_fixed before update on submission
    for each row execute function submission_is_fixed();

create view account_balance with (security_invoker = true) as
    select account_id, currency, sum(amount_minor)::bigint as balance_minor
    from posting group by account_id, currency;

-- Visibility -----------------------------------------------------------------------------------

do $$
declare
    t text;
begin
    foreach t in array array['episode', 'identity_index', 'name_token', 'coverage', 'consent',
        'voucher_account', 'bill', 'charge_line', 'allocation', 'allocation_share', 'tender',
        'guarantee', 'claim', 'outbound_attempt', 'payout_intent', 'payout_attempt',
        'payout_report', 'document', 'exception_item', 'history_archive', 'entry']
    loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy worker_all on %I to crossclaim_worker using (true) with check (true)', t);
        execute format('create policy reader_all on %I for select to crossclaim_reader using (true)', t);
        execute format(
            'create policy party_reads on %I for select to crossclaim_app using (exists (select 1 '
            'from episode_party p where p.episode_id = %I.%I and p.organisation_id = '
            'current_setting(''crossclaim.organisation'', true)))',
            t, t, case when t = 'episode' then 'id' else 'episode_id' end);
    end loop;
end $$;

alter table posting enable row level security;
alter table posting force row level security;
create policy worker_all on posting to crossclaim_worker using (true) with check (true);
create policy reader_all on posting for select to crossclaim_reader using (true);
create policy party_reads on posting for select to crossclaim_app
    using (exists (select 1 from entry e where e.id = posting.entry_id));

alter table episode_party enable row level security;
alter table episode_party force row level security;
create policy worker_all on episode_party to crossclaim_worker using (true) with check (true);
create policy reader_all on episode_party for select to crossclaim_reader using (true);
create policy own_rows on episode_party for select to crossclaim_app
    using (organisation_id = current_setting('crossclaim.organisation', true));

alter table submission enable row level security;
alter table submission force row level security;
create policy worker_all on submission to crossclaim_worker using (true) with check (true);
create policy reader_all on submission for select to crossclaim_reader using (true);
create policy own_rows on submission to crossclaim_app
    using (organisation_id = current_setting('crossclaim.organisation', true))
    with check (organisation_id = current_setting('crossclaim.organisation', true));

create policy party_writes on document for insert to crossclaim_app with check (
    organisation_id = current_setting('crossclaim.organisation', true) and exists (
        select 1 from episode_party p where p.episode_id = document.episode_id
        and p.organisation_id = current_setting('crossclaim.organisation', true)));

-- The owner is under the forced policies too: it needs one to check foreign keys in migrations.
do $$
declare
    t text;
begin
    foreach t in array array['episode', 'episode_party', 'submission', 'entry', 'posting', 'bill', 'claim', 'payout_intent']
    loop
        execute format('create policy owner_reads on %I for select to crossclaim_owner using (true)', t);
    end loop;
end $$;

-- Rights: the API writes submissions, documents, keys and audit rows; the activities write the rest;
-- nobody removes anything.
grant usage on schema public to crossclaim_app, crossclaim_worker, crossclaim_reader;
grant select on all tables in schema public to crossclaim_worker, crossclaim_reader;
grant select on organisation, api_key, reference_document, data_key, submission,
    episode, episode_party, identity_index, name_token, coverage, consent, bill, charge_line,
    allocation, allocation_share, tender, guarantee, claim, outbound_attempt, payout_intent,
    payout_attempt, payout_report, document, exception_item, history_archive, voucher_account,
    account, entry, posting, account_balance to crossclaim_app;
revoke select on api_key from crossclaim_reader;
grant insert on submission, document, data_key, audit to crossclaim_app;
grant insert on episode, episode_party, identity_index, name_token, coverage, consent,
    voucher_account, bill, charge_line, allocation, allocation_share, tender, guarantee, claim,
    outbound_attempt, payout_intent, payout_attempt, bank_file, payout_report, bank_statement,
    exception_item, history_archive, audit, account, entry, posting, data_key, document,
    submission, organisation, api_key, reference_document
    to crossclaim_worker;
grant update on episode, coverage, consent, voucher_account, bill, tender, guarantee, claim,
    outbound_attempt, payout_intent, payout_attempt, bank_file, payout_report, exception_item,
    data_key, organisation, api_key, reference_document, history_archive
    to crossclaim_worker;
grant update (outcome, outcome_at, refused) on submission to crossclaim_worker;
