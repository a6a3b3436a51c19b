-- Pay-after-care accounts (惠民就医). Who holds one, his papers and card numbers stand in `sealed`
-- only, under the account's own data key. The credit is the bank's money: nothing here is held by us.
create table credit_account (
    id text primary key,
    organisation_id text not null references organisation,
    plan text not null,
    state text not null check (state in ('signing_up', 'open', 'refused', 'closed')),
    revision integer not null default 1,
    -- The sign-up as it was sent.
    sealed bytea not null,
    -- The platform's own number; of nobody's name.
    number text not null default '',
    insured_status text not null default '',
    card_tail text not null default '',
    credit_state text not null default 'none'
        check (credit_state in ('none', 'in_review', 'granted', 'refused', 'withdrawn')),
    limit_minor bigint not null default 0 check (limit_minor >= 0),
    code text not null default '',
    opened_at timestamptz not null,
    stated_at timestamptz,
    ended_at timestamptz,
    recorded_at timestamptz not null default now()
);
create index credit_account_organisation on credit_account (organisation_id, id);

-- What the platform is asked to do: one reference for ever.
create table credit_order (
    ordinal bigint generated always as identity,
    reference text primary key,
    account_id text not null references credit_account,
    kind text not null check (kind in
        ('sign_up', 'card', 'card_code', 'application', 'instalments', 'repayment', 'closing')),
    state text not null check (state in ('due', 'sent', 'queued', 'taken', 'refused')),
    about text not null default '',
    amount_minor bigint not null default 0 check (amount_minor >= 0),
    count integer not null default 0,
    source text not null default '',
    -- A card's number or a code that only the platform may see.
    sealed bytea,
    number text not null default '',
    code text not null default '',
    requested_at timestamptz not null,
    sent_at timestamptz,
    asked_at timestamptz,
    inquiries integer not null default 0,
    recorded_at timestamptz not null default now()
);
create index credit_order_account on credit_order (account_id, ordinal);

create table credit_attempt (
    id bigint generated always as identity primary key,
    account_id text not null references credit_account,
    operation text not null,
    reference text not null,
    attempt integer not null,
    occurred_at timestamptz not null,
    started_at timestamptz not null default now(),
    finished_at timestamptz,
    outcome text,
    code text not null default '',
    unique (reference, operation, attempt)
);
create index credit_attempt_account on credit_attempt (account_id);

-- What a hospital was paid; `credit_minor` of it is a draw.
create table credit_charge (
    reference text primary key,
    account_id text not null references credit_account,
    episode_id text not null references episode,
    claim_id text not null references claim,
    hospital_id text not null references organisation,
    number text not null,
    account_minor bigint not null check (account_minor >= 0),
    credit_minor bigint not null check (credit_minor >= 0),
    card_minor bigint not null check (card_minor >= 0),
    charged_on date not null,
    occurred_at timestamptz not null,
    recorded_at timestamptz not null default now(),
    check (account_minor + credit_minor + card_minor > 0)
);
create index credit_charge_account on credit_charge (account_id);
create index credit_charge_episode on credit_charge (episode_id);

create table credit_instalment (
    charge_reference text not null references credit_charge,
    plan integer not null check (plan > 0),
    number integer not null check (number > 0),
    count integer not null,
    account_id text not null references credit_account,
    due_on date not null,
    amount_minor bigint not null check (amount_minor >= 0),
    repaid_before_minor bigint not null default 0,
    occurred_at timestamptz not null,
    recorded_at timestamptz not null default now(),
    primary key (charge_reference, plan, number)
);
create index credit_instalment_account on credit_instalment (account_id);

-- What of a repayment was laid on which draw.
create table credit_repaid (
    reference text not null references credit_order,
    charge_reference text not null references credit_charge,
    account_id text not null references credit_account,
    amount_minor bigint not null check (amount_minor > 0),
    occurred_at timestamptz not null,
    recorded_at timestamptz not null default now(),
    primary key (reference, charge_reference)
);
create index credit_repaid_account on credit_repaid (account_id);

create table credit_refund (
    charge_reference text primary key references credit_charge,
    account_id text not null references credit_account,
    refunded_minor bigint not null check (refunded_minor >= 0),
    -- What had been repaid of the draw and went back to what repaid it.
    excess_minor bigint not null check (excess_minor >= 0),
    occurred_at timestamptz not null,
    recorded_at timestamptz not null default now()
);

create table credit_settlement (
    charge_reference text primary key references credit_charge,
    account_id text not null references credit_account,
    settled_on date not null,
    occurred_at timestamptz not null,
    recorded_at timestamptz not null default now()
);

-- The account's story, reminders among it; codes, days and amounts only.
create table credit_event (
    id bigint generated always as identity primary key,
    account_id text not null references credit_account,
    code text not null,
    reference text not null default '',
    amount_minor bigint,
    details jsonb not null default '{}',
    occurred_at timestamptz not null,
    recorded_at timestamptz not null default now(),
    unique (account_id, code, reference)
);

create table credit_exception (
    id bigint generated always as identity primary key,
    account_id text not null references credit_account,
    code text not null,
    reference text not null default '',
    details jsonb not null default '{}',
    opened_at timestamptz not null,
    resolved_at timestamptz,
    recorded_at timestamptz not null default now(),
    unique (account_id, code, reference)
);

create table credit_archive (
    account_id text not null references credit_account,
    run_id text not null,
    object_key text not null,
    sha256 text not null,
    events integer not null,
    recorded_at timestamptz not null default now(),
    primary key (account_id, run_id)
);

