-- One account's part of a camt.053 or camt.054, as its head and its end have it.
create table account_statement (
    id bigint generated always as identity primary key,
    bank text not null,
    file_sha256 text not null references bank_file,
    message_id text not null,
    message_type text not null,
    source text not null check (source in ('statement', 'notification')),
    account_sha256 text not null,
    -- Whose account it is; null for one that the reference data do not know.
    organisation_id text references organisation,
    number bigint,
    covers_from timestamptz,
    covers_to timestamptz,
    opening_minor bigint not null default 0,
    closing_minor bigint not null default 0,
    currency text not null default '',
    complete boolean not null default true,
    lines integer not null default 0,
    debit_minor bigint not null default 0,
    credit_minor bigint not null default 0,
    digest text not null default '',
    -- Only what is ``taken`` counts; a repeated one is kept and counts for nothing.
    state text not null check (state in ('taken', 'repeated', 'foreign')),
    occurred_at timestamptz not null,
    recorded_at timestamptz not null default now()
);
create index account_statement_account on account_statement (bank, account_sha256, covers_from);
create index account_statement_owner on account_statement (organisation_id, id);
create index account_statement_file on account_statement (file_sha256);

-- What a movement on an account is by our own rows: an order, its return, a receipt.
create table expected_movement (
    id text primary key,
    bank text not null,
    account_sha256 text not null,
    organisation_id text not null references organisation,
    kind text not null check (kind in ('payout', 'return', 'receipt', 'voucher')),
    direction text not null check (direction in ('debit', 'credit')),
    amount_minor bigint not null check (amount_minor > 0),
    currency text not null,
    reference text not null,
    group_id text not null default '',
    counterparty_sha256 text not null default '',
    due_at timestamptz,
    ended boolean not null default false,
    episode_id text references episode,
    status text not null default 'expected' check (status in ('expected', 'matched', 'missing',
        'over', 'under', 'wrong_data', 'wrong_currency', 'split', 'duplicate')),
    why text not null default '',
    match_id bigint,
    by_hand bigint,
    candidates jsonb not null default '[]',
    explained_at timestamptz,
    explained_by text not null default '',
    explanation text not null default '',
    recorded_at timestamptz not null default now()
);
create index expected_movement_open on expected_movement (bank, account_sha256)
    where status not in ('matched', 'split');
create index expected_movement_reference on expected_movement (bank, account_sha256, reference);
create index expected_movement_match on expected_movement (match_id) where match_id is not null;
create index expected_movement_owner on expected_movement (organisation_id, id);

-- One transaction that the bank states. Names and texts of people are not kept: the file has them.
create table bank_entry (
    id bigint generated always as identity primary key,
    statement_id bigint not null references account_statement,
    bank text not null,
    account_sha256 text not null,
    organisation_id text references organisation,
    source text not null,
    position integer not null,
    direction text not null check (direction in ('debit', 'credit')),
    amount_minor bigint not null check (amount_minor >= 0),
    currency text not null,
    booked_on date not null,
    reference text not null default '',
    group_id text not null default '',
    look text not null default '',
    booking text not null default '',
    counterparty_sha256 text not null default '',
    charges_minor bigint not null default 0,
    code text not null default '',
    -- Null until the matching has seen it.
    status text check (status in ('expected', 'matched', 'missing', 'over', 'under', 'wrong_data',
        'wrong_currency', 'split', 'duplicate')),
    why text not null default '',
    match_id bigint,
    by_hand bigint,
    candidates jsonb not null default '[]',
    explained_at timestamptz,
    explained_by text not null default '',
    explanation text not null default '',
    unique (statement_id, position)
);
create index bank_entry_open on bank_entry (bank, account_sha256, source)
    where status is null or status not in ('matched', 'split');
create index bank_entry_day on bank_entry (bank, account_sha256, booked_on);
create index bank_entry_booking on bank_entry (bank, account_sha256, booking) where booking <> '';
create index bank_entry_match on bank_entry (match_id) where match_id is not null;
create index bank_entry_owner on bank_entry (organisation_id, id);

-- A match or an explanation that a person made; ``before`` is what an undo brings back.
create table bank_match (
    id bigint generated always as identity primary key,
    bank text not null,
    account_sha256 text not null,
    organisation_id text not null references organisation,
    order_id text not null unique,
    entries bigint[] not null,
    expected text[] not null,
    status text not null,
    why text not null,
    made_by text not null,
    reason text not null,
    before jsonb not null,
    made_at timestamptz not null,
    undone_at timestamptz,
    undone_by text not null default '',
    undone_reason text not null default '',
    recorded_at timestamptz not null default now()
);
create index bank_match_owner on bank_match (organisation_id, id);

