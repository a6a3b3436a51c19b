-- Settlements of basic insurance are claims of their own kind; so will be those of pay-later.
alter table claim drop constraint claim_kind_check;
alter table claim add constraint claim_kind_check check (kind in
    ('voucher', 'voucher_spouse', 'direct', 'reimbursement', 'basic_insurance', 'pay_later'));

-- What a funder said of the patient's account with it, once an episode and coverage: any funder whose
-- account is looked up before a bill can be laid on it.
create table funder_account (
    episode_id text not null references episode,
    -- The coverage's place in the episode.
    ordinal smallint not null,
    funder text not null,
    state text not null check (state in ('found', 'absent', 'no_consent', 'refused')),
    code text not null default '',
    sealed bytea,
    looked_up_at timestamptz not null,
    recorded_at timestamptz not null default now(),
    primary key (episode_id, ordinal)
);

-- What the bureau would pay of a bill, and after its settlement what it pays. A bill that was refused
-- has a row too, so there is none of its id in the table of bills.
create table settlement_quote (
    bill_id text primary key,
    episode_id text not null references episode,
    state text not null check (state in ('quoted', 'refused', 'withdrawn')),
    code text not null default '',
    insurance text not null default '',
    area_code text not null default '',
    fee_minor bigint not null default 0 check (fee_minor >= 0),
    fund_minor bigint not null default 0 check (fund_minor >= 0),
    account_minor bigint not null default 0 check (account_minor >= 0),
    family_minor bigint not null default 0 check (family_minor >= 0),
    -- Counts the messages that were reversed: each send after a reversal has a message of its own.
    round integer not null default 1 check (round > 0),
    sealed bytea,
    quoted_at timestamptz not null,
    recorded_at timestamptz not null default now()
);
create index settlement_quote_episode on settlement_quote (episode_id);

-- Answers that cannot be true, whole and sealed, for the person who looks.
create table kept_answer (
    id bigint generated always as identity primary key,
    episode_id text not null references episode,
    party text not null,
    operation text not null,
    reference text not null,
    code text not null,
    sha256 text not null,
    sealed bytea not null,
    occurred_at timestamptz not null,
    recorded_at timestamptz not null default now(),
    unique (episode_id, operation, reference, sha256)
);
create trigger kept_answer_append_only before update or delete on kept_answer
    for each row execute function never_changes();
create trigger kept_answer_no_truncate before truncate on kept_answer
    for each statement execute function never_changes();

-- Sums that were compared with the bureau's (3201), and what differed one by one (3202).
create table settlement_comparison (
    id bigint generated always as identity primary key,
    hospital_id text not null references organisation,
    insurance text not null,
    area_code text not null,
    begins date not null,
    ends date not null,
    fee_minor bigint not null,
    fund_minor bigint not null,
    account_minor bigint not null,
    settlements integer not null,
    equal boolean not null,
    occurred_at timestamptz not null,
    recorded_at timestamptz not null default now()
);
create index settlement_comparison_hospital on settlement_comparison (hospital_id, begins);
create table settlement_difference (
    comparison_id bigint not null references settlement_comparison,
    hospital_id text not null references organisation,
    settlement text not null,
    kind text not null check (kind in ('NOT_WITH_BUREAU', 'NOT_WITH_HOSPITAL', 'AMOUNT_DIFFERS')),
    -- Null: a settlement that no episode of ours knows.
    episode_id text references episode,
    our_fund_minor bigint,
    our_account_minor bigint,
    their_fund_minor bigint,
    their_account_minor bigint,
    primary key (comparison_id, settlement)
);

do $$
declare
    t text;
begin
    foreach t in array array['funder_account', 'settlement_quote', 'kept_answer',
        'settlement_comparison', 'settlement_difference']
    loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy worker_all on %I to crossclaim_worker using (true) with check (true)', t);
        execute format('create policy reader_all on %I for select to crossclaim_reader using (true)', t);
        execute format('create policy owner_reads on %I for select to crossclaim_owner using (true)', t);
    end loop;
    foreach t in array array['funder_account', 'settlement_quote']
    loop
        execute format(
            'create policy party_reads on %I for select to crossclaim_app using (exists (select 1 '
            'from episode_party p where p.episode_id = %I.episode_id and p.organisation_id = '
            'current_setting(''crossclaim.organisation'', true)))', t, t);
    end loop;
    foreach t in array array['settlement_comparison', 'settlement_difference']
    loop
        execute format(
            'create policy own_rows on %I for select to crossclaim_app using (hospital_id = '
            'current_setting(''crossclaim.organisation'', true))', t);
    end loop;
end $$;

grant select on funder_account, settlement_quote, kept_answer, settlement_comparison,
    settlement_difference to crossclaim_worker, crossclaim_reader;
grant select on funder_account, settlement_quote, settlement_comparison, settlement_difference
    to crossclaim_app;
grant insert on funder_account, settlement_quote, kept_answer, settlement_comparison,
    settlement_difference to crossclaim_worker;
grant update on funder_account, settlement_quote to crossclaim_worker;