-- Who pays for an episode's patient after care, and what was found when his account was looked up.
create table pay_later_payer (
    episode_id text primary key references episode,
    account_id text references credit_account,
    code text not null default '',
    insured_status text not null default '',
    balance_minor bigint,
    credit_minor bigint,
    bank_card boolean not null default false,
    -- 有感支付: each payment waits for somebody to confirm it.
    confirmed_only boolean not null default false,
    looked_up_at timestamptz not null,
    recorded_at timestamptz not null default now()
);

-- What a claim on pay-after-care asks for, by means of payment; fixed when the claim is made.
create table pay_later_order (
    claim_id text primary key references claim,
    episode_id text not null references episode,
    account_id text not null references credit_account,
    account_minor bigint not null check (account_minor >= 0),
    credit_minor bigint not null check (credit_minor >= 0),
    card_minor bigint not null check (card_minor >= 0),
    recorded_at timestamptz not null default now()
);

-- Somebody chose to pay in confirmed payment (有感支付).
create table pay_later_confirmation (
    bill_id text primary key references bill,
    episode_id text not null references episode,
    confirmed_at timestamptz not null,
    recorded_at timestamptz not null default now()
);

create function credit_account_is_fixed() returns trigger language plpgsql as $$
begin
    if (new.id, new.organisation_id, new.plan, new.sealed, new.opened_at)
        is distinct from (old.id, old.organisation_id, old.plan, old.sealed, old.opened_at)
       or (old.number <> '' and new.number <> old.number)
       or (old.state in ('refused', 'closed') and new.state <> old.state) then
        raise exception 'CREDIT_ACCOUNT_FIXED: account % keeps its holder and its end', old.id
            using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
create trigger credit_account_fixed before update on credit_account
    for each row execute function credit_account_is_fixed();

create function credit_order_is_fixed() returns trigger language plpgsql as $$
begin
    if (new.reference, new.account_id, new.kind, new.about, new.amount_minor, new.count, new.source,
            new.requested_at)
        is distinct from (old.reference, old.account_id, old.kind, old.about, old.amount_minor,
            old.count, old.source, old.requested_at)
       or (old.state in ('taken', 'refused') and new.state <> old.state) then
        raise exception 'CREDIT_ORDER_FIXED: order % asks for one thing and ends once', old.reference
            using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
create trigger credit_order_fixed before update on credit_order
    for each row execute function credit_order_is_fixed();

do $$
declare
    t text;
begin
    foreach t in array array['credit_charge', 'credit_instalment', 'credit_repaid', 'credit_refund',
        'credit_settlement', 'credit_event', 'pay_later_order', 'pay_later_confirmation']
    loop
        execute format('create trigger %I before update or delete on %I '
            'for each row execute function never_changes()', t || '_append_only', t);
        execute format('create trigger %I before truncate on %I '
            'for each statement execute function never_changes()', t || '_no_truncate', t);
    end loop;
    foreach t in array array['credit_account', 'credit_order', 'credit_attempt', 'credit_charge',
        'credit_instalment', 'credit_repaid', 'credit_refund', 'credit_settlement', 'credit_event',
        'credit_exception', 'credit_archive', 'pay_later_payer', 'pay_later_order',
        'pay_later_confirmation']
    loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy worker_all on %I to crossclaim_worker using (true) with check (true)', t);
        execute format('create policy reader_all on %I for select to crossclaim_reader using (true)', t);
        execute format('create policy owner_reads on %I for select to crossclaim_owner using (true)', t);
        if t = 'credit_account' then
            -- The organisation that signed the holder up, and never an insurer.
            execute 'create policy holder_reads on credit_account for select to crossclaim_app using '
                '(organisation_id = current_setting(''crossclaim.organisation'', true) and not exists '
                '(select 1 from organisation o where o.id = credit_account.organisation_id '
                'and o.kind = ''insurer''))';
        elsif t like 'pay_later%' then
            execute format('create policy party_reads on %I for select to crossclaim_app using '
                '(exists (select 1 from episode e where e.id = %I.episode_id and e.hospital_id = '
                'current_setting(''crossclaim.organisation'', true)))', t, t);
        else
            execute format('create policy holder_reads on %I for select to crossclaim_app using '
                '(exists (select 1 from credit_account a where a.id = %I.account_id))', t, t);
        end if;
    end loop;
end $$;

grant select on credit_account, credit_order, credit_attempt, credit_charge, credit_instalment,
    credit_repaid, credit_refund, credit_settlement, credit_event, credit_exception, credit_archive,
    pay_later_payer, pay_later_order, pay_later_confirmation
    to crossclaim_worker, crossclaim_reader, crossclaim_app;
grant insert on credit_account, credit_order, credit_attempt, credit_charge, credit_instalment,
    credit_repaid, credit_refund, credit_settlement, credit_event, credit_exception, credit_archive,
    pay_later_payer, pay_later_order, pay_later_confirmation
    to crossclaim_worker;
grant update on credit_account, credit_order, credit_attempt, credit_exception, credit_archive,
    pay_later_payer to crossclaim_worker;

-- Claims on pay-after-care, where no migration before this one has made room for them.
do $$
begin
    if not exists (select 1 from pg_constraint where conname = 'claim_kind_check'
                   and pg_get_constraintdef(oid) like '%pay_later%') then
        alter table claim drop constraint claim_kind_check;
        alter table claim add constraint claim_kind_check check (kind in ('voucher',
            'voucher_spouse', 'direct', 'reimbursement', 'basic_insurance', 'pay_later'));
    end if;
end $$;