-- A file or a statement that a person must look at; nothing in it has moved anything.
create table statement_exception (
    id bigint generated always as identity primary key,
    bank text not null,
    code text not null,
    reference text not null,
    organisation_id text references organisation,
    account_sha256 text not null default '',
    statement_id bigint references account_statement,
    file_sha256 text not null default '',
    file_name text not null default '',
    details jsonb not null default '{}',
    blocks boolean not null,
    opened_at timestamptz not null,
    resolved_at timestamptz,
    resolution text not null default '',
    recorded_at timestamptz not null default now(),
    unique (bank, code, reference)
);
create index statement_exception_owner on statement_exception (organisation_id, id);
create index statement_exception_open on statement_exception (bank, account_sha256)
    where resolved_at is null;

create table bank_day (
    bank text not null,
    account_sha256 text not null,
    day date not null,
    organisation_id text not null references organisation,
    state text not null check (state in ('open', 'closed')),
    reopened integer not null default 0,
    changed_at timestamptz not null,
    primary key (bank, account_sha256, day)
);
create index bank_day_owner on bank_day (organisation_id, day);

-- The trace of a day: each closing and each opening again, with its cause.
create table bank_day_event (
    id bigint generated always as identity primary key,
    bank text not null,
    account_sha256 text not null,
    day date not null,
    organisation_id text not null references organisation,
    event text not null check (event in ('closed', 'reopened')),
    cause text not null,
    occurred_at timestamptz not null,
    recorded_at timestamptz not null default now()
);
create index bank_day_event_day on bank_day_event (bank, account_sha256, day);
create trigger bank_day_event_append_only before update or delete on bank_day_event
    for each row execute function never_changes();

-- What a person orders of the matching: kept first, then applied once.
create table reconciliation_order (
    id text primary key,
    organisation_id text not null references organisation,
    key_id text not null,
    kind text not null check (kind in ('match', 'undo', 'explain', 'remittance')),
    content jsonb not null,
    received_at timestamptz not null default now(),
    outcome jsonb,
    outcome_at timestamptz
);
create index reconciliation_order_open on reconciliation_order (received_at) where outcome is null;

-- What an insurer says that one payment to a hospital is made of.
create table remittance (
    id bigint generated always as identity primary key,
    organisation_id text not null references organisation,
    hospital_id text not null references organisation,
    number text not null,
    paid_on date not null,
    total_minor bigint not null,
    currency text not null,
    digest text not null,
    order_id text not null unique,
    received_at timestamptz not null,
    unique (organisation_id, number)
);

-- One line of it; or, without a position, a payout of its day that it does not name.
create table remittance_line (
    id bigint generated always as identity primary key,
    remittance_id bigint not null references remittance,
    organisation_id text not null references organisation,
    hospital_id text not null references organisation,
    position integer,
    reference text not null default '',
    payout text not null default '',
    amount_minor bigint not null,
    currency text not null,
    status text not null check (status in ('expected', 'matched', 'missing', 'over', 'under',
        'wrong_data', 'wrong_currency', 'split', 'duplicate')),
    why text not null
);
create index remittance_line_of on remittance_line (remittance_id);
create index remittance_line_payout on remittance_line (payout) where payout <> '';

do $$
declare
    t text;
begin
    foreach t in array array['account_statement', 'expected_movement', 'bank_entry', 'bank_match',
        'statement_exception', 'bank_day', 'bank_day_event', 'reconciliation_order', 'remittance',
        'remittance_line']
    loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy worker_all on %I to crossclaim_worker using (true) with check (true)', t);
        execute format('create policy reader_all on %I for select to crossclaim_reader using (true)', t);
        execute format('create policy owner_reads on %I for select to crossclaim_owner using (true)', t);
        execute format(
            'create policy own_rows on %I for select to crossclaim_app using (organisation_id = '
            'current_setting(''crossclaim.organisation'', true))', t);
        execute format('grant select on %I to crossclaim_app, crossclaim_worker, crossclaim_reader', t);
        execute format('grant insert on %I to crossclaim_worker', t);
    end loop;
end $$;

-- The hospital reads what insurers told of payments to it.
create policy to_hospital on remittance for select to crossclaim_app using (
    hospital_id = current_setting('crossclaim.organisation', true));
create policy to_hospital on remittance_line for select to crossclaim_app using (
    hospital_id = current_setting('crossclaim.organisation', true));

-- A bank's charge is of no episode; its entry names the account's owner in the third place of its key.
create policy own_charges on entry for select to crossclaim_app using (
    kind = 'bank_charge' and split_part(key, ':', 3) = current_setting('crossclaim.organisation', true));

create policy own_orders on reconciliation_order for insert to crossclaim_app with check (
    organisation_id = current_setting('crossclaim.organisation', true));
grant insert on reconciliation_order to crossclaim_app;
grant update on account_statement, expected_movement, bank_entry, bank_match,
    statement_exception, bank_day to crossclaim_worker;
grant update (outcome, outcome_at) on reconciliation_order to crossclaim_worker;
