-- The whole voucher scheme: a spouse's vouchers, the first use, claims in two stages, use records, and
-- what the Department of Health reimburses.
alter table claim drop constraint claim_kind_check;
alter table claim add constraint claim_kind_check check (kind in
    ('voucher', 'voucher_spouse', 'direct', 'reimbursement', 'basic_insurance', 'pay_later'));

-- Who signed: a pairing is used with the consents of both.
alter table consent add column given_by text not null default 'patient'
    check (given_by in ('patient', 'spouse'));

alter table voucher_account add column status text not null default 'validated'
    check (status in ('validated', 'temporary', 'none', 'refused'));
alter table voucher_account add column ehealth_joined boolean not null default true;
alter table voucher_account add column validated_at timestamptz;

-- The paired spouse whose vouchers may follow the patient's own.
create table voucher_spouse (
    episode_id text primary key references episode,
    -- Name, date of birth and document.
    sealed bytea not null,
    named_at timestamptz not null,
    -- The account's number; null until it is looked up, and when there is no pairing.
    account_sealed bytea,
    balance_minor bigint check (balance_minor >= 0),
    paired_on date,
    ended_on date,
    deceased_on date,
    looked_up_at timestamptz
);

-- That somebody came in person with a document, seen by a member of the hospital's staff.
create table identity_check (
    episode_id text not null references episode,
    number text not null,
    document_type text not null,
    checked_by text not null,
    place text not null default '',
    checked_at timestamptz not null,
    recorded_at timestamptz not null default now(),
    primary key (episode_id, number)
);

-- A provider's confirmation of a bill's voucher claims; it may come before they are entered.
create table voucher_confirmation (
    episode_id text not null references episode,
    bill_id text not null references bill,
    confirmed_by text not null,
    confirmed_at timestamptz not null,
    recorded_at timestamptz not null default now(),
    primary key (episode_id, bill_id)
);

-- What an entered claim still lacks, and when it is chased; periods are those of the day of entry.
create table voucher_stage (
    claim_id text primary key references claim,
    episode_id text not null references episode,
    entered_at timestamptz not null,
    confirmed_at timestamptz,
    validated_at timestamptz,
    remind_at timestamptz not null,
    escalate_at timestamptz not null,
    lapse_at timestamptz not null,
    reminded_at timestamptz,
    escalated_at timestamptz,
    lapsed_at timestamptz,
    inquired_at timestamptz
);
create index voucher_stage_episode on voucher_stage (episode_id);

-- The printed record of a use of vouchers, one a language; its content stands in the document store.
create table voucher_use_record (
    claim_id text not null references claim,
    language text not null check (language in ('en', 'zh-Hant', 'zh-Hans')),
    episode_id text not null references episode,
    sha256 text not null,
    object_key text not null,
    content_type text not null,
    size_bytes bigint not null,
    recorded_at timestamptz not null default now(),
    primary key (claim_id, language)
);
create index voucher_use_record_episode on voucher_use_record (episode_id);

-- What the Department of Health says that it reimbursed to a hospital for a month.
create table voucher_statement (
    number text primary key,
    organisation_id text not null references organisation,
    month text not null check (month ~ '^[0-9]{4}-[0-9]{2}$'),
    content_sha256 text not null,
    total_minor bigint not null check (total_minor >= 0),
    paid_on date not null,
    read_at timestamptz not null,
    recorded_at timestamptz not null default now()
);
create index voucher_statement_month on voucher_statement (organisation_id, month);

-- One of our claims or one of its lines, as they compared; a later look changes the outcome.
create table voucher_reconciliation (
    organisation_id text not null references organisation,
    month text not null,
    reference text not null,
    episode_id text references episode,
    statement text references voucher_statement,
    claimed_minor bigint,
    paid_minor bigint,
    outcome text not null check (outcome in ('paid', 'unconfirmed', 'unvalidated', 'unknown',
        'amount_differs', 'missing', 'voided')),
    reconciled_at timestamptz not null,
    recorded_at timestamptz not null default now(),
    primary key (organisation_id, month, reference)
);
create index voucher_reconciliation_episode on voucher_reconciliation (episode_id);

do $$
declare
    t text;
begin
    foreach t in array array['voucher_spouse', 'identity_check', 'voucher_confirmation',
        'voucher_stage', 'voucher_use_record', 'voucher_statement', 'voucher_reconciliation']
    loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy worker_all on %I to crossclaim_worker using (true) with check (true)', t);
        execute format('create policy reader_all on %I for select to crossclaim_reader using (true)', t);
        execute format('create policy owner_reads on %I for select to crossclaim_owner using (true)', t);
    end loop;
    foreach t in array array['voucher_spouse', 'identity_check', 'voucher_confirmation',
        'voucher_stage', 'voucher_use_record']
    loop
        execute format(
            'create policy party_reads on %I for select to crossclaim_app using (exists (select 1 '
            'from episode_party p where p.episode_id = %I.episode_id and p.organisation_id = '
            'current_setting(''crossclaim.organisation'', true)))', t, t);
    end loop;
    foreach t in array array['voucher_statement', 'voucher_reconciliation']
    loop
        execute format(
            'create policy own_rows on %I for select to crossclaim_app using (organisation_id = '
            'current_setting(''crossclaim.organisation'', true))', t);
    end loop;
end $$;

grant select on voucher_spouse, identity_check, voucher_confirmation, voucher_stage,
    voucher_use_record, voucher_statement, voucher_reconciliation
    to crossclaim_app, crossclaim_worker, crossclaim_reader;
grant insert on voucher_spouse, identity_check, voucher_confirmation, voucher_stage,
    voucher_use_record, voucher_statement, voucher_reconciliation to crossclaim_worker;
grant update on voucher_spouse, voucher_stage, voucher_reconciliation to crossclaim_worker;
